package rfc

import (
	"fmt"
	"testing"
)

// TestFind: Find understands sections and ids in the forms that people write.
func TestFind(t *testing.T) {
	for _, test := range []struct {
		text  string
		first string // id of the first row, "" for no rows
		count int
	}{
		{"6455-5.1-b", "6455-5.1-b", 1},
		{"6455-5.1-B", "6455-5.1-b", 1},
		{"RFC 6455 5.1-b", "6455-5.1-b", 1},
		{"6455-5.1", "6455-5.1-a", 4},
		{" RFC 6455 §5.1 ", "6455-5.1-a", 4},
		{"rfc6455#section-5.1", "6455-5.1-a", 4},
		{"RFC 6455, section 5.1", "6455-5.1-a", 4},
		{"6455 5.5", "6455-5.5-a", 18}, // 5.5.1 to 5.5.3 are in it
		{"9110 15.5", "9110-15.5-a", 6},
		{"6585", "6585-5-a", 1},

		{"", "", 0},
		{"6455-5.1-z", "", 0},
		{"6455 99", "", 0},
		{"2616", "", 0},
		{"5.1", "", 0}, // of which RFC?
		{"masking", "", 0},
	} {
		checkRows(t, "Find", test.text, Find(test.text), test.first, test.count)
	}
}

func TestSearch(t *testing.T) {
	for _, test := range []struct {
		text  string
		first string
		count int
	}{
		{"5.1", "6455-5.1-a", 9}, // of RFC 6455, 7692, 9110 and 9112
		{"§5.1", "6455-5.1-a", 9},
		{"close code", "6455-5.2-f", 16},
		{"CODE closes", "6455-5.2-f", 16},
		{"masking", "6455-5.1-a", 10}, // also masked and unmasked
		{"1002", "6455-5.1-b", 19},    // no RFC, but a close code
		{"ping", "6455-5.5.2-a", 3},   // but no word that ends with ping
		{"", "", 0},
		{"5.99", "", 0},
		{"quic", "", 0},
	} {
		checkRows(t, "Search", test.text, Search(test.text), test.first, test.count)
	}
}

func checkRows(t *testing.T, function, text string, found []Requirement, first string, count int) {
	t.Helper()
	id := ""
	if len(found) > 0 {
		id = found[0].ID
	}
	if id != first || len(found) != count {
		t.Errorf("%s(%q) gives %d rows from %q on, want %d from %q on", function, text, len(found), id, count, first)
	}
}

func ExampleFind() {
	for _, row := range Find("RFC 6455 §5.5.3") {
		fmt.Printf("%s %s: %s\n", row.ID, row.Level, row.Text)
	}
	// Output:
	// 6455-5.5.3-a MUST: The Pong carries exactly the bytes of the Ping it answers
	// 6455-5.5.3-b MAY: An unsolicited Pong is accepted silently: no error, no answer
}
