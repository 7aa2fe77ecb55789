package deflate

import (
	"bytes"
	"compress/flate"
	"sync"
)

// The smallest and the largest window, as exponents of 2: 256 bytes and 32 KiB
// (RFC 7692 §7.1.2).
const (
	minWindowBits = 8
	MaxWindowBits = 15
)

// level is the level of compress/flate. Level 1 forgets its window at every message below
// 128 bytes; levels above 4 are much slower and hardly compress better.
const level = 4

// A short message without takeover is compressed at level 1, because level 4 would clear
// 640 KiB of hash tables for each message, which also empties the processor's caches. A
// message that is longer than its window is compressed at level 1 too: see appendLong.
const (
	shortLevel   = flate.BestSpeed
	shortMessage = 8 << 10 // bytes
	minMatched   = 128     // bytes; below that, level 1 finds no repetitions at all
)

// tail is the end of every flush of DEFLATE: the lengths of an empty stored block, 0 and
// its complement. A message is sent without it (RFC 7692 §7.2.1).
const tail = "\x00\x00\xff\xff"

// Compressor is the sending direction of one connection. Its methods must not run
// concurrently. All messages must be sent, in the order in which they were
// compressed: with takeover, each refers back to the messages before it. (To send a
// message that another Compressor made without takeover, call Release before or after it.)
//
// Do not pass it a message that is sent uncompressed (RFC 7692 §6.1). If a message is
// compressed, but then sent uncompressed because it did not shrink, the window here
// differs from the receiver's.
type Compressor struct {
	windowSize int // bytes, 2^windowBits
	takeover   bool
	free       int       // bytes that still fit before the Writer must forget its window
	deflater   *deflater // nil: the next message begins with an empty window
}

// NewCompressor returns a Compressor whose back-references span at most 2^windowBits
// bytes (RFC 7692 §7.1.2); it panics unless windowBits is from minWindowBits to
// MaxWindowBits. Without takeover every message begins with an empty window
// (§7.1.1). Memory is allocated at the first message.
func NewCompressor(windowBits int, takeover bool) *Compressor {
	return &Compressor{windowSize: windowSize(windowBits), takeover: takeover}
}

// AppendMessage appends the compressed payload of one whole message to dst and
// returns the longer slice, which the caller owns. An empty message becomes the byte
// 00 (RFC 7692 §7.2.3.6). A message that cannot be compressed grows by 5 bytes for every
// 16 KiB, and by 10 for every smaller window. payload must not overlap the spare
// capacity of dst; it is not kept. If dst has enough capacity, nothing is allocated.
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
// has ended, or has been idle for a long time. The next message then begins with an empty
// window; the receiver does not need to know.
func (c *Compressor) Release() {
	if c.deflater != nil {
		c.deflater.pool.Put(c.deflater)
		c.deflater = nil
	}
}

// appendShort compresses a message that fits into the window.
//
// compress/flate always searches 32 KiB. For a smaller window we make it forget all bytes
// before it has seen more of them than the window holds.
//
//	| m1 | m2 | m3 | free |                   m4 does not fit: forget, then compress m4
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
// Level 4 would clear 640 KiB of hash tables for each part; level 1 clears none. If level 1
// saves less than a quarter of a part, as with random bytes, the search was wasted. The
// next bytes are then compressed with Huffman codes alone: these do not refer back, so
// they need no parts. With a window of 8 bits this is done for the whole message, which is
// much faster and hardly larger.
func appendLong(dst, payload []byte, windowSize int) []byte {
	literal := 0 // bytes to compress with Huffman codes alone
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
		wasted := literal == 0 && len(dst)-before > windowSize*3/4
		literal = 0
		if wasted {
			literal = 8 * windowSize
		}
	}
	return dst
}

// forget empties the window. The stream continues: after a flush it is at the end of a
// byte.
func (c *Compressor) forget() {
	c.deflater.flate.Reset(&c.deflater.out)
	c.free = c.windowSize
}

// deflater is a Writer with its destination, in one struct so that a message allocates
// neither.
type deflater struct {
	flate *flate.Writer
	out   appender
	pool  *sync.Pool // the pool that it came from
}

var (
	deflaters        = sync.Pool{New: func() any { return newDeflater(level) }}
	shortDeflaters   = sync.Pool{New: func() any { return newDeflater(shortLevel) }}
	literalDeflaters = sync.Pool{New: func() any { return newDeflater(flate.HuffmanOnly) }}
)

func newDeflater(level int) *deflater {
	z := new(deflater)
	z.flate, _ = flate.NewWriter(&z.out, level) // fails only for an invalid level, req: 7692-7.2.1-c
	return z
}

// compress appends one or more blocks, and the empty stored block of a flush.
func (z *deflater) compress(dst, p []byte) []byte {
	z.out.bytes = dst
	_, err := z.flate.Write(p)
	if err == nil {
		err = z.flate.Flush() // req: 7692-7.2.1-a
	}
	if err != nil {
		panic("deflate: " + err.Error()) // impossible: appender returns no error
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
