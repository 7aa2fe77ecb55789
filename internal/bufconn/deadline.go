package bufconn

import (
	"net"
	"time"
)

// deadlines is the one owner of a connection's time-outs.
//
// A deadline is armed on the socket only when it has to move. Those that
// restart with every message (ReadWithin, the write time-out) are armed an
// eighth later than asked for and then left alone until less than what was
// asked for remains: such a time-out fires between d and 9/8 d, and a busy
// connection moves a timer a few times a minute, or, if it may be parked, some
// sixteen times a second, not with every message.
type deadlines struct {
	disabled     bool          // for a debugger: nothing here ever fires
	writeTimeout time.Duration // for each of our own writes; 0: no limit

	readArmed  time.Time // by when the next octets are to come; zero: no limit
	socketRead time.Time // what the socket has: readArmed, or earlier, to be parked
	writeArmed time.Time // what the socket has for writes; zero: none

	// How long the process had stood still by then; see stop.go.
	readStopped  time.Duration
	writeStopped time.Duration

	// Deadlines that the application set for itself (a Stream's), guarded by
	// Conn.mu.
	callerRead       time.Time
	callerWrite      time.Time
	callerWriteTimer *time.Timer
	callerIsWriting  bool
	interrupted      bool // Interrupt was called: FinishBy alone moves deadlines now
}

// DisableDeadlines makes the connection wait for ever, whatever it is told
// later: for a person who stands at a breakpoint. It is called before use.
func (c *Conn) DisableDeadlines() { c.deadlines.disabled = true }

// DeadlinesDisabled tells whether DisableDeadlines was called.
func (c *Conn) DeadlinesDisabled() bool { return c.deadlines.disabled }

// SetWriteTimeout bounds how long each write of Flush may wait for the socket; 0 means
// no bound. A peer that does not read would otherwise hold a goroutine, and what it was
// to be sent, for as long as it likes. It is called before use.
func (c *Conn) SetWriteTimeout(d time.Duration) { c.deadlines.writeTimeout = d }

// ReadWithin makes Fill, Wait and Read fail when nothing comes for d (up to an
// eighth longer). 0 means to wait for ever. A connection that may be parked is,
// while it waits so.
func (c *Conn) ReadWithin(d time.Duration) {
	if c.deadlines.disabled {
		return
	}
	now := time.Since(epoch)
	var by time.Time
	if d > 0 {
		by = lazily(c.deadlines.readArmed, now, d)
	}
	wake := by
	if c.resume != nil {
		wake = lazily(c.deadlines.socketRead, now, parkAfter)
		if !by.IsZero() && by.Before(wake) {
			wake = by
		}
	}
	c.armRead(by, wake)
}

// lazily returns the deadline for something that is to happen within d: the one that
// is armed, if that is between d and 9/8 d away, or else a new one. now is
// time.Since(epoch): that reads one clock, and time.Now two.
func lazily(armed time.Time, now, d time.Duration) time.Time {
	left := armed.Sub(epoch) - now
	// d + d/8 would overflow for the longest d there is.
	if armed.IsZero() || left < d || left-d > d/8 {
		return time.Now().Add(d).Add(d / 8)
	}
	return armed
}

// ReadFor makes Fill, Wait and Read fail d from now, to the moment, however many
// octets come until then. 0 means to wait for ever.
func (c *Conn) ReadFor(d time.Duration) {
	if d == 0 {
		c.ReadBy(time.Time{})
		return
	}
	c.ReadBy(time.Now().Add(d))
}

// ReadBy makes Fill, Wait and Read fail at t. The zero time means never.
func (c *Conn) ReadBy(t time.Time) {
	if !c.deadlines.disabled {
		c.armRead(t, t)
	}
}

// armRead notes by when octets are to come, and has the socket wake its reader at
// wake.
func (c *Conn) armRead(by, wake time.Time) {
	d := &c.deadlines
	if !d.readArmed.Equal(by) {
		d.readArmed, d.readStopped = by, Stopped()
	}
	if !d.socketRead.Equal(wake) {
		d.socketRead = wake
		c.conn.SetReadDeadline(wake)
	}
}

// rearmRead is ReadBy for a wait that goes on, and may have been ended by Interrupt
// meanwhile: that stays so.
func (c *Conn) rearmRead(by time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.deadlines.interrupted {
		c.armRead(by, by)
	}
}

