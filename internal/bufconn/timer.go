package bufconn

import (
	"sync"
	"time"
)

// Timer is a time-out that is no deadline of a connection. Like those it allows for
// a process that was stopped: it does not run out while nobody could act.
type Timer struct {
	expire func()

	mu      sync.Mutex
	timer   *time.Timer
	stopped time.Duration // how long the process had stood still when timer was set
	ended   bool          // Stop was called
}

// AfterFunc calls expire in a goroutine of its own when d has passed, and for as long
// again as the process stood still meanwhile.
func AfterFunc(d time.Duration, expire func()) *Timer {
	t := &Timer{expire: expire}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.set(d, Stopped())
	return t
}

// set sets the timer. The caller holds mu.
func (t *Timer) set(d, stopped time.Duration) {
	t.stopped = stopped
	t.timer = time.AfterFunc(d, t.fire)
}

func (t *Timer) fire() {
	if !t.goesOn() {
		t.expire()
	}
}

// goesOn waits for as long again as the process stood still, and tells whether it
// does, or was stopped: then it does not expire now.
func (t *Timer) goesOn() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return true
	}
	stopped := Stopped()
	more := stopped - t.stopped
	if more > 0 {
		t.set(more, stopped)
	}
	return more > 0
}

// Stop keeps the timer from expiring, if it has not yet.
func (t *Timer) Stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
	t.timer.Stop()
}
