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
	if want := fmt.Sprintf("%d to %d, for %d octets to %d KiB", MinWindowBits, MaxWindowBits,
		1<<MinWindowBits, 1<<MaxWindowBits>>10); !strings.Contains(text, want) {
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
