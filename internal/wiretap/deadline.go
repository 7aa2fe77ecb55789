package wiretap

import "time"

// An expired write deadline must not stay on a TLS connection that is not writing: TLS
// answers some records of its peer during a Read (RFC 8446 §4.6.3), and if the deadline
// has passed by then, the answer fails and the connection is lost. bufconn prevents this
// if it has the TLS connection itself. With a tap it has not, so a Conn over TLS keeps
// the deadline and sets it only during a Write.

// SetWriteDeadline sets the deadline of Writes, including those in progress.
func (c *Conn) SetWriteDeadline(t time.Time) error {
	if !c.isTLS {
		return c.Conn.SetWriteDeadline(t)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writeDeadline = t
	if c.sending {
		return c.Conn.SetWriteDeadline(t)
	}
	return nil
}

// SetDeadline sets the deadline of Reads and Writes, including those in progress.
func (c *Conn) SetDeadline(t time.Time) error {
	if !c.isTLS {
		return c.Conn.SetDeadline(t)
	}
	if err := c.SetReadDeadline(t); err != nil {
		return err
	}
	return c.SetWriteDeadline(t)
}

// arm sets the deadline on a TLS connection at the start of a Write, and disarm removes
// it at the end. The caller holds mu.
func (c *Conn) arm() {
	if c.isTLS && !c.writeDeadline.IsZero() {
		c.Conn.SetWriteDeadline(c.writeDeadline)
	}
}

func (c *Conn) disarm() {
	if c.isTLS && !c.writeDeadline.IsZero() {
		c.Conn.SetWriteDeadline(time.Time{})
	}
}
