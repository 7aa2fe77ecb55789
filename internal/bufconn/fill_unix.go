//go:build unix

package bufconn

import (
	"io"
	"net"
	"os"
	"syscall"
)

// rawSocket is the article's non-blocking socket, as Go's runtime has it.
//
// RawConn.Read calls a function with the descriptor; while that function
// returns false, the runtime parks the goroutine until the kernel says that the
// socket is readable, and calls it again. Between two calls readable holds no
// buffer: a connection that waits costs its goroutine and nothing else. With
// 10,000 idle connections of 8 KiB that is 80 MB saved.
type rawSocket struct {
	raw      syscall.RawConn
	callback func(descriptor uintptr) bool // what raw.Read was given last: a method value allocates
	stepping bool                          // callback is c.stepWhileReadable
	asked    bool                          // countRest was called
	counts   bool                          // the kernel says with each receive how much it has left
	n        int                           // what the last system call returned
	err      error

	// For the goroutine whose turn it is to write; see writenow_unix.go.
	write    func(descriptor uintptr) // c.writeOctets
	taken    int                      // how many octets the socket took
	writeErr error
}

// openSocket gets the descriptor of a TCP or Unix socket. Any other net.Conn
// (TLS, a pipe, one that records what passes) is read through its Read method,
// which may do more than the descriptor shows.
func (c *Conn) openSocket() {
	var raw syscall.RawConn
	var err error
	switch conn := c.conn.(type) {
	case *net.TCPConn:
		raw, err = conn.SyscallConn()
	case *net.UnixConn:
		raw, err = conn.SyscallConn()
	}
	if raw != nil && err == nil {
		c.socket = rawSocket{raw: raw}
	}
}

// filler returns c.readable, and stepper c.stepWhileReadable, for RawConn.Read.
func (c *Conn) filler() func(descriptor uintptr) bool {
	if c.socket.callback == nil || c.socket.stepping {
		c.socket.callback, c.socket.stepping = c.readable, false
	}
	return c.socket.callback
}

func (c *Conn) stepper() func(descriptor uintptr) bool {
	if c.socket.callback == nil || !c.socket.stepping {
		c.socket.callback, c.socket.stepping = c.stepWhileReadable, true
	}
	return c.socket.callback
}

// receive reads once, waiting if nothing is there.
func (c *Conn) receive() error {
	if c.socket.raw == nil {
		return c.receivePlain()
	}
	if err := c.socket.raw.Read(c.filler()); err != nil {
		return asRead(err)
	}
	return c.receiveError()
}

// readable reads what is there. It reports false to be called again when octets
// have come.
func (c *Conn) readable(descriptor uintptr) (done bool) {
	c.receiveInto(descriptor)
	return c.socket.err != syscall.EAGAIN
}

// receiveInto takes a buffer, reads what is there, and gives the buffer back if
// that was nothing.
func (c *Conn) receiveInto(descriptor uintptr) {
	if c.in == nil {
		c.in = NewBuffer(c.size)
	}
	have := len(c.in.Bytes)
	n, left, err := receiveNow(descriptor, c.in.Bytes[have:cap(c.in.Bytes)], c.socket.counts)
	c.in.Bytes = c.in.Bytes[:have+n]
	if have == 0 && n > 0 {
		c.fitSize(n)
	}
	if have+n == 0 {
		c.in.Release()
		c.in = nil
	}
	c.socket.n, c.socket.err = n, err
	c.drained = left == 0
}

// receiveError returns what the last receiveInto says about the connection.
func (c *Conn) receiveError() error {
	switch {
	case c.socket.err != nil:
		return c.socketError("read", c.socket.err)
	case c.socket.n == 0:
		return io.EOF
	}
	return nil
}

// socketError wraps what a system call returned as net.Conn's Read and Write would.
func (c *Conn) socketError(operation string, err error) error {
	return &net.OpError{Op: operation, Net: c.conn.LocalAddr().Network(),
		Source: c.conn.LocalAddr(), Addr: c.conn.RemoteAddr(),
		Err: os.NewSyscallError(operation, err)}
}

// asRead makes an error of RawConn.Read one of Read: how it was read is no news
// to the caller.
func asRead(err error) error {
	if failed, ok := err.(*net.OpError); ok {
		failed.Op = "read"
	}
	return err
}
