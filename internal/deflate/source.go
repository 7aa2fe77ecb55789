package deflate

import "io"

// ending is what is put behind the payload of a message before it is inflated.
//
//	00 00 FF FF        what the sender removed (RFC 7692 §7.2.2)
//	01 00 00 FF FF     an empty stored block with BFINAL=1
//
// The second is for compress/flate. Without it each message would end in the middle
// of a stream, with io.ErrUnexpectedEOF, whether it is whole or cut short. With it a
// whole one ends with io.EOF and nothing left over, and of one that was cut short
// the octets FF FF stand where there cannot be any.
//
// One cut cannot be seen: four octets missing at the end of a stored block. The four
// that we append take their place, and the RFC wants just that.
const ending = tail + "\x01\x00\x00\xff\xff"

// source is the payload of a message and its ending, as one stream. It has ReadByte,
// without which compress/flate would put a buffer of 4 KiB in between, and read on
// behind a block with BFINAL=1.
type source struct {
	payload []byte
	pos     int // octets read, of payload and ending
}

// ReadByte returns the next octet, or io.EOF.
func (s *source) ReadByte() (byte, error) {
	pos := s.pos
	if pos < len(s.payload) {
		s.pos++
		return s.payload[pos], nil
	}
	pos -= len(s.payload)
	if pos < len(ending) {
		s.pos++
		return ending[pos], nil
	}
	return 0, io.EOF
}

// Read fills p as far as it can, from the payload or from the ending.
func (s *source) Read(p []byte) (int, error) {
	n := 0
	if s.pos < len(s.payload) {
		n = copy(p, s.payload[s.pos:])
	} else {
		n = copy(p, ending[s.pos-len(s.payload):])
	}
	s.pos += n
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

// ended reports, behind a block with BFINAL=1, whether it was the last of the
// message: that of our ending, or one that fills the payload to its last octet. In
// the second case the sender forgot to add an empty block, whose 00 must end each
// payload (RFC 7692 §7.2.1), but by its own word the data is complete. A receiver
// with zlib notices nothing, and we follow.
func (s *source) ended() bool {
	return s.pos == len(s.payload)+len(ending) || s.pos == len(s.payload)
}

// corrupt says what is wrong, from where it was noticed.
func (s *source) corrupt() error {
	if s.pos > len(s.payload) {
		return &Error{len(s.payload), "the compressed message is cut short", "RFC 7692 §7.2.2"}
	}
	return &Error{s.pos, "the compressed message is not DEFLATE, or refers back beyond the window",
		"RFC 7692 §7.2.2"}
}
