package bufconn

import (
	"errors"
	"time"
)

// A connection that waits costs its goroutine, which is a stack of 4 KiB for as
// long as it lives. So one that has been silent for parkAfter is parked: its
// goroutine ends, the connection's descriptor goes to an epoll instance of our
// own, and when octets come, or the deadline passes, or somebody closes the
// connection, it gets a new goroutine, which goes on where the old one was. With
// 10,000 idle connections that is 40 MB saved; a busy one never notices.
//
//	Loop ──▶ silent for parkAfter ──▶ ErrParked, the goroutine ends
//	  ▲                                        │ parkingLot
//	  └──── go resume() ◀── octets, deadline, Close, Interrupt
//
// Only Linux has epoll, and only a socket has a descriptor that we may watch: any
// other connection keeps its goroutine.

// ErrParked is what Loop returns when the connection has been parked. Whoever gets
// it must not touch the connection any more: it belongs to another goroutine.
var ErrParked = errors.New("bufconn: the connection is parked")

// parkAfter is how long a connection that ReadWithin waits for is silent before it
// is parked (up to an eighth longer). Parking and waking take about as long as ten
// small messages.
const parkAfter = 500 * time.Millisecond

// errIdle says that a connection may be parked now.
var errIdle = errors.New("bufconn: idle")

// AllowParking lets Loop park the connection; when it is to go on, resume is called
// in a goroutine of its own. It has to call Loop again, with the same step. It is
// called before use.
func (c *Conn) AllowParking(resume func()) {
	if c.canPark() {
		c.resume = resume
	}
}

// timeToPark tells whether err is a time-out that the socket was given to park the
// connection, and no deadline's.
func (c *Conn) timeToPark(err error) bool {
	d := &c.deadlines
	return c.resume != nil && !d.socketRead.Equal(d.readArmed) && IsTimeout(err) && !c.interrupted()
}

// nothingUnderWay tells whether nothing is buffered in either direction.
func (c *Conn) nothingUnderWay() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.in == nil && c.written == c.appended && !c.writing
}
