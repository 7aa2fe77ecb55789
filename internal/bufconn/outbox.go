package bufconn

import (
	"sync"

	"barewire/internal/socket"
)

// outbox is a write buffer. Any number of goroutines append to it, and one at a time
// sends. What the others append meanwhile leaves with the next write: they need not wait
// for their turn, and a burst leaves at once.
//
//	append ──▶ [ unsent ] ──▶ the goroutine that sends ──▶ socket
type outbox struct {
	to *socket.Conn

	mu       sync.Mutex
	progress sync.Cond // signaled after each write
	unsent   *Buffer   // whole messages; nil if there are none
	sending  bool      // a goroutine is sending
	appended int64     // bytes since the connection began
	written  int64     // the part of them that the socket has accepted
	failed   error     // the write that failed: nothing leaves after it
}

// maxUnsent is how many bytes may be unsent. Beyond that they are sent at once, even if
// more requests or messages wait for an answer. Without it, a peer that sends and never
// reads would make us buffer an answer to everything.
const maxUnsent = 64 << 10

// overhead is how much larger a message may become in the write buffer, by its header and
// because it cannot be compressed. A message of Uncharged bytes passes with it.
const overhead = 256

// BeginWrite locks the write buffer and returns it, with room for size more bytes. The
// caller appends whole messages to it and passes the result to EndWrite or
// EndWriteAndFlush, without blocking in between: other writers wait.
//
// If size is more than Uncharged and overhead, and the budget is used up, it returns nil,
// and nothing is locked.
func (c *Conn) BeginWrite(size int) []byte { // req: 6455-5.4-e
	o := &c.out
	o.mu.Lock()
	unsent := o.unsent.grow(size, c.budget)
	if unsent == nil && size <= Uncharged+overhead {
		unsent = o.unsent.grow(size, nil) // a little more: EndWrite will report true
	}
	if unsent == nil {
		o.mu.Unlock()
		return nil
	}
	o.unsent = unsent
	return unsent.Bytes
}

// GrowWrite is called after BeginWrite, before anything is appended. It returns the buffer
// again, now with room for size more bytes, or nil as BeginWrite does. In both cases
// the write buffer stays locked.
func (c *Conn) GrowWrite(size int) []byte {
	unsent := c.out.unsent.grow(size, c.budget)
	if unsent == nil && size <= Uncharged+overhead {
		unsent = c.out.unsent.grow(size, nil)
	}
	if unsent == nil {
		return nil
	}
	c.out.unsent = unsent
	return unsent.Bytes
}

// BeginLarge is BeginWrite before an EndWriteAndFlush with a tail, for a head of at most
// Uncharged bytes. It waits until nobody else is sending.
func (c *Conn) BeginLarge(size int) []byte {
	o := &c.out
	o.mu.Lock()
	for o.sending {
		o.progress.Wait()
	}
	o.unsent = o.unsent.grow(size, nil)
	return o.unsent.Bytes
}

// EndWrite takes back the buffer that BeginWrite returned, with what was appended, and
// unlocks it. Nothing is sent yet. It reports whether so much is unsent that the caller
// must call Flush before it appends more.
func (c *Conn) EndWrite(buffer []byte) (full bool) {
	o := &c.out
	defer o.mu.Unlock()
	o.takeBack(buffer)
	unsent := o.appended - o.written
	return unsent > maxUnsent || unsent > Uncharged-overhead && c.budget.isUsedUp()
}

// EndWriteAndFlush is EndWrite and Flush in one step. After what was appended it sends
// tail, if that is not nil and BeginLarge came before. tail is not copied, and must not
// change until the call returns.
//
// It is one step for the sake of the goroutine that reads: between two steps it could find
// the large message unsent, and would then send it instead of reading.
func (c *Conn) EndWriteAndFlush(buffer, tail []byte) error {
	o := &c.out
	defer o.mu.Unlock()
	o.takeBack(buffer)
	if o.failed != nil {
		return o.failed
	}
	o.appended += int64(len(tail))
	if !o.sending {
		return o.send(tail)
	}
	return o.flush()
}

