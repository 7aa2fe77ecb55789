package rfc

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
)

// Place is a place in the source of barewire.
type Place struct {
	File string // path from the root of the tree, with slashes
	Line int    // counted from 1; 0 if there is no source to count in
	Name string // the function around it, or the declaration: "Checker.Check"
	Text string // a line of code, or the piece of it that is known; "" in a test
}

// String returns where the place is, as in
// "wsframe/check.go:79 Checker.Check", without the line if that is not known.
func (p Place) String() string {
	if p.Line == 0 {
		return p.File + " " + p.Name
	}
	return fmt.Sprintf("%s:%d %s", p.File, p.Line, p.Name)
}

// declaration is a function, or one type, variable or constant, at the top
// level of a file, with the comment over it.
type declaration struct {
	name        string
	first, last int             // its lines
	uses        map[string]bool // in a function: the names that it mentions
}

// declarations returns what a Go file declares, in the order of the file.
func declarations(file string, source []byte) ([]declaration, error) {
	files := token.NewFileSet()
	syntax, err := parser.ParseFile(files, file, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var list []declaration
	add := func(name string, node ast.Node, comment *ast.CommentGroup, uses map[string]bool) {
		first := node.Pos()
		if comment != nil {
			first = comment.Pos()
		}
		list = append(list, declaration{name, files.Position(first).Line, files.Position(node.End()).Line, uses})
	}
	for _, decl := range syntax.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			add(functionName(decl), decl, decl.Doc, mentioned(decl))
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					add(spec.Name.Name, spec, decl.Doc, nil)
				case *ast.ValueSpec:
					add(spec.Names[0].Name, spec, decl.Doc, nil)
				}
			}
		}
	}
	return list, nil
}

// functionName returns the name of a function, with its receiver's type in
// front of a method: "Checker.Check".
func functionName(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return f.Name.Name
	}
	receiver := f.Recv.List[0].Type
	if pointer, ok := receiver.(*ast.StarExpr); ok {
		receiver = pointer.X
	}
	if name, ok := receiver.(*ast.Ident); ok {
		return name.Name + "." + f.Name.Name
	}
	return f.Name.Name
}

// mentioned returns every name in a function.
func mentioned(f *ast.FuncDecl) map[string]bool {
	names := make(map[string]bool)
	ast.Inspect(f, func(node ast.Node) bool {
		if name, ok := node.(*ast.Ident); ok {
			names[name.Name] = true
		}
		return true
	})
	return names
}

// around returns the name of the declaration that a line is in, "" if it is in
// none.
func around(list []declaration, line int) string {
	for _, d := range list {
		if d.first <= line && line <= d.last {
			return d.name // the first one: in a group all begin with the comment over it
		}
	}
	return ""
}

// testAround returns the name of the test that a line belongs to. A table that
// stands outside of all functions belongs to the first test of its file that
// mentions it.
func testAround(list []declaration, line int) string {
	name := around(list, line)
	if isTest(name) {
		return name
	}
	for _, d := range list {
		if isTest(d.name) && d.uses[name] {
			return d.name
		}
	}
	return name
}

// isTest tells whether the go tool runs a function of this name.
func isTest(name string) bool {
	return strings.HasPrefix(name, "Test") || strings.HasPrefix(name, "Fuzz") || strings.HasPrefix(name, "Example")
}
