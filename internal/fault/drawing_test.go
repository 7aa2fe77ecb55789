package fault

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"barewire/wsframe"
)

// TestPageSections: each file of the catalogue has a row on the page, and its faults
// are about the sections that the row names, or sections of those.
func TestPageSections(t *testing.T) {
	page, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	rfcs := make(map[string]string) // by file, those of its row
	for _, row := range regexp.MustCompile(`(?m)^//\t(catalogue_\w+\.go) +(.*)$`).FindAllStringSubmatch(string(page), -1) {
		rfcs[row[1]] = row[2]
	}
	files, err := filepath.Glob("catalogue_*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		seen++
		for _, id := range regexp.MustCompile(`\bID: "([^"]+)"`).FindAllStringSubmatch(string(source), -1) {
			f, found := ByID(id[1])
			if !found || !covers(rfcs[file], f.Section) {
				t.Errorf("%s of %s is about %s, and the page has %q there", id[1], file, f.Section, rfcs[file])
			}
		}
	}
	if seen != len(rfcs) {
		t.Errorf("the catalogue has %d files, and the page rows for %d", seen, len(rfcs))
	}
}

// covers tells whether a row of the page, such as "RFC 7692, RFC 6455 §5.2, §8.1", covers
// a section. An RFC without sections is meant as a whole.
func covers(row, section string) bool {
	number, within, _ := strings.Cut(strings.TrimPrefix(section, "RFC "), " §")
	for _, listed := range regexp.MustCompile(`(\d{4})((?:,? §[\d.]+)*)`).FindAllStringSubmatch(row, -1) {
		if listed[1] != number {
			continue
		}
		parts := regexp.MustCompile(`[\d.]+`).FindAllString(listed[2], -1)
		if len(parts) == 0 {
			return true
		}
		for _, part := range parts {
			if within == part || strings.HasPrefix(within, part+".") {
				return true
			}
		}
	}
	return row == "limits of any kind"
}

// TestFragmentsDrawing: the frames that are drawn over fragmentFaults may come in that
// order, control frames may stand between them, and other data may not.
func TestFragmentsDrawing(t *testing.T) {
	source, err := os.ReadFile("catalogue_fragments.go")
	if err != nil {
		t.Fatal(err)
	}
	opcodes := map[string]wsframe.Opcode{"text": wsframe.Text, "continuation": wsframe.Continuation}
	frames := regexp.MustCompile(`(text|continuation), FIN=([01])`).FindAllStringSubmatch(string(source), -1)
	if len(frames) != 3 {
		t.Fatalf("%d frames are drawn, want 3", len(frames))
	}
	var checker wsframe.Checker
	check := func(opcode wsframe.Opcode, fin bool) error {
		return checker.Check(&wsframe.Header{Opcode: opcode, Fin: fin, Masked: true})
	}
	for i, frame := range frames {
		if err := check(opcodes[frame[1]], frame[2] == "1"); err != nil {
			t.Errorf("%s is drawn as frame %d: %v", frame[0], i+1, err)
		}
		if i == len(frames)-1 {
			break
		}
		if err := check(wsframe.Ping, true); err != nil {
			t.Errorf("a control frame may stand behind frame %d: %v", i+1, err)
		}
		if check(wsframe.Binary, true) == nil {
			t.Errorf("other data may not stand behind frame %d", i+1)
		}
	}
	if checker.Open() {
		t.Error("the message that is drawn does not end")
	}
}

// TestUTF8Drawing: the longest code point of each row has its octets as they are drawn,
// and the next one has one octet more.
func TestUTF8Drawing(t *testing.T) {
	source, err := os.ReadFile("catalogue_utf8.go")
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile(`(?m)^//\t((?:[01x]{8} )+) +to U\+([0-9A-F]+)`).FindAllStringSubmatch(string(source), -1)
	for _, row := range rows {
		last, err := strconv.ParseInt(row[2], 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		octets := utf8.AppendRune(nil, rune(last))
		patterns := strings.Fields(row[1])
		if len(octets) != len(patterns) || last < utf8.MaxRune && utf8.RuneLen(rune(last)+1) != len(patterns)+1 {
			t.Errorf("U+%X is drawn as the last code point of %d octets", last, len(patterns))
			continue
		}
		for i, octet := range octets {
			bits := fmt.Sprintf("%08b", octet)
			fixed := strings.TrimRight(patterns[i], "x")
			if !strings.HasPrefix(bits, fixed) {
				t.Errorf("octet %d of U+%X is %s, and drawn as %s", i+1, last, bits, patterns[i])
			}
		}
	}
	if len(rows) != 4 {
		t.Errorf("%d lengths are drawn, want 4", len(rows))
	}
}
