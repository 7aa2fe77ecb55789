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

var update = flag.Bool("update", false, "write testdata again")

// TestConversations compares the units of each conversation with those in testdata: as
// text, which shows what the package is for, and as JSON, whose keys other programs
// rely on. "go test ./internal/annotate -update" writes both again.
func TestConversations(t *testing.T) {
	for _, conversation := range conversations {
		t.Run(conversation.name, func(t *testing.T) {
			units := unitsFor(conversation.options, conversation.pieces, whole)
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

// golden compares got with the content of a file.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(got, want) {
		return
	}
	gotLines, wantLines := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(gotLines), len(wantLines)) {
		if gotLines[i] != wantLines[i] {
			t.Fatalf("%s, line %d:\n got %s\nwant %s", path, i+1, gotLines[i], wantLines[i])
		}
	}
	t.Fatalf("%s has %d lines, and the test made %d", path, len(wantLines), len(gotLines))
}

// TestAnySplit checks that the units do not depend on where the network splits the
// stream.
func TestAnySplit(t *testing.T) {
	for _, conversation := range conversations {
		t.Run(conversation.name, func(t *testing.T) {
			want := unitsFor(conversation.options, conversation.pieces, whole)
			same(t, "byte by byte", unitsFor(conversation.options, conversation.pieces, singly), want)
			for at := 1; at < longest(conversation.pieces); at++ {
				units := unitsFor(conversation.options, conversation.pieces, func(data string) []string {
					at := min(at, len(data))
					return []string{data[:at], data[at:]}
				})
				same(t, "each piece split in two", units, want)
			}
		})
	}
}

func longest(pieces []piece) int {
	length := 0
	for _, p := range pieces {
		length = max(length, len(p.data))
	}
	return length
}

// same compares units one by one, so that the test shows the first difference.
func same(t *testing.T, how string, got, want []Unit) {
	t.Helper()
	for i := range min(len(got), len(want)) {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Fatalf("%s, unit %d is\n%s\nbut with all bytes at once it is\n%s", how, i+1,
				new(Printer).AppendUnit(nil, &got[i]), new(Printer).AppendUnit(nil, &want[i]))
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%s: %d units, want %d", how, len(got), len(want))
	}
}
