package deflate

import (
	"compress/flate"
	"io"
	"math"
	"slices"
	"sync"
)

// Decompressor is the receiving direction of one connection. Its methods must not
// run at once. With takeover it must be given every compressed message, in order,
// and no other: what came uncompressed leaves the window alone (RFC 7692 §7.2.3.2).
type Decompressor struct {
	windowSize int // octets, 2^windowBits
	takeover   bool
	window     []byte // what was inflated last, at most windowSize octets; grows with use
}

// NewDecompressor returns a Decompressor for a peer whose back-references span at
// most 2^windowBits octets, with windowBits from MinWindowBits to MaxWindowBits
// (RFC 7692 §7.1.2). With takeover it keeps that many octets between messages
// (§7.2.2), and what refers back further than that is an error. It panics on any
// other windowBits, which handshake does not let through.
//
// A simplification: within one message compress/flate knows the last 32 KiB, so a
// reference there that breaks an agreed smaller window is let pass, as zlib lets it
// pass. It costs no memory and harms nobody; a referee among peers would parse the
// blocks himself, as the tests of this package do.
func NewDecompressor(windowBits int, takeover bool) *Decompressor {
	return &Decompressor{windowSize: windowSize(windowBits), takeover: takeover}
}

// AppendMessage inflates one whole message, the joined payloads of all its frames,
// appends it to dst and returns the longer slice, which the caller owns. payload must
// not overlap the room behind dst; it is not kept.
//
// It appends at most limit octets, and checks that as it goes. 64 MiB of zeros are 65
// KB on the wire: inflated first and measured then, a message under any sensible
// limit for frames would take a thousand times its size. Here dst is grown as it
// fills, to about twice what is in it.
//
// The error is [ErrTooLarge], or an [*Error] if payload is no DEFLATE, is cut short,
// or refers back beyond the window. After either the Decompressor is of no more use,
// as its window is not what the peer believes. What was appended until then is
// returned, for those who want to look at it.
func (d *Decompressor) AppendMessage(dst, payload []byte, limit int) ([]byte, error) {
	z := inflaters.Get().(*inflater)
	defer z.free()
	z.in = source{payload: payload}
	z.reset(d.window)

	end := len(dst) + min(limit, math.MaxInt-len(dst))
	message := dst    // dst, and behind it what has been inflated
	known := len(dst) // where in message that begins which is not in the window yet
	for {
		var err error
		message, err = z.inflate(message, end)
		if err != nil {
			return message, err
		}
		if z.in.ended() {
			break
		}
		// A block with BFINAL=1, and there is more: RFC 7692 §7.2.3.4 lets any number of
		// them stand in a message, the window goes on. compress/flate takes it for the end.
		d.remember(message[known:])
		known = len(message)
		z.reset(d.window)
	}
	if d.takeover {
		d.remember(message[known:])
	} else {
		d.window = nil
	}
	return message, nil
}

// Release gives the window back. The connection is over: unlike the Compressor, a
// Decompressor with takeover cannot forget on its own.
func (d *Decompressor) Release() {
	d.window = nil
}

// remember moves the window on by what was inflated.
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

// inflater is a Reader and what it reads from, kept together so that a message
// allocates neither.
type inflater struct {
	flate io.ReadCloser // a flate.Resetter too
	in    source
	probe [1]byte // room for one octet, to see whether another one comes
}

var inflaters = sync.Pool{New: func() any {
	z := new(inflater)
	z.flate = flate.NewReader(&z.in)
	return z
}}

// reset begins a stream of blocks whose window is there already. compress/flate
// copies it, up to 32 KiB in 0.6 µs. The worst a peer can do with that is a payload of
// nothing but empty final blocks, 03 00, at one copy for each two octets.
func (z *inflater) reset(window []byte) {
	// The error is always nil.
	_ = z.flate.(flate.Resetter).Reset(&z.in, window)
}

func (z *inflater) free() {
	z.in = source{}
	inflaters.Put(z)
}

// inflate appends to message what comes up to the end of the next block with
// BFINAL=1, until message has end octets.
func (z *inflater) inflate(message []byte, end int) ([]byte, error) {
	for {
		room := z.probe[:]
		if len(message) < end {
			message = grow(message, end)
			room = message[len(message):min(cap(message), end)]
		}
		n, err := z.flate.Read(room)
		if n > 0 && len(message) >= end {
			return message, ErrTooLarge
		}
		message = message[:len(message)+n]
		if err == io.EOF {
			return message, nil
		}
		if err != nil {
			return message, z.in.corrupt()
		}
	}
}

// grow makes room for at least one octet, and for little more than end in all.
func grow(message []byte, end int) []byte {
	if len(message) < cap(message) {
		return message
	}
	const first = 512 // a chat message; the steps after it double
	return slices.Grow(message, min(max(first, len(message)), end-len(message)))
}
