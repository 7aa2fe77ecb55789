package deflate

import (
	"compress/flate"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"sync"
)

// Decompressor is the receiving direction of one connection. Its methods must not run
// concurrently. With takeover it must get every compressed message, in order, and no
// other: what came uncompressed leaves the window alone (RFC 7692 §7.2.3.2).
type Decompressor struct {
	windowSize int // bytes, 2^windowBits
	takeover   bool
	window     []byte // what was inflated last, at most windowSize bytes; grows with use

	// Grow, if it is not nil, returns a message with its bytes and with room for more, or
	// nil if there is no memory for it. Without it a message grows as append makes it.
	Grow func(message []byte) []byte
}

// NewDecompressor returns a Decompressor for a peer whose back-references span at most
// 2^windowBits bytes (RFC 7692 §7.1.2); it panics unless windowBits is from
// minWindowBits to MaxWindowBits. With takeover it keeps that many bytes between
// messages (§7.2.2), and what refers back further than that is an error.
//
// A simplification: within one message compress/flate knows the last 32 KiB, so it
// accepts a reference that breaks an agreed smaller window, as zlib does. That costs no
// memory; a strict receiver would parse the blocks, as the tests of this package do.
func NewDecompressor(windowBits int, takeover bool) *Decompressor {
	return &Decompressor{windowSize: windowSize(windowBits), takeover: takeover}
}

// AppendMessage inflates one whole message, the joined payloads of all its frames,
// appends it to dst and returns the longer slice, which the caller owns. payload must
// not overlap the spare capacity of dst; it is not kept.
//
// It appends at most limit bytes, and checks that as it goes: 64 MiB of zeros are 65 KB
// on the wire, so a message under any sensible limit for frames could take a thousand
// times its size. dst grows as it fills, to about twice what is in it.
//
// The error is [ErrTooLarge], [ErrFinalBlocks], [ErrNoMemory], or an [*Error] if payload is
// not DEFLATE, is cut short, or refers back beyond the window. The Decompressor must not be
// used again then. What was appended until then is returned.
func (d *Decompressor) AppendMessage(dst, payload []byte, limit int) ([]byte, error) {
	z := inflaters.Get().(*inflater)
	defer func() {
		z.in = source{} // the pool must not keep payload
		inflaters.Put(z)
	}()
	z.in = source{payload: payload}
	z.reset(d.window)

	end := len(dst) + min(limit, math.MaxInt-len(dst))
	message := dst    // dst, and after it what has been inflated
	known := len(dst) // where in message that begins which is not in the window yet
	for finals := 0; ; finals++ {
		var err error
		message, err = d.inflate(z, message, end)
		if err != nil {
			return message, err
		}
		if z.in.ended() { // req: 7692-7.2.1-h
			break
		}
		// A block with BFINAL=1, and there is more: RFC 7692 §7.2.3.4 allows any number of
		// them in a message, and the window goes on. compress/flate takes it for the end.
		if finals == maxFinalBlocks+len(payload)/perFinalBlock {
			return message, ErrFinalBlocks
		}
		d.remember(message[known:])
		known = len(message)
		z.reset(d.window)
	}
	if d.takeover { // req: 7692-7.2.2-b 7692-7.2.2-c
		d.remember(message[known:])
	} else {
		d.window = nil
	}
	return message, nil
}

// Release drops the window, when the connection has ended: unlike a Compressor, a
// Decompressor with takeover cannot forget on its own.
func (d *Decompressor) Release() {
	d.window = nil
}

// remember moves the window forward by what was inflated.
//
// req: 7692-7.2.2-d 7692-7.2.2-e
func (d *Decompressor) remember(inflated []byte) {
	if len(inflated) >= d.windowSize {
		inflated = inflated[len(inflated)-d.windowSize:]
		d.window = d.window[:0]
	}
	size := len(d.window) + len(inflated)
	if over := size - d.windowSize; over > 0 {
		kept := copy(d.window, d.window[over:])
		d.window = d.window[:kept]
		size = d.windowSize
	}
	if cap(d.window) < size { // append would double 32 KiB minus a little to more than 32 KiB
		grown := make([]byte, len(d.window), min(2*size, d.windowSize))
		copy(grown, d.window)
		d.window = grown
	}
	d.window = append(d.window, inflated...)
}

// inflater is a Reader and what it reads from, together so that a message allocates
// neither.
type inflater struct {
	flate io.ReadCloser // a flate.Resetter too
	in    source
	probe [1]byte // shows whether another byte comes when the limit is reached
}

var inflaters = sync.Pool{New: func() any {
	z := new(inflater)
	z.flate = flate.NewReader(&z.in)
	return z
}}

// reset begins a stream of blocks that may refer back to window. compress/flate copies
// the window, up to 32 KiB.
func (z *inflater) reset(window []byte) {
	_ = z.flate.(flate.Resetter).Reset(&z.in, window) // the error is always nil
}

