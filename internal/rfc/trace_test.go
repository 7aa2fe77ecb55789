package rfc

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write trace.tsv")

// TestTrace: every requirement has a line of code that enforces it and a test that proves
// it, or an excuse, and trace.tsv is up to date.
func TestTrace(t *testing.T) {
	found, faults, err := marks(os.DirFS("../..")) // the top of the repository
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range append(faults, check(All(), found, excuses)...) {
		t.Error(fault)
	}
	table := traceOf(All(), found)
	if *update {
		if err := os.WriteFile("trace.tsv", []byte(table), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if table != traceTable {
		t.Error("trace.tsv is out of date: run go generate ./internal/rfc")
	}
}

// traceOf builds the table. A test with several marks of one requirement has one row.
func traceOf(rows []Requirement, found []mark) string {
	byID := make(map[string][]mark)
	for _, m := range found {
		sameTest := func(other mark) bool { return m.inTest && m.File == other.File && m.Name == other.Name }
		if !slices.ContainsFunc(byID[m.id], sameTest) {
			byID[m.id] = append(byID[m.id], m)
		}
	}
	var table strings.Builder
	table.WriteString(traceColumns + "\n")
	for _, row := range rows {
		for _, kind := range []string{"code", "test"} {
			for _, m := range byID[row.ID] {
				if m.inTest == (kind == "test") {
					fmt.Fprintf(&table, "%s\t%s\t%s\t%d\t%s\t%s\n", m.id, kind, m.File, m.Line, m.Name, m.Text)
				}
			}
		}
	}
	return table.String()
}

// check returns what is wrong with the marks and the excuses, one line for each error.
func check(rows []Requirement, found []mark, excuses []Excuse) (faults []string) {
	enforced, proved, excused := make(map[string]bool), make(map[string]bool), make(map[string]bool)
	known := func(id string) bool {
		return slices.ContainsFunc(rows, func(row Requirement) bool { return row.ID == id })
	}
	for _, excuse := range excuses {
		if !known(excuse.ID) || excuse.Why == "" || excused[excuse.ID] {
			faults = append(faults, "excuse for "+excuse.ID+": unknown requirement, no reason, or a duplicate")
		}
		excused[excuse.ID] = true
	}
	for _, m := range found {
		switch {
		case !known(m.id):
			faults = append(faults, fmt.Sprintf("%v: unknown requirement %s", m.Place, m.id))
		case excused[m.id]:
			faults = append(faults, fmt.Sprintf("%v: %s is excused but also marked: remove the excuse", m.Place, m.id))
		case m.inTest:
			proved[m.id] = true
		default:
			enforced[m.id] = true
		}
	}
	for _, row := range rows {
		if !enforced[row.ID] && !excused[row.ID] {
			faults = append(faults, fmt.Sprintf("no line of code has the mark of %s %s: %s", row.ID, row.Level, row.Text))
		}
		if !proved[row.ID] && !excused[row.ID] {
			faults = append(faults, fmt.Sprintf("no test has the mark of %s %s: %s", row.ID, row.Level, row.Text))
		}
	}
	return faults
}

func TestCheck(t *testing.T) {
	rows := []Requirement{{ID: "1-1-a", Level: Must, Text: "bow"}, {ID: "1-1-b", Level: May, Text: "smile"}}
	in := func(file string, ids ...string) (found []mark) {
		for _, id := range ids {
			found = append(found, mark{id, strings.HasSuffix(file, "_test.go"), Place{File: file, Line: 3, Name: "f"}})
		}
		return found
	}
	shy := []Excuse{{"1-1-b", "we are shy"}}
	for _, test := range []struct {
		name       string
		code, test []mark
		excuses    []Excuse
		want       []string
	}{
		{"both", in("x.go", "1-1-a", "1-1-b"), in("x_test.go", "1-1-a", "1-1-b"), nil, nil},
		{"one excused", in("x.go", "1-1-a"), in("x_test.go", "1-1-a"), shy, nil},
		{"not in code", in("x.go", "1-1-a"), in("x_test.go", "1-1-a", "1-1-b"), nil,
			[]string{"no line of code has the mark of 1-1-b MAY: smile"}},
		{"not in tests", in("x.go", "1-1-a", "1-1-b"), in("x_test.go", "1-1-a"), nil,
			[]string{"no test has the mark of 1-1-b MAY: smile"}},
		{"excused and marked", in("x.go", "1-1-a", "1-1-b"), in("x_test.go", "1-1-a"), shy,
			[]string{"x.go:3 f: 1-1-b is excused but also marked: remove the excuse"}},
		{"an unknown id", in("x.go", "1-1-a", "1-1-z"), in("x_test.go", "1-1-a"), shy,
			[]string{"x.go:3 f: unknown requirement 1-1-z"}},
		{"an excuse for an unknown id", in("x.go", "1-1-a"), in("x_test.go", "1-1-a"), append(shy, Excuse{"1-1-z", "why?"}),
			[]string{"excuse for 1-1-z: unknown requirement, no reason, or a duplicate"}},
	} {
		if got := check(rows, append(test.code, test.test...), test.excuses); !slices.Equal(got, test.want) {
			t.Errorf("%s:\n got %q\nwant %q", test.name, got, test.want)
		}
	}
}

// TestMarksOf: which place a mark belongs to, and which comments are not marks.
func TestMarksOf(t *testing.T) {
	const code = `package manners

// Enter lets a guest in.
//
// req: 1-1-a 1-1-b
func (g *Guest) Enter() {
	g.bow("deeply") // req: 1-1-c
	g.bow("again")  // twice, req: 1-1-d
	//	an example // req: 1-1-x
	g.say("// req: 1-1-x")
	return // req:1-1-e
}

var depths = []string{ // req: 1-1-f
}
`
	want := []mark{
		{"1-1-a", false, Place{"bow.go", 6, "Guest.Enter", "func (g *Guest) Enter() {"}},
		{"1-1-b", false, Place{"bow.go", 6, "Guest.Enter", "func (g *Guest) Enter() {"}},
		{"1-1-c", false, Place{"bow.go", 7, "Guest.Enter", `g.bow("deeply")`}},
		{"1-1-d", false, Place{"bow.go", 8, "Guest.Enter", `g.bow("again")  // twice`}},
		{"1-1-f", false, Place{"bow.go", 14, "depths", "var depths = []string{"}},
	}
	found, faults, err := marksOf("bow.go", code)
	if err != nil || !slices.Equal(found, want) || len(faults) != 1 || !strings.HasPrefix(faults[0], "bow.go:11: a mark is written") {
		t.Errorf("got %+v,\nwant %+v\nfaults %q, error %v", found, want, faults, err)
	}

	const tests = `package manners

// req: 1-1-a
func TestBow() {}

var smiles = []string{
	"broad", // req: 1-1-b
}

func TestSmile() { use(smiles) }
`
	want = []mark{
		{"1-1-a", true, Place{"bow_test.go", 4, "TestBow", ""}},
		{"1-1-b", true, Place{"bow_test.go", 7, "TestSmile", ""}},
	}
	found, faults, err = marksOf("bow_test.go", tests)
	if err != nil || !slices.Equal(found, want) || faults != nil {
		t.Errorf("in a test: got %+v,\nwant %+v\nfaults %q, error %v", found, want, faults, err)
	}
}

func ExampleEvidenceOf() {
	code := EvidenceOf("6455-5.1-b").Code[0]
	fmt.Println(code.File, code.Name, "-", code.Text)
	// Output:
	// wsframe/check.go Checker.Check - return violation("mask bit", "a client must mask every frame", "RFC 6455 §5.1")
}
