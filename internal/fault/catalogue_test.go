package fault

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"barewire/httpwire"
	"barewire/wsframe"
)

// TestCatalogueShape: every entry has what a learner and a report need.
func TestCatalogueShape(t *testing.T) {
	ids := make(map[string]bool)
	kebab := regexp.MustCompile(`^[a-z0-9]+([-.][a-z0-9]+)*$`)
	section := regexp.MustCompile(`^RFC (6455|7692|9110|9112) §\d+(\.\d+)*$`)
	for _, f := range All() {
		if ids[f.ID] || !kebab.MatchString(f.ID) {
			t.Errorf("%s: the id is not unique, or not in kebab-case", f.ID)
		}
		ids[f.ID] = true
		if f.Title == "" || f.Teaches == "" || !strings.HasSuffix(f.Teaches, ".") || f.Want.Short == "" {
			t.Errorf("%s: the title, Teaches as a sentence, or Want.Short is missing", f.ID)
		}
		if !section.MatchString(f.Section) {
			t.Errorf("%s: %q is not a section", f.ID, f.Section)
		}
		if !slices.Contains(Categories(), f.Category) || !slices.Contains([]Level{Must, Should, May, Quality}, f.Level) {
			t.Errorf("%s: category %q, level %q", f.ID, f.Category, f.Level)
		}
		if f.Needs == 0 || len(f.Steps) == 0 || len(f.Want.Pass) == 0 {
			t.Errorf("%s: needs, steps or the right outcome are missing", f.ID)
		}
		if size := len(f.Wire(Target{})); size > MaxSent {
			t.Errorf("%s sends %d bytes, want at most %d", f.ID, size, MaxSent)
		}
	}
	byCategory := func(a, b Fault) int {
		return slices.Index(Categories(), a.Category) - slices.Index(Categories(), b.Category)
	}
	if !slices.IsSortedFunc(All(), byCategory) {
		t.Error("the catalogue is not in the order of its categories")
	}
	if len(ids) < 90 {
		t.Errorf("%d faults, want 90 or more", len(ids))
	}
}

// TestOutcomesEnd: every outcome ends with what happens to the connection; otherwise
// it could never match.
func TestOutcomesEnd(t *testing.T) {
	for _, f := range All() {
		for _, outcome := range slices.Concat(f.Want.Pass, f.Want.Tolerated) {
			last := outcome[len(outcome)-1].Kind
			if last != End && last != Quiet && last != EndOrQuiet {
				t.Errorf("%s: the outcome %q does not state whether the connection ends", f.ID, outcome)
			}
		}
	}
}

// TestLegalIsLegal: this project's parsers accept what the catalogue calls legal, and
// no legal fault expects a failed connection.
func TestLegalIsLegal(t *testing.T) {
	for _, f := range All() {
		if f.Legal && f.Want.Pass[0][0].Kind == CloseFrame && slices.Equal(f.Want.Pass[0][0].Codes, []wsframe.CloseCode{1002}) {
			t.Errorf("%s is called legal, but expects a failed connection", f.ID)
		}
		if f.Category != HTTPParsing || !f.Legal || f.ID == "http-line-feed-alone" {
			continue
		}
		wire := f.Wire(Target{Host: "a"})
		if n, err := httpwire.ParseRequest(new(httpwire.Request), []byte(wire), nil); n == 0 || err != nil {
			t.Errorf("%s is called legal, but %v", f.ID, err)
		}
	}
}

// TestSelect: faults are chosen by id and by category, in the catalogue's order.
func TestSelect(t *testing.T) {
	for _, test := range []struct {
		names   []string
		first   string
		count   int
		unknown string
	}{
		{nil, "http-no-host", len(All()), ""},
		{[]string{"frame-unmasked", "ping"}, "ping", 2, ""},
		{[]string{"masking", "ping"}, "ping", 9, ""},
		{[]string{"ping", "nonsense"}, "", 0, "nonsense"},
	} {
		got, unknown := Select(test.names)
		if unknown != test.unknown || len(got) != test.count || test.count > 0 && got[0].ID != test.first {
			t.Errorf("Select(%q) gave %d faults, unknown %q; want %d from %q on, unknown %q",
				test.names, len(got), unknown, test.count, test.first, test.unknown)
		}
	}
}

// TestLacking: a server that lacks what a fault needs is given the reason, and the
// fault is not run.
func TestLacking(t *testing.T) {
	for _, test := range []struct {
		needs  Needs
		target Target
		want   string
	}{
		{NeedHTTP, Target{}, "a plain GET is not answered"},
		{NeedHTTP, Target{PlainStatus: 400}, "a plain GET gets 400, so that a refusal proves nothing"},
		{NeedHTTP, Target{PlainStatus: 404}, ""},
		{NeedWebSocket, Target{PlainStatus: 200}, "the path does not upgrade to WebSocket"},
		{NeedEcho, Target{WebSocket: true}, "the path does not echo"},
		{NeedDeflate | NeedEcho, Target{WebSocket: true, Echo: true}, "permessage-deflate is not agreed on"},
		{NeedDeflate, Target{WebSocket: true, Deflate: true}, ""},
	} {
		if got := test.needs.lacking(test.target); got != test.want {
			t.Errorf("needs %b of %+v: got %q, want %q", test.needs, test.target, got, test.want)
		}
	}
}
