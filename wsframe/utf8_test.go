package wsframe

import (
	"testing"
	"unicode/utf8"
)

// plainUTF8 is the validator in its plain form, RFC 3629 §4 read aloud: how
// many tails are missing, and in what range the next byte must be. It returns
// the index of the first byte of b that cannot be, or len(b), and whether a
// code point is left open there.
func plainUTF8(b []byte) (n int, open bool) {
	missing, low, high := 0, byte(0x80), byte(0xBF)
	for i, c := range b {
		if missing > 0 {
			if c < low || c > high {
				return i, true
			}
			missing, low, high = missing-1, 0x80, 0xBF
			continue
		}
		switch {
		case c <= 0x7F: // one byte
		case 0xC2 <= c && c <= 0xDF: // two; C0 and C1 would be overlong
			missing = 1
		case c == 0xE0: // three, not overlong
			missing, low = 2, 0xA0
		case c == 0xED: // three, no surrogate
			missing, high = 2, 0x9F
		case 0xE1 <= c && c <= 0xEF:
			missing = 2
		case c == 0xF0: // four, not overlong
			missing, low = 3, 0x90
		case 0xF1 <= c && c <= 0xF3:
			missing = 3
		case c == 0xF4: // four, not above U+10FFFF
			missing, high = 3, 0x8F
		default: // a tail without a head, C0, C1, F5 to FF
			return i, false
		}
	}
	return len(b), missing > 0
}

// whole is the failing index of text in which nothing fails.
const whole = -1

var utf8Texts = []struct {
	name     string
	hex      string
	fails    int  // index of the first impossible byte, or whole
	complete bool // does it end between code points?
}{
	{"empty", "", whole, true},
	{"ASCII, NUL and DEL too", "48 65 6C 6C 6F 00 7F", whole, true},
	{"kosme, as in Autobahn", "CE BA E1 BD B9 CF 83 CE BC CE B5", whole, true},

	// The first and last code point of each length, and the noncharacters.
	{"U+0080", "C2 80", whole, true},
	{"U+07FF", "DF BF", whole, true},
	{"U+0800", "E0 A0 80", whole, true},
	{"U+FFFF, a noncharacter, is valid", "EF BF BF", whole, true}, // req: 6455-8.1-a
	{"U+FFFE, a noncharacter, is valid", "EF BF BE", whole, true}, // req: 6455-8.1-a
	{"U+10000", "F0 90 80 80", whole, true},
	{"U+10FFFF", "F4 8F BF BF", whole, true},
	{"U+D7FF, the last before the surrogates", "ED 9F BF", whole, true},
	{"U+E000, the first after the surrogates", "EE 80 80", whole, true},

	// Overlong forms, surrogates, code points that do not exist, wrong tails.
	{"overlong slash in 2 bytes", "C0 AF", 0, false}, // req: 6455-8.1-b
	{"C1 begins nothing", "41 C1 BF", 1, false},
	{"overlong NUL in 3 bytes fails at the second", "E0 80 80", 1, false},               // req: 6455-8.1-b
	{"overlong U+07FF in 3 bytes", "E0 9F BF", 1, false},                                // req: 6455-8.1-a
	{"overlong in 4 bytes fails at the second", "F0 80 80 80", 1, false},                // req: 6455-8.1-b
	{"overlong U+FFFF in 4 bytes", "F0 8F BF BF", 1, false},                             // req: 6455-8.1-a
	{"five bytes", "F8 88 80 80 80", 0, false},                                          // req: 6455-8.1-a
	{"six bytes", "FC 84 80 80 80 80", 0, false},                                        // req: 6455-8.1-a
	{"FE and FF are never used", "FE FF", 0, false},                                     // req: 6455-8.1-a
	{"D800, a surrogate, fails at the second byte", "ED A0 80", 1, false},               // req: 6455-8.1-a 6455-8.1-b
	{"DFFF, the last surrogate", "ED BF BF", 1, false},                                  // req: 6455-8.1-a
	{"a pair of surrogates is no better", "ED A0 80 ED B0 80", 1, false},                // req: 6455-8.1-a
	{"U+110000 fails at the second byte", "F4 90 80 80", 1, false},                      // req: 6455-8.1-a 6455-8.1-b
	{"F5 is beyond U+10FFFF already", "F5 80 80 80", 0, false},                          // req: 6455-8.1-b
	{"a tail without a head", "61 80", 1, false},                                        // req: 6455-8.1-a
	{"a head after a head", "C3 C3", 1, false},                                          // req: 6455-8.1-b
	{"ASCII where a tail belongs", "E2 82 41", 2, false},                                // req: 6455-8.1-b
	{"wrong at the last tail", "F0 9F 98 20", 3, false},                                 // req: 6455-8.1-b
	{"wrong after eight bytes of ASCII", "6162636465666768 FF", 8, false},               // found by the short loop
	{"wrong within the second eight", "6162636465666768 C3A4C3A4C3 41 6162", 13, false}, // found by the long one
	{"cut off in a code point of 2", "61 C3", whole, false},                             // req: 6455-8.1-a
	{"cut off in a code point of 4", "F0 9F 98", whole, false},                          // req: 6455-8.1-a
}

