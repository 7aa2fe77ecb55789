//go:build unix

package bufconn

import "syscall"

// writeNow hands the socket as much of oldestUnsent as that takes without waiting,
// and returns how many octets that was: none if there is no descriptor, or the
// socket is full. What never waits needs no deadline, nor RawConn.Write, which looks
// for one. The caller holds mu, or has set writing.
func (c *Conn) writeNow() (n int, err error) {
	if c.socket.raw == nil {
		return 0, nil
	}
	if c.socket.write == nil {
		c.socket.write = c.writeOctets
	}
	c.socket.taken, c.socket.writeErr = 0, nil
	c.socket.raw.Control(c.socket.write) // takes nothing of a closed one, which the next write finds out
	return c.socket.taken, c.socket.writeErr
}

// writeOctets is what RawConn.Control calls.
func (c *Conn) writeOctets(descriptor uintptr) {
	unsent, rest := c.oldestUnsent()
	n, err := sendNow(descriptor, unsent, rest)
	if err != nil && err != syscall.EAGAIN {
		c.socket.writeErr = c.socketError("write", err)
	}
	c.socket.taken = n
}
