//go:build unix

package bufconn

import "syscall"

// writeNow hands the socket as much of oldestUnsent as that takes without waiting,
// and returns how many octets that was: none if there is no descriptor, or the
// socket is full. What never waits needs no deadline, nor RawConn.Write, which looks
// for one. The caller holds mu, or has set writing.
func (c *Conn) writeNow() (n int, err error) {
	if c.wait.raw == nil {
		return 0, nil
	}
	if c.wait.write == nil {
		c.wait.write = c.writeOctets
	}
	c.wait.taken, c.wait.writeErr = 0, nil
	c.wait.raw.Control(c.wait.write) // of a closed one nothing is taken, and the next write finds it out
	return c.wait.taken, c.wait.writeErr
}

// writeOctets is what RawConn.Control calls. It sends a piece of what is too much for
// one system call.
func (c *Conn) writeOctets(descriptor uintptr) {
	unsent, rest := c.oldestUnsent()
	if len(unsent)+len(rest) > maxAtOnce {
		unsent, rest = unsent[:min(len(unsent), maxAtOnce)], nil
	}
	n, err := send(descriptor, unsent, rest)
	if err != nil && err != syscall.EAGAIN {
		c.wait.writeErr = c.socketError("write", err)
	}
	c.wait.taken = n
}
