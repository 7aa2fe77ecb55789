//go:build unix

package bufconn

import (
	"io"
	"syscall"
)

// A server in the usual form makes two system calls to read one small message:
// one that brings it, and, when it has been answered, one that says that nothing
// more is there, whereupon the runtime parks the goroutine. Two things together
// save the second.
//
// The kernel says with the octets how many it has left (TCP_INQ, see
// socket_linux.go): after the last ones it need not be asked again.
//
// And it is one call of RawConn.Read that waits all the time. The runtime hears
// of octets once, when they come. A new call forgets what it has heard and asks
// the socket; but between two calls of the function given to RawConn.Read
// nothing is forgotten, so octets that come while step works are not missed when
// the function returns false without having asked. Therefore step is called from
// in there.
//
// The plain form is Loop with receivePlain, and serves where there is no
// descriptor. BenchmarkLoop: a small echo over loopback, both ends counted, takes
// 4.2 µs in place of 4.4, or, where system calls are dear, 17.5 in place of 18.7.

// receiveInLoop waits for octets and calls the loop's step with them, until that
// returns something else than ErrWait. The error says why there are none.
func (c *Conn) receiveInLoop() error {
	if c.socket.raw == nil {
		c.compact()
		return c.receive()
	}
	c.loop.inside = true
	err := c.socket.raw.Read(c.stepper())
	c.loop.inside = false
	return asRead(err)
}

// stepWhileReadable is what the runtime calls at first, and then whenever the
// socket has become readable. It reports false to be called again then.
//
// Nothing in it may wait for the socket or close it: RawConn.Read holds the lock
// for reading, and a Close waits for its end.
func (c *Conn) stepWhileReadable(descriptor uintptr) (done bool) {
	c.loop.descriptor, c.drained = descriptor, false
	if !c.socket.asked {
		c.socket.asked, c.socket.counts = true, countRest(descriptor)
	}
	for {
		if c.loop.direct {
			c.loop.direct = false // step calls Read again, which receives
		} else {
			c.compact()
			if c.receiveInto(descriptor); c.socket.err == syscall.EAGAIN {
				return false
			}
			c.loop.failure = c.receiveError()
		}
		if c.loop.result = c.loop.step(); c.loop.result != ErrWait || c.socket.raw == nil {
			return true
		}
		if c.loop.direct {
			return false // Read has found the socket empty
		}
		if c.drained {
			c.compact()
			return false
		}
	}
}

// readInLoop is Read within a Loop: it receives into p what is there.
func (c *Conn) readInLoop(p []byte) (int, error) {
	if err := c.takeFailure(); err != nil {
		return 0, err
	}
	if c.socket.raw == nil {
		return c.readDirectly(p)
	}
	c.loop.direct = true
	if !c.loop.inside || c.drained {
		return 0, ErrWait
	}
	n, left, err := receiveNow(c.loop.descriptor, p, c.socket.counts)
	if err == syscall.EAGAIN {
		return 0, ErrWait
	}
	c.loop.direct = false
	c.drained = left == 0
	switch {
	case err != nil:
		return 0, c.socketError("read", err)
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}