// EndWriteAndTry is EndWriteAndFlush without waiting: it sends what the socket accepts at
// once. If bytes are left, it returns finish, which sends the rest: call it in another
// goroutine. Nobody else sends until finish returns. If somebody else is sending already,
// tail is not sent, and ok is false.
func (c *Conn) EndWriteAndTry(buffer, tail []byte) (finish func() error, ok bool) {
	o := &c.out
	defer o.mu.Unlock()
	o.takeBack(buffer)
	if o.sending || o.failed != nil {
		return nil, false
	}
	var head []byte
	unsent := o.unsent
	if unsent != nil {
		head = unsent.Bytes
	}
	o.unsent = nil
	o.appended += int64(len(tail))
	n, _ := o.to.TryWrite(head, tail) // an error comes again with the next write
	o.written += int64(n)
	fromHead := min(n, len(head))
	restOfHead, rest := head[fromHead:], tail[n-fromHead:]
	if len(restOfHead)+len(rest) == 0 {
		unsent.Release()
		return nil, true
	}
	o.sending = true
	return func() error {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.write(unsent, restOfHead, rest)
		o.sendRest()
		return o.failed
	}, true
}

// takeBack ends what BeginWrite began. The caller holds mu.
func (o *outbox) takeBack(buffer []byte) {
	if o.failed != nil {
		buffer = o.unsent.Bytes[:0] // nothing leaves any more, so nothing is kept
	} else {
		o.appended += int64(len(buffer) - len(o.unsent.Bytes))
	}
	o.unsent.Bytes = buffer
	if len(buffer) == 0 {
		o.unsent.Release()
		o.unsent = nil
	}
}

// Unsent returns the number of bytes that the socket has yet to accept.
func (c *Conn) Unsent() int {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	return int(c.out.appended - c.out.written)
}

// Queued returns how many bytes the socket has accepted and the peer's system has yet to
// take; 0 where that is not known.
func (c *Conn) Queued() int { return c.conn.Queued() }

// Flush waits until the socket has accepted all that was appended before the call, whichever
// goroutine sends it. If a write fails, Flush returns its error, and nothing more is sent.
func (c *Conn) Flush() error {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	return c.out.flush()
}

// flushBeforeWait is Flush for the goroutine that reads. If another goroutine is sending,
// the reader's bytes leave with its next write, and the reader continues to read. Otherwise
// two peers that send each other a large message would both wait to send, and neither
// would read.
func (c *Conn) flushBeforeWait() error {
	o := &c.out
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.sending {
		return nil
	}
	return o.send(nil)
}

// flush is Flush for a caller that holds mu.
func (o *outbox) flush() error {
	if !o.sending {
		return o.send(nil)
	}
	for target := o.appended; o.written < target && o.failed == nil; {
		o.progress.Wait()
	}
	return o.failed
}

// send writes what is in the buffer, then tail. The caller holds mu, which is released
// during the write: others append meanwhile. What they append is left to another goroutine,
// so that a caller never stays to send the messages of others, which may be without end.
func (o *outbox) send(tail []byte) error {
	if o.failed != nil || o.unsent == nil && len(tail) == 0 {
		return o.failed
	}
	o.sending = true
	buffer, head := o.unsent, []byte(nil)
	if buffer != nil {
		head = buffer.Bytes
	}
	o.unsent = nil
	o.write(buffer, head, tail)
	if o.unsent == nil {
		o.sending = false
		return o.failed
	}
	go func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.sendRest()
	}()
	return nil
}

// sendRest writes until nothing is unsent. The caller holds mu.
func (o *outbox) sendRest() {
	for o.unsent != nil {
		buffer := o.unsent
		o.unsent = nil
		o.write(buffer, buffer.Bytes, nil)
	}
	o.sending = false
}

// write writes head, which is in buffer, and tail. It releases buffer, and mu meanwhile.
func (o *outbox) write(buffer *Buffer, head, tail []byte) {
	o.mu.Unlock()
	n, err := o.to.WriteBoth(head, tail)
	buffer.Release()
	o.mu.Lock()
	o.written += int64(n)
	if o.failed = err; err != nil { // what was appended meanwhile does not leave either
		o.unsent.Release()
		o.unsent = nil
	}
	o.progress.Broadcast()
}

// WriteError is a write that failed where a read was asked for: the peer has gone, or
// did not accept our bytes in time. IsTimeout is false for it.
type WriteError struct{ Err error }

// Error returns what the write said.
func (e *WriteError) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *WriteError) Unwrap() error { return e.Err }
