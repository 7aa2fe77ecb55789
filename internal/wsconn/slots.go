package wsconn

import "runtime"

// slots bounds how many goroutines do something at the same time.
//
// A message of 4 KB can inflate to a megabyte, and a compressor works with 800 KB. If a
// thousand peers send such a message at once, a thousand goroutines are half-way through
// theirs, with gigabytes in use, and none of them is faster than if they had taken turns.
// So each of them holds a slot meanwhile, and gives it back before it waits for its peer:
// nobody waits for someone else's peer.
type slots chan struct{}

// inflating is held from inflating a message until OnMessage has returned, or until
// something is sent to the peer; compressing while a message is compressed. Whoever holds
// the second waits for nothing, so it may be taken while the first is held. Either is
// taken before a lock.
var (
	inflating   = make(slots, runtime.GOMAXPROCS(0))
	compressing = make(slots, runtime.GOMAXPROCS(0))
)

func (s slots) take()    { s <- struct{}{} }
func (s slots) release() { <-s }

// ReleaseSlot is for a handler whose OnMessage is going to wait for something: other
// connections need not wait, too, to inflate their messages.
func (c *Conn) ReleaseSlot() {
	if c.slot.CompareAndSwap(true, false) {
		inflating.release()
	}
}