// TestUTF8 feeds every text whole, in two pieces cut everywhere, and byte by
// byte: the same byte fails each time.
func TestUTF8(t *testing.T) { // req: 6455-8.1-a 6455-8.1-b
	for _, test := range utf8Texts {
		t.Run(test.name, func(t *testing.T) {
			text := unhex(t, test.hex)
			for at := range len(text) + 1 {
				checkUTF8(t, test.fails, test.complete, text[:at], text[at:])
			}
			var single [][]byte
			for i := range text {
				single = append(single, text[i:i+1])
			}
			checkUTF8(t, test.fails, test.complete, single...)
		})
	}
}

func checkUTF8(t *testing.T, fails int, complete bool, pieces ...[]byte) {
	t.Helper()
	if got, open := feedUTF8(pieces...); got != fails || !open != complete && fails == whole {
		t.Errorf("fed as % X: fails at %d, open %v; want fails at %d (-1: nowhere), open %v",
			pieces, got, open, fails, !complete)
	}
}

// feedUTF8 feeds pieces to a fresh validator and returns where in all of them
// together it failed, or whole, and whether the text could not end there.
func feedUTF8(pieces ...[]byte) (fails int, open bool) {
	var v UTF8Validator
	before := 0
	for _, piece := range pieces {
		n, ok := v.Check(piece)
		if !ok {
			return before + n, !v.Complete()
		}
		before += n
	}
	return whole, !v.Complete()
}

// The table and the plain form judge alike every pair of first bytes, with a
// third from each side of every border of the grammar.
func TestUTF8EqualsPlain(t *testing.T) { // req: 6455-8.1-a
	for lead := 0; lead < 256; lead++ {
		for second := 0; second < 256; second++ {
			for _, third := range []byte{0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xE0, 0xFF} {
				text := []byte{byte(lead), byte(second), third, 0x80}
				n, open := plainUTF8(text)
				if n == len(text) {
					n = whole
				}
				fails, stillOpen := feedUTF8(text)
				if fails != n || fails == whole && open != stillOpen {
					t.Fatalf("% X: the table fails at %d, the plain form at %d (-1: nowhere)", text, fails, n)
				}
				if valid := fails == whole && !stillOpen; valid != utf8.Valid(text) {
					t.Fatalf("% X: valid is %v here, and %v to unicode/utf8", text, valid, !valid)
				}
			}
		}
	}
}

func TestUTF8EveryCodePoint(t *testing.T) { // req: 6455-8.1-a
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue // a surrogate has no encoding
		}
		if fails, open := feedUTF8(utf8.AppendRune(nil, r)); fails != whole || open {
			t.Fatalf("U+%04X is refused at byte %d of %q", r, fails, string(r))
		}
	}
}

func TestUTF8StaysInvalid(t *testing.T) {
	var v UTF8Validator
	v.Check([]byte{0xFF})
	if n, ok := v.Check([]byte("fine by itself")); n != 0 || ok || v.Complete() {
		t.Errorf("after an invalid byte Check = %d, %v, Complete = %v; want 0, false, false", n, ok, v.Complete())
	}
	v = UTF8Validator{} // the next message starts afresh
	if _, ok := v.Check([]byte("fine by itself")); !ok || !v.Complete() {
		t.Error("a zero validator refused plain ASCII")
	}
}

func TestUTF8DoesNotAllocate(t *testing.T) {
	text := []byte("Grüße aus der Zukunft 🚀")
	allocs := testing.AllocsPerRun(100, func() {
		var v UTF8Validator
		v.Check(text)
	})
	if allocs != 0 {
		t.Errorf("Check allocates %v times, want 0", allocs)
	}
}
