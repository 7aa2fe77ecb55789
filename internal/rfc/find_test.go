package rfc

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// TestFind writes the names of sections and rows as people do.
func TestFind(t *testing.T) {
	tests := []struct {
		text  string
		first string // id of the first row, "" for no rows
		count int
	}{
		{"6455-5.1-b", "6455-5.1-b", 1},
		{"6455-5.1-B", "6455-5.1-b", 1},
		{"RFC 6455 5.1-b", "6455-5.1-b", 1},
		{"6455-5.1", "6455-5.1-a", 4},
		{"6455 5.1", "6455-5.1-a", 4},
		{" RFC 6455 §5.1 ", "6455-5.1-a", 4},
		{"rfc6455#section-5.1", "6455-5.1-a", 4},
		{"RFC 6455, section 5.1", "6455-5.1-a", 4},
		{"6455 5.5", "6455-5.5-a", 18}, // 5.5.1 to 5.5.3 are in it
		{"6455 11", "6455-11.1.1-a", 5},
		{"9110 15.5", "9110-15.5-a", 6}, // and not 15.50, were there one
		{"6585", "6585-5-a", 1},

		{"", "", 0},
		{"6455-5.1-z", "", 0},
		{"6455 99", "", 0},
		{"6455-5.", "", 0},
		{"2616", "", 0},
		{"5.1", "", 0}, // of which RFC?
		{"64555.1", "", 0},
		{"masking", "", 0},
	}
	for _, test := range tests {
		found := Find(test.text)
		first := ""
		if len(found) > 0 {
			first = found[0].ID
		}
		if first != test.first || len(found) != test.count {
			t.Errorf("Find(%q) gives %d rows from %q on, want %d from %q on", test.text, len(found), first, test.count, test.first)
		}
	}
}

// TestTraceIsWhole: what is built in has code and tests for each requirement, or
// an excuse.
func TestTraceIsWhole(t *testing.T) {
	trace := NewTrace()
	for _, row := range All() {
		e := trace.Of(row.ID)
		if met := len(e.Code) > 0 && len(e.Tests) > 0; met == (e.Excuse != "") {
			t.Errorf("%s: %d places in code, %d in tests, excuse %q; want both or an excuse", row.ID, len(e.Code), len(e.Tests), e.Excuse)
		}
		for _, place := range append(e.Code, e.Tests...) {
			if place.File == "" || place.Name == "" || place.Line != 0 {
				t.Errorf("%s: %+v, want a file and a name, and no line before Locate", row.ID, place)
			}
		}
	}
	trace.Of("6455-5.1-b").Code[0].File = "spoiled"
	if NewTrace().Of("6455-5.1-b").Code[0].File == "spoiled" || trace.Of("6455-5.1-b").Code[0].File == "spoiled" {
		t.Error("a caller can change the trace through what Of gives him")
	}
}

// TestLocate counts the lines in this source, and finds one for every place.
func TestLocate(t *testing.T) {
	tree, found := SourceTree(".")
	if !found {
		t.Fatal("the source is not found from within")
	}
	trace := NewTrace()
	trace.Locate(tree)
	for _, row := range All() {
		e := trace.Of(row.ID)
		for _, place := range append(e.Code, e.Tests...) {
			if place.Line == 0 {
				t.Errorf("%s: no line for %v", row.ID, place)
			}
		}
	}
	if text := trace.Of("6455-5.1-b").Code[0].Text; !strings.HasPrefix(text, "return violation(") {
		t.Errorf("the text of the code is %q, want the whole line, which begins with return", text)
	}
}

// TestLocateElsewhere: a tree of another version leaves a place as it was.
func TestLocateElsewhere(t *testing.T) {
	trace := NewTrace()
	trace.Locate(fstest.MapFS{"wsframe/check.go": {Data: []byte("package wsframe\n")}})
	if got := trace.Of("6455-5.1-b").Code[0].String(); got != "wsframe/check.go Checker.Check" {
		t.Errorf("the place is now %q, want it without a line", got)
	}
}

// TestSourceTree looks where there is none.
func TestSourceTree(t *testing.T) {
	folder := t.TempDir()
	if _, found := SourceTree(folder); found {
		t.Errorf("a source of barewire was found above %s", folder)
	}
	if err := os.WriteFile(folder+"/go.mod", []byte("module barewire/internal/bench\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, found := SourceTree(folder); found {
		t.Error("another module was taken for barewire")
	}
}

// TestParseTraceRefuses shows what is no table.
func TestParseTraceRefuses(t *testing.T) {
	for _, test := range []struct{ table, want string }{
		{"", "line 1: the columns are"},
		{traceColumns + "\n1-1-a\tcode\n", "line 2: 2 columns, want 5"},
		{traceColumns + "\n1-1-a\tdata\tf\tn\tt\n", `no such kind: "data"`},
	} {
		if _, err := parseTrace(test.table); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: got the error %v, want one with %q", test.table, err, test.want)
		}
	}
}

func ExampleFind() {
	for _, row := range Find("RFC 6455 §5.5.3") {
		fmt.Println(row)
	}
	// Output:
	// 6455-5.5.3-a MUST: The Pong carries exactly the octets of the Ping it answers
	// 6455-5.5.3-b MAY: An unsolicited Pong is accepted in silence: no error, no answer
}

func ExampleTrace_Of() {
	evidence := NewTrace().Of("6455-5.1-b")
	fmt.Println(evidence.Code[0], "-", evidence.Code[0].Text)
	// Output:
	// wsframe/check.go Checker.Check - a client must mask every frame
}
