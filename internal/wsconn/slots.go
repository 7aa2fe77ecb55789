package wsconn

import "runtime"

// slots limits how many goroutines do the same work at the same time.
//
// A message of 4 KB can inflate to a megabyte, and a compressor needs 800 KB. If a thousand
// peers send such a message at once, a thousand goroutines would work on them and use
// gigabytes, and none of them would be faster than one after another. So each of them takes
// a slot first, and releases it before it waits for its peer: no connection waits for the
// peer of another one.
type slots chan struct{}

// A slot of inflating is held from the start of inflating a message until OnMessage returns
// or sends something to the peer. A slot of compressing is held while a message is
// compressed; its holder waits for nothing. So a goroutine that holds a slot of inflating
// may also take one of compressing. Both are taken before the lock of the write buffer.
var (
	inflating   = make(slots, runtime.GOMAXPROCS(0))
	compressing = make(slots, runtime.GOMAXPROCS(0))
)

func (s slots) take()    { s <- struct{}{} }
func (s slots) release() { <-s }

// ReleaseSlot is for a handler whose OnMessage is about to wait: other connections can then
// inflate their messages.
func (c *Conn) ReleaseSlot() {
	if c.slot.CompareAndSwap(true, false) {
		inflating.release()
	}
}
