package rfc

import (
	_ "embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
)

// traceTable says for each requirement where it is met and proved. It is made
// from enforced.tsv and the marks in the tests, and holds no line numbers: it
// changes when a function is renamed, not with every edit above it.
//
//go:generate go run barewire/internal/rfc/generate
//go:embed trace.tsv
var traceTable string

// traceColumns is its first line.
const traceColumns = "id\tkind\tfile\tname\ttext"

// The kinds of its rows.
const (
	kindCode = "code"
	kindTest = "test"
)

// Evidence is what there is to say about one requirement.
type Evidence struct {
	Code   []Place // what enforces it
	Tests  []Place // what proves it
	Excuse string  // why it is deliberately not met, "" if it is; then Code and Tests are empty
}

// Trace holds the Evidence for all requirements. It may be read by several
// goroutines at once, while nobody calls Locate.
type Trace struct {
	byID map[string]Evidence
}

// embedded is the table that was built in, read at the first use: the program
// that makes the table has to run even if the old one is broken.
var embedded = sync.OnceValue(func() map[string]Evidence {
	byID, err := parseTrace(traceTable)
	if err != nil {
		panic("rfc: trace.tsv: " + err.Error())
	}
	return byID
})

// NewTrace returns the trace that was built in. Its places have files and
// names, and no lines: see Locate.
func NewTrace() *Trace {
	t := &Trace{byID: make(map[string]Evidence)}
	for id, evidence := range embedded() {
		t.byID[id] = evidence.clone()
	}
	return t
}

// Of returns what is known about a requirement, nothing for an id that there is
// not. The slices are the caller's.
func (t *Trace) Of(id string) Evidence { return t.byID[id].clone() }

// Locate counts the lines in a tree of barewire's source, and takes each whole
// line of code from there. A place that the tree does not have, as it is of
// another version, stays as it was.
func (t *Trace) Locate(tree fs.FS) {
	opened := newSources(tree)
	marks := make(map[string][]Proof) // by file
	for id, evidence := range t.byID {
		for i, place := range evidence.Code {
			if found, err := opened.findCode(place.File, place.Text); err == nil {
				evidence.Code[i] = found
			}
		}
		for i, place := range evidence.Tests {
			file, err := opened.open(place.File)
			if err != nil {
				continue
			}
			if _, read := marks[place.File]; !read {
				marks[place.File] = fileProofs(place.File, []byte(file.text))
			}
			for _, proof := range slices.Backward(marks[place.File]) { // so that the first one stays
				if proof.ID == id && testAround(file.declarations, proof.Line) == place.Name {
					evidence.Tests[i].Line = proof.Line
				}
			}
		}
	}
}

func (e Evidence) clone() Evidence {
	e.Code, e.Tests = slices.Clone(e.Code), slices.Clone(e.Tests)
	return e
}

// parseTrace reads a table, and adds the excuses.
func parseTrace(table string) (map[string]Evidence, error) {
	head, body, _ := strings.Cut(table, "\n")
	if head != traceColumns {
		return nil, fmt.Errorf("line 1: the columns are %q, want %q", head, traceColumns)
	}
	byID := make(map[string]Evidence)
	for i, line := range strings.Split(strings.TrimSuffix(body, "\n"), "\n") {
		columns := strings.Split(line, "\t")
		if len(columns) != 5 {
			return nil, fmt.Errorf("line %d: %d columns, want 5: %q", i+2, len(columns), line)
		}
		place := Place{File: columns[2], Name: columns[3], Text: columns[4]}
		evidence := byID[columns[0]]
		switch columns[1] {
		case kindCode:
			evidence.Code = append(evidence.Code, place)
		case kindTest:
			evidence.Tests = append(evidence.Tests, place)
		default:
			return nil, fmt.Errorf("line %d: no such kind: %q", i+2, columns[1])
		}
		byID[columns[0]] = evidence
	}
	for _, excuse := range excuses {
		byID[excuse.ID] = Evidence{Excuse: excuse.Why}
	}
	return byID, nil
}
