package bufconn

import (
	"errors"
	"os"
)

// BeginWrite locks the write buffer and returns it, with room for size more
// octets. The caller appends whole messages to it and hands the result to
// EndWrite, soon and without blocking in between: other writers wait.
func (c *Conn) BeginWrite(size int) []byte {
	c.mu.Lock()
	c.out = c.out.Grow(size)
	return c.out.Bytes
}

// EndWrite takes back the buffer that BeginWrite gave, with what was appended,
// and unlocks it. Nothing is sent yet. It returns how many octets wait to be
// sent, and how many were ever appended: the place of these octets' end in the
// connection's, for Retract.
func (c *Conn) EndWrite(out []byte) (unsent int, end uint64) {
	c.takeBack(out)
	unsent, end = int(c.appended-c.written), c.appended
	c.mu.Unlock()
	return unsent, end
}

// EndWriteAndFlush is EndWrite and Flush in one: nobody comes between, so that
// the goroutine which reads never finds another one's large message in the write
// buffer, and stops reading to send it.
func (c *Conn) EndWriteAndFlush(out []byte) error {
	defer c.mu.Unlock()
	c.takeBack(out)
	return c.flushTo(c.appended, ownDeadline)
}

// EndWriteAndSend is EndWriteAndFlush with rest behind what was appended. rest is
// not copied, if the socket is free: it stays the caller's, and must not change
// until the call returns.
func (c *Conn) EndWriteAndSend(out, rest []byte) error {
	defer c.mu.Unlock()
	c.takeBack(out)
	c.appended += uint64(len(rest))
	busy := c.writing || c.waiting > 0 || c.sending != nil
	if busy || !c.gathers {
		copied := len(rest)
		if !busy {
			copied = min(copied, aheadPiece)
		}
		c.out = c.out.Grow(copied)
		c.out.Bytes = append(c.out.Bytes, rest[:copied]...)
		rest = rest[copied:]
	}
	if !busy {
		c.sending, c.sent, c.out = c.out, 0, nil // so that nobody appends between it and rest
		c.rest = rest
	}
	err := c.flushTo(c.appended, ownDeadline)
	c.keepRest()
	return err
}

// keepRest copies what a write that failed has left of its caller's memory. Whoever
// writes next, before the connection is closed, must not have its octets taken for
// the other half of that message. The caller holds mu.
func (c *Conn) keepRest() {
	if len(c.rest) == 0 {
		return // and touch nothing: another goroutine may be writing, which reads rest
	}
	if c.sending == nil {
		c.sent = 0
	}
	c.sending = c.sending.Grow(len(c.rest))
	c.sending.Bytes = append(c.sending.Bytes, c.rest...)
	c.rest = nil
}

// Of at least splitFrom octets of rest, aheadPiece leave first: the peer reads them
// while the kernel still takes the others. That saves a fifth of an echo of 1 MiB.
const (
	splitFrom  = 256 << 10
	aheadPiece = 64 << 10
)

// takeBack is the end of what BeginWrite began. The caller holds mu.
func (c *Conn) takeBack(out []byte) {
	c.appended += uint64(len(out) - len(c.out.Bytes))
	c.out.Bytes = out
	if len(out) == 0 {
		c.out.Release()
		c.out = nil
	}
}

// Unsent returns the number of octets in the write buffer.
func (c *Conn) Unsent() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return int(c.appended - c.written)
}

// Flush returns when all that was appended before the call has been handed to
// the socket, by this goroutine or by another one that was at it already. A
// write that has to wait for the socket may take as long as SetWriteTimeout allows.
func (c *Conn) Flush() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.written == c.appended {
		return nil
	}
	return c.flushTo(c.appended, ownDeadline)
}

// flushBeforeWait is Flush for the goroutine that reads, and tells whether that
// has sent something. If another one is writing, or waits for its turn to, the
// reader leaves its octets to that one and goes on to read: otherwise two peers,
// each of which has a large message on its way to the other, would both be busy
// writing, and nobody would read.
func (c *Conn) flushBeforeWait() (sent bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.writing || c.waiting > 0 {
		c.handed = c.appended
		return false, nil
	}
	before := c.written
	err = c.flushTo(c.appended, ownDeadline)
	// tour 3.9, if 0 < before && before < c.written: the 101 has left before, and now the frame; the next wait begins
	//	before = 166, c.written = 188
	return c.written > before, err
}

// flushUnlessFailed is Flush for a connection that is about to be closed: a peer
// that has let one write time out does not get the same time again.
func (c *Conn) flushUnlessFailed() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed {
		return errWriteFailed
	}
	return c.flushTo(c.appended, ownDeadline)
}

var errWriteFailed = errors.New("bufconn: an earlier write failed")

// FlushUnderDeadline is Flush for a program that set its own deadline with
// SetWriteDeadline: it fails with a time-out when that deadline passes, while
// waiting for its turn too. What has not been sent stays in the buffer, so that
// the next flush goes on where this one stopped, in the middle of a message if
// need be.
func (c *Conn) FlushUnderDeadline() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.flushTo(c.appended, callerDeadline)
}

