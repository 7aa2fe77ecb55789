package annotate

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata anew")

// TestConversations holds each conversation to what stands in testdata: as text
// for those who want to see what the package is for, and as JSON, the keys of
// which other programs rely on. go test -update writes both anew.
func TestConversations(t *testing.T) {
	for _, conversation := range conversations {
		t.Run(conversation.name, func(t *testing.T) {
			units := told(conversation.options, conversation.pieces, whole)
			var text, lines []byte
			for i := range units {
				text = new(Printer).AppendUnit(text, &units[i])
				line, err := json.Marshal(&units[i])
				if err != nil {
					t.Fatal(err)
				}
				lines = append(append(lines, line...), '\n')
			}
			name := strings.NewReplacer(" ", "-", ",", "", "'", "").Replace(conversation.name)
			golden(t, name+".txt", text)
			golden(t, name+".jsonl", lines)
		})
	}
}

// golden compares what was made with what stands in a file.
func golden(t *testing.T, name string, made []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, made, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(made, want) {
		return
	}
	got, expected := strings.Split(string(made), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(got), len(expected)) {
		if got[i] != expected[i] {
			t.Fatalf("%s, line %d:\n got %s\nwant %s", path, i+1, got[i], expected[i])
		}
	}
	t.Fatalf("%s has %d lines, and %d were made", path, len(expected), len(got))
}

// TestAnySplit: the network cuts a stream wherever it likes, and that means
// nothing.
func TestAnySplit(t *testing.T) {
	for _, conversation := range conversations {
		t.Run(conversation.name, func(t *testing.T) {
			want := told(conversation.options, conversation.pieces, whole)
			same(t, "octet by octet", told(conversation.options, conversation.pieces, singly), want)
			for at := 1; at < longest(conversation.pieces); at++ {
				units := told(conversation.options, conversation.pieces, func(octets string) []string {
					at := min(at, len(octets))
					return []string{octets[:at], octets[at:]}
				})
				same(t, "each piece cut in two", units, want)
			}
		})
	}
}

func longest(pieces []piece) int {
	length := 0
	for _, p := range pieces {
		length = max(length, len(p.octets))
	}
	return length
}

// same compares units one by one, to show the first that differs.
func same(t *testing.T, how string, got, want []Unit) {
	t.Helper()
	for i := range min(len(got), len(want)) {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Fatalf("%s, unit %d differs:\n%s\nfrom that of the octets in one go:\n%s", how, i+1,
				new(Printer).AppendUnit(nil, &got[i]), new(Printer).AppendUnit(nil, &want[i]))
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%s: %d units, want %d", how, len(got), len(want))
	}
}
