package wsframe

import "encoding/binary"

// Limits that RFC 6455 itself sets on a frame, in bytes.
const (
	// MaxHeaderSize is the size of the longest header: two bytes, a 64-bit
	// length and a masking key (§5.2).
	MaxHeaderSize = 2 + 8 + 4

	// MaxControlPayload is the longest payload of a control frame (§5.5). It fits in
	// a small buffer of fixed size, even in the middle of a message of a gigabyte.
	MaxControlPayload = 125
)

// Key is the masking key of one frame (RFC 6455 §5.3).
type Key [4]byte

// LengthForm is the form of a payload length on the wire (RFC 6455 §5.2).
type LengthForm byte

// The three forms, from the shortest to the longest.
const (
	Length7  LengthForm = iota // 0 to 125, within the second byte
	Length16                   // 126 there, and the length in the next 2 bytes
	Length64                   // 127 there, and the length in the next 8 bytes
)

// Header is the header of a frame, its fields in wire order (RFC 6455 §5.2).
//
// Functions here take its address: copying a struct right after its small fields were
// written stalls the processor, because the stores have to reach the cache first.
type Header struct {
	Fin        bool // last frame of its message
	RSV1       bool // first frame of a compressed message, if both sides agreed to compress (RFC 7692 §6)
	RSV2, RSV3 bool // no extension in use defines them
	Opcode     Opcode
	Masked     bool       // a key follows, and the payload is XORed with it
	LengthForm LengthForm // as parsed; AppendHeader ignores it and writes the shortest
	Length     uint64     // announced bytes of payload: rely on it only after Check and your own limit
	Key        Key        // zero unless Masked
}

// The bits of the first two bytes of a header.
const (
	bitFin     = 0x80
	bitRSV1    = 0x40
	bitRSV2    = 0x20
	bitRSV3    = 0x10
	maskOpcode = 0x0F

	bitMask    = 0x80
	maskLength = 0x7F

	length16Follows = 126
	length64Follows = 127
)

// ParseHeader parses the frame header at the start of b into h and returns its size n,
// 2 to MaxHeaderSize bytes; the payload begins at b[n]. If b ends before the header
// does, n is 0 and h is incomplete: call again with more bytes. ParseHeader does not
// keep b. It never fails, because any two bytes are the start of some header; Checker
// decides whether that header may come next.
//
// RFC 6455 §5.2, one line for each byte, the highest bit on the left:
//
//	   +------+------+------+------+------+------+------+------+
//	0  | FIN  | RSV1 | RSV2 | RSV3 |          opcode           |
//	   +------+------+------+------+---------------------------+
//	1  | MASK |            length L: 0-125, 126, 127           |
//	   +------+------------------------------------------------+
//	   | L = 126: the length, 2 bytes  } in network            |
//	   | L = 127: the length, 8 bytes  } byte order            |
//	   +-------------------------------------------------------+
//	   | MASK = 1: the masking key, 4 bytes                    |
//	   +-------------------------------------------------------+
//	n  | the payload: as many bytes as the length says,        |
//	   | if MASK = 1 each XORed with one byte of the key       |
//	   +-------------------------------------------------------+
func ParseHeader(h *Header, b []byte) (n int) {
	*h = Header{}
	if len(b) < 2 { // req: 6455-6.2-a
		return 0
	}
	h.Fin = b[0]&bitFin != 0
	h.RSV1 = b[0]&bitRSV1 != 0
	h.RSV2 = b[0]&bitRSV2 != 0
	h.RSV3 = b[0]&bitRSV3 != 0
	h.Opcode = Opcode(b[0] & maskOpcode)
	h.Masked = b[1]&bitMask != 0
	h.Length = uint64(b[1] & maskLength)
	n = 2

	switch h.Length {
	case length16Follows:
		if len(b) < n+2 {
			return 0
		}
		h.LengthForm = Length16
		h.Length = uint64(binary.BigEndian.Uint16(b[n:])) // req: 6455-5.2-g
		n += 2
	case length64Follows:
		if len(b) < n+8 {
			return 0
		}
		h.LengthForm = Length64
		h.Length = binary.BigEndian.Uint64(b[n:]) // req: 6455-5.2-g
		n += 8
	}

	if h.Masked {
		if len(b) < n+4 {
			return 0
		}
		h.Key = Key(b[n : n+4]) // req: 6455-5.2-h
		n += 4
	}
	// tour 3.1: the header of a frame, bit by bit; the payload begins at b[n] (RFC 6455 §5.2)
	return n
}

// AppendHeader appends the wire form of h to dst and returns the extended slice. It
// writes the length in the shortest form that holds it, and the key if h.Masked is set.
// It checks nothing, so that a test can write an invalid header.
func AppendHeader(dst []byte, h *Header) []byte {
	b0 := byte(h.Opcode) & maskOpcode
	if h.Fin {
		b0 |= bitFin
	}
	if h.RSV1 {
		b0 |= bitRSV1
	}
	if h.RSV2 {
		b0 |= bitRSV2
	}
	if h.RSV3 {
		b0 |= bitRSV3
	}
	var b1 byte
	if h.Masked {
		b1 = bitMask
	}

	switch shortestForm(h.Length) { // req: 6455-5.2-e
	case Length7:
		dst = append(dst, b0, b1|byte(h.Length))
	case Length16:
		dst = append(dst, b0, b1|length16Follows)
		dst = binary.BigEndian.AppendUint16(dst, uint16(h.Length)) // req: 6455-5.2-g
	case Length64:
		dst = append(dst, b0, b1|length64Follows)
		dst = binary.BigEndian.AppendUint64(dst, h.Length) // req: 6455-5.2-g
	}

	if h.Masked {
		dst = append(dst, h.Key[:]...)
	}
	return dst
}

// AppendFrame appends a whole frame to dst and returns the extended slice: the header
// h, whose Length it sets, and a copy of payload, masked with h.Key if h.Masked is set.
func AppendFrame(dst []byte, h *Header, payload []byte) []byte {
	h.Length = uint64(len(payload)) // req: 6455-5.2-h
	dst = AppendHeader(dst, h)
	start := len(dst)
	dst = append(dst, payload...) // req: 6455-10.3-a
	if h.Masked {
		Mask(dst[start:], h.Key, 0)
	}
	return dst
}

// shortestForm returns the shortest form that holds length, which a sender must use
// (RFC 6455 §5.2).
func shortestForm(length uint64) LengthForm {
	switch {
	case length < length16Follows:
		return Length7
	case length <= 0xFFFF:
		return Length16
	default:
		return Length64
	}
}
