package bufconn

import "time"

// Ending is a way to end a connection. The ways differ in what they do about bytes that the
// peer has sent and we have not read. If a connection is closed with such bytes, the kernel
// sends a reset, and the reset can destroy what we have sent and the peer has not read yet.
type Ending int

const (
	// AtOnce closes now. What is unsent is lost.
	AtOnce Ending = iota

	// Gracefully closes in stages (RFC 9112 §9.6): it sends what is unsent, then FIN,
	// then reads and drops what the peer still sends, until the peer's FIN. So an
	// error response reaches a client that is still sending.
	Gracefully

	// AfterLastByte is for a peer that has said it will send no more (RFC 6455 §7.1.1:
	// the server closes first). It sends what is unsent and closes at once. But if the
	// peer has sent more nevertheless, it closes as Gracefully does.
	AfterLastByte

	// AfterPeer sends what is unsent and lets the peer close first, as a WebSocket
	// client does (RFC 6455 §7.1.1).
	AfterPeer
)

// maxDrain bounds what a peer may still send to a connection that is being closed, in
// bytes: without it a peer that never stops sending would keep us busy until the deadline.
const maxDrain = 64 << 20

// Close ends the connection. With any Ending but AtOnce it first sends what is unsent, under
// the write timeout. Where the Ending says so, it then waits for the peer's end: until the
// read deadline, or until the peer has sent nothing for the time silence (0: no limit). Any
// goroutine may call Close(AtOnce). Only the goroutine that reads may use another Ending.
func (c *Conn) Close(how Ending, silence time.Duration) error {
	if how == AtOnce || c.Flush() != nil { // req: 9112-9.6-f
		return c.conn.Close()
	}
	switch how {
	case AfterLastByte:
		if len(c.Buffered()) > 0 || !c.conn.IsEmpty() {
			c.drainAfterFIN(silence)
		}
	case Gracefully:
		c.drainAfterFIN(silence)
	case AfterPeer: // req: 6455-5.5.1-i
		c.drain(silence)
	}
	c.in.Release()
	c.in, c.start = nil, 0
	return c.conn.Close() // req: 9112-9.8-b
}

// drainAfterFIN sends FIN and drains. A connection that cannot be closed one way, such
// as a pipe, is not drained.
//
// req: 6455-7.1.1-a 9112-9.6-e
func (c *Conn) drainAfterFIN(silence time.Duration) {
	if c.conn.CloseWrite() == nil { // req: 9112-9.8-a
		c.drain(silence)
	}
}

// drain reads and drops what the peer sends until its FIN. What arrives is progress, and
// the silence starts again: a client that is still sending a large body reads the answer
// only when it has sent all of it.
func (c *Conn) drain(silence time.Duration) {
	deadline := c.deadline
	c.quietSince = time.Time{} // the peer's silence begins now that our last byte has left
	for drained := 0; drained < maxDrain; drained += len(c.Buffered()) {
		c.Discard(len(c.Buffered()))
		c.SetReadDeadline(deadline)
		if quiet := c.QuietSince().Add(silence); silence > 0 && (deadline.IsZero() || quiet.Before(deadline)) {
			c.SetReadDeadline(quiet)
		}
		err := c.receive(nil, true)
		if err != nil && !c.Resume(err) { // Interrupt was for a reader that waits; we are closing
			return
		}
	}
}
