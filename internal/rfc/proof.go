package rfc

import (
	"fmt"
	"go/scanner"
	"go/token"
	"io/fs"
	"path"
	"strings"
)

// Proof is a place in a test that names a requirement.
type Proof struct {
	ID   string
	File string // path from the root of the tree, with slashes
	Line int    // counted from 1
}

// String returns the place and the id, as in "wsframe/check_test.go:21: 6455-5.2-b".
func (p Proof) String() string {
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.ID)
}

// mark comes before the ids in a comment. All words behind it, to the end of
// the line, are ids.
const mark = "req:"

// Proofs finds the marks in all files of tree whose names end in _test.go, in
// the order of the files. The ids are returned as they stand there, known or
// not. Folders that the go tool passes over are passed over here: testdata, and
// those whose names begin with a dot or an underscore.
func Proofs(tree fs.FS) ([]Proof, error) {
	var proofs []Proof
	err := fs.WalkDir(tree, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if file != "." && skipped(entry.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path.Base(file), "_test.go") {
			return nil
		}
		source, err := fs.ReadFile(tree, file)
		if err != nil {
			return err
		}
		proofs = append(proofs, fileProofs(file, source)...)
		return nil
	})
	return proofs, err
}

func skipped(folder string) bool {
	return folder == "testdata" || folder[0] == '.' || folder[0] == '_'
}

// fileProofs finds the marks in the comments of one Go file. It reads the file
// as Go's compiler does, so that a mark inside a string, as in the tests of
// this package, is none.
func fileProofs(file string, source []byte) []Proof {
	var s scanner.Scanner
	files := token.NewFileSet()
	s.Init(files.AddFile(file, -1, len(source)), source, nil, scanner.ScanComments)

	var proofs []Proof
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			return proofs
		}
		if tok != token.COMMENT {
			continue
		}
		first := files.Position(pos).Line
		for i, line := range strings.Split(text, "\n") { // a /* comment */ has several
			for _, id := range markedIDs(line) {
				proofs = append(proofs, Proof{ID: id, File: file, Line: first + i})
			}
		}
	}
}

// markedIDs returns the words behind the mark in one line of a comment.
func markedIDs(line string) []string {
	_, ids, found := strings.Cut(line, mark)
	if !found {
		return nil
	}
	ids = strings.TrimSuffix(strings.TrimSpace(ids), "*/")
	return strings.FieldsFunc(ids, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' })
}
