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
		pretendStop(stop)
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
		pretendStop(time.Minute)
		c.Interrupt()
		if err := loopResult(t, c, c.Fill); !IsTimeout(err) {
			t.Errorf("the loop returned %v, want a time-out", err)
		}
	})
}

// pretendStop lets the watcher think that the process has stood still.
func pretendStop(d time.Duration) {
	for {
		before := stops.latest.Load()
		after := *before
		after.stopped += d
		if stops.latest.CompareAndSwap(before, &after) {
			return
		}
	}
}

// TestStopClock: a tick that is late counts whole, one that is nearly in time does
// not, and a deadline that is looked at before the tick counts the same.
func TestStopClock(t *testing.T) {
	c := stopClock{ticked: time.Hour, stopped: time.Minute, shortest: usualPace.shortestStop}
	for _, test := range []struct{ late, want time.Duration }{
		{0, time.Minute},
		{usualPace.tick, time.Minute},
		{usualPace.shortestStop - 1, time.Minute},
		{usualPace.shortestStop, time.Minute + usualPace.shortestStop},
		{5 * time.Second, time.Minute + 5*time.Second},
	} {
		if got := c.stoppedBy(time.Hour + test.late); got != test.want {
			t.Errorf("%v after the last tick the process has stood still for %v, want %v", test.late, got, test.want)
		}
	}
}

// TestTimer: a timer runs as much longer as the process stood still, once.
func TestTimer(t *testing.T) {
	defer WatchForStops()()
	const limit, stop = 50 * time.Millisecond, 300 * time.Millisecond
	for _, test := range []struct {
		name           string
		stopped, least time.Duration
	}{
		{"nothing stood still", 0, limit},
		{"the process did", stop, limit + stop},
	} {
		expired := make(chan time.Time, 1)
		start := time.Now()
		AfterFunc(limit, func() { expired <- time.Now() })
		pretendStop(test.stopped)
		if took := (<-expired).Sub(start); took < test.least || took > test.least+5*time.Second {
			t.Errorf("%s: it expired after %v, want %v", test.name, took, test.least)
		}
	}
}

// TestTimerStop: a timer that was stopped while it allowed for the process does not
// expire.
func TestTimerStop(t *testing.T) {
	defer WatchForStops()()
	timer := AfterFunc(time.Hour, func() { t.Error("it expired") })
	pretendStop(time.Hour)
	if !timer.goesOn() {
		t.Error("it did not allow for the process")
	}
	timer.Stop()
	timer.fire()
}
