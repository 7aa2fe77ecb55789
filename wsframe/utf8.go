package wsframe

import "encoding/binary"

// UTF8Validator checks text that arrives in pieces, which may be cut even inside a code
// point. Every text message must be UTF-8 (RFC 6455 §8.1, RFC 3629). Use a new validator
// for each message; the zero value is ready for use.
//
// It fails at the first byte that cannot be part of any valid text: F4 90 is above
// U+10FFFF whatever follows, so the byte 90 fails.
type UTF8Validator struct {
	state utf8State
}

// utf8State is a state of the automaton: it determines which bytes may come next.
// Its value is a number of bits to shift by; see utf8Table.
type utf8State uint64

// The states. All but the first two expect a byte 80-BF (a "tail"), or one of the
// smaller range that RFC 3629 §4 allows at that place.
const (
	utf8Start   utf8State = 6 * iota // between code points
	utf8Invalid                      // final: no byte leads out of it
	utf8Tail1                        // one tail is missing
	utf8Tail2                        // two tails are missing
	utf8Tail3                        // three are
	utf8AfterE0                      // A0-BF, tail: less would fit in 2 bytes
	utf8AfterED                      // 80-9F, tail: more would be a surrogate, D800-DFFF
	utf8AfterF0                      // 90-BF, tail, tail: less would fit in 3 bytes
	utf8AfterF4                      // 80-8F, tail, tail: more is above U+10FFFF
)

// utf8Rules is the grammar of RFC 3629 §4, one transition on each line. Any byte that
// is not listed is invalid: 80-C1 as a first byte, F5-FF anywhere.
var utf8Rules = []struct { // req: 6455-8.1-a
	from        utf8State
	first, last byte // a byte in this range...
	to          utf8State
}{
	{utf8Start, 0x00, 0x7F, utf8Start},
	{utf8Start, 0xC2, 0xDF, utf8Tail1},
	{utf8Start, 0xE0, 0xE0, utf8AfterE0},
	{utf8Start, 0xE1, 0xEC, utf8Tail2},
	{utf8Start, 0xED, 0xED, utf8AfterED},
	{utf8Start, 0xEE, 0xEF, utf8Tail2},
	{utf8Start, 0xF0, 0xF0, utf8AfterF0},
	{utf8Start, 0xF1, 0xF3, utf8Tail3},
	{utf8Start, 0xF4, 0xF4, utf8AfterF4},

	{utf8Tail1, 0x80, 0xBF, utf8Start},
	{utf8Tail2, 0x80, 0xBF, utf8Tail1},
	{utf8Tail3, 0x80, 0xBF, utf8Tail2},
	{utf8AfterE0, 0xA0, 0xBF, utf8Tail1},
	{utf8AfterED, 0x80, 0x9F, utf8Tail1},
	{utf8AfterF0, 0x90, 0xBF, utf8Tail2},
	{utf8AfterF4, 0x80, 0x8F, utf8Tail2},
}

// utf8Table is the automaton, packed so that a step is one lookup and one shift. It has
// one 64-bit word for each byte. The word holds the next state for each of the nine
// states, in six bits each. The value of a state is the position of its six bits in the
// word: 0, 6, 12 ... 48. The next state is therefore
//
//	utf8Table[b] >> state & 63
//
// There is no branch to mispredict, and the lookup does not depend on the state, so the
// processor does it ahead of time: from one byte to the next it waits only for the shift.
var utf8Table = foldUTF8Rules()

func foldUTF8Rules() (table [256]uint64) {
	for c := range table {
		var word uint64
		for from := utf8Start; from <= utf8AfterF4; from += 6 {
			word |= uint64(utf8Invalid) << from
		}
		for _, rule := range utf8Rules {
			if rule.first <= byte(c) && byte(c) <= rule.last {
				word &^= 63 << rule.from
				word |= uint64(rule.to) << rule.from
			}
		}
		table[c] = word
	}
	return table
}

// Check checks the next bytes of the message. If all can be part of valid text, it
// returns len(b) and true. Otherwise ok is false and b[n] is the first byte that cannot
// be part of valid text; every later Check fails, with n at 0. Check does not keep b and
// does not allocate.
func (v *UTF8Validator) Check(b []byte) (n int, ok bool) {
	state := v.state
	if state == utf8Start {
		n = skipASCII(b)
	}
	for ; len(b)-n >= 8; n += 8 {
		block := (*[8]byte)(b[n:])
		if state == utf8Start && binary.LittleEndian.Uint64(block[:])&highBits == 0 {
			continue
		}
		after := state.next8(block)
		if after == utf8Invalid {
			break // the loop below finds out which of the eight
		}
		state = after
	}
	for ; n < len(b); n++ {
		state = state.next(b[n])
		if state == utf8Invalid { // req: 6455-8.1-b
			break
		}
	}
	v.state = state
	return n, state != utf8Invalid
}

// highBits has the bit of each byte that is never set in ASCII.
const highBits = 0x8080808080808080

// skipASCII returns how many bytes at the start of b are ASCII, in whole blocks of 32.
// Much text is all ASCII, and testing four words at once is faster than one by one.
func skipASCII(b []byte) (n int) {
	for ; len(b)-n >= 32; n += 32 {
		block := (*[32]byte)(b[n:])
		words := binary.LittleEndian.Uint64(block[:8]) | binary.LittleEndian.Uint64(block[8:16]) |
			binary.LittleEndian.Uint64(block[16:24]) | binary.LittleEndian.Uint64(block[24:])
		if words&highBits != 0 {
			break
		}
	}
	return n
}

// Complete reports whether the text may end here: it is valid so far and does not end
// inside a code point.
func (v *UTF8Validator) Complete() bool { return v.state == utf8Start } // req: 6455-8.1-a

// next returns the state after the byte b.
func (s utf8State) next(b byte) utf8State {
	return utf8State(utf8Table[b] >> (s & 63) & 63)
}

// next8 returns the state after the eight bytes of b; it is the loop over next, unrolled.
// The bits above the lowest six are masked off only where the next shift uses them: "& 63"
// is free there, because the shift instruction does it anyway.
func (s utf8State) next8(b *[8]byte) utf8State {
	w := utf8Table[b[0]] >> (s & 63)
	w = utf8Table[b[1]] >> (w & 63)
	w = utf8Table[b[2]] >> (w & 63)
	w = utf8Table[b[3]] >> (w & 63)
	w = utf8Table[b[4]] >> (w & 63)
	w = utf8Table[b[5]] >> (w & 63)
	w = utf8Table[b[6]] >> (w & 63)
	w = utf8Table[b[7]] >> (w & 63)
	return utf8State(w & 63)
}
