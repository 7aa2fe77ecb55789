package rfc

import (
	"fmt"
	"strings"
	"testing"
)

func TestAllRowsAreRead(t *testing.T) {
	lines := 0
	for _, line := range strings.Split(table, "\n") {
		if line != "" && line[0] != '#' {
			lines++
		}
	}
	if got := len(All()); got != lines-1 { // without the line of column names
		t.Errorf("All() has %d rows, want %d", got, lines-1)
	}
	for _, row := range All() {
		if row.Text == "" || row.Failure == "" || row.Layer == "" {
			t.Errorf("%s: a column is empty: %+v", row.ID, row)
		}
	}
}

func TestAllGivesACopy(t *testing.T) {
	All()[0].ID = "spoiled"
	if All()[0].ID == "spoiled" {
		t.Error("a caller can change the table of this package through All")
	}
}

func TestLookup(t *testing.T) {
	for _, row := range All() {
		if got, ok := Lookup(row.ID); !ok || got != row {
			t.Errorf("Lookup(%q) = %+v, %v; want the row of that id", row.ID, got, ok)
		}
	}
	if row, ok := Lookup("6455-5.1-z"); ok {
		t.Errorf("Lookup of an unknown id returned %+v", row)
	}
}

func TestParseRefusesABrokenTable(t *testing.T) {
	const good = "1-2.3-a\t2.3\tMUST\tboth\tbow\tnone\tmanners\t"
	tests := []struct{ name, text, want string }{
		{"no column names", good, "line 1: the columns are"},
		{"a missing column", columns + "\n1-2.3-a\t2.3\tMUST", "line 2: 3 columns, want 8"},
		{"a duplicate id", columns + "\n" + good + "\n# note\n" + good, "line 4: duplicate id 1-2.3-a"},
		{"an unknown level", columns + "\n" + strings.Replace(good, "MUST", "must", 1), "unknown level"},
		{"an unknown role", columns + "\n" + strings.Replace(good, "both", "proxy", 1), "unknown role"},
		{"an id of another section", columns + "\n" + strings.Replace(good, "\t2.3", "\t2.4", 1), "does not match section 2.4"},
	}
	for _, test := range tests {
		_, err := parse(test.text)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got error %v, want one with %q", test.name, err, test.want)
		}
	}
	if rows, err := parse(columns + "\n\n# a note\n" + good + "\n"); err != nil || len(rows) != 1 {
		t.Errorf("a valid table of one row: got %v, %v", rows, err)
	}
}

func ExampleLookup() {
	row, _ := Lookup("6455-5.1-b")
	fmt.Printf("%s %s: %s\n", row.ID, row.Level, row.Text)
	fmt.Println("RFC", row.RFC(), "section", row.Section, "- a violation:", row.Failure)
	// Output:
	// 6455-5.1-b MUST: An unmasked frame from a client closes the connection
	// RFC 6455 section 5.1 - a violation: close 1002
}