// armWrite gives the socket the deadline under which the next write runs. The
// caller holds mu.
func (c *Conn) armWrite(kind deadlineKind) {
	d := &c.deadlines
	if d.interrupted {
		return
	}
	d.callerIsWriting = kind == callerDeadline
	if kind == callerDeadline {
		d.writeArmed = d.callerWrite
		c.conn.SetWriteDeadline(d.callerWrite)
		return
	}
	if d.disabled || d.writeTimeout == 0 {
		if !d.writeArmed.IsZero() {
			d.writeArmed = time.Time{}
			c.conn.SetWriteDeadline(time.Time{})
		}
		return
	}
	if by := lazily(d.writeArmed, time.Since(epoch), d.writeTimeout); by != d.writeArmed {
		d.writeArmed, d.writeStopped = by, Stopped()
		c.conn.SetWriteDeadline(by)
	}
}

// clearWriteDeadline takes the deadline off a TLS connection after each write:
// TLS answers some of its peer's records from within a read (RFC 8446 §4.6.3),
// and one that found a deadline over would end the connection. The caller holds
// mu.
func (c *Conn) clearWriteDeadline() {
	if c.isTLS && !c.deadlines.interrupted && !c.deadlines.writeArmed.IsZero() {
		c.deadlines.writeArmed = time.Time{}
		c.conn.SetWriteDeadline(time.Time{})
	}
}

// SetReadDeadline sets the application's own deadline for Wait, from any
// goroutine; one that waits now is woken. It is not to be mixed with
// ReadWithin and ReadBy.
func (c *Conn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.deadlines.interrupted {
		return nil
	}
	c.deadlines.callerRead = t
	return c.conn.SetReadDeadline(t)
}

// ReadDeadlinePassed tells whether the deadline of SetReadDeadline has passed:
// a reader then gets a time-out even if octets are buffered.
func (c *Conn) ReadDeadlinePassed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.deadlines.interrupted || passed(c.deadlines.callerRead)
}

// SetWriteDeadline sets the application's own deadline for FlushUnderDeadline,
// from any goroutine; one that flushes or waits for its turn now is woken. It
// does not touch a write that Flush makes for the protocol itself.
func (c *Conn) SetWriteDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := &c.deadlines
	if d.interrupted {
		return nil
	}
	d.callerWrite = t
	if d.callerWriteTimer != nil {
		d.callerWriteTimer.Stop()
	}
	if wait := time.Until(t); !t.IsZero() && wait > 0 {
		// Wakes those who wait for their turn; the socket wakes the one who writes.
		d.callerWriteTimer = time.AfterFunc(wait, c.wakeWriters)
	}
	c.turn.Broadcast()
	if c.writing && d.callerIsWriting {
		d.writeArmed = t
		return c.conn.SetWriteDeadline(t)
	}
	return nil
}

// wakeWriters lets everybody who waits for a turn look at the deadline again. It
// takes the lock, so that no wake-up is lost between a look and the wait.
func (c *Conn) wakeWriters() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn.Broadcast()
}

// WriteDeadlinePassed tells whether the deadline of SetWriteDeadline has passed:
// a writer then gets a time-out before anything is appended.
func (c *Conn) WriteDeadlinePassed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.deadlines.writePassed()
}

// writePassed tells whether the application's write deadline has passed. The
// caller holds mu.
func (d *deadlines) writePassed() bool {
	return d.interrupted || passed(d.callerWrite)
}

// IsTimeout tells whether err says that a deadline passed.
func IsTimeout(err error) bool {
	timeout, ok := err.(net.Error)
	return ok && timeout.Timeout()
}

// deadlineKind says whose patience a write is bounded by.
type deadlineKind int

const (
	ownDeadline    deadlineKind = iota // the write time-out, counted from now
	callerDeadline                     // what SetWriteDeadline was given
)

// longAgo is a deadline that has passed on every clock.
var longAgo = time.Unix(1, 0)

// passed tells whether a deadline is set and over.
func passed(deadline time.Time) bool {
	return !deadline.IsZero() && !time.Now().Before(deadline)
}

// Interrupt wakes everybody who reads or writes, with a time-out, and keeps
// SetReadDeadline and SetWriteDeadline from undoing that. FinishBy follows.
func (c *Conn) Interrupt() {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := &c.deadlines
	d.interrupted = true
	if d.callerWriteTimer != nil {
		d.callerWriteTimer.Stop()
	}
	c.conn.SetDeadline(longAgo)
	c.turn.Broadcast()
	parkingLot.wake(c)
}

// interrupted tells whether Interrupt was called.
func (c *Conn) interrupted() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.deadlines.interrupted
}

// FinishBy gives the connection until t for its last octets in both
// directions, after Interrupt.
func (c *Conn) FinishBy(t time.Time) { c.conn.SetDeadline(t) }
