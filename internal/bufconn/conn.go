package bufconn

import (
	"errors"
	"io"
	"net"
	"sync/atomic"
	"time"

	"barewire/internal/socket"
)

// Conn is a buffered connection. New makes one.
//
// The read side (Buffered, Discard, Reserve, Fill, AwaitNext, Read, SetReadDeadline,
// QuietSince, Park) belongs to one goroutine at a time. The write side, Interrupt and
// Close(AtOnce) may be used by any number.
type Conn struct {
	conn *socket.Conn

	// The read side. in.Bytes[start:] has arrived and is not yet used.
	in    *Buffer // nil while nothing is buffered
	start int
	size  int // of the next read buffer: by how much the last one received at once

	deadline    time.Time // when Fill, AwaitNext and Read fail; zero: never
	armed       time.Time // the deadline that the socket has, often an earlier one; zero: none
	quietSince  time.Time // see QuietSince; zero while bytes are being handled
	interrupted atomic.Bool
	parks       bool // AwaitNext may return ErrIdle

	out outbox

	budget *Budget // for buffers above Uncharged bytes; nil: no limit
}

// New returns a buffered connection over conn, which it owns from now on.
func New(conn net.Conn) *Conn {
	c := new(Conn)
	if c.conn, _ = conn.(*socket.Conn); c.conn == nil {
		c.conn = socket.New(conn, 0)
	}
	c.out.to = c.conn
	c.out.progress.L = &c.out.mu
	return c
}

// SetBudget makes the connection share a budget with others. It is called before use.
func (c *Conn) SetBudget(budget *Budget) { c.budget = budget }

// Grow returns a buffer with the bytes of b, which may be nil, and room for at least extra
// more. That is b itself, or a larger buffer; then b has been released. If the connection's
// budget is used up, Grow returns nil and b stays as it was.
func (c *Conn) Grow(b *Buffer, extra int) *Buffer { return b.grow(extra, c.budget) }

// Release gives back what the connection holds. The goroutine that reads calls it last, when
// the connection is closed: nothing can be read any more, and nothing sent.
func (c *Conn) Release() {
	c.in.Release()
	c.in, c.start = nil, 0
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	c.out.unsent.Release()
	c.out.unsent, c.out.failed = nil, net.ErrClosed
}

// Buffered returns the bytes that have arrived and have not been discarded. They are
// valid until the next Fill, AwaitNext, Read or Reserve; the caller may change them
// in place (frames are unmasked there).
func (c *Conn) Buffered() []byte {
	if c.in == nil {
		return nil
	}
	return c.in.Bytes[c.start:]
}

// Discard drops the first n bytes of Buffered. Slices of them stay valid until the
// next Fill, AwaitNext, Read or Reserve.
func (c *Conn) Discard(n int) { c.start += n }

// Fill waits until more bytes have arrived than Buffered shows now. Before it waits it
// sends all that is in the write buffer: that is how a reply leaves without a timer.
//
// Its errors are:
//
//   - io.EOF: the peer will send no more.
//   - a timeout: the read deadline has passed.
//   - a *WriteError: sending failed, and nothing is left to read.
//   - ErrNoMemory: the read buffer is full, and the budget is used up.
func (c *Conn) Fill() error { // req: 9112-9.5-b
	return c.receive(c.flushBeforeWait(), true) // req: 6455-5.5.2-b
}

// receive puts bytes into the read buffer. It waits for them as read does, or, if waits is
// false, takes what has arrived since Await returned, which may be nothing.
func (c *Conn) receive(writeErr error, waits bool) error {
	c.compact()
	if c.in == nil {
		if c.in = NewBuffer(c.size, c.budget); c.in == nil {
			c.in = NewBuffer(0, nil)
		}
	}
	if len(c.in.Bytes) == cap(c.in.Bytes) {
		return ErrNoMemory // which compact did not get either
	}
	have := len(c.in.Bytes)
	free := c.in.Bytes[have:cap(c.in.Bytes)]
	var n int
	var err error
	if waits {
		n, err = c.read(free, writeErr)
	} else if n, err = c.conn.TryRead(free); n > 0 {
		c.quietSince, err = time.Time{}, nil
	}
	c.in.Bytes = c.in.Bytes[:have+n]
	switch {
	case have+n == 0:
		c.in.Release()
		c.in = nil
	case have == 0 && n == cap(c.in.Bytes):
		c.size = min(2*n, MaxRead)
	case have == 0 && n < cap(c.in.Bytes)/4:
		c.size = cap(c.in.Bytes) / 2
	}
	return err
}

// Read fills p with what is buffered, or else, without a detour through the buffer,
// with what the socket gives. It flushes, waits and fails as Fill does.
func (c *Conn) Read(p []byte) (int, error) {
	if n := copy(p, c.Buffered()); n > 0 {
		c.Discard(n)
		return n, nil
	}
	writeErr := c.flushBeforeWait()
	c.compact() // nothing is left in the read buffer, which may be large
	return c.read(p, writeErr)
}

// maxEmptyReads is how often in a row the Read of a net.Conn may achieve nothing: it returns
// neither bytes nor an error, as a pipe does after an empty write, or a timeout before the
// deadline. A net.Conn that does so more often is broken.
const maxEmptyReads = 100

