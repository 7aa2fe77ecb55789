package deflate

import (
	"bytes"
	"compress/flate"
	"sync"
)

// The smallest and the largest window that can be agreed on, as powers of two: 256
// bytes and 32 KiB (RFC 7692 §7.1.2).
const (
	minWindowBits = 8
	MaxWindowBits = 15
)

// level is that of compress/flate. Level 1 forgets its window at every message below
// 128 bytes, and above 4 the speed halves for the last percent.
const level = 4

// A short message without takeover is compressed at level 1: for each one, level 4
// would clear 640 KiB of hash tables, and the processor's caches with them. So is one that
// is longer than its window: see appendLong.
const (
	shortLevel   = flate.BestSpeed
	shortMessage = 8 << 10 // bytes
	minMatched   = 128     // bytes below which that level finds no repetitions at all
)

// tail is what every flush of DEFLATE ends with: the lengths of an empty stored
// block, 0 and its complement. A message is sent without it (RFC 7692 §7.2.1).
const tail = "\x00\x00\xff\xff"

// Compressor is the sending direction of one connection. Its methods must not run
// concurrently. All messages must be sent, in the order in which they were
// compressed: with takeover, each refers back to those before. (To send what another
// Compressor made without takeover, call Release before or after it.)
//
// A message that is sent uncompressed is not passed to it (RFC 7692 §6.1). To compress
// a message, and then to send it as it was because it did not shrink, would leave a
// window here that the receiver lacks.
type Compressor struct {
	windowSize int // bytes, 2^windowBits
	takeover   bool
	free       int       // bytes that may still go in before the Writer has to forget
	deflater   *deflater // nil: the next message begins with an empty window
}

// NewCompressor returns a Compressor whose back-references span at most 2^windowBits
// bytes (RFC 7692 §7.1.2); it panics unless windowBits is from minWindowBits to
// MaxWindowBits. Without takeover every message begins with an empty window
// (§7.1.1). Memory is taken at the first message.
func NewCompressor(windowBits int, takeover bool) *Compressor {
	return &Compressor{windowSize: windowSize(windowBits), takeover: takeover}
}

// AppendMessage appends the compressed payload of one whole message to dst and
// returns the longer slice, which the caller owns. An empty message becomes the byte
// 00 (RFC 7692 §7.2.3.6). One that cannot be compressed grows by 5 bytes for every
// 16 KiB, and by 10 for every smaller window. payload must not overlap the spare
// capacity of dst; it is not kept. If dst has the capacity, nothing is allocated.
func (c *Compressor) AppendMessage(dst, payload []byte) []byte {
	var message []byte
	if c.windowSize < 1<<MaxWindowBits && len(payload) > c.windowSize {
		c.Release() // the next message begins with an empty window
		message = appendLong(dst, payload, c.windowSize)
	} else {
		message = c.appendShort(dst, payload)
	}
	// RFC 7692 §7.2.1: the four bytes are removed from the end of the message alone.
	if !bytes.HasSuffix(message[len(dst):], []byte(tail)) {
		panic("deflate: compress/flate ended a flush without 00 00 FF FF")
	}
	message = message[:len(message)-len(tail)] // req: 7692-7.2.1-a 7692-7.2.1-b 7692-7.2.3.6-a
	if !c.takeover {
		c.Release() // req: 7692-7.2.1-d 7692-7.2.1-e
	}
	return message
}

// Release returns the memory of the Compressor to the pool. Call it when the connection
// has ended, or has been idle for long: the next message then begins with an empty
// window, and the receiver need not know.
func (c *Compressor) Release() {
	if c.deflater != nil {
		c.deflater.pool.Put(c.deflater)
		c.deflater = nil
	}
}

