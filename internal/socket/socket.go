package socket

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// Conn is a net.Conn whose Read and Write wait, with one write timeout for all
// writes. Over a TCP or Unix socket it can also write without waiting, wait without
// a buffer, and be parked. New returns one.
//
// One goroutine may read and one may write at a time; Close and Wake may be called
// by any goroutine.
type Conn struct {
	net.Conn
	raw          syscall.RawConn // gives access to the descriptor; nil in the plain form
	writeTimeout time.Duration   // 0: writes wait forever

	receive func(descriptor uintptr) (done bool) // receiveReady, for the reader
	await   func(descriptor uintptr) (done bool) // awaitReady; nil until the first Await
	in      call
	tries   bool // TryRead is reading
	peeked  bool // Await has found no bytes, and waits

	trySend  func(descriptor uintptr)             // sendOnce, for the writer
	send     func(descriptor uintptr) (done bool) // sendReady; nil until a Write has to wait
	out      call
	writeErr error // the error of the first failed write: no other write follows it

	parking parking
}

// call holds the arguments and the result of a system call. RawConn calls a function with
// the descriptor. That function is created once and uses this struct, because a new closure
// for each call would be an allocation.
type call struct {
	first, second []byte // the memory to receive into, or to send
	n             int
	err           error
}

// New returns a Conn over conn, which it owns from now on. writeTimeout limits how long a
// Write waits while the socket accepts no bytes; 0 means forever.
func New(conn net.Conn, writeTimeout time.Duration) *Conn {
	c := &Conn{Conn: conn, writeTimeout: writeTimeout}
	if c.raw = descriptorOf(conn); c.raw != nil {
		c.receive, c.trySend = c.receiveReady, c.sendOnce
	}
	return c
}

// descriptorOf gives access to the descriptor of a TCP or Unix socket. Any other net.Conn
// (a pipe, a connection that copies its traffic) must be used through its own methods, which
// may do more than read and write a descriptor.
func descriptorOf(conn net.Conn) (raw syscall.RawConn) {
	if !usesDescriptors {
		return nil
	}
	switch conn := conn.(type) { // an error means that conn is closed: raw is nil
	case *net.TCPConn:
		raw, _ = conn.SyscallConn()
	case *net.UnixConn:
		raw, _ = conn.SyscallConn()
	}
	return raw
}

// Read waits until bytes have arrived, or the read deadline passes, and reads them
// into p.
func (c *Conn) Read(p []byte) (int, error) {
	if c.raw == nil || len(p) == 0 {
		return c.Conn.Read(p)
	}
	c.in.first = p
	err := c.raw.Read(c.receive)
	c.in.first = nil // an idle connection must not keep the memory
	switch {
	case err != nil:
		return 0, named("read", err)
	case c.in.err == errWouldWait:
		return 0, nil // to TryRead
	case c.in.err != nil:
		return 0, c.failed("read", c.in.err)
	case c.in.n == 0:
		return 0, io.EOF
	}
	return c.in.n, nil
}

// HasDescriptor reports whether Await waits, and Park can park the connection.
func (c *Conn) HasDescriptor() bool { return c.raw != nil }

// TryRead is Read after Await. It returns 0 and no error instead of waiting, except without
// a descriptor, where Await does not wait.
func (c *Conn) TryRead(p []byte) (int, error) {
	c.tries = true
	n, err := c.Read(p)
	c.tries = false
	return n, err
}

// receiveReady receives bytes that have arrived. RawConn.Read calls it at once, and again
// whenever bytes may have arrived, until it returns true.
func (c *Conn) receiveReady(descriptor uintptr) (done bool) {
	c.in.n, c.in.err = receiveNow(descriptor, c.in.first)
	return c.in.err != errWouldWait || c.tries
}

// Await waits like Read, but reads nothing, so it needs no buffer. It returns nil when bytes
// or the end have arrived. In rare cases the poller reports bytes that were already read, so
// TryRead follows. Without a descriptor Await returns at once.
func (c *Conn) Await() error {
	if c.raw == nil {
		return nil
	}
	if c.await == nil {
		c.await = c.awaitReady
	}
	c.peeked = false
	if err := c.raw.Read(c.await); err != nil {
		return named("read", err)
	}
	if c.in.err != nil {
		return c.failed("read", c.in.err)
	}
	return nil
}

// awaitReady is receiveReady for Await. It peeks only before the wait; after the wait it
// leaves the check to Read.
func (c *Conn) awaitReady(descriptor uintptr) (done bool) {
	if c.peeked {
		c.in.err = nil
		return true
	}
	c.peeked = true
	c.in.err = peek(descriptor)
	return c.in.err != errWouldWait
}

// IsEmpty reports whether a Read would have to wait. It never waits itself. Without a
// descriptor it cannot know, and returns false.
func (c *Conn) IsEmpty() (empty bool) {
	if c.raw != nil {
		c.raw.Control(func(descriptor uintptr) { empty = peek(descriptor) == errWouldWait })
	}
	return empty
}

