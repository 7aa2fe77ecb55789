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
// writes. Over a TCP or Unix socket it can also try without waiting, wait without
// a buffer, and be parked. New makes one.
//
// One goroutine may read and one may write at a time; Close and Wake may be called
// by any goroutine.
type Conn struct {
	net.Conn
	raw          syscall.RawConn // the descriptor; nil if there is none that we may use
	writeTimeout time.Duration   // 0: writes wait forever

	receive func(descriptor uintptr) (done bool) // receiveReady, the reader's
	await   func(descriptor uintptr) (done bool) // awaitReady; nil until the first Await
	in      call
	peeked  bool // Await has found nothing, and waits

	trySend  func(descriptor uintptr)             // sendOnce, the writer's
	send     func(descriptor uintptr) (done bool) // sendReady; nil until a Write has to wait
	out      call
	writeErr error // of the write that failed: no other follows it

	parking parking
}

// call is the system call that a goroutine is making. RawConn takes a function
// that is given the descriptor; the arguments and the result stand here, and the
// function is made once, because a new one would be allocated for each call.
type call struct {
	first, second []byte // the memory to receive into, or to send
	n             int
	err           error
}

// New returns a Conn over conn, which it owns from now on. writeTimeout bounds how
// long a Write may wait without the socket accepting a byte; 0 means forever.
func New(conn net.Conn, writeTimeout time.Duration) *Conn {
	c := &Conn{Conn: conn, writeTimeout: writeTimeout}
	if c.raw = descriptorOf(conn); c.raw != nil {
		c.receive, c.trySend = c.receiveReady, c.sendOnce
	}
	return c
}

// descriptorOf gives access to the descriptor of a TCP or Unix socket. Any other
// net.Conn (a pipe, a connection that copies what passes) must be read through its
// Read method, which may do more than the descriptor shows.
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
	c.in.first = nil // which would keep the memory while the connection is idle
	switch {
	case err != nil:
		return 0, named("read", err)
	case c.in.err != nil:
		return 0, c.failed("read", c.in.err)
	case c.in.n == 0:
		return 0, io.EOF
	}
	return c.in.n, nil
}

// receiveReady receives what has arrived. RawConn.Read calls it at once, and again
// whenever bytes may have arrived, until it reports true.
func (c *Conn) receiveReady(descriptor uintptr) (done bool) {
	c.in.n, c.in.err = receiveNow(descriptor, c.in.first)
	return c.in.err != errWouldWait
}

// Await waits like Read, but reads nothing and so needs no memory. It returns nil when
// bytes or the end have arrived: the next Read does not wait, unless the runtime woke us
// for bytes that are already read, which is rare. Without a descriptor it returns at once.
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

// awaitReady is receiveReady for Await. It peeks once; after the wait, Read finds out.
func (c *Conn) awaitReady(descriptor uintptr) (done bool) {
	if c.peeked {
		c.in.err = nil
		return true
	}
	c.peeked = true
	c.in.err = peek(descriptor)
	return c.in.err != errWouldWait
}

// IsEmpty reports whether a Read would have to wait. It never waits itself. Without
// a descriptor nothing is known, and it reports false.
func (c *Conn) IsEmpty() (empty bool) {
	if c.raw != nil {
		c.raw.Control(func(descriptor uintptr) { empty = peek(descriptor) == errWouldWait })
	}
	return empty
}

// Write writes all of p, however many system calls that takes, each under the write timeout.
func (c *Conn) Write(p []byte) (int, error) { return c.WriteBoth(p, nil) }

// headStart is how much of a large payload leaves first, with its header, in bytes: the
// peer reads that while the kernel is still copying the rest.
const headStart = 64 << 10

// WriteBoth is Write for two pieces of memory, sent as one: so a large payload need
// not be copied to follow its header.
//
// After an error nothing more is sent. TLS, whose record may have been cut short, would
// send an alert after it, and wait for the write timeout a second time.
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

// TryWrite writes what the socket accepts of two pieces of memory without waiting,
// and returns how many bytes that was: 0 when it is full, and always without a
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

// sendOnce sends what the socket accepts.
func (c *Conn) sendOnce(descriptor uintptr) {
	c.out.n, c.out.err = sendNow(descriptor, c.out.first, c.out.second)
}

// maxPiece is the most that a plain Write is given at a time, in bytes. The net.Conn
// accepts a piece as a whole or the write timeout ends it, so the smaller it is, the
// slower a peer may be: 64 KiB in 10 seconds are 6.5 KB a second.
const maxPiece = 64 << 10

// waitAndWrite waits, under the write timeout, until the socket has accepted some of two
// pieces of memory. The deadline is below TLS, which never sees a write that timed out
// unless it is to end the connection. And it does end here: TLS answers a KeyUpdate in the
// middle of a read, and goes on reading if that write fails, so a peer that sends them and
// reads nothing would keep its connection.
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
		// which may be a megabyte. A slow peer may have taken less than that.
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

// sendReady is sendOnce for RawConn.Write, which calls it until it reports true.
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

// Close closes the connection. One that is parked is resumed, to find that out.
func (c *Conn) Close() error {
	err := c.Conn.Close()
	c.Wake()
	return err
}

// failed returns the error of a system call in the form that net.Conn gives it.
func (c *Conn) failed(operation string, err error) error {
	wrapped := &net.OpError{Op: operation, Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: os.NewSyscallError(operation, err)}
	if wrapped.Source != nil { // some systems cannot name a connection that was reset before it was accepted
		wrapped.Net = wrapped.Source.Network()
	}
	return wrapped
}

// named gives an error of RawConn the name of the operation that it stands for.
func named(operation string, err error) error {
	if failed, ok := err.(*net.OpError); ok {
		failed.Op = operation
	}
	return err
}
