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
	Bytes   []byte
	class   int     // the index of its pool
	charged int     // bytes, to
	budget  *Budget // this one
}

// pools[i] holds buffers of 1<<(minShift+i) bytes.
var pools [maxShift - minShift + 1]sync.Pool

// NewBuffer borrows a buffer with a length of zero and room for at least size bytes, or
// returns nil if the budget is used up.
func NewBuffer(size int, budget *Budget) *Buffer {
	class, room := 0, MinBuffer
	if size > MinBuffer {
		class = bits.Len(uint(size-1)) - minShift
		room = max(size, 1<<(minShift+min(class, len(pools)-1)))
	}
	charged := 0
	if room > Uncharged && budget != nil {
		if !budget.Take(room) {
			return nil
		}
		charged = room
	}
	var b *Buffer
	if class < len(pools) {
		b, _ = pools[class].Get().(*Buffer)
	}
	if b == nil {
		b = &Buffer{Bytes: make([]byte, 0, room), class: class}
	}
	b.charged, b.budget = charged, budget
	return b
}

// Release gives the buffer back to the pool. Neither it nor its Bytes may be used
// afterwards. Releasing a nil buffer does nothing.
func (b *Buffer) Release() {
	if b == nil {
		return
	}
	if b.charged > 0 {
		b.budget.Give(b.charged)
		b.charged = 0
	}
	if b.class >= len(pools) || cap(b.Bytes) != 1<<(minShift+b.class) {
		return // too large for the pool, or Bytes was replaced by a larger piece of memory
	}
	b.Bytes = b.Bytes[:0]
	pools[b.class].Put(b)
}

// grow returns a buffer that holds what b holds and has room for at least extra more
// bytes. If b has that room, it is b itself; otherwise it is a larger one, and b has been
// released. If the budget is used up, grow returns nil, and b stays as it was. b may be nil.
func (b *Buffer) grow(extra int, budget *Budget) *Buffer {
	if b == nil {
		return NewBuffer(extra, budget)
	}
	if cap(b.Bytes)-len(b.Bytes) >= extra {
		return b
	}
	larger := NewBuffer(len(b.Bytes)+extra, budget)
	if larger == nil {
		return nil
	}
	larger.Bytes = append(larger.Bytes, b.Bytes...)
	b.Release()
	return larger
}
