package annotate

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"barewire/wsframe"
)

// These tests read the drawings in this package's comments, and hold them to what
// the code does.

// commentOver returns the lines of the comment over a line of the source.
func commentOver(t *testing.T, file, line string) []string {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, _, found := strings.Cut(string(source), "\n"+line)
	if !found {
		t.Fatalf("%s has no line that begins with %q", file, line)
	}
	lines := strings.Split(before, "\n")
	start := len(lines)
	for start > 0 && strings.HasPrefix(lines[start-1], "//") {
		start--
	}
	for i := range lines[start:] {
		lines[start+i] = strings.TrimPrefix(lines[start+i], "//")
	}
	return lines[start:]
}

// bitColumns is how many columns of the header's picture a bit has.
const bitColumns = len("+------")

// TestHeaderPicture: the boxes of the picture are the spans of a header, bit by bit,
// and the rows below them are those of a long one.
func TestHeaderPicture(t *testing.T) {
	spans := headerSpans(wsframe.Header{Masked: true, LengthForm: wsframe.Length64}, wsframe.MaxHeaderSize, new(texts))
	octet := regexp.MustCompile(`^\t[01 ]  \|(.*)\|$`)
	for _, line := range commentOver(t, "framespans.go", "func headerSpans(") {
		row := octet.FindStringSubmatch(line)
		if row == nil {
			continue
		}
		for _, box := range strings.Split(row[1], "|") {
			if len(spans) == 0 {
				t.Fatalf("%q is drawn, and has no span", box)
			}
			label, _, _ := strings.Cut(strings.TrimSpace(box), ",")
			bits := (len(box) + 1) / bitColumns % 8 // 0: whole octets, as in a Span
			if !strings.HasPrefix(spans[0].Field, label) || int(spans[0].Bits) != bits {
				t.Errorf("%q is drawn with %d bits, and the span is %q with %d", label, bits, spans[0].Field, spans[0].Bits)
			}
			spans = spans[1:]
		}
	}
	if len(spans) > 0 {
		t.Errorf("these spans are not in the picture: %+v", spans)
	}
}

// TestPageJSON: the keys of units, spans and notes on the page are those that
// encoding/json writes, and a star stands at those that are always there.
func TestPageJSON(t *testing.T) {
	drawn := make(map[string][]string)
	heading := regexp.MustCompile(`^\t(unit|span|note)$`)
	keys := regexp.MustCompile(`^\t  ((?:[a-z]+\*?, )*[a-z]+\*?)(?:   *|$)`)
	object := ""
	for _, line := range commentOver(t, "doc.go", "package annotate") {
		if match := heading.FindStringSubmatch(line); match != nil {
			object = match[1]
		} else if match := keys.FindStringSubmatch(line); match != nil && object != "" {
			drawn[object] = append(drawn[object], strings.Split(match[1], ", ")...)
		}
	}
	for name, value := range map[string]any{"unit": Unit{}, "span": Span{}, "note": Note{}} {
		var written []string
		for i := range reflect.TypeOf(value).NumField() {
			key, options, _ := strings.Cut(reflect.TypeOf(value).Field(i).Tag.Get("json"), ",")
			if options == "" && name != "note" { // of a note's keys the page says: as in a span
				key += "*"
			}
			written = append(written, key)
		}
		if name == "note" {
			for i := range drawn[name] {
				drawn[name][i] = strings.TrimSuffix(drawn[name][i], "*")
			}
		}
		if !slices.Equal(drawn[name], written) {
			t.Errorf("the keys of a %s are on the page\n%q\nand in the code\n%q", name, drawn[name], written)
		}
	}
}

// TestPageNames: the kinds, directions and layers on the page are all there are.
func TestPageNames(t *testing.T) {
	page := strings.Join(commentOver(t, "doc.go", "package annotate"), "\n")
	for _, list := range [][]string{kindNames[:], {ClientToServer.String(), ServerToClient.String()}, layerNames[:]} {
		if want := `"` + strings.Join(list, `" "`) + `"`; !strings.Contains(page, want) {
			t.Errorf("the page does not list %s", want)
		}
	}
}

// unitsOfChunked returns the kinds and octets of the units of a chunked body.
func unitsOfChunked(body string) (kinds []string) {
	c := New(Options{})
	for _, unit := range c.Add(ClientToServer, []byte("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"+body))[1:] {
		kinds = append(kinds, unit.Kind.String()+" "+string(unit.Bytes))
	}
	return kinds
}

// TestChunkDrawing: the lines over stepChunked are a chunk, the last chunk, and a
// trailer.
func TestChunkDrawing(t *testing.T) {
	crlf := regexp.MustCompile(` ?CR LF ?`)
	var pieces []string
	for _, line := range commentOver(t, "chunk.go", "func (s *stream) stepChunked(") {
		if wire, _, found := strings.Cut(line, "   "); found && strings.HasPrefix(line, "\t") {
			pieces = append(pieces, crlf.ReplaceAllString(strings.TrimPrefix(wire, "\t"), "\r\n"))
		}
	}
	if len(pieces) != 3 {
		t.Fatalf("%q are drawn, want three lines", pieces)
	}
	want := []string{"chunk " + pieces[0], "chunk " + pieces[1], "trailer " + pieces[2]}
	if got := unitsOfChunked(strings.Join(pieces, "")); !slices.Equal(got, want) {
		t.Errorf("the drawn body is taken as %q, want %q", got, want)
	}
}

// TestPrinterDrawing: the rows over Printer are rows that it prints, blanks aside.
func TestPrinterDrawing(t *testing.T) {
	units := New(Options{Frames: true}).Add(ClientToServer, []byte("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"))
	printed := strings.Join(strings.Fields(string(new(Printer).AppendUnit(nil, &units[0]))), " ")
	rows := 0
	for _, line := range commentOver(t, "print.go", "type Printer struct") {
		row := strings.Join(strings.Fields(line), " ")
		if !strings.HasPrefix(line, "\t") || row == "..." {
			continue
		}
		rows++
		if !strings.Contains(printed, row) {
			t.Errorf("the row %q is drawn and not printed", row)
		}
	}
	if rows != 3 {
		t.Errorf("%d rows are drawn, want 3", rows)
	}
}
