package wiretap

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"barewire/internal/annotate"
	"barewire/wsframe"
)

// Conn is a net.Conn that tells a Tap what passes through it. Tap.Wrap makes
// one. It does what the connection underneath does, errors and deadlines
// included, and waits for no sink.
//
// It shows no descriptor (syscall.Conn), although the connection underneath may
// have one: bytes read from that would pass by unseen.
type Conn struct {
	net.Conn
	tap    *Tap
	number int
	role   wsframe.Role

	reading sync.Mutex // one Read at a time, so that the pieces are told in order
	writing sync.Mutex // one Write at a time, likewise

	mu      sync.Mutex
	calls   int     // Reads and Writes under way
	sending bool    // a Write is under way
	held    []Event // of the other direction, until it has returned
	holding int     // bytes of held
	ended   [2]bool // by annotate.Direction
	closed  bool    // Close was called
	told    bool    // and its event has left
	failure error   // the first one that was no time-out

	isTLS         bool
	writeDeadline time.Time // for TLS; see deadline.go
}

// maxHeld bounds what is held back of one direction while a Write of the other
// is under way. A peer that reads nothing and sends for ever must not be kept for
// ever; and where 64 KiB have come, the Write is stuck, and what comes is no
// answer to it.
const maxHeld = 64 << 10

// Number returns the Conn of the connection's events.
func (c *Conn) Number() int { return c.number }

// NetConn returns the connection underneath. What is read from it or written to
// it is not told.
func (c *Conn) NetConn() net.Conn { return c.Conn }

// Read reads from the connection underneath, and tells what came.
func (c *Conn) Read(b []byte) (int, error) {
	c.reading.Lock()
	defer c.reading.Unlock()
	c.begin(false)
	n, err := c.Conn.Read(b)

	c.mu.Lock()
	defer c.mu.Unlock()
	direction := inward(c.role)
	c.report(direction, b[:n])
	if err == io.EOF && len(b) > 0 {
		c.tellEnd(direction)
	}
	c.keepError(err)
	c.done()
	return n, err
}

// Write writes to the connection underneath, and tells what of b has left.
func (c *Conn) Write(b []byte) (int, error) {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.begin(true)
	n, err := c.Conn.Write(b)

	c.mu.Lock()
	defer c.mu.Unlock()
	c.sending = false
	c.tellPiece(outward(c.role), b[:n])
	c.release()
	c.keepError(err)
	c.disarm()
	c.done()
	return n, err
}

// CloseWrite ends our direction and keeps the other one open. It fails with
// errors.ErrUnsupported where the connection underneath cannot do so (a pipe).
func (c *Conn) CloseWrite() error {
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if !ok {
		return errors.ErrUnsupported
	}
	err := half.CloseWrite()
	if err == nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.tellEnd(outward(c.role))
	}
	return err
}

// Close closes the connection underneath. That is told when no Read or Write is
// under way any more: bytes may still pass in them.
func (c *Conn) Close() error {
	err := c.Conn.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	c.tellClosed()
	return err
}

// begin notes that a Read or Write begins.
func (c *Conn) begin(write bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
	if write {
		c.sending = true
		c.arm()
	}
}

// done notes that it has ended. The caller holds mu, as do those of all methods
// below.
func (c *Conn) done() {
	c.calls--
	c.tellClosed()
}

// report reports bytes that were read, or holds them back for a moment: while a
// Write is under way, they may be the answer to it, which would then be told
// before the question.
func (c *Conn) report(direction annotate.Direction, data []byte) {
	if !c.sending {
		c.tellPiece(direction, data)
		return
	}
	if len(data) == 0 {
		return
	}
	c.held = append(c.held, Event{Kind: Bytes, Direction: direction, Bytes: append([]byte(nil), data...)})
	if c.holding += len(data); c.holding > maxHeld {
		c.release()
	}
}

// release tells what was held back.
func (c *Conn) release() {
	for _, event := range c.held {
		c.send(event)
	}
	c.held, c.holding = nil, 0
}

// tellPiece tells of bytes, of which it makes a copy.
func (c *Conn) tellPiece(direction annotate.Direction, data []byte) {
	if len(data) > 0 {
		c.send(Event{Kind: Bytes, Direction: direction, Bytes: append([]byte(nil), data...)})
	}
}

// tellEnd tells, once, that a direction has ended.
func (c *Conn) tellEnd(direction annotate.Direction) {
	if c.ended[direction] {
		return
	}
	c.ended[direction] = true
	event := Event{Kind: Ended, Direction: direction}
	if c.sending && direction == inward(c.role) {
		c.held = append(c.held, event)
		return
	}
	c.send(event)
}

// tellClosed tells, once, that the connection is closed, if it is.
func (c *Conn) tellClosed() {
	if !c.closed || c.told || c.calls > 0 {
		return
	}
	event := Event{Kind: Closed}
	if c.failure != nil {
		event.Err = c.failure.Error()
	}
	if isReset(c.failure) {
		event.Kind = Reset
	}
	c.send(event)
	c.told = true
}

// send hands an event to the tap.
func (c *Conn) send(event Event) {
	if !c.told {
		event.Conn = c.number
		c.tap.send(event)
	}
}

// keepError keeps the first error from which there is no way back.
func (c *Conn) keepError(err error) {
	if err == nil || c.failure != nil || err == io.EOF || errors.Is(err, os.ErrDeadlineExceeded) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, io.ErrClosedPipe) {
		return
	}
	c.failure = err
}

// newConn is the other half of Tap.Wrap.
func newConn(conn net.Conn, tap *Tap, number int, role wsframe.Role) *Conn {
	c := &Conn{Conn: conn, tap: tap, number: number, role: role}
	_, c.isTLS = conn.(*tls.Conn)
	return c
}
