package rfc

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// traceTable has a row for each line of code that enforces a requirement and for each
// test that proves it. It is generated from the marks.
//
//go:generate go test -run TestTrace -update .
//go:embed trace.tsv
var traceTable string

// traceColumns is the first line of the table.
const traceColumns = "id\tkind\tfile\tline\tname\ttext"

// Place is a place in the source of barewire.
type Place struct {
	File string // path from the top of the repository, with slashes
	Line int    // counted from 1
	Name string // the function around it, or another declaration: "Checker.Check"
	Text string // the line of code without its mark; "" for a test
}

// String returns the place, as in "wsframe/check.go:79 Checker.Check".
func (p Place) String() string {
	return fmt.Sprintf("%s:%d %s", p.File, p.Line, p.Name)
}

// Evidence is the evidence for one requirement.
type Evidence struct {
	Code   []Place // the lines that enforce it
	Tests  []Place // the tests that prove it
	Excuse string  // why it is deliberately not met; then Code and Tests are empty
}

// EvidenceOf returns the evidence for a requirement, or an empty Evidence for an unknown
// id. The slices must not be changed.
func EvidenceOf(id string) Evidence { return trace()[id] }

// trace parses the table on first use, so that a broken table does not prevent the test
// that generates it from running.
var trace = sync.OnceValue(func() map[string]Evidence {
	byID, err := parseTrace(traceTable)
	if err != nil {
		panic("rfc: trace.tsv: " + err.Error())
	}
	for _, excuse := range excuses {
		byID[excuse.ID] = Evidence{Excuse: excuse.Why}
	}
	return byID
})

func parseTrace(table string) (map[string]Evidence, error) {
	head, body, _ := strings.Cut(table, "\n")
	if head != traceColumns {
		return nil, fmt.Errorf("line 1: the columns are %q, want %q", head, traceColumns)
	}
	byID := make(map[string]Evidence)
	for i, row := range strings.Split(strings.TrimSuffix(body, "\n"), "\n") {
		columns := strings.Split(row, "\t")
		if len(columns) != 6 {
			return nil, fmt.Errorf("line %d: %d columns, want 6: %q", i+2, len(columns), row)
		}
		id, kind := columns[0], columns[1]
		line, err := strconv.Atoi(columns[3])
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+2, err)
		}
		place := Place{File: columns[2], Line: line, Name: columns[4], Text: columns[5]}
		evidence := byID[id]
		if kind == "code" {
			evidence.Code = append(evidence.Code, place)
		} else {
			evidence.Tests = append(evidence.Tests, place)
		}
		byID[id] = evidence
	}
	return byID, nil
}
