package bufconn

import "time"

// Ending is a way to end a connection. What makes the difference is bytes that the
// peer has sent and nobody has read: when a connection with such bytes is closed, the
// kernel answers with a reset, which can destroy even what we have sent and the peer
// has not read yet.
type Ending int

const (
	// AtOnce closes now. What is unsent is lost.
	AtOnce Ending = iota

	// Gracefully closes in stages (RFC 9112 §9.6): it sends what is unsent, then FIN,
	// then reads and drops what the peer still sends, until the peer's FIN. So an
	// error response reaches a client that is still sending.
	Gracefully

	// AfterLastByte is for a peer that has said it will send no more (RFC 6455 §7.1.1:
	// the server closes first). It sends what is unsent and closes at once, unless
	// the peer has sent more all the same: then it closes as Gracefully does.
	AfterLastByte

	// AfterPeer sends what is unsent and lets the peer close first, as a WebSocket
	// client does (RFC 6455 §7.1.1).
	AfterPeer
)

// maxDrain bounds what a peer may still send to a connection that is being closed, in
// bytes: without it a peer that never stops sending would keep us busy until limit.
const maxDrain = 64 << 20

// Close ends the connection. It sends what is unsent first, unless that is to be lost,
// as long as the write timeout allows; then it waits for the peer no longer than limit
// (0: forever). Any goroutine may call Close(AtOnce); every other Ending is for the one that reads.
func (c *Conn) Close(how Ending, limit time.Duration) error {
	if how == AtOnce || c.Flush() != nil { // req: 9112-9.6-f
		return c.conn.Close()
	}
	switch how {
	case AfterLastByte:
		if len(c.Buffered()) > 0 || !c.conn.IsEmpty() {
			c.drainAfterFIN(limit)
		}
	case Gracefully:
		c.drainAfterFIN(limit)
	case AfterPeer: // req: 6455-5.5.1-i
		c.drain(limit)
	}
	c.in.Release()
	c.in, c.start = nil, 0
	return c.conn.Close() // req: 9112-9.8-b
}

// drainAfterFIN sends FIN and drains. A connection that cannot be closed one way, such
// as a pipe, is not drained.
//
// req: 6455-7.1.1-a 9112-9.6-e
func (c *Conn) drainAfterFIN(limit time.Duration) {
	if c.conn.CloseWrite() == nil { // req: 9112-9.8-a
		c.drain(limit)
	}
}

// drain reads and drops what the peer sends until its FIN.
func (c *Conn) drain(limit time.Duration) {
	deadline := time.Time{}
	if limit > 0 {
		deadline = time.Now().Add(limit)
	}
	c.SetReadDeadline(deadline)
	for drained := 0; drained < maxDrain; drained += len(c.Buffered()) {
		c.Discard(len(c.Buffered()))
		err := c.receive(nil)
		if IsTimeout(err) && c.interrupted.Swap(false) { // Interrupt was for a reader that waits; we are closing
			c.rearm(deadline)
			continue
		}
		if err != nil {
			return
		}
	}
}