// Write writes all of p, however many system calls that takes, each under the write timeout.
func (c *Conn) Write(p []byte) (int, error) { return c.WriteBoth(p, nil) }

// headStart is how much of a large payload is sent first, with its header, in bytes: the
// peer can read it while the kernel is still copying the rest.
const headStart = 64 << 10

// WriteBoth writes first and then second. It saves copying a large payload into the same
// buffer as its header.
//
// After an error nothing more is sent. Otherwise TLS would send an alert after a record that
// may be incomplete, and wait for the write timeout a second time.
func (c *Conn) WriteBoth(first, second []byte) (n int, err error) {
	for len(first)+len(second) > 0 {
		if c.writeErr != nil {
			return n, c.writeErr
		}
		part := second
		if len(first) > 0 && len(second) > 4*headStart {
			part = second[:headStart]
		}
		accepted, err := c.TryWrite(first, part)
		if accepted == 0 && err == nil {
			accepted, err = c.waitAndWrite(first, second)
		}
		n += accepted
		if err != nil {
			c.writeErr = err
			return n, err
		}
		fromFirst := min(accepted, len(first))
		first, second = first[fromFirst:], second[accepted-fromFirst:]
	}
	return n, nil
}

// TryWrite writes as much of first and second as the socket accepts without waiting, and
// returns the number of bytes. It returns 0 if the socket is full, and always 0 without a
// descriptor.
func (c *Conn) TryWrite(first, second []byte) (int, error) {
	if c.raw == nil {
		return 0, nil
	}
	c.out.first, c.out.second = first, second
	// tour 1.9: flush before you wait: what is in the write buffer leaves with one system call
	err := c.raw.Control(c.trySend)
	c.out.first, c.out.second = nil, nil
	switch {
	case err != nil:
		return 0, named("write", err)
	case c.out.err != nil && c.out.err != errWouldWait:
		return 0, c.failed("write", c.out.err)
	}
	return c.out.n, nil
}

// sendOnce sends as much as the socket accepts.
func (c *Conn) sendOnce(descriptor uintptr) {
	c.out.n, c.out.err = sendNow(descriptor, c.out.first, c.out.second)
}

// maxPiece is the most that the plain form writes at a time, in bytes. The net.Conn must
// write a whole piece within the write timeout, so smaller pieces permit slower peers: 64
// KiB in 10 seconds are 6.5 KB per second.
const maxPiece = 64 << 10

// waitAndWrite waits, with the write timeout, until the socket has accepted some of first
// and second. The deadline is below TLS, so TLS sees a timeout only if the connection must
// end.
//
// After a timeout waitAndWrite closes the connection itself. TLS would not: while it reads,
// it answers each KeyUpdate of the peer, and if that write fails, it continues to read. So
// a peer that sends KeyUpdates and reads nothing would keep its connection.
func (c *Conn) waitAndWrite(first, second []byte) (n int, err error) {
	if c.writeTimeout > 0 {
		c.Conn.SetWriteDeadline(time.Now().Add(c.writeTimeout))
		defer func() {
			if errors.Is(err, os.ErrDeadlineExceeded) {
				c.Close()
			}
		}()
	}
	if c.raw == nil {
		if len(first) == 0 {
			first = second
		}
		return c.Conn.Write(first[:min(len(first), maxPiece)])
	}
	if c.send == nil {
		c.send = c.sendReady
	}
	c.out.first, c.out.second = first, second
	err = c.raw.Write(c.send)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		// The poller reports a socket as writable when a third of its send buffer is free,
		// which may be a megabyte. A slow peer may have accepted less than that.
		if failed := c.raw.Control(c.trySend); failed != nil || c.out.err != errWouldWait {
			err = failed
		}
	}
	c.out.first, c.out.second = nil, nil
	switch {
	case err != nil:
		return 0, named("write", err)
	case c.out.err != nil:
		return 0, c.failed("write", c.out.err)
	}
	return c.out.n, nil
}

// sendReady is sendOnce for RawConn.Write, which calls it until it returns true.
func (c *Conn) sendReady(descriptor uintptr) (done bool) {
	c.sendOnce(descriptor)
	return c.out.err != errWouldWait
}

// CloseWrite sends FIN and leaves the other direction open.
func (c *Conn) CloseWrite() error {
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if !ok {
		return errors.ErrUnsupported
	}
	return half.CloseWrite()
}

// Close closes the connection. If it is parked, Close resumes it, so that its goroutine
// notices.
func (c *Conn) Close() error {
	err := c.Conn.Close()
	c.Wake()
	return err
}

// failed returns the error of a system call in the same form as net.Conn does.
func (c *Conn) failed(operation string, err error) error {
	wrapped := &net.OpError{Op: operation, Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: os.NewSyscallError(operation, err)}
	if wrapped.Source != nil { // some systems cannot name a connection that was reset before it was accepted
		wrapped.Net = wrapped.Source.Network()
	}
	return wrapped
}

// named replaces the operation in an error of RawConn with the given one.
func named(operation string, err error) error {
	if failed, ok := err.(*net.OpError); ok {
		failed.Op = operation
	}
	return err
}
