package rfc

import (
	"fmt"
	"io/fs"
	"strings"
)

// enforcedFile is the table of the lines that enforce the requirements, made by
// hand. Its end says how to read it.
const enforcedFile = "internal/rfc/enforced.tsv"

// enforcedColumns is its first line.
const enforcedColumns = "id\tfile\ttext"

// enforcement is a row of it: the one line of a file that holds text enforces a
// requirement.
type enforcement struct {
	id, file, text string
	at             int // its own line in the table
}

// readEnforced reads the table from tree. Like the requirements it has lines
// that begin with # and say nothing.
func readEnforced(tree fs.FS) ([]enforcement, error) {
	table, err := fs.ReadFile(tree, enforcedFile)
	if err != nil {
		return nil, err
	}
	head, body, _ := strings.Cut(string(table), "\n")
	if head != enforcedColumns {
		return nil, fmt.Errorf("%s:1: the columns are %q, want %q", enforcedFile, head, enforcedColumns)
	}
	var rows []enforcement
	for i, line := range strings.Split(body, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		columns := strings.Split(line, "\t")
		if len(columns) != 3 || columns[2] == "" {
			return nil, fmt.Errorf("%s:%d: want an id, a file and a text with a tab between them, got %q",
				enforcedFile, i+2, line)
		}
		rows = append(rows, enforcement{columns[0], columns[1], columns[2], i + 2})
	}
	return rows, nil
}

// goFile is a Go file that was read.
type goFile struct {
	text         string
	declarations []declaration
}

// sources reads Go files of a tree, each of them once.
type sources struct {
	tree fs.FS
	read map[string]*goFile
}

func newSources(tree fs.FS) *sources {
	return &sources{tree: tree, read: make(map[string]*goFile)}
}

// open returns a file.
func (s *sources) open(file string) (*goFile, error) {
	if opened := s.read[file]; opened != nil {
		return opened, nil
	}
	text, err := fs.ReadFile(s.tree, file)
	if err != nil {
		return nil, err
	}
	list, err := declarations(file, text)
	if err != nil {
		return nil, err
	}
	s.read[file] = &goFile{string(text), list}
	return s.read[file], nil
}

// findCode returns the place of the line that holds text. The error says how
// often it is there, if that is not once.
func (s *sources) findCode(file, text string) (Place, error) {
	opened, err := s.open(file)
	if err != nil {
		return Place{}, err
	}
	if n := strings.Count(opened.text, text); n != 1 {
		return Place{}, fmt.Errorf("%s holds %q %d times, want once", file, text, n)
	}
	at := strings.Index(opened.text, text)
	line := 1 + strings.Count(opened.text[:at], "\n")
	whole := strings.Split(opened.text, "\n")[line-1]
	return Place{file, line, around(opened.declarations, line), strings.TrimSpace(whole)}, nil
}
