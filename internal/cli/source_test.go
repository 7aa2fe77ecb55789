package cli

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"strings"
	"testing"
)

// packages are those with code, in the order in which a byte meets them, and then
// those beside its way.
var packages = []string{
	"internal/bufconn", "httpwire", "handshake", "wsframe", "internal/deflate", "internal/wsconn", "digest",
	"internal/wsstream", "internal/app", "internal/server", "internal/fault", "internal/annotate", "internal/wiretap", "internal/replay",
	"internal/rfc", "internal/lab", "internal/cli",
}

// sourceTree is barewire's own source, in which these tests run.
func sourceTree(t *testing.T) fs.FS {
	t.Helper()
	return os.DirFS("../..")
}

// read returns a file of the source.
func read(t *testing.T, tree fs.FS, name string) string {
	t.Helper()
	text, err := fs.ReadFile(tree, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// isFile tells whether the source has a file or folder of that name.
func isFile(tree fs.FS, name string) bool {
	_, err := fs.Stat(tree, path.Clean(name))
	return err == nil
}

// names is what a package declares: "Conn", "Conn.Fill", "Request.Path"; a method
// and a field also without their type, as "Fill".
type names map[string]bool

// declared returns the names of the package in folder, for every system, without
// those of its tests unless they are asked for.
func declared(t *testing.T, tree fs.FS, folder string, tests bool) names {
	t.Helper()
	files, err := fs.Glob(tree, folder+"/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: no source there (%v)", folder, err)
	}
	all := make(names)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") == tests {
			maps.Copy(all, declaredIn(t, tree, name))
		}
	}
	return all
}

// declaredIn returns the names of one file.
func declaredIn(t *testing.T, tree fs.FS, file string) names {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, read(t, tree, file), parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	found := make(names)
	for _, declaration := range parsed.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			found.addFunc(d)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				found.addSpec(spec)
			}
		}
	}
	return found
}

// addFunc adds a function, or a method of a type.
func (n names) addFunc(d *ast.FuncDecl) {
	n[d.Name.Name] = true
	if d.Recv == nil {
		return
	}
	receiver := d.Recv.List[0].Type
	if pointer, ok := receiver.(*ast.StarExpr); ok {
		receiver = pointer.X
	}
	if name, ok := receiver.(*ast.Ident); ok {
		n[name.Name+"."+d.Name.Name] = true
	}
}

// addSpec adds constants and variables, or a type with its fields or methods.
func (n names) addSpec(spec ast.Spec) {
	switch s := spec.(type) {
	case *ast.ValueSpec:
		for _, name := range s.Names {
			n[name.Name] = true
		}
	case *ast.TypeSpec:
		n[s.Name.Name] = true
		var fields *ast.FieldList
		switch t := s.Type.(type) {
		case *ast.StructType:
			fields = t.Fields
		case *ast.InterfaceType:
			fields = t.Methods
		default:
			return
		}
		for _, field := range fields.List {
			for _, name := range field.Names {
				n[name.Name], n[s.Name.Name+"."+name.Name] = true, true
			}
		}
	}
}
