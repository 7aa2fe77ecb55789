package bufconn

import (
	"net"
	"time"
)

// The socket's deadline is moved as seldom as possible, because a move takes a lock of the
// runtime's timers. A new deadline that is later does not move it. So the socket's deadline
// may fire too early: then the reader moves it, and continues to wait. A busy connection
// moves it twice a second, not with every message.

// SetReadDeadline makes Fill, AwaitNext and Read fail with a timeout from t on, as the
// Read of a net.Conn does. The zero time means never.
func (c *Conn) SetReadDeadline(t time.Time) {
	c.deadline = t
	if !t.IsZero() && (c.armed.IsZero() || t.Before(c.armed)) {
		c.rearm(t)
	}
}

// QuietSince returns when the present silence began: at the first call of QuietSince or
// AwaitNext after the last bytes were read. The silence lasts until bytes arrive, also
// while the connection is parked.
//
// QuietSince first sends what is in the write buffer, because a peer that reads slowly is
// not silent. If that fails, the next Fill reports it.
func (c *Conn) QuietSince() time.Time {
	if c.quietSince.IsZero() {
		c.flushBeforeWait()
		c.quietSince = time.Now()
	}
	return c.quietSince
}

// parkOrDeadline returns when to look whether the connection may be parked, or the read
// deadline if that comes first.
func (c *Conn) parkOrDeadline(now time.Time) time.Time {
	look := now.Add(parkAfter)
	if !c.parks || !c.deadline.IsZero() && c.deadline.Before(look) {
		return c.deadline
	}
	return look
}

// rearm moves the socket's deadline.
func (c *Conn) rearm(deadline time.Time) {
	c.armed = deadline
	c.conn.SetReadDeadline(deadline)
	if c.interrupted.Load() {
		c.conn.SetReadDeadline(longAgo) // which we have just undone
	}
}

// firedEarly reports whether err is a timeout that came before the read deadline.
func (c *Conn) firedEarly(err error) bool {
	return IsTimeout(err) && !c.interrupted.Load() && (c.deadline.IsZero() || time.Now().Before(c.deadline))
}

// longAgo is a deadline that has passed.
var longAgo = time.Unix(1, 0)

// Interrupt makes the reader's wait fail with a timeout, and every later wait too, until
// Resume is called. A connection that is parked is resumed. Any goroutine may call it.
func (c *Conn) Interrupt() {
	c.interrupted.Store(true)
	c.conn.SetReadDeadline(longAgo)
	c.conn.Wake()
}

// Resume reports whether a wait failed with err because of Interrupt. If so, it ends the
// effect of Interrupt, and the reader can wait again.
func (c *Conn) Resume(err error) bool {
	if !IsTimeout(err) || !c.interrupted.Swap(false) {
		return false
	}
	c.rearm(c.deadline)
	return true
}

// IsTimeout reports whether err says that a deadline has passed.
func IsTimeout(err error) bool {
	timeout, ok := err.(net.Error)
	return ok && timeout.Timeout()
}
