package cli

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// theWay is the picture that every page has, with its own room in brackets, or with
// its name in brackets on the line below.
const theWay = "socket ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest"

// page returns the comment of a package, which is what "go doc" prints.
func page(t *testing.T, tree fs.FS, folder string) string {
	t.Helper()
	name := folder + "/doc.go"
	file, err := parser.ParseFile(token.NewFileSet(), name, read(t, tree, name), parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		t.Fatal(err)
	}
	return file.Doc.Text()
}

// TestPages: each page says where its room stands, which words it uses, which
// sections it is about, and which file to open; and the package has an Example.
func TestPages(t *testing.T) {
	tree := sourceTree(t)
	for _, folder := range packages {
		text := page(t, tree, folder)
		for _, heading := range []string{"# Where it stands", "# Terms", "# Sections"} {
			if !strings.Contains(text, "\n"+heading+"\n") {
				t.Errorf("go doc ./%s has no heading %q", folder, heading)
			}
		}
		if room := path.Base(folder); !standsOnTheWay(text, room) {
			t.Errorf("go doc ./%s does not have this line with [%s] in it, or below it:\n\t%s", folder, room, theWay)
		}
		hasExample := false
		for name := range declared(t, tree, folder, true) {
			hasExample = hasExample || strings.HasPrefix(name, "Example")
		}
		if !hasExample {
			t.Errorf("package %s has no Example", folder)
		}
	}
}

// standsOnTheWay looks for the picture of the way with this room marked. wiretap
// stands on it only if it is asked for, so the picture is the others' without it.
func standsOnTheWay(text, room string) bool {
	lines := strings.Split(text, "\n")
	for i, line := range lines[:len(lines)-1] {
		plain := strings.ReplaceAll(strings.TrimSpace(line), "[wiretap] ─ ", "")
		if strings.NewReplacer("[", "", "]", "").Replace(plain) == theWay {
			return strings.Contains(line+lines[i+1], "["+room+"]")
		}
	}
	return false
}

// TestWayIsThePackages: the rooms of the picture are packages, in the order of the
// list above.
func TestWayIsThePackages(t *testing.T) {
	rooms := regexp.MustCompile(`[a-z]{2,}`).FindAllString(theWay, -1)
	for i, room := range rooms[1:] {
		if path.Base(packages[i]) != room {
			t.Errorf("room %d of the way is %s, and package %d is %s", i+1, room, i+1, packages[i])
		}
	}
}

// TestPagesNameFiles: a file that a page names, is there. A star stands for several.
func TestPagesNameFiles(t *testing.T) {
	tree := sourceTree(t)
	file := regexp.MustCompile(`[\w/*]+\.(?:go|tsv)\b`)
	for _, folder := range append(slices.Clone(packages), "internal/e2e") {
		named := file.FindAllString(page(t, tree, folder), -1)
		if len(named) == 0 {
			t.Errorf("go doc ./%s does not say which file to open first", folder)
		}
		for _, name := range named {
			here, _ := fs.Glob(tree, path.Join(folder, name))
			there, _ := fs.Glob(tree, name)
			if len(here)+len(there) == 0 {
				t.Errorf("go doc ./%s names %s, and there is no such file", folder, name)
			}
		}
	}
}

// TestCommentsNameWhatThereIs: in drawings, tables and links of all comments that
// documentation is made of, a name of the code is one that the code still has. What
// is taken for a name: ParseHeader, parkAfter, Conn.Fill, bufconn.Flush.
func TestCommentsNameWhatThereIs(t *testing.T) {
	tree := sourceTree(t)
	byPackage := make(map[string]names)
	everywhere := declared(t, tree, "internal/e2e", true) // a comment may say which test to run
	for _, folder := range packages {
		byPackage[path.Base(folder)] = declared(t, tree, folder, false)
		maps.Copy(everywhere, byPackage[path.Base(folder)])
	}
	for _, folder := range packages {
		files, _ := fs.Glob(tree, folder+"/*.go")
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			for _, name := range namesInDrawings(t, tree, file) {
				if !exists(name, byPackage, everywhere) {
					t.Errorf("a comment in %s names %s, which is not there", file, name)
				}
			}
		}
	}
}

var (
	link      = regexp.MustCompile(`\[\*?([A-Za-z]\w*(?:\.[A-Z]\w*)*)\]`)
	camelCase = regexp.MustCompile(`[a-z][A-Z]`)
	codeName  = regexp.MustCompile(`[A-Za-z]\w*(?:\.[A-Za-z]\w*)*`)
)

// namesInDrawings returns the names of code in a file's comments, as far as they
// stand in brackets, or in an indented line. A line with an = in it is a rule of
// grammar, a statement, or base64: other words may look so there.
func namesInDrawings(t *testing.T, tree fs.FS, file string) (found []string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, read(t, tree, file), parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, comment := range parsed.Comments {
		for line := range strings.Lines(comment.Text()) {
			for _, match := range link.FindAllStringSubmatch(line, -1) {
				if camelCase.MatchString(match[1]) || strings.Contains(match[1], ".") {
					found = append(found, match[1])
				}
			}
			if strings.HasPrefix(line, "\t") && !strings.Contains(line, "=") {
				for _, name := range codeName.FindAllString(line, -1) {
					if camelCase.MatchString(name) && name != "KiB" && name != "MiB" {
						found = append(found, name)
					}
				}
			}
		}
	}
	return found
}

// exists tells whether a name is declared: in the package that it begins with, or
// else anywhere. What begins with a package of the standard library is not ours.
func exists(name string, byPackage map[string]names, everywhere names) bool {
	qualifier, rest, qualified := strings.Cut(name, ".")
	if !qualified {
		return everywhere[name]
	}
	if ours, ok := byPackage[qualifier]; ok {
		return ours[rest]
	}
	return everywhere[name] || qualifier == strings.ToLower(qualifier)
}