// read waits for bytes, and reads them into p. writeErr is the error of the last write, or
// nil. After an error, read still returns what the peer has sent, except after a timeout.
func (c *Conn) read(p []byte, writeErr error) (int, error) {
	if writeErr != nil && IsTimeout(writeErr) {
		return 0, &WriteError{writeErr}
	}
	for range maxEmptyReads {
		n, err := c.conn.Read(p)
		switch {
		case n > 0:
			c.quietSince = time.Time{}
			return n, nil // an error that came with bytes comes again with the next read
		case c.firedEarly(err):
			c.rearm(c.deadline)
		case err != nil && writeErr != nil && !IsTimeout(err):
			return 0, &WriteError{writeErr} // the end, but the write's error says why
		case err != nil:
			return 0, err
		}
	}
	return 0, io.ErrNoProgress
}

// ErrIdle is what AwaitNext returns when the connection may be parked.
var ErrIdle = errors.New("bufconn: idle")

// parkAfter is how long a connection is silent before it may be parked. Parking and
// resuming cost about as much as ten small messages.
const parkAfter = 500 * time.Millisecond

// AllowParking lets AwaitNext return ErrIdle. It is called before use.
func (c *Conn) AllowParking() { c.parks = c.conn.HasDescriptor() }

// AwaitNext is Fill for the first byte of a request or a message. If bytes are buffered, it
// returns at once. It holds no buffer while it waits, where the system allows that. If
// AllowParking was called, it returns ErrIdle after half a second of silence with nothing
// unsent: then the caller calls Park.
func (c *Conn) AwaitNext() error {
	if len(c.Buffered()) > 0 {
		return nil
	}
	if err := c.flushBeforeWait(); err != nil {
		return c.receive(err, true)
	}
	c.compact() // gives the empty buffer back
	quietSince := c.QuietSince()
	if c.parks && (c.armed.IsZero() || c.armed.After(quietSince.Add(parkAfter))) {
		c.rearm(c.parkOrDeadline(time.Now()))
	}
	for {
		err := c.conn.Await()
		if err == nil {
			if err = c.receive(nil, false); err == nil && len(c.Buffered()) == 0 {
				continue // the poller was late: it reported bytes that had been read before
			}
		}
		if err == nil || !c.firedEarly(err) {
			return err
		}
		now := time.Now()
		if c.parks && now.Sub(quietSince) >= parkAfter && c.Unsent() == 0 {
			c.rearm(time.Time{})
			return ErrIdle
		}
		c.rearm(c.parkOrDeadline(now))
	}
}

// Park parks a connection for which AwaitNext has returned ErrIdle. If it returns true, the
// caller's goroutine must end and not use the connection again: when there is something to
// do, resume is called in a new goroutine, and must call AwaitNext again. If it returns
// false, the caller calls AwaitNext again, which never returns ErrIdle from now on.
func (c *Conn) Park(resume func()) bool {
	if !c.conn.Park(c.deadline, resume) {
		c.parks = false
		c.rearm(c.deadline)
		return false
	}
	if c.interrupted.Load() { // Interrupt came before, and had nothing to wake
		c.conn.Wake()
	}
	return true
}

// compact makes space after the buffered bytes. If there are none, it gives the buffer
// back. If they fill less than an eighth of a large buffer, it moves them to a smaller one
// (see Reserve). If little space is left after them, it moves them to the front; if the
// buffer is full, to a larger one. The slice that Buffered returned before is not valid
// afterwards.
func (c *Conn) compact() {
	if c.in == nil {
		return
	}
	buffered, capacity := c.in.Bytes[c.start:], cap(c.in.Bytes)
	switch {
	case len(buffered) == 0:
		c.in.Release()
		c.in, c.start = nil, 0
	case capacity > MinBuffer && len(buffered) < capacity/8:
		c.moveTo(NewBuffer(len(buffered)+1, c.budget))
	case c.start > 0 && len(c.in.Bytes) > capacity/2:
		c.in.Bytes, c.start = c.in.Bytes[:copy(c.in.Bytes, buffered)], 0
	case len(c.in.Bytes) == capacity:
		c.moveTo(NewBuffer(len(buffered)+1, c.budget))
	}
}

// moveTo moves the buffered bytes to another buffer, and reports whether there is one.
func (c *Conn) moveTo(buffer *Buffer) bool {
	if buffer == nil {
		return false
	}
	buffer.Bytes = append(buffer.Bytes, c.Buffered()...)
	c.in.Release()
	c.in, c.start = buffer, 0
	return true
}

// MaxRead is the largest read buffer that is taken before bytes have arrived, in
// bytes: it holds a message of 64 KiB with its header.
const MaxRead = 128 << 10

// Reserve makes space for n bytes, counted from the first buffered one. It reports false if
// n is more than MaxRead, more than eight times what is buffered (8 KiB is always allowed),
// or more than is left of the budget: a peer must send an eighth of the memory that it
// makes us hold. The slice that Buffered returned before is not valid afterwards.
func (c *Conn) Reserve(n int) bool {
	have := len(c.Buffered())
	switch {
	case n <= have || c.in != nil && n <= cap(c.in.Bytes)-c.start:
		return true
	case n > MaxRead || n > max(8*have, MinBuffer):
		return false
	}
	return c.moveTo(NewBuffer(n, c.budget))
}

// LocalAddr returns the address of this end.
func (c *Conn) LocalAddr() net.Addr { return c.conn.LocalAddr() }

// RemoteAddr returns the address of the peer.
func (c *Conn) RemoteAddr() net.Addr { return c.conn.RemoteAddr() }
