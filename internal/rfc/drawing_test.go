package rfc

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestPageRow: the row in the package's picture is met and proved where the picture
// says.
func TestPageRow(t *testing.T) {
	source, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	picture := regexp.MustCompile(`//\t\((a \w+)\) +→ +(\S+) +→ +(\S+\.go) +← +(\S+\.go)\n`).FindStringSubmatch(string(source))
	if picture == nil {
		t.Fatal("the picture has no line (LEVEL) → ID → FILE ← FILE")
	}
	row, found := Lookup(picture[2])
	if !found || "a "+string(row.Level) != picture[1] || !strings.Contains(string(source), "req: "+row.ID+"\n") {
		t.Fatalf("the picture has the row %s, %s, and the table %+v", picture[2], picture[1], row)
	}
	evidence := NewTrace().Of(row.ID)
	in := func(file string) func(Place) bool { return func(p Place) bool { return p.File == file } }
	if !slices.ContainsFunc(evidence.Code, in(picture[3])) || !slices.ContainsFunc(evidence.Tests, in(picture[4])) {
		t.Errorf("the picture has %s in %s, proved in %s, and the trace %+v", row.ID, picture[3], picture[4], evidence)
	}
}

// TestQueryDrawing: what is underlined over query is what it takes for RFC, section
// and letter.
func TestQueryDrawing(t *testing.T) {
	source, err := os.ReadFile("find.go")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(source), "\n")
	at := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "//\t") && strings.Contains(line, "|--|") })
	text := []rune(lines[at-1])
	var parts []string
	for _, mark := range regexp.MustCompile(`\|(-+\|)?`).FindAllStringIndex(lines[at], -1) {
		parts = append(parts, string(text[mark[0]:mark[1]]))
	}
	queries := regexp.MustCompile(` {3,}`).Split(strings.TrimPrefix(string(text), "//\t"), -1)
	if len(parts) != 5 || len(queries) != 2 {
		t.Fatalf("drawn are %q with the parts %q, want two queries with five parts", queries, parts)
	}
	if got := query.FindStringSubmatch(queries[0]); !slices.Equal(got[1:], append(parts[:2:2], "")) {
		t.Errorf("%q is drawn in the parts %q, and read as %q", queries[0], parts[:2], got[1:])
	}
	if got := query.FindStringSubmatch(queries[1]); !slices.Equal(got[1:], parts[2:]) {
		t.Errorf("%q is drawn in the parts %q, and read as %q", queries[1], parts[2:], got[1:])
	}
}
