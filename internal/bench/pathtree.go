package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// hook is a file that is added to the main package of the instrumented copy. It reads
// lines with the name of a directory; for each it writes the counters to the directory,
// clears them, and answers with a line that holds the error.
const hook = `package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"runtime/coverage"
)

func init() {
	go func() {
		replies := os.NewFile(3, "replies")
		for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
			dir := lines.Text()
			fmt.Fprintln(replies, errors.Join(
				coverage.WriteMetaDir(dir), coverage.WriteCountersDir(dir), coverage.ClearCounters()))
		}
	}()
}
`

// hookFile is the name of the hook's file.
const hookFile = "counters_hook.go"

// instrumentedTree copies the source tree and changes the copy: it adds the hook, and
// makes every method OnMessage print its stack. An overlay would avoid the copy, but go
// build -cover ignores overlays.
func instrumentedTree(root, dir string) error {
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		switch {
		case err != nil:
			return err
		case d.IsDir() && (name == filepath.Join("internal", "bench") || name != "." && name[0] == '.'):
			return filepath.SkipDir
		case d.IsDir():
			return os.MkdirAll(filepath.Join(dir, name), 0o700)
		case !d.Type().IsRegular() || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		content, err := os.ReadFile(path)
		if err == nil && strings.HasSuffix(name, ".go") {
			content, err = printStacks(content)
		}
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, name), content, 0o600)
	})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, hookFile), []byte(hook), 0o600)
}

// printStacks makes every method OnMessage of a source file print the stack on standard
// error first. Line numbers do not change.
func printStacks(source []byte) ([]byte, error) {
	if !bytes.Contains(source, []byte(") OnMessage(")) {
		return source, nil
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var changed bytes.Buffer
	copied := 0
	insert := func(after token.Pos, text string) {
		to := files.Position(after).Offset
		changed.Write(source[copied:to])
		changed.WriteString(text)
		copied = to
	}
	const debug = "stackdebug"
	insert(file.Name.End(), `; import `+debug+` "runtime/debug"`)
	inserted := 0
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil && f.Name.Name == "OnMessage" && f.Body != nil {
			insert(f.Body.Lbrace+1, debug+".PrintStack();")
			inserted++
		}
	}
	if inserted == 0 {
		return source, nil // the name was only in a comment or in an interface
	}
	changed.Write(source[copied:])
	return changed.Bytes(), nil
}
