package deflate

import (
	"bytes"
	"compress/flate"
	"sync"
)

// MinWindowBits and MaxWindowBits are the smallest and the largest window that
// can be agreed on, as powers of two: 256 octets and 32 KiB (RFC 7692 §7.1.2).
const (
	MinWindowBits = 8
	MaxWindowBits = 15
)

// level is that of compress/flate. Measured on one core, with takeover, 131 kB of
// Go source in one message, the same in messages of 4 KiB, and 500 similar JSON
// messages of about 118 octets:
//
//	level    one message         4 KiB      118 octets
//	  1      35.1 %  109 MB/s    39.2 %       88.7 %
//	  2      32.4 %   79 MB/s    33.3 %       22.3 %
//	  3      31.6 %   71 MB/s    32.5 %       22.2 %
//	  4      29.3 %   68 MB/s    30.1 %       21.8 %
//	  5      28.5 %   40 MB/s    29.3 %       21.7 %
//	  6      28.3 %   35 MB/s    29.1 %       21.4 %
//
// Level 1 forgets its window at every message below 128 octets. After level 4
// speed halves for the last percent.
const level = 4

// A message that shares its window with no other one, and is short, is compressed
// at level 1. Level 4 would clear 640 KiB of hash tables for it, and the caches of
// the processor with them: an echo of 1 KiB of text without takeover costs 33 µs
// in place of 51, and is 3 % larger.
const (
	shortLevel   = flate.BestSpeed
	shortMessage = 8 << 10 // octets
	leastMatched = 128     // octets below which that level finds no repetitions at all
)

// tail is what every flush of DEFLATE ends with: the lengths of an empty stored
// block, 0 and its complement. A message is sent without it (RFC 7692 §7.2.1).
const tail = "\x00\x00\xff\xff"

// Compressor is the sending direction of one connection. Its methods must not run
// at once. Messages must be sent in the order in which they were compressed, none of
// them left out and none from elsewhere put between: with takeover, each counts back
// over those before. (To send what another Compressor made without takeover, call
// Release before or after: then nothing counts over it.)
//
// A message that is sent uncompressed is simply not given to it (RFC 7692 §6.1).
// That has to be decided before: who compresses a message and then sends it as it
// was, because it did not shrink, has a window that the receiver lacks.
type Compressor struct {
	windowSize int // octets, 2^windowBits
	takeover   bool
	room       int       // octets that may still go in before the Writer has to forget
	deflater   *deflater // nil: the next message begins with an empty window
}

// NewCompressor returns a Compressor whose back-references span at most
// 2^windowBits octets (RFC 7692 §7.1.2), with windowBits from MinWindowBits to
// MaxWindowBits. Without takeover every message begins with an empty window
// (§7.1.1). It is cheap: memory is taken at the first message. It panics on any
// other windowBits, which handshake does not let through.
func NewCompressor(windowBits int, takeover bool) *Compressor {
	return &Compressor{windowSize: windowSize(windowBits), takeover: takeover}
}

// AppendMessage appends the compressed payload of one whole message to dst and
// returns the longer slice, which the caller owns. An empty message becomes the
// octet 00 (RFC 7692 §7.2.3.6). One that cannot be compressed grows by 5 octets for
// every 16 KiB, and by 10 for every window that is smaller than that. payload must
// not overlap the room behind dst; it is not kept. Once dst has room enough, nothing
// is allocated.
func (c *Compressor) AppendMessage(dst, payload []byte) []byte {
	if c.deflater == nil {
		c.takeDeflater(len(payload))
		c.forget()
	}
	z := c.deflater
	z.out.octets = dst
	c.write(payload)
	message := z.out.octets
	z.out.octets = nil

	// RFC 7692 §7.2.1: the four octets are removed from the end of the message, and
	// nowhere else. They are there because a flush has no other end.
	if !bytes.HasSuffix(message[len(dst):], []byte(tail)) {
		panic("deflate: compress/flate ended a flush without 00 00 FF FF")
	}
	message = message[:len(message)-len(tail)]
	if !c.takeover {
		c.Release()
	}
	return message
}

// Release gives the memory of the Compressor back. Call it when the connection is
// over, or when it has been idle for long: the next message begins with an empty
// window then, and the receiver need not know.
func (c *Compressor) Release() {
	if c.deflater != nil {
		c.deflater.pool.Put(c.deflater)
		c.deflater = nil
	}
}

// takeDeflater takes a deflater for a message of size octets.
func (c *Compressor) takeDeflater(size int) {
	pool := &deflaters
	if !c.takeover && size >= leastMatched && size <= shortMessage {
		pool = &shortDeflaters
	}
	c.deflater = pool.Get().(*deflater)
	c.deflater.pool = pool
}

// write compresses payload and flushes it.
//
// compress/flate always searches 32 KiB. For a smaller window we let no more than a
// window's worth of octets in before it forgets them all: what came after the last
// time cannot lie further back than that.
//
//	| m1 | m2 | m3 | room |                   m4 is longer than the room: forget, then m4
//	|<------- 2^w ------->|
//	| m4 | m5 | ...
//
//	| part | flush | part | flush | rest |    a message longer than the window: forget
//	|<2^w->|       |<2^w->|                   after each flush
//
// A zlib with a sliding window does better: on the 131 kB of source, 45 % against
// our 58 % at 9 bits, 39 % against 49 % at 10, 33 % against 39 % at 12. And to forget
// is to clear 640 KiB of hash tables, 8 µs: at 8 bits that is done for every 256
// octets, and the speed falls to 12 MB/s.
func (c *Compressor) write(payload []byte) {
	z := c.deflater
	if c.windowSize < 1<<MaxWindowBits {
		if len(payload) > c.room && c.room < c.windowSize {
			c.forget()
		}
		for len(payload) > c.room {
			z.compress(payload[:c.room])
			payload = payload[c.room:]
			c.forget()
		}
		c.room -= len(payload)
	}
	z.compress(payload)
}

// forget empties the window. The octet stream just goes on: after a flush it stands
// at an octet's end.
func (c *Compressor) forget() {
	c.deflater.flate.Reset(&c.deflater.out)
	c.room = c.windowSize
}

// deflater is a Writer and what it writes to, kept together so that a message
// allocates neither.
type deflater struct {
	flate *flate.Writer
	out   appender
	pool  *sync.Pool // where it came from
}

var (
	deflaters      = sync.Pool{New: func() any { return newDeflater(level) }}
	shortDeflaters = sync.Pool{New: func() any { return newDeflater(shortLevel) }}
)

func newDeflater(level int) *deflater {
	z := new(deflater)
	z.flate, _ = flate.NewWriter(&z.out, level) // fails on a wrong level alone
	return z
}

// compress adds a block, or several, and the empty stored block of a flush.
func (z *deflater) compress(p []byte) {
	_, err := z.flate.Write(p)
	if err == nil {
		err = z.flate.Flush()
	}
	if err != nil {
		panic("deflate: " + err.Error()) // its one source is appender, which has none
	}
}

// appender is an io.Writer that appends to a slice.
type appender struct{ octets []byte }

func (a *appender) Write(p []byte) (int, error) {
	a.octets = append(a.octets, p...)
	return len(p), nil
}

// windowSize returns 2^bits.
func windowSize(bits int) int {
	if bits < MinWindowBits || bits > MaxWindowBits {
		panic("deflate: window bits are 8 to 15")
	}
	return 1 << bits
}
