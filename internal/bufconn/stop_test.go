package bufconn

import (
	"net"
	"testing"
	"time"
)

// TestDeadlineAllowsForStop: a deadline that passes is moved by as long as the
// process stood still, once, and then it holds.
func TestDeadlineAllowsForStop(t *testing.T) {
	defer WatchForStops()()
	eachForm(t, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		const limit, stop = 50 * time.Millisecond, 300 * time.Millisecond
		start := time.Now()
		c.ReadFor(limit)
		stops.total.Add(int64(stop)) // as if it had
		err := c.Fill()
		if took := time.Since(start); !IsTimeout(err) || took < limit+stop || took > limit+stop+5*time.Second {
			t.Errorf("Fill returned %v after %v, want a time-out after %v", err, took, limit+stop)
		}
		start = time.Now()
		c.ReadFor(limit)
		err = c.Loop(c.Fill)
		if took := time.Since(start); !IsTimeout(err) || took >= limit+stop {
			t.Errorf("nothing stood still: the loop returned %v after %v, want a time-out after %v", err, took, limit)
		}
	})
}

// TestInterruptIsNoStop: a deadline that Interrupt sets is not forgiven.
func TestInterruptIsNoStop(t *testing.T) {
	defer WatchForStops()()
	eachForm(t, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		c.ReadFor(time.Hour)
		stops.total.Add(int64(time.Minute))
		c.Interrupt()
		if err := loopResult(t, c, c.Fill); !IsTimeout(err) {
			t.Errorf("the loop returned %v, want a time-out", err)
		}
	})
}
