package deflate

import (
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"testing"
)

// This file holds an inflater in its plain form, RFC 1951 read aloud, against which
// compress/flate is tested. It also measures how far the blocks refer back, which no
// library tells.

// A plainInflater reads blocks bit by bit. Bits are taken from the lowest of a byte
// to the highest (RFC 1951 §3.1.1).
type plainInflater struct {
	in       []byte
	pos      int    // in bits
	out      []byte // the window, and after it the message
	end      int    // how long out may get
	farthest int    // the longest distance that was referred back
}

var (
	errPlainCut     = errors.New("cut short")
	errPlainCorrupt = errors.New("not DEFLATE")
)

// plainInflate inflates one message, in the way of RFC 7692 §7.2.2.
func plainInflate(window, payload []byte, limit int) (message []byte, farthest int, err error) {
	p := plainInflater{
		in:  slices.Concat(payload, []byte(ending)),
		out: slices.Clone(window),
		end: len(window) + limit,
	}
	for {
		final, err := p.block()
		if err != nil {
			return nil, 0, err
		}
		if !final {
			continue
		}
		p.pos = (p.pos + 7) / 8 * 8 // the next block begins a new byte
		if at := p.pos / 8; at == len(payload) || at == len(p.in) {
			return p.out[len(window):], p.farthest, nil
		}
	}
}

// block reads one block (§3.2.3): BFINAL, BTYPE, data.
func (p *plainInflater) block() (final bool, err error) {
	header, err := p.bits(3)
	if err != nil {
		return false, err
	}
	switch final = header&1 == 1; header >> 1 {
	case 0:
		return final, p.stored()
	case 1:
		return final, p.compressed(fixedCodes())
	case 2:
		literals, distances, err := p.codes()
		if err != nil {
			return final, err
		}
		return final, p.compressed(literals, distances)
	}
	return final, errPlainCorrupt
}

