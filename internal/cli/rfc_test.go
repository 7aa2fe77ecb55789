package cli

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"barewire/internal/rfc"
)

// TestPrintRow: the layout of a row that is proved, and of a row that is excused.
func TestPrintRow(t *testing.T) {
	met := rfc.Requirement{ID: "1-2.3-a", Section: "2.3", Level: rfc.Must, Role: "both", Failure: "a frown",
		Text: "Who enters bows, as deeply as the age and the rank of those who are in the room already, and his own, ask for",
		Note: "no keyword"}
	evidence := rfc.Evidence{
		Code:  []rfc.Place{{File: "manners/bow.go", Line: 12, Name: "Guest.Enter", Text: `g.bow("deeply")`}},
		Tests: []rfc.Place{{File: "manners/bow_test.go", Line: 5, Name: "TestBow"}},
	}
	unmet := rfc.Requirement{ID: "1-2.3-b", Level: rfc.May, Role: "client", Text: "Who leaves smiles", Failure: "none"}

	var out bytes.Buffer
	printRow(&out, met, evidence)
	printRow(&out, unmet, rfc.Evidence{Excuse: "We are shy."})
	const want = `1-2.3-a  MUST  both
    Who enters bows, as deeply as the age and the rank of those who are in the room already, and his
    own, ask for
    if broken:  a frown
    note:       no keyword
    code:       manners/bow.go:12 Guest.Enter
        g.bow("deeply")
    test:       manners/bow_test.go:5 TestBow
1-2.3-b  MAY  client
    Who leaves smiles
    excused:    We are shy.
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", &out, want)
	}
}

// TestRFCRows asks for rows in every possible way.
func TestRFCRows(t *testing.T) {
	const row = `6455-5.1-b  MUST  server\n    An unmasked frame from a client closes the connection\n`
	for _, test := range []struct {
		args []string
		want string // a regular expression
		rows int
	}{
		{[]string{"6455-5.1-b"}, `^` + row + `(?s:.*)code:       wsframe/check\.go:\d+ Checker\.Check\n +\S.*a client must mask every frame`, 1},
		{[]string{"6455-5.1-b"}, `\n    test:       wsframe/check_test\.go:\d+ TestCheckRefuses\n`, 1},
		{[]string{"6455-5.1"}, row, 4},
		{[]string{"RFC", "6455", "§5.1"}, row, 4},
		{[]string{"rfc 6455 5.5"}, `(?s)6455-5\.5-a .*\n\n6455-5\.5\.3-b `, 18},
		{[]string{"6585"}, `^6585-5-a  SHOULD  server\n`, 1},
		{[]string{"9112-3.3-b"}, `\n    excused:    An empty authority`, 1},
	} {
		status, out, err := run("", append([]string{"rfc"}, test.args...)...)
		if status != exitOK || err != "" || !regexp.MustCompile(test.want).MatchString(out) {
			t.Errorf("barewire rfc %q: status %d, error %q, and not %q in the output:\n%s", test.args, status, err, test.want, out)
		}
		if rows := 1 + strings.Count(out, "\n\n"); rows != test.rows {
			t.Errorf("barewire rfc %q printed %d rows, want %d", test.args, rows, test.rows)
		}
	}
}

// TestRFCList: words and sections without an RFC list the rows, one per line.
func TestRFCList(t *testing.T) {
	for _, args := range [][]string{{"masking"}, {"5.1"}, {"close code"}, {"close", "code"}} {
		wanted := strings.Join(args, " ")
		rows := rfc.Search(wanted)
		status, out, err := run("", append([]string{"rfc"}, args...)...)
		lines := strings.Split(out, "\n")
		if status != exitOK || err != "" || len(lines) != len(rows)+3 || !strings.HasPrefix(lines[0], rows[0].ID+" ") ||
			!strings.HasPrefix(lines[len(rows)+1], "barewire rfc "+rows[0].ID+" shows one") {
			t.Errorf("barewire rfc %q: status %d, error %q, want %d rows in the output:\n%s", args, status, err, len(rows), out)
		}
	}
}

// TestRFCWidth: the text of every row fits in 100 columns.
func TestRFCWidth(t *testing.T) {
	for _, row := range rfc.All() {
		evidence := rfc.EvidenceOf(row.ID)
		evidence.Code = nil
		var out bytes.Buffer
		printRow(&out, row, evidence)
		for line := range strings.Lines(out.String()) {
			if width := utf8.RuneCountInString(line) - 1; width > rfcWidth {
				t.Errorf("%s: a line of %d columns: %s", row.ID, width, line)
			}
		}
	}
}

// TestRFCSummary: without an argument rfc prints one line per section. The totals are
// right, and every row is either proved or excused.
func TestRFCSummary(t *testing.T) {
	status, out, err := run("", "rfc")
	if status != exitOK || err != "" {
		t.Fatalf("status %d, error %q", status, err)
	}
	for _, want := range []string{
		"RFC 6455, The WebSocket Protocol\n",
		"\n  §5.1          4 rows    4 proved\n",
		"\n  §5.5.1       10 rows    9 proved    1 excused\n",
		"\nbarewire rfc 6455-1.4 prints the rows of a section",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the summary lacks %q:\n%s", want, out)
		}
	}
	s := summarize()
	if s.Rows != len(rfc.All()) || s.Proved+s.Excused != s.Rows {
		t.Errorf("the totals are %+v, want %d rows, each of them excused or proved", s.rfcCount, len(rfc.All()))
	}
	for _, section := range s.Sections {
		if rfc.Title(section.RFC) == "" {
			t.Errorf("RFC %s has no title", section.RFC)
		}
	}
}

// TestRFCJSON reads back what -json prints.
func TestRFCJSON(t *testing.T) {
	var rows []rowJSON
	_, out, _ := run("", "rfc", "-json", "6455-5.1-b")
	if err := json.Unmarshal([]byte(out), &rows); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if len(rows) != 1 || rows[0].ID != "6455-5.1-b" || rows[0].RFC != "6455" || rows[0].Failure != "close 1002" ||
		len(rows[0].Tests) == 0 || len(rows[0].Code) != 1 || rows[0].Code[0].Function != "Checker.Check" || rows[0].Code[0].Line == 0 {
		t.Errorf("got %+v", rows)
	}
	var s rfcSummary
	_, out, _ = run("", "rfc", "-json")
	if err := json.Unmarshal([]byte(out), &s); err != nil || s.Rows != len(rfc.All()) || len(s.Sections) == 0 {
		t.Errorf("the summary is %s (%v)", out, err)
	}
}
