package bufconn

import (
	"math/bits"
	"sync"
)

// Pooled buffers have 8 KiB to 4 MiB: powers of two. What is larger is left to the garbage
// collector.
const minShift, maxShift = 13, 22

// MinBuffer is the size of the smallest buffer, in bytes: it holds most request heads, or
// fifty small frames. A larger one is taken only for bytes that have arrived or that are
// about to be sent.
const MinBuffer = 1 << minShift

// Buffer is a piece of memory borrowed from the pool. Its owner may use Bytes until it
// gives the buffer back with Release.
type Buffer struct {
	Bytes []byte
	class int // the index of its pool
}

// pools[i] holds buffers of 1<<(minShift+i) bytes.
var pools [maxShift - minShift + 1]sync.Pool

// NewBuffer borrows a buffer with a length of zero and space for at least size bytes.
func NewBuffer(size int) *Buffer {
	class := 0
	if size > MinBuffer {
		class = bits.Len(uint(size-1)) - minShift
	}
	if class >= len(pools) {
		return &Buffer{Bytes: make([]byte, 0, size), class: class}
	}
	if b, ok := pools[class].Get().(*Buffer); ok {
		return b
	}
	return &Buffer{Bytes: make([]byte, 0, 1<<(minShift+class)), class: class}
}

// Release gives the buffer back to the pool. Neither it nor its Bytes may be used
// afterwards. Releasing a nil buffer does nothing.
func (b *Buffer) Release() {
	if b == nil || b.class >= len(pools) || cap(b.Bytes) != 1<<(minShift+b.class) {
		return // the last: Bytes was replaced by a larger piece of memory
	}
	b.Bytes = b.Bytes[:0]
	pools[b.class].Put(b)
}

// Grow returns a buffer that holds what b holds and has space for at least extra more
// bytes: b itself, or a larger one, in which case b has been released. b may be nil.
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