// inflate appends to message up to the end of the next block with BFINAL=1; end is the
// limit of message.
func (d *Decompressor) inflate(z *inflater, message []byte, end int) ([]byte, error) {
	for {
		space := z.probe[:]
		if len(message) < end && len(message) == cap(message) {
			larger := d.grow(message, end)
			if larger == nil {
				return message, ErrNoMemory
			}
			message = larger
		}
		if len(message) < end {
			space = message[len(message):min(cap(message), end)]
		}
		n, err := z.flate.Read(space)
		if n > 0 && len(message) >= end {
			return message, ErrTooLarge
		}
		message = message[:len(message)+n]
		if err == io.EOF {
			return message, nil
		}
		if err != nil {
			return message, z.in.corrupt() // req: 7692-7.2.2-f
		}
	}
}

// grow makes space for at least one byte, and, by itself, for little more than end in all.
func (d *Decompressor) grow(message []byte, end int) []byte {
	if d.Grow != nil {
		return d.Grow(message)
	}
	const first = 512 // a chat message; later steps double
	return slices.Grow(message, min(max(first, len(message)), end-len(message)))
}

// ending is what follows the payload of a message when it is inflated.
//
//	00 00 FF FF        what the sender removed (RFC 7692 §7.2.2)
//	01 00 00 FF FF     an empty stored block with BFINAL=1
//
// The second is for compress/flate. Without it each message would end in the middle of a
// stream, with io.ErrUnexpectedEOF, whether it is whole or cut short. With it a whole one
// ends with io.EOF, and in one that was cut short FF FF is where it cannot be.
//
// One cut cannot be seen: four bytes missing at the end of a stored block. The four that
// we append take their place, as the RFC demands.
const ending = tail + "\x01\x00\x00\xff\xff" // req: 7692-7.2.2-a

// source is the payload of a message and its ending, as one stream. It has ReadByte, or
// else compress/flate would read through a buffer of 4 KiB, beyond a final block.
type source struct {
	payload []byte
	pos     int // bytes read, of payload and ending
}

// ReadByte returns the next byte, or io.EOF.
func (s *source) ReadByte() (byte, error) {
	pos := s.pos
	if pos < len(s.payload) {
		s.pos++
		return s.payload[pos], nil
	}
	if pos -= len(s.payload); pos < len(ending) {
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

// ended reports, after a block with BFINAL=1, whether it was the last of the message:
// that of our ending, or one that fills the payload to its last byte. In the second case
// the sender forgot the empty block, whose 00 must end each payload (RFC 7692 §7.2.1), but
// by its own mark the data is complete. zlib accepts it, and so do we.
func (s *source) ended() bool {
	return s.pos == len(s.payload)+len(ending) || s.pos == len(s.payload)
}

// corrupt returns the error for a payload that cannot be inflated any further.
func (s *source) corrupt() error {
	if s.pos > len(s.payload) {
		return &Error{len(s.payload), "the compressed message is cut short", "RFC 7692 §7.2.2"} // req: 7692-7.2.2-f
	}
	return &Error{s.pos, "the compressed message is not DEFLATE, or refers back beyond the window",
		"RFC 7692 §7.2.2"}
}

// ErrTooLarge means that a message would be longer, inflated, than the limit. The close
// code for it is 1009 (RFC 6455 §7.4.1).
var ErrTooLarge = errors.New("the message is larger, once inflated, than the limit (RFC 6455 §10.4)")

// ErrNoMemory means that Grow has returned nil.
var ErrNoMemory = errors.New("there is no memory for the inflated message")

// A payload of nothing but empty final blocks, 03 00, would copy a window for each two
// bytes: a quarter of a second for a megabyte that says nothing. A peer that ends each
// flush with such a block has one for every few KiB.
const (
	maxFinalBlocks = 16   // in a message, besides the one at its end
	perFinalBlock  = 1024 // bytes of payload for each further one
)

// ErrFinalBlocks means that a message has more blocks with BFINAL=1 than make sense. RFC
// 7692 §7.2.3.4 sets no limit, so the close code is 1008 (RFC 6455 §7.4.1).
var ErrFinalBlocks = errors.New("the compressed message has too many blocks with BFINAL=1 (RFC 7692 §7.2.3.4)")

// Error is a compressed payload that cannot be inflated. It fails the connection
// (RFC 7692 §7.2.2); the RFC names no close code, and 1007, data that does not fit the
// type of the message, is the usual one.
type Error struct {
	Offset  int    // how many bytes of the payload had been read
	Rule    string // what is wrong, in plain words
	Section string // where the rule stands, as in "RFC 7692 §7.2.2"
}

// Error returns all of it on one line, as in
//
//	octet 6 of the payload: the compressed message is cut short (RFC 7692 §7.2.2)
func (e *Error) Error() string {
	return "octet " + strconv.Itoa(e.Offset) + " of the payload: " + e.Rule + " (" + e.Section + ")"
}