// appendShort compresses a message that fits into the window.
//
// compress/flate always searches 32 KiB. For a smaller window we let in no more bytes
// than the window holds before it forgets them all.
//
//	| m1 | m2 | m3 | free |                   m4 is longer than what is free: forget, then m4
//	|<------- 2^w ------->|
//	| m4 | m5 | ...
//
// A simplification: zlib, with a sliding window, compresses better and faster.
func (c *Compressor) appendShort(dst, payload []byte) []byte {
	if c.deflater == nil {
		pool := &deflaters
		if !c.takeover && len(payload) >= minMatched && len(payload) <= shortMessage {
			pool = &shortDeflaters
		}
		c.deflater = pool.Get().(*deflater)
		c.deflater.pool = pool
		c.forget()
	}
	if c.windowSize < 1<<MaxWindowBits {
		if len(payload) > c.free { // req: 7692-7.2.1-f 7692-7.2.1-g
			c.forget()
		}
		c.free -= len(payload)
	}
	return c.deflater.compress(dst, payload)
}

// appendLong compresses a message that is longer than a small window.
//
//	| part | flush | part | flush | rest |    no part refers to another one
//	|<2^w->|       |<2^w->|
//
// Level 4 would clear 640 KiB of hash tables for each part, level 1 clears none. Where it
// takes off less than a quarter, as it does with random bytes, it has made its codes in
// vain, and the next bytes are left to Huffman codes alone: they refer back to nothing, and
// so need no parts. In a window of 8 bits all are, which costs far less and hardly any size.
func appendLong(dst, payload []byte, windowSize int) []byte {
	literal := 0 // bytes to leave to Huffman codes alone
	if windowSize == 1<<minWindowBits {
		literal = len(payload)
	}
	for len(payload) > 0 {
		size, pool := windowSize, &shortDeflaters // req: 7692-7.1.2.1-d
		if literal > 0 {
			size, pool = literal, &literalDeflaters
		}
		part := payload[:min(len(payload), size)]
		payload = payload[len(part):]
		z := pool.Get().(*deflater)
		z.flate.Reset(&z.out)
		before := len(dst)
		dst = z.compress(dst, part)
		pool.Put(z)
		inVain := literal == 0 && len(dst)-before > windowSize*3/4
		literal = 0
		if inVain {
			literal = 8 * windowSize
		}
	}
	return dst
}

// forget empties the window. The stream goes on: after a flush it is at a byte's end.
func (c *Compressor) forget() {
	c.deflater.flate.Reset(&c.deflater.out)
	c.free = c.windowSize
}

// deflater is a Writer and what it writes to, together so that a message allocates
// neither.
type deflater struct {
	flate *flate.Writer
	out   appender
	pool  *sync.Pool // where it came from
}

var (
	deflaters        = sync.Pool{New: func() any { return newDeflater(level) }}
	shortDeflaters   = sync.Pool{New: func() any { return newDeflater(shortLevel) }}
	literalDeflaters = sync.Pool{New: func() any { return newDeflater(flate.HuffmanOnly) }}
)

func newDeflater(level int) *deflater {
	z := new(deflater)
	z.flate, _ = flate.NewWriter(&z.out, level) // fails on a wrong level alone, req: 7692-7.2.1-c
	return z
}

// compress appends a block, or several, and the empty stored block of a flush.
func (z *deflater) compress(dst, p []byte) []byte {
	z.out.bytes = dst
	_, err := z.flate.Write(p)
	if err == nil {
		err = z.flate.Flush() // req: 7692-7.2.1-a
	}
	if err != nil {
		panic("deflate: " + err.Error()) // cannot be: appender returns no error
	}
	dst, z.out.bytes = z.out.bytes, nil
	return dst
}

// appender is an io.Writer that appends to a slice.
type appender struct{ bytes []byte }

func (a *appender) Write(p []byte) (int, error) {
	a.bytes = append(a.bytes, p...)
	return len(p), nil
}

// windowSize returns 2^bits.
func windowSize(bits int) int {
	if bits < minWindowBits || bits > MaxWindowBits {
		panic("deflate: window bits are 8 to 15")
	}
	return 1 << bits
}
