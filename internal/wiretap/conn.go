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

// Conn is a net.Conn that reports to a Tap what passes through it. Tap.Wrap creates one.
// It behaves like the underlying connection, including errors and deadlines, and never
// waits for a sink.
//
// It does not implement syscall.Conn, even if the underlying connection does: the tap
// would not see bytes that are read from the descriptor.
type Conn struct {
	net.Conn
	tap    *Tap
	number int
	role   wsframe.Role

	reading sync.Mutex // allows one Read at a time, so that pieces are reported in order
	writing sync.Mutex // allows one Write at a time, for the same reason

	mu       sync.Mutex
	calls    int     // Reads and Writes in progress
	sending  bool    // a Write is in progress
	held     []Event // events of the other direction, until the Write returns
	holding  int     // bytes in held
	ended    [2]bool // indexed by annotate.Direction
	closed   bool    // Close was called
	reported bool    // the event of the close was sent
	failure  error   // the first error other than a timeout

	isTLS         bool
	writeDeadline time.Time // for TLS; see deadline.go
}

// maxHeld limits how many bytes of one direction are held back during a Write in the
// other. Without it, a peer that sends and does not read would fill the memory. After 64
// KiB the Write is stuck, and what arrives is not an answer to it.
const maxHeld = 64 << 10

// Number returns the number of this connection, as in Event.Conn.
func (c *Conn) Number() int { return c.number }

// NetConn returns the underlying connection. The tap does not see bytes that are read
// from it or written to it directly.
func (c *Conn) NetConn() net.Conn { return c.Conn }

// Read reads from the underlying connection, and reports the bytes that it read.
func (c *Conn) Read(b []byte) (int, error) {
	c.reading.Lock()
	defer c.reading.Unlock()
	c.begin(false)
	n, err := c.Conn.Read(b)

	c.mu.Lock()
	defer c.mu.Unlock()
	direction := inward(c.role)
	c.reportRead(direction, b[:n])
	if err == io.EOF && len(b) > 0 {
		c.reportEnd(direction)
	}
	c.keepError(err)
	c.done()
	return n, err
}

// Write writes to the underlying connection, and reports the bytes that it wrote.
func (c *Conn) Write(b []byte) (int, error) {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.begin(true)
	n, err := c.Conn.Write(b)

	c.mu.Lock()
	defer c.mu.Unlock()
	c.sending = false
	c.reportPiece(outward(c.role), b[:n])
	c.release()
	c.keepError(err)
	c.disarm()
	c.done()
	return n, err
}

// CloseWrite ends our direction and keeps the other one open. It returns
// errors.ErrUnsupported if the underlying connection cannot do that, such as a pipe.
func (c *Conn) CloseWrite() error {
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if !ok {
		return errors.ErrUnsupported
	}
	err := half.CloseWrite()
	if err == nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.reportEnd(outward(c.role))
	}
	return err
}

// Close closes the underlying connection. It reports the close once no Read or Write is
// in progress, because they may still return bytes.
func (c *Conn) Close() error {
	err := c.Conn.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	c.reportClosed()
	return err
}

// begin records that a Read or Write begins.
func (c *Conn) begin(write bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
	if write {
		c.sending = true
		c.arm()
	}
}

// done records that it has ended. The caller holds mu, as for all methods below.
func (c *Conn) done() {
	c.calls--
	c.reportClosed()
}

// reportRead reports bytes that were read. During a Write it holds them back: they may be the
// answer to the bytes being written, and must be reported after these.
func (c *Conn) reportRead(direction annotate.Direction, data []byte) {
	if !c.sending {
		c.reportPiece(direction, data)
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

// release reports what was held back.
func (c *Conn) release() {
	for _, event := range c.held {
		c.send(event)
	}
	c.held, c.holding = nil, 0
}

// reportPiece reports a copy of data.
func (c *Conn) reportPiece(direction annotate.Direction, data []byte) {
	if len(data) > 0 {
		c.send(Event{Kind: Bytes, Direction: direction, Bytes: append([]byte(nil), data...)})
	}
}

// reportEnd reports the end of a direction, unless it was reported before.
func (c *Conn) reportEnd(direction annotate.Direction) {
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

// reportClosed reports once that the connection is closed, if it is.
func (c *Conn) reportClosed() {
	if !c.closed || c.reported || c.calls > 0 {
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
	c.reported = true
}

// send passes an event to the tap.
func (c *Conn) send(event Event) {
	if !c.reported {
		event.Conn = c.number
		c.tap.send(event)
	}
}

// keepError keeps the first error after which the connection cannot be used.
func (c *Conn) keepError(err error) {
	if err == nil || c.failure != nil || err == io.EOF || errors.Is(err, os.ErrDeadlineExceeded) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, io.ErrClosedPipe) {
		return
	}
	c.failure = err
}

// newConn creates the Conn that Tap.Wrap returns.
func newConn(conn net.Conn, tap *Tap, number int, role wsframe.Role) *Conn {
	c := &Conn{Conn: conn, tap: tap, number: number, role: role}
	_, c.isTLS = conn.(*tls.Conn)
	return c
}
