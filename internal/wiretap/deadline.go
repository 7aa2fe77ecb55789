package wiretap

import "time"

// A write deadline must not stand over a TLS connection that is not writing: TLS
// answers some of its peer's records from within a Read (RFC 8446 §4.6.3), and an
// answer that finds a deadline over ends the connection. bufconn takes care of
// that where it sees the TLS connection. Behind a tap it does not, so a Conn over
// TLS keeps the deadline to itself and hands it on for the time of a Write.

// SetWriteDeadline ends Writes at t, those under way included.
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

// SetDeadline ends Reads and Writes at t, those under way included.
func (c *Conn) SetDeadline(t time.Time) error {
	if !c.isTLS {
		return c.Conn.SetDeadline(t)
	}
	if err := c.SetReadDeadline(t); err != nil {
		return err
	}
	return c.SetWriteDeadline(t)
}

// arm puts the deadline on a TLS connection at the start of a Write, and disarm
// takes it off at the end. The caller holds mu.
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