// stored reads the rest of a stored block (§3.2.4): LEN and NLEN, then LEN bytes.
func (p *plainInflater) stored() error {
	p.pos = (p.pos + 7) / 8 * 8
	lengths, err := p.bits(32)
	if err != nil {
		return err
	}
	if lengths&0xFFFF != ^(lengths>>16)&0xFFFF {
		return errPlainCorrupt
	}
	for range lengths & 0xFFFF {
		value, err := p.bits(8)
		if err == nil {
			err = p.put(byte(value))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// The lengths of symbols 257 to 285 and the distances of symbols 0 to 29: where each
// range begins, and how many extra bits tell the place in it (§3.2.5).
var (
	lengthBase   = []int{3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258}
	lengthBits   = []int{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0}
	distanceBase = []int{1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577}
	distanceBits = []int{0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13}
)

// compressed reads literals (0 to 255) and references (257 to 285, then a distance),
// until the symbol 256 ends the block.
func (p *plainInflater) compressed(literals, distances code) error {
	for {
		symbol, err := p.symbol(literals)
		switch {
		case err != nil:
			return err
		case symbol < 256:
			err = p.put(byte(symbol))
		case symbol == 256:
			return nil
		default:
			err = p.reference(symbol-257, distances)
		}
		if err != nil {
			return err
		}
	}
}

func (p *plainInflater) reference(symbol int, distances code) error {
	length, err := p.number(symbol, lengthBase, lengthBits)
	if err != nil {
		return err
	}
	symbol, err = p.symbol(distances)
	if err != nil {
		return err
	}
	distance, err := p.number(symbol, distanceBase, distanceBits)
	if err != nil {
		return err
	}
	if distance > len(p.out) {
		return errPlainCorrupt
	}
	p.farthest = max(p.farthest, distance)
	for range length { // what was copied may be copied again
		if err := p.put(p.out[len(p.out)-distance]); err != nil {
			return err
		}
	}
	return nil
}

func (p *plainInflater) number(symbol int, base, extra []int) (int, error) {
	if symbol >= len(base) {
		return 0, errPlainCorrupt
	}
	more, err := p.bits(extra[symbol])
	return base[symbol] + more, err
}

// codes reads the head of a block with Huffman codes of its own (§3.2.7): three
// counts, the lengths of the code for lengths, and with that all other lengths.
func (p *plainInflater) codes() (literals, distances code, err error) {
	counts, err := p.bits(14)
	if err != nil {
		return nil, nil, err
	}
	nlit, ndist, nlen := counts&31+257, counts>>5&31+1, counts>>10+4
	if nlit > 286 || ndist > 30 {
		return nil, nil, errPlainCorrupt
	}
	order := []int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
	short := make([]int, 19)
	for _, symbol := range order[:nlen] {
		if short[symbol], err = p.bits(3); err != nil {
			return nil, nil, err
		}
	}
	lengthCode, err := newCode(short)
	if err != nil {
		return nil, nil, err
	}
	lengths, err := p.lengths(lengthCode, nlit+ndist)
	if err != nil {
		return nil, nil, err
	}
	if literals, err = newCode(lengths[:nlit]); err != nil {
		return nil, nil, err
	}
	distances, err = newCode(lengths[nlit:])
	return literals, distances, err
}

// lengths reads n code lengths: 0 to 15 is one, 16 repeats the last one 3 to 6 times,
// 17 and 18 are 3 to 10 and 11 to 138 zeros.
func (p *plainInflater) lengths(c code, n int) ([]int, error) {
	var lengths []int
	for len(lengths) < n {
		symbol, err := p.symbol(c)
		if err != nil {
			return nil, err
		}
		length, times, extra := symbol, 1, 0
		switch symbol {
		case 16:
			if len(lengths) == 0 {
				return nil, errPlainCorrupt
			}
			length, times, extra = lengths[len(lengths)-1], 3, 2
		case 17:
			length, times, extra = 0, 3, 3
		case 18:
			length, times, extra = 0, 11, 7
		}
		more, err := p.bits(extra)
		if err != nil {
			return nil, err
		}
		lengths = append(lengths, slices.Repeat([]int{length}, times+more)...)
	}
	if len(lengths) > n {
		return nil, errPlainCorrupt
	}
	return lengths, nil
}

func (p *plainInflater) put(c byte) error {
	if len(p.out) >= p.end {
		return ErrTooLarge
	}
	p.out = append(p.out, c)
	return nil
}

// bits reads a number of n bits, the lowest first.
func (p *plainInflater) bits(n int) (int, error) {
	number := 0
	for i := range n {
		if p.pos >= 8*len(p.in) {
			return 0, errPlainCut
		}
		number |= int(p.in[p.pos/8]>>(p.pos%8)&1) << i
		p.pos++
	}
	return number, nil
}

// A code maps the length of a bit string and its value to a symbol.
type code map[[2]int]int

// newCode makes the canonical Huffman code of §3.2.2 from the lengths of all symbols:
// within a length the values rise with the symbol, and shorter codes come first. The
// code must use up all bit strings, or consist of one of length 1, or be empty.
func newCode(lengths []int) (code, error) {
	c := make(code)
	value := 0
	for length := 1; length <= 15; length++ {
		value <<= 1
		for symbol, l := range lengths {
			if l == length {
				c[[2]int{length, value}] = symbol
				value++
			}
		}
		if value > 1<<length {
			return nil, errPlainCorrupt
		}
	}
	_, single := c[[2]int{1, 0}]
	if value == 1<<15 || len(c) == 0 || len(c) == 1 && single {
		return c, nil
	}
	return nil, errPlainCorrupt
}

// symbol reads bits until they are a code. In codes the highest bit comes first.
func (p *plainInflater) symbol(c code) (int, error) {
	value := 0
	for length := 1; length <= 15; length++ {
		bit, err := p.bits(1)
		if err != nil {
			return 0, err
		}
		value = value<<1 | bit
		if symbol, found := c[[2]int{length, value}]; found {
			return symbol, nil
		}
	}
	return 0, errPlainCorrupt
}

// fixedCodes returns the codes of §3.2.6.
func fixedCodes() (literals, distances code) {
	lengths := slices.Concat(slices.Repeat([]int{8}, 144), slices.Repeat([]int{9}, 112),
		slices.Repeat([]int{7}, 24), slices.Repeat([]int{8}, 8))
	literals, _ = newCode(lengths)
	distances, _ = newCode(slices.Repeat([]int{5}, 32))
	return literals, distances
}

// referenceBlock returns the payload of a message that is three bytes, as so many
// bytes ago: a block with fixed codes, written bit by bit, and the empty one.
func referenceBlock(distance int) []byte {
	symbol := 0
	for symbol+1 < len(distanceBase) && distanceBase[symbol+1] <= distance {
		symbol++
	}
	bits := "0" + "10" + "0000001" // BFINAL 0, BTYPE 1 (lowest bit first), length 3
	for i := 4; i >= 0; i-- {      // a code of five bits, the highest first
		bits += string('0' + rune(symbol>>i&1))
	}
	for i := range distanceBits[symbol] { // a number, the lowest first
		bits += string('0' + rune((distance-distanceBase[symbol])>>i&1))
	}
	bits += "0000000" + "0" + "00" // end of the block; the header of an empty stored one
	payload := make([]byte, (len(bits)+7)/8)
	for i, bit := range bits {
		payload[i/8] |= byte(bit-'0') << (i % 8)
	}
	return payload
}

// unhex turns "F2 48" into bytes.
func unhex(t testing.TB, text string) []byte {
	t.Helper()
	decoded, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatalf("the test is wrong: %q is not hex: %v", text, err)
	}
	return decoded
}
