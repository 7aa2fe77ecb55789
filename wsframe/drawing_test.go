package wsframe

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// These tests read the drawings and lists in this package's comments, and hold them
// to what the code does.

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

// TestHeaderPicture: for each bit of the first two octets, a header with that bit
// alone is parsed, and the field in whose box the bit is drawn is the one that shows
// it. The rows below say how much longer the header gets.
func TestHeaderPicture(t *testing.T) {
	octetRow := regexp.MustCompile(`^\t([01])  (\|.*\|)$`)
	longerRow := regexp.MustCompile(`\| (L|MASK) = (\d+): the .*, (\d) bytes`)
	bits, longer := 0, 0
	for _, line := range commentOver(t, "header.go", "func ParseHeader(") {
		if row := octetRow.FindStringSubmatch(line); row != nil {
			octet, _ := strconv.Atoi(row[1])
			bits += checkBoxes(t, octet, row[2])
		}
		if row := longerRow.FindStringSubmatch(line); row != nil {
			wire := make([]byte, MaxHeaderSize)
			value, _ := strconv.Atoi(row[2])
			if row[1] == "MASK" {
				value <<= 7
			}
			wire[1] = byte(value)
			octets, _ := strconv.Atoi(row[3])
			if n := ParseHeader(new(Header), wire); n != 2+octets {
				t.Errorf("the row %q makes a header of %d octets, and ParseHeader one of %d", row[0], 2+octets, n)
			}
			longer++
		}
	}
	if bits != 16 || longer != 3 {
		t.Errorf("the picture has boxes for %d bits and %d rows for longer headers, want 16 and 3", bits, longer)
	}
}

// checkBoxes checks the boxes of one octet, and returns how many bits they hold.
func checkBoxes(t *testing.T, octet int, row string) (bits int) {
	t.Helper()
	for _, box := range strings.Split(strings.Trim(row, "|"), "|") {
		for range (len(box) + 1) / bitColumns {
			wire := make([]byte, MaxHeaderSize)
			wire[octet] = 0x80 >> bits
			var h Header
			ParseHeader(&h, wire)
			if name := fieldSet(&h); !strings.HasPrefix(strings.TrimSpace(box), name) {
				t.Errorf("bit %d of octet %d is drawn as %q, and ParseHeader reads it as %s", bits, octet, box, name)
			}
			bits++
		}
	}
	return bits
}

// fieldSet returns the name of the one field that is not zero.
func fieldSet(h *Header) string {
	var set []string
	for name, isSet := range map[string]bool{
		"FIN": h.Fin, "RSV1": h.RSV1, "RSV2": h.RSV2, "RSV3": h.RSV3, "opcode": h.Opcode != 0,
		"MASK": h.Masked, "length": h.Length != 0,
	} {
		if isSet {
			set = append(set, name)
		}
	}
	return strings.Join(set, " and ")
}

// TestPage: the sizes, the example and the opcodes of the package's page.
func TestPage(t *testing.T) {
	page := commentOver(t, "doc.go", "package wsframe")
	text := strings.Join(strings.Fields(strings.Join(page, " ")), " ")
	sizes := fmt.Sprintf("2 to %d bytes", MaxHeaderSize)
	if !strings.Contains(text, sizes) || !strings.Contains(text, fmt.Sprintf("%d bytes of payload at most", MaxControlPayload)) {
		t.Errorf("the page does not say %q, or not how long the payload of a control frame may be", sizes)
	}
	for o := Opcode(0); o < 16; o++ {
		if named := strings.Contains(text, fmt.Sprintf(" %X %v", byte(o), o)); named == o.Reserved() {
			t.Errorf("opcode %X, %v: it is on the page: %v", byte(o), o, named)
		}
	}

	octets := regexp.MustCompile(`^\t((?:[0-9a-f]{2} )+)  `)
	var pieces [][]byte
	for _, line := range page {
		if row := octets.FindStringSubmatch(line); row != nil {
			pieces = append(pieces, unhex(t, row[1]))
		}
	}
	wire := slices.Concat(pieces...)
	var h Header
	n := ParseHeader(&h, wire)
	if want := (Header{Fin: true, Opcode: Text, Masked: true, Length: 5, Key: rfcKey}); h != want || len(pieces) != 4 {
		t.Fatalf("the page's example, % x, is %v, want %v in four lines", wire, h, want)
	}
	if !slices.Equal(pieces[2], h.Key[:]) {
		t.Errorf("the page says that % x is the key, and it is % x", pieces[2], h.Key)
	}
	if Mask(wire[n:], h.Key, 0); string(wire[n:]) != "Hello" {
		t.Errorf("the page's example is %q once unmasked, want Hello", wire[n:])
	}
}

// TestClosePicture: the sizes over ParseClose.
func TestClosePicture(t *testing.T) {
	text := strings.Join(commentOver(t, "close.go", "func ParseClose("), "\n")
	for _, want := range []string{
		fmt.Sprintf("code, %d bytes", closeCodeSize), fmt.Sprintf("0 to %d bytes", maxCloseReason),
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the picture of a Close payload does not say %q:\n%s", want, text)
		}
	}
}

