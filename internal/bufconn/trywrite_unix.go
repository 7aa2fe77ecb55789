//go:build unix

package bufconn

import "syscall"

// writeNow writes as much of octets as the socket takes without waiting, and
// returns how many that was: none if there is no descriptor, or an error, which
// the next write finds as well. What never waits needs no deadline, nor
// RawConn.Write, which looks for one.
func (c *Conn) writeNow(octets []byte) int {
	if c.wait.raw == nil {
		return 0
	}
	if c.wait.write == nil {
		c.wait.write = c.writeOctets
	}
	c.wait.octets, c.wait.taken = octets, 0
	c.wait.raw.Control(c.wait.write)
	c.wait.octets = nil
	return c.wait.taken
}

func (c *Conn) writeOctets(descriptor uintptr) {
	n, err := syscall.Write(int(descriptor), c.wait.octets)
	for err == syscall.EINTR {
		n, err = syscall.Write(int(descriptor), c.wait.octets)
	}
	c.wait.taken = max(n, 0)
}
