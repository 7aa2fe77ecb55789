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
// concurrently. With takeover it must get every compressed message, in order, and only
// those: an uncompressed message does not change the window (RFC 7692 §7.2.3.2).
type Decompressor struct {
	windowSize int // bytes, 2^windowBits
	takeover   bool
	window     []byte // the last inflated bytes, at most windowSize; grows with use

	// Grow, if it is not nil, returns a message with the same bytes and more capacity, or
	// nil if there is no memory for it. If Grow is nil, a message grows as with append.
	Grow func(message []byte) []byte
}

// NewDecompressor returns a Decompressor for a peer whose back-references span at most
// 2^windowBits bytes (RFC 7692 §7.1.2); it panics unless windowBits is from
// minWindowBits to MaxWindowBits. With takeover it keeps that many bytes between
// messages (§7.2.2), and a reference further back is an error.
//
// A simplification: within one message compress/flate keeps the last 32 KiB, so it
// accepts a reference beyond a smaller agreed window, as zlib does. That costs no
// memory; a strict receiver would parse the blocks, as the tests of this package do.
func NewDecompressor(windowBits int, takeover bool) *Decompressor {
	return &Decompressor{windowSize: windowSize(windowBits), takeover: takeover}
}

// AppendMessage inflates one whole message, the joined payloads of all its frames,
// appends it to dst and returns the longer slice, which the caller owns. payload must
// not overlap the spare capacity of dst; it is not kept.
//
// It appends at most limit bytes, and checks that while it inflates: 64 MiB of zeros are
// 65 KB on the wire, so a message below any sensible limit for frames could take a
// thousand times its size. dst grows as it fills, to about twice its contents.
//
// The error is [ErrTooLarge], [ErrFinalBlocks], [ErrNoMemory], or an [*Error] if payload is
// not DEFLATE, is cut short, or refers back beyond the window. The Decompressor must not be
// used again after an error. The bytes inflated before the error are returned too.
func (d *Decompressor) AppendMessage(dst, payload []byte, limit int) ([]byte, error) {
	z := inflaters.Get().(*inflater)
	defer func() {
		z.in = source{} // the pool must not keep payload
		inflaters.Put(z)
	}()
	z.in = source{payload: payload}
	z.reset(d.window)

	end := len(dst) + min(limit, math.MaxInt-len(dst))
	message := dst    // dst, followed by the inflated bytes
	known := len(dst) // message[known:] is not in the window yet
	for finals := 0; ; finals++ {
		var err error
		message, err = d.inflate(z, message, end)
		if err != nil {
			return message, err
		}
		if z.in.ended() { // req: 7692-7.2.1-h
			break
		}
		// More bytes follow a block with BFINAL=1. RFC 7692 §7.2.3.4 allows any number of
		// these blocks in a message, and the window continues; compress/flate stops there.
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

// Release frees the window. Call it only when the connection has ended: unlike a
// Compressor, a Decompressor with takeover needs its window for the next message.
func (d *Decompressor) Release() {
	d.window = nil
}

// remember moves the window forward over the inflated bytes.
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
	if cap(d.window) < size { // append would grow a window of almost 32 KiB to more than 32 KiB
		grown := make([]byte, len(d.window), min(2*size, d.windowSize))
		copy(grown, d.window)
		d.window = grown
	}
	d.window = append(d.window, inflated...)
}

// inflater is a Reader with its source, in one struct so that a message allocates
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

// grow returns message with capacity for at least one more byte. Without d.Grow the
// capacity stays close to end at most.
func (d *Decompressor) grow(message []byte, end int) []byte {
	if d.Grow != nil {
		return d.Grow(message)
	}
	const first = 512 // enough for a chat message; later steps double it
	return slices.Grow(message, min(max(first, len(message)), end-len(message)))
}

// ending is appended to the payload of a message before it is inflated.
//
//	00 00 FF FF        removed by the sender (RFC 7692 §7.2.2)
//	01 00 00 FF FF     an empty stored block with BFINAL=1
//
// The second block is for compress/flate. Without it, both a whole message and one that is
// cut short would end in the middle of a stream, with io.ErrUnexpectedEOF. With it, a whole
// message ends with io.EOF, and in a message that is cut short FF FF is invalid.
//
// One cut cannot be detected: four bytes missing at the end of a stored block. The four
// bytes that we append, as the RFC requires, take their place.
const ending = tail + "\x01\x00\x00\xff\xff" // req: 7692-7.2.2-a

// source is the payload of a message and its ending, as one stream. It has ReadByte,
// because compress/flate would otherwise read ahead, with a buffer of 4 KiB, beyond a
// final block.
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

// Read reads into p from the payload or, after it, from the ending.
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

// ended reports, after a block with BFINAL=1, whether it was the last one of the message:
// the block of our ending, or one that ends at the last byte of the payload. In the second
// case the sender forgot the empty block, whose 00 must end each payload (RFC 7692
// §7.2.1), but BFINAL marks the data as complete. We accept it, as zlib does.
func (s *source) ended() bool {
	return s.pos == len(s.payload)+len(ending) || s.pos == len(s.payload)
}

// corrupt returns the error for a payload that cannot be inflated.
func (s *source) corrupt() error {
	if s.pos > len(s.payload) {
		return &Error{len(s.payload), "the compressed message is cut short", "RFC 7692 §7.2.2"} // req: 7692-7.2.2-f
	}
	return &Error{s.pos, "the compressed message is not DEFLATE, or refers back beyond the window",
		"RFC 7692 §7.2.2"}
}

// ErrTooLarge means that the inflated message is longer than the limit. The close code
// for it is 1009 (RFC 6455 §7.4.1).
var ErrTooLarge = errors.New("the inflated message is larger than the limit (RFC 6455 §10.4)")

// ErrNoMemory means that Grow returned nil.
var ErrNoMemory = errors.New("there is no memory for the inflated message")

// A payload that has only empty final blocks, 03 00, makes us copy a window for every two
// bytes: 16 GiB for a payload of one MiB, with a window of 32 KiB. An honest peer that ends
// each flush with such a block sends one for every few KiB.
const (
	maxFinalBlocks = 16   // in a message, besides the one at its end
	perFinalBlock  = 1024 // bytes of payload for each further one
)

// ErrFinalBlocks means that a message has too many blocks with BFINAL=1. RFC 7692
// §7.2.3.4 sets no limit, so the close code is 1008 (RFC 6455 §7.4.1).
var ErrFinalBlocks = errors.New("the compressed message has too many blocks with BFINAL=1 (RFC 7692 §7.2.3.4)")

// Error means that a compressed payload cannot be inflated. The connection must be failed
// (RFC 7692 §7.2.2). The RFC defines no close code for it; the usual one is 1007, data
// that does not match the type of the message.
type Error struct {
	Offset  int    // how many bytes of the payload were read before
	Rule    string // what is wrong, in plain words
	Section string // the source of the rule, such as "RFC 7692 §7.2.2"
}

// Error returns the whole error on one line:
//
//	byte 6 of the payload: the compressed message is cut short (RFC 7692 §7.2.2)
func (e *Error) Error() string {
	return "byte " + strconv.Itoa(e.Offset) + " of the payload: " + e.Rule + " (" + e.Section + ")"
}
