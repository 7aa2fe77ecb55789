package annotate

import (
	"strings"
	"testing"

	"barewire/wsframe"
	"unicode/utf8"
)

// TestPrinterWidth checks that rows fit in the width. A title may be longer, because it
// is always one line.
func TestPrinterWidth(t *testing.T) {
	for _, conversation := range conversations {
		units := unitsFor(conversation.options, conversation.pieces, whole)
		for _, width := range []int{0, 80, 100, 120} {
			limit := width
			if width == 0 {
				limit = 110
			}
			p := Printer{Width: width}
			for i := range units {
				_, rows, _ := strings.Cut(string(p.AppendUnit(nil, &units[i])), "\n")
				for row := range strings.Lines(rows) {
					row = strings.TrimSuffix(row, "\n")
					if columns := utf8.RuneCountInString(row); columns > limit {
						t.Errorf("width %d: %d columns in %q", width, columns, row)
					}
				}
			}
		}
	}
}

// TestPrinterColor checks that colors only add escape sequences, and that a label comes
// before the title.
func TestPrinterColor(t *testing.T) {
	units := unitsFor(Options{Frames: true}, []piece{serverHex("91 02 4142")}, whole)
	without := string((&Printer{Label: "conn 3"}).AppendUnit(nil, &units[0]))
	with := string((&Printer{Label: "conn 3", Color: true}).AppendUnit(nil, &units[0]))
	if !strings.Contains(with, red+"!! BROKEN RULE") {
		t.Error("with colors, a broken rule is not red")
	}
	for _, sequence := range []string{bold, faint, red, blue, green, reset} {
		with = strings.ReplaceAll(with, sequence, "")
	}
	if with != without {
		t.Errorf("without its colors the text is\n%s\nwant\n%s", with, without)
	}
	if !strings.HasPrefix(without, "← conn 3  Text") {
		t.Errorf("the text begins with %.30q, want the label before the title", without)
	}
}

// TestPrinterEscapes checks that a peer cannot move the cursor, set the window's title
// or write from right to left.
func TestPrinterEscapes(t *testing.T) {
	for _, evil := range []string{"\x1b[2J", "\x07", "\u202e", "\u009b2J", "\r\n\x00\xff", "\u2028"} {
		units := unitsFor(Options{Frames: true}, []piece{
			{ServerToClient, string([]byte{0x81, byte(len(evil))}) + evil},
			{ServerToClient, string([]byte{0x88, byte(2 + len(evil)), 0x03, 0xe8}) + evil},
		}, whole)
		units = append(units, unitsFor(Options{}, []piece{
			{ServerToClient, "HTTP/1.1 200 " + evil},
			{ClientToServer, "GET / HTTP/1.1\r\nHost: a\r\nX: " + evil},
		}, whole)...)
		for i := range units {
			text := string(new(Printer).AppendUnit(nil, &units[i]))
			for _, r := range text {
				if r != '\n' && (r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u202e' || r == '\u2028') {
					t.Errorf("%q reaches the terminal in\n%s", r, text)
				}
			}
		}
	}
}

// TestPrinterColumns checks that the sections of a unit are in one column, however wide
// the text before them is on a terminal.
func TestPrinterColumns(t *testing.T) {
	for _, text := range []string{"Hello", "日本語テキスト", "🎉🎉", "e\u0301a\u0308", strings.Repeat("日本", 40), "\u202e\x1b"} {
		message := wsframe.AppendFrame(nil, &wsframe.Header{Fin: true, Opcode: wsframe.Text}, []byte(text))
		masked := wsframe.AppendFrame(nil, &wsframe.Header{Fin: true, Opcode: wsframe.Text, Masked: true}, []byte(text))
		units := unitsFor(Options{Frames: true}, []piece{{ServerToClient, string(message)}, {ClientToServer, string(masked)}}, whole)
		for i := range units {
			lines := strings.Split(string(new(Printer).AppendUnit(nil, &units[i])), "\n")
			for _, line := range lines[1:] {
				before, _, found := strings.Cut(line, "RFC ")
				if found && columns(before) != 94 {
					t.Errorf("the section is in column %d, want 94, in\n%s", columns(before), line)
				}
			}
			if end := columns(lines[0]); end != 110 {
				t.Errorf("the title's line ends in column %d, want 110: %s", end, lines[0])
			}
		}
	}
}

// TestCutText checks that text is cut between code points.
func TestCutText(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{strings.Repeat("a", 39) + "日本", `"` + strings.Repeat("a", 39) + `" ...`},
		{strings.Repeat("a", 38) + "日本", `"` + strings.Repeat("a", 38) + `" ...`},
		{strings.Repeat("a", 37) + "日本", `"` + strings.Repeat("a", 37) + `日" ...`},
		{strings.Repeat("\x80", 41), `"` + strings.Repeat(`\x80`, 40) + `" ...`},
	} {
		if got := string(appendQuoted(nil, []byte(test.text), titleBytes)); got != test.want {
			t.Errorf("%q is shown as %s, want %s", test.text, got, test.want)
		}
	}
}

// TestWrapped checks that lines break at spaces, or anywhere if there are none.
func TestWrapped(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"short", "short"},
		{"breaks at a space", "breaks at|  a space"},
		{"0123456789abcdef", "0123456789|  abcdef"},
		{"one\ntwo", "one|  two"},
		{"äöüäöüäöüäöü", "äöüäöüäöüä|  öü"},
		{"日本語日本語日本語", "日本語日本|  語日本語"},                                    // two columns each
		{"e\u0301e\u0301e\u0301e\u0301", "e\u0301e\u0301e\u0301e\u0301"}, // none for an accent
	} {
		if got := strings.Join(wrapped(test.text, 10, 2), "|"); got != test.want {
			t.Errorf("%q in 10 columns: %q, want %q", test.text, got, test.want)
		}
	}
}
