package bufconn

import (
	"math/bits"
	"net"
	"sync"
)

// Sizes of pooled buffers: powers of two. The smallest holds most request
// heads, or fifty small frames; a larger one is taken only for bytes that have
// arrived or that are about to be sent.
const (
	MinBuffer = 8 << 10 // octets
	maxBuffer = 4 << 20 // octets; what is larger is left to the garbage collector

	minShift = 13 // MinBuffer == 1 << minShift
	maxShift = 22 // maxBuffer == 1 << maxShift
)

// Buffer is a piece of memory borrowed from the pool. Its owner may use Bytes
// until it gives the buffer back with Release.
type Buffer struct {
	Bytes []byte

	pieces  [2][]byte   // for writeWith
	buffers net.Buffers // the same
}

// pools[i] holds buffers of 1<<(minShift+i) octets.
var pools [maxShift - minShift + 1]sync.Pool

// NewBuffer borrows a buffer with a length of zero and room for at least size
// octets.
func NewBuffer(size int) *Buffer {
	class := sizeClass(size)
	if class >= len(pools) {
		return &Buffer{Bytes: make([]byte, 0, size)}
	}
	if b, ok := pools[class].Get().(*Buffer); ok {
		return b
	}
	return &Buffer{Bytes: make([]byte, 0, 1<<(minShift+class))}
}

// Release gives the buffer back to the pool. Neither it nor its Bytes may be
// used afterwards. Releasing a nil buffer does nothing.
func (b *Buffer) Release() {
	if b == nil {
		return
	}
	size := cap(b.Bytes)
	class := sizeClass(size)
	if class >= len(pools) || size != 1<<(minShift+class) {
		return
	}
	b.Bytes = b.Bytes[:0]
	pools[class].Put(b)
}

// Grow returns a buffer that holds what b holds and has room for at least
// extra more octets: b itself if it has that room, or a larger one, in which
// case b has been released. b may be nil.
func (b *Buffer) Grow(extra int) *Buffer {
	if b == nil {
		return NewBuffer(extra)
	}
	if cap(b.Bytes)-len(b.Bytes) >= extra {
		return b
	}
	larger := NewBuffer(len(b.Bytes) + extra)
	larger.Bytes = append(larger.Bytes, b.Bytes...)
	b.Release()
	return larger
}

// writeWith hands octets of b, and others behind them, to a connection with one
// system call: what is large need not be copied to be sent behind a header.
func (b *Buffer) writeWith(conn net.Conn, own, others []byte) (int, error) {
	b.pieces = [2][]byte{own, others}
	b.buffers = b.pieces[:] // the kernel's writev; see net.Buffers
	n, err := b.buffers.WriteTo(conn)
	b.pieces, b.buffers = [2][]byte{}, nil
	return int(n), err
}

// sizeClass tells which pool holds the smallest buffers of at least size
// octets.
func sizeClass(size int) int {
	if size <= MinBuffer {
		return 0
	}
	return bits.Len(uint(size-1)) - minShift
}
