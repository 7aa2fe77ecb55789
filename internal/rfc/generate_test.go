package rfc

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestEveryRequirementIsEnforced resolves each row of enforced.tsv to a line of
// code, and fails when trace.tsv is not what comes of that. An edit above such a
// line changes nothing; one of the line itself may, or of a function's name.
func TestEveryRequirementIsEnforced(t *testing.T) {
	table, faults, err := Generate(os.DirFS("../..")) // the top of the repository
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range faults {
		t.Error(fault)
	}
	if table != traceTable {
		t.Errorf("trace.tsv is stale: run \"go generate ./internal/rfc\" at the top of the repository. It will then have\n%s",
			difference(traceTable, table))
	}
}

// difference returns the lines that only one of two tables has.
func difference(old, now string) string {
	var changes []string
	add := func(sign, from, against string) {
		lines := strings.Split(against, "\n")
		for _, line := range strings.Split(from, "\n") {
			if !slices.Contains(lines, line) {
				changes = append(changes, sign+line)
			}
		}
	}
	add("- ", old, now)
	add("+ ", now, old)
	return strings.Join(changes, "\n")
}

// bowing is a small source: a rule, and what keeps it.
const bowing = `package manners

// Guest is one who comes.
type Guest struct{}

// Enter lets him in.
func (g *Guest) Enter() {
	g.bow("deeply") // 1-1-a
	g.bow("again")
}

var depths = []string{"deeply"}
`

// TestCodeRows: what a row of enforced.tsv comes to, and what is said of one
// that has come to nothing.
func TestCodeRows(t *testing.T) {
	tests := []struct{ name, file, text, row, fault string }{
		{"in a method", "bow.go", `"deeply") //`, "1-1-a\tcode\tbow.go\tGuest.Enter\t\"deeply\") //", ""},
		{"in a table", "bow.go", "var depths", "1-1-a\tcode\tbow.go\tdepths\tvar depths", ""},
		{"the line is gone", "bow.go", "kneel()", "",
			`internal/rfc/enforced.tsv:2: 1-1-a: bow.go holds "kneel()" 0 times, want once: quote a piece of the line that enforces the rule now`},
		{"there are two such lines", "bow.go", "g.bow(", "", `bow.go holds "g.bow(" 2 times, want once: quote`},
		{"the file is gone", "sit.go", "g.sit()", "", "enforced.tsv:2: 1-1-a: open sit.go: file does not exist"},
		{"a test", "bow_test.go", "func TestBow", "", "bow_test.go is a test, and enforces nothing"},
	}
	for _, test := range tests {
		for _, above := range []string{"", "// One more line above.\n\n"} { // makes no difference
			tree := fstest.MapFS{
				"bow.go":      {Data: []byte(above + bowing)},
				"bow_test.go": {Data: []byte("package manners\n\nfunc TestBow() {}\n")},
			}
			rows, faults := codeRows([]enforcement{{"1-1-a", test.file, test.text, 2}}, newSources(tree))
			got, fault := strings.Join(rows["1-1-a"], "|"), strings.Join(faults, "|")
			if got != test.row || !strings.Contains(fault, test.fault) || (fault == "") != (test.fault == "") {
				t.Errorf("%s: got the row %q and the fault %q, want %q and %q", test.name, got, fault, test.row, test.fault)
			}
		}
	}
}

// TestNotEnforced holds the ids of two requirements against a table.
func TestNotEnforced(t *testing.T) {
	rows := []Requirement{{ID: "1-1-a", Level: Must, Text: "bow"}, {ID: "1-1-b", Level: May, Text: "smile"}}
	bow := enforcement{"1-1-a", "bow.go", "bow()", 2}
	smile := enforcement{"1-1-b", "bow.go", "smile()", 3}
	shy := []Excuse{{"1-1-b", "we are shy"}}
	const at = "internal/rfc/enforced.tsv"
	tests := []struct {
		name     string
		enforced []enforcement
		excuses  []Excuse
		want     []string
	}{
		{"both are there", []enforcement{bow, smile}, nil, nil},
		{"one is excused", []enforcement{bow}, shy, nil},
		{"one is missing", []enforcement{bow}, nil, []string{at + ": no row says which line enforces 1-1-b MAY: smile"}},
		{"enforced and excused", []enforcement{bow, smile}, shy, []string{at + ":3: 1-1-b: it is excused and yet enforced: take the excuse out"}},
		{"an unknown id", []enforcement{bow, smile, {"1-1-z", "bow.go", "z()", 4}}, nil, []string{at + ":4: 1-1-z: there is no such requirement"}},
		{"twice", []enforcement{bow, smile, {"1-1-b", "bow.go", "smile()", 4}}, nil, []string{at + ":4: 1-1-b: the row is there twice"}},
	}
	for _, test := range tests {
		if got := notEnforced(rows, test.enforced, test.excuses); !slices.Equal(got, test.want) {
			t.Errorf("%s:\n got %q\nwant %q", test.name, got, test.want)
		}
	}
}

// TestReadEnforcedRefuses shows what is no table.
func TestReadEnforcedRefuses(t *testing.T) {
	for _, test := range []struct{ table, want string }{
		{"id\tline\n", "enforced.tsv:1: the columns are"},
		{enforcedColumns + "\n# note\n1-1-a\tbow.go\n", "enforced.tsv:3: want an id, a file and a text"},
		{enforcedColumns + "\n1-1-a\tbow.go\t\n", "enforced.tsv:2: want an id, a file and a text"},
	} {
		_, err := readEnforced(fstest.MapFS{enforcedFile: {Data: []byte(test.table)}})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: got the error %v, want one with %q", test.table, err, test.want)
		}
	}
}

// TestTestAround: a mark belongs to the test it stands in or over; in a table
// outside of all functions, to the first test that mentions the table.
func TestTestAround(t *testing.T) {
	const tests = `package manners

// req: 1-1-a
func TestBow() {
	bow() // req: 1-1-b
}

var smiles = []string{
	"broad", // req: 1-1-c
}

func bow() {}

func TestSmile() { use(smiles) }
`
	list, err := declarations("bow_test.go", []byte(tests))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"1-1-a": "TestBow", "1-1-b": "TestBow", "1-1-c": "TestSmile"}
	for _, proof := range fileProofs("bow_test.go", []byte(tests)) {
		if got := testAround(list, proof.Line); got != want[proof.ID] {
			t.Errorf("the mark %v belongs to %s, want %s", proof, got, want[proof.ID])
		}
	}
}