// constants returns the rows of a const block: name, value, comment.
func constants(t *testing.T, file, typeName string) [][]string {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^\t(\w+) +` + typeName + ` = (\w+)(?: // (.*))?$`)
	var rows [][]string
	for _, match := range row.FindAllStringSubmatch(string(source), -1) {
		rows = append(rows, match[1:])
	}
	return rows
}

// ranges writes the numbers from 0 to last that have something, as "1-3, 5".
func ranges(last int, format, to string, has func(int) bool) (found []string) {
	for first := 0; first <= last; first++ {
		if !has(first) {
			continue
		}
		end := first
		for end < last && has(end+1) {
			end++
		}
		found = append(found, fmt.Sprintf(format+to+format, first, end))
		first = end
	}
	return found
}

// TestOpcodeList: each opcode that has a constant has its name, and those that have
// none are in the comment of Reserved.
func TestOpcodeList(t *testing.T) {
	rows := constants(t, "opcode.go", "Opcode")
	for _, row := range rows {
		value, _ := strconv.ParseUint(row[1], 0, 8)
		if name := Opcode(value).String(); name != strings.ToLower(row[0]) {
			t.Errorf("%s is %s, whose name is %q", row[0], row[1], name)
		}
	}
	reserved := ranges(15, "0x%X", " to ", func(o int) bool { return Opcode(o).Reserved() })
	comment := strings.Join(strings.Fields(strings.Join(commentOver(t, "opcode.go", "func (o Opcode) Reserved("), " ")), " ")
	if want := strings.Join(reserved, ", "); len(rows) != 6 || !strings.Contains(comment, want) {
		t.Errorf("%d opcodes have a constant, and the comment of Reserved must say %q:\n%s", len(rows), want, comment)
	}
}

// TestCloseCodeList: each constant has its row in the table and says in its comment
// whether it is local only, and the ranges of ValidOnWire's comment are the table's.
func TestCloseCodeList(t *testing.T) {
	rows := constants(t, "close.go", "CloseCode")
	for _, row := range rows {
		value, _ := strconv.Atoi(row[1])
		code := CloseCode(value)
		if name := strings.ReplaceAll(code.String(), " ", ""); !strings.EqualFold(name, row[0]) {
			t.Errorf("%s is %d, whose name is %q", row[0], code, code)
		}
		if local := strings.HasPrefix(row[2], "local only"); local == code.ValidOnWire() {
			t.Errorf("%s: the comment is %q, and a Close frame may hold it: %v", row[0], row[2], code.ValidOnWire())
		}
	}
	if len(rows) != len(closeCodes)-1 { // 1004 has no constant, for it has no meaning
		t.Errorf("%d codes have a constant, and %d a row in the table", len(rows), len(closeCodes))
	}
	onWire := ranges(1<<16-1, "%d", "-", func(c int) bool { return CloseCode(c).ValidOnWire() })
	comment := strings.Join(commentOver(t, "close.go", "func (c CloseCode) ValidOnWire("), "\n")
	for _, want := range onWire {
		if !strings.Contains(comment, want) {
			t.Errorf("the comment of ValidOnWire does not say %s:\n%s", want, comment)
		}
	}
}

// TestUTF8States: the comment of a state says which octets it waits for, and how
// many tails behind them; the table leads there.
func TestUTF8States(t *testing.T) {
	source, err := os.ReadFile("utf8.go")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^\tutf8After(..) +// ([0-9A-F]{2})-([0-9A-F]{2})((?:, tail)+): `)
	states := row.FindAllStringSubmatch(string(source), -1)
	if len(states) != 4 {
		t.Errorf("%d states have a range in their comment, want 4", len(states))
	}
	for _, state := range states {
		lead, first, last := unhex(t, state[1])[0], unhex(t, state[2])[0], unhex(t, state[3])[0]
		tails := strings.Count(state[4], "tail")
		for octet := range 256 {
			next := utf8Start.next(lead).next(byte(octet))
			if allowed := first <= byte(octet) && byte(octet) <= last; allowed != (next != utf8Invalid) {
				t.Errorf("behind %X comes %X: the comment allows it: %v", lead, octet, allowed)
			} else if allowed && missing(next) != tails {
				t.Errorf("behind %X %X the comment has %d tails, and the table %d", lead, octet, tails, missing(next))
			}
		}
	}
}

// missing returns how many tails lead from a state back to the start.
func missing(s utf8State) (tails int) {
	for s != utf8Start && tails < 4 {
		s = s.next(0x80)
		tails++
	}
	return tails
}

// TestUTF8Table: the folded table does for each state and octet what the rules say,
// and what the comment over them calls invalid is just that.
func TestUTF8Table(t *testing.T) {
	for from := utf8Start; from <= utf8AfterF4; from += 6 {
		for octet := range 256 {
			want := utf8Invalid
			for _, rule := range utf8Rules {
				if rule.from == from && rule.first <= byte(octet) && byte(octet) <= rule.last {
					want = rule.to
				}
			}
			if got := from.next(byte(octet)); got != want {
				t.Errorf("state %d, octet %X: the table leads to %d, the rules to %d", from/6, octet, got/6, want/6)
			}
		}
	}
	never := ranges(255, "%X", "-", func(octet int) bool { return utf8Start.next(byte(octet)) == utf8Invalid })
	comment := strings.Join(commentOver(t, "utf8.go", "var utf8Rules"), "\n")
	for _, want := range never {
		if !strings.Contains(comment, want) {
			t.Errorf("the comment of the rules does not say that %s begins nothing:\n%s", want, comment)
		}
	}
}

// TestLineDrawings: the lines over the functions that write an error for a person are what those write.
func TestLineDrawings(t *testing.T) {
	unmasked := (&Checker{}).Check(&Header{Fin: true, Opcode: Text}).(*Error)
	unmasked.Offset = 42
	for _, test := range []struct{ file, function, text string }{
		{"error.go", "func (e *Error) Error(", unmasked.Error()},
		{"error.go", "func (e *Error) Reason(", unmasked.Reason()},
	} {
		if !slices.Contains(commentOver(t, test.file, test.function), "\t"+test.text) {
			t.Errorf("%s): its comment does not show %q", test.function, test.text)
		}
	}
}