// flushTo returns when the first target octets have been written. The caller
// holds mu; it is released while waiting and while the socket is written to,
// so that others can append meanwhile: whoever writes next takes theirs along.
func (c *Conn) flushTo(target uint64, kind deadlineKind) error {
	for c.written < max(target, c.handed) && c.written < c.appended {
		if kind == callerDeadline && c.deadlines.writePassed() {
			return os.ErrDeadlineExceeded
		}
		if c.writing {
			c.waiting++
			c.turn.Wait()
			c.waiting--
			continue
		}
		if err := c.writeOnce(kind); err != nil {
			return err
		}
	}
	return nil
}

// writeOnce hands the oldest unsent octets to the socket, however many messages they
// hold: at first without waiting, and, if nothing leaves so, with net.Conn's Write, which
// waits, under a deadline.
func (c *Conn) writeOnce(kind deadlineKind) error {
	unsent, rest := c.oldestUnsent()
	// tour 1.9: none is left: before it waits for more, the goroutine sends all there is, in one write
	//	len(unsent) = 114, string(unsent[0:15]) = "HTTP/1.1 200 OK"
	c.writing = true
	var n int
	var err error
	// After Interrupt every write is to meet the deadline that it has set.
	if len(unsent)+len(rest) <= maxAtOnce && !c.deadlines.interrupted {
		c.mu.Unlock()
		n, err = c.writeNow()
		c.mu.Lock()
	}
	if n == 0 && err == nil {
		n, err = c.writeInTime(unsent, rest, kind)
	}
	c.writing = false
	if c.allowForStoppedWrite(err, kind) {
		err = nil // the rest goes on under the deadline as it is now
	}
	c.failed = c.failed || err != nil && kind == ownDeadline
	c.noteSent(n)
	c.clearWriteDeadline()
	c.turn.Broadcast()
	return err
}

// maxAtOnce is how much one system call moves at most of which the runtime does not
// know (see socket_linux.go): while the kernel copies it, this processor runs no other
// goroutine, for some 0.2 ms. What is larger, writeOnce leaves to net.Conn. With 128 KiB
// a message of 1 MiB takes 355 µs in place of 303.
const maxAtOnce = 1 << 20 // octets

// writeInTime waits for a socket that takes nothing at once, for as long as the
// deadline allows. The caller holds mu, which is released meanwhile.
func (c *Conn) writeInTime(unsent, rest []byte, kind deadlineKind) (n int, err error) {
	c.armWrite(kind)
	c.mu.Unlock()
	defer c.mu.Lock()
	if len(rest) == 0 {
		return c.conn.Write(unsent)
	}
	return c.sending.writeWith(c.conn, unsent, rest)
}

// oldestUnsent returns the octets that are to leave next, which may be in two
// pieces of memory. The caller holds mu, as does that of noteSent. While writing is set
// it may be called again without: then there is nothing to be moved to sending any more.
func (c *Conn) oldestUnsent() (unsent, rest []byte) {
	switch {
	case c.sending == nil && len(c.rest) > 0:
		return c.rest, nil
	case c.sending == nil:
		c.sending, c.sent, c.out = c.out, 0, nil
	case !c.gathers: // rest leaves when sending has
	case len(c.rest) >= splitFrom:
		rest = c.rest[:aheadPiece]
	default:
		rest = c.rest
	}
	return c.sending.Bytes[c.sent:], rest
}

// noteSent notes that the first n octets of oldestUnsent have left.
func (c *Conn) noteSent(n int) {
	c.written += uint64(n)
	if c.sending != nil {
		fromSending := min(n, len(c.sending.Bytes)-c.sent)
		n -= fromSending
		if c.sent += fromSending; c.sent == len(c.sending.Bytes) {
			c.sending.Release()
			c.sending = nil
		}
	}
	c.rest = c.rest[n:]
}

// TryFlush hands what is unsent to the socket as far as that takes it at once,
// and tells whether it took all. It waits for nobody; for the rest, and for
// connections without a descriptor, there is Flush.
func (c *Conn) TryFlush() (all bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.written < c.appended {
		if c.writing || c.waiting > 0 {
			return false
		}
		n, _ := c.writeNow() // an error is found again by the next write
		c.noteSent(n)
		if n == 0 {
			return false
		}
	}
	return true
}

// Retract takes the octets between two values of EndWrite's count out of the
// buffer again, if none of them has been sent, and tells whether it did. So a
// write that timed out before its frame began to leave has written nothing.
func (c *Conn) Retract(start, end uint64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.writing || c.written > start {
		return false
	}
	buffer, base := c.sending, c.written-uint64(c.sent)
	if c.sending == nil || end > base+uint64(len(c.sending.Bytes)) {
		buffer, base = c.out, c.appended-uint64(len(c.out.Bytes))
	}
	if start < base {
		return false
	}
	from, to := int(start-base), int(end-base)
	buffer.Bytes = append(buffer.Bytes[:from], buffer.Bytes[to:]...)
	c.appended -= end - start
	if c.sending != nil && c.sent == len(c.sending.Bytes) {
		c.sending.Release()
		c.sending = nil
	}
	return true
}

// WriteError is a write that failed where a read was asked for: the peer did not
// take our octets in time, or is gone. IsTimeout is false for it.
type WriteError struct{ Err error }

// Error returns what the write said.
func (e *WriteError) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *WriteError) Unwrap() error { return e.Err }
