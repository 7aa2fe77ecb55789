package rfc

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"regexp"
	"strings"
)

// mark is one id of a mark, and the place it belongs to.
type mark struct {
	id     string
	inTest bool
	Place
}

// markForm is the form of a comment with a mark. Other text and a comma may come before
// the mark.
var markForm = regexp.MustCompile(`^// (.*, )?req: (\S+(?: \S+)*)$`)

// trailingMark matches a mark after code, with the comma before it.
var trailingMark = regexp.MustCompile(`(, | *// )req: .*$`)

// marks returns all marks in the Go files of tree, in the order of the files. faults lists
// the comments that look like a mark but are malformed. Folders that the go tool ignores
// are ignored too: testdata, and names that begin with a dot or an underscore.
func marks(tree fs.FS) (all []mark, faults []string, err error) {
	err = fs.WalkDir(tree, ".", func(file string, entry fs.DirEntry, err error) error {
		switch name := entry.Name(); {
		case err != nil:
			return err
		case entry.IsDir() && file != "." && (name == "testdata" || name[0] == '.' || name[0] == '_'):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(name, ".go"):
			return nil
		}
		source, err := fs.ReadFile(tree, file)
		if err != nil || !strings.Contains(string(source), "req:") {
			return err
		}
		found, wrong, err := marksOf(file, string(source))
		all, faults = append(all, found...), append(faults, wrong...)
		return err
	})
	return all, faults, err
}

// marksOf returns the marks of one file. A mark on a line of its own, as at the end of a
// doc comment, belongs to the next line of code. Indented lines of a comment are examples.
func marksOf(file, source string) (found []mark, faults []string, err error) {
	files := token.NewFileSet()
	syntax, err := parser.ParseFile(files, file, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, nil, err
	}
	lines := strings.Split(source, "\n")
	isComment := func(n int) bool { return strings.HasPrefix(strings.TrimSpace(lines[n-1]), "//") }
	inTest := strings.HasSuffix(file, "_test.go")
	for _, group := range syntax.Comments {
		for _, comment := range group.List {
			n := files.Position(comment.Pos()).Line
			if !strings.Contains(comment.Text, "req:") || strings.HasPrefix(comment.Text, "//\t") {
				continue
			}
			form := markForm.FindStringSubmatch(comment.Text)
			if form == nil {
				faults = append(faults, fmt.Sprintf("%s:%d: a mark is written // req: ID ID, or // text, req: ID ID", file, n))
				continue
			}
			for isComment(n) && n < len(lines) {
				n++
			}
			place := Place{File: file, Line: n}
			if inTest {
				place.Name = testAround(syntax, files, n)
			} else {
				place.Name = around(syntax, files, n)
				place.Text = strings.TrimSpace(trailingMark.ReplaceAllString(lines[n-1], ""))
			}
			for _, id := range strings.Fields(form[2]) {
				found = append(found, mark{id, inTest, place})
			}
		}
	}
	return found, faults, nil
}

// around returns the name of the declaration around a line, such as "Checker.Check" for a
// method.
func around(syntax *ast.File, files *token.FileSet, line int) string {
	within := func(n ast.Node) bool {
		return files.Position(n.Pos()).Line <= line && line <= files.Position(n.End()).Line
	}
	for _, decl := range syntax.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if within(decl) {
				return functionName(decl)
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					if within(spec) {
						return spec.Name.Name
					}
				case *ast.ValueSpec:
					if within(spec) {
						return spec.Names[0].Name
					}
				}
			}
		}
	}
	return ""
}

func functionName(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return f.Name.Name
	}
	receiver := f.Recv.List[0].Type
	if pointer, ok := receiver.(*ast.StarExpr); ok {
		receiver = pointer.X
	}
	return fmt.Sprintf("%s.%s", receiver, f.Name.Name)
}

// testAround returns the test around a line. A table or a helper belongs to the first test
// that mentions it.
func testAround(syntax *ast.File, files *token.FileSet, line int) string {
	name := around(syntax, files, line)
	if isTest(name) {
		return name
	}
	for _, decl := range syntax.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok && isTest(f.Name.Name) && mentions(f, name) {
			return f.Name.Name
		}
	}
	return name
}

func isTest(name string) bool {
	return strings.HasPrefix(name, "Test") || strings.HasPrefix(name, "Fuzz") || strings.HasPrefix(name, "Example")
}

func mentions(f *ast.FuncDecl, name string) (found bool) {
	ast.Inspect(f, func(node ast.Node) bool {
		if ident, ok := node.(*ast.Ident); ok && ident.Name == name {
			found = true
		}
		return !found
	})
	return found
}
