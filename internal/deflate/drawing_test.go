package deflate

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// These tests read the drawings in this package's comments, and hold them to what
// the code does.

// page returns the text of the package's comment, with single blanks.
func page(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(string(source), "//", " ")), " ")
}

// TestPageWire: the octets on the page are those on the wire.
func TestPageWire(t *testing.T) {
	text := page(t)
	c := NewCompressor(MaxWindowBits, false)
	want := fmt.Sprintf(`"Hello" is % X.`, c.AppendMessage(nil, []byte("Hello")))
	if !strings.Contains(text, want) {
		t.Errorf("the page does not say %s", want)
	}
	if want := fmt.Sprintf("| 00 | % X", tail); !strings.Contains(text, want) {
		t.Errorf("the picture of a message does not end with %q", want)
	}
	if want := fmt.Sprintf("%d to %d, for %d bytes to %d KiB", minWindowBits, MaxWindowBits,
		1<<minWindowBits, 1<<MaxWindowBits>>10); !strings.Contains(text, want) {
		t.Errorf("the page does not say %q of window bits", want)
	}
}

// TestPageBlocks: the two bits that say what a block is, as the page draws them.
func TestPageBlocks(t *testing.T) {
	text := page(t)
	for name, payload := range map[string][]byte{
		"stored":                   unhex(t, "00 05 00 FA FF 48 65 6C 6C 6F 00"),
		"fixed Huffman codes":      unhex(t, "F2 48 CD C9 C9 07 00"),
		"Huffman codes of its own": NewCompressor(MaxWindowBits, false).AppendMessage(nil, []byte(text)),
	} {
		message, err := NewDecompressor(MaxWindowBits, false).AppendMessage(nil, payload, len(text))
		if err != nil || string(message) != "Hello" && string(message) != text {
			t.Fatalf("the test's own block, %s: %q, %v", name, message, err)
		}
		drawn := fmt.Sprintf("%02b %s", payload[0]>>1&3, name)
		if !regexp.MustCompile(`\b` + drawn + `\b`).MatchString(text) {
			t.Errorf("the picture does not have %q", drawn)
		}
	}
}

// TestEndingDrawing: the octets over ending are those that it has, and the line over
// Error what that says of a payload that was cut short.
func TestEndingDrawing(t *testing.T) {
	source, err := os.ReadFile("decompress.go")
	if err != nil {
		t.Fatal(err)
	}
	drawn := ""
	for _, row := range regexp.MustCompile(`(?m)^//\t((?:[0-9A-F]{2} )+)  `).FindAllStringSubmatch(string(source), -1) {
		drawn += row[1]
	}
	if got := string(unhex(t, drawn)); got != ending {
		t.Errorf("drawn are the octets % X, and put behind a payload are % X", got, ending)
	}
	source, err = os.ReadFile("decompress.go")
	if err != nil {
		t.Fatal(err)
	}
	_, short := NewDecompressor(MaxWindowBits, false).AppendMessage(nil, unhex(t, "F2 48 CD C9 C9 07"), 10)
	if !strings.Contains(string(source), fmt.Sprintf("\n//\t%v\n", short)) {
		t.Errorf("the comment of Error does not show %q", short)
	}
}

// TestWindowDrawing does what is drawn over Compressor.write: three messages that fit,
// one that is longer than what is free, and one that is longer than the window.
func TestWindowDrawing(t *testing.T) {
	const window = 1 << 9
	c := NewCompressor(9, true)
	defer c.Release()
	for i, step := range []struct{ length, free int }{
		{160, window - 160}, {160, window - 320}, {160, window - 480}, // m1, m2, m3
		{40, window - 40},                           // m4 is longer than what is free: forget, then m4
		{2*window + 30, window - 30},                // part, part, rest; the next one refers to none of them
		{window - 30, 30}, {30, 0}, {1, window - 1}, // exactly what is free; and the next one
	} {
		c.AppendMessage(nil, make([]byte, step.length))
		if c.free != step.free {
			t.Errorf("message %d, of %d octets, leaves %d free, want %d", i+1, step.length, c.free, step.free)
		}
	}
}
