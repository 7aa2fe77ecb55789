package bufconn

import (
	"sync/atomic"
	"time"
)

// A time-out is meant for a peer that is slow. When our own process was stopped,
// by a debugger or by SIGSTOP, the clock has run on and the peer is not to blame:
// so a deadline that passes is moved by as long as the process stood still since
// it was set. A ticker finds that out: a tick that comes far too late says for how
// long nothing ran.

const (
	tick = 250 * time.Millisecond

	// shortestStop is how late a tick has to be to count. A busy machine makes
	// ticks late, too, but seldom by a second.
	shortestStop = time.Second
)

// stops is what the ticker knows: times in nanoseconds.
var stops struct {
	watchers atomic.Int32
	lastTick atomic.Int64 // since epoch
	total    atomic.Int64 // how long the process has stood still so far
}

// epoch has a reading of the monotonic clock, from which ticks count.
var epoch = time.Now()

// WatchForStops makes deadlines allow for a process that was stopped, until the
// function that it returns is called. A program calls it once, at its start.
func WatchForStops() (end func()) {
	stops.lastTick.Store(int64(time.Since(epoch)))
	stops.watchers.Add(1)
	ended := make(chan struct{})
	go watch(ended)
	return func() {
		stops.watchers.Add(-1)
		close(ended)
	}
}

func watch(ended <-chan struct{}) {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-ended:
			return
		case <-ticker.C:
			now := int64(time.Since(epoch))
			if late := now - stops.lastTick.Load(); late >= int64(shortestStop) {
				stops.total.Add(late)
			}
			stops.lastTick.Store(now)
		}
	}
}

// Stopped returns for how long the process has stood still since WatchForStops,
// up to this moment: a deadline that has passed meanwhile may be looked at before
// the ticker runs again.
func Stopped() time.Duration {
	if stops.watchers.Load() == 0 {
		return 0
	}
	total := stops.total.Load()
	if late := int64(time.Since(epoch)) - stops.lastTick.Load(); late >= int64(shortestStop) {
		total += late
	}
	return time.Duration(total)
}

// allowForStop tells whether the read deadline that has just passed is to be
// forgiven, and moves it then.
func (c *Conn) allowForStop(err error) bool {
	d := &c.deadlines
	if !IsTimeout(err) || d.readArmed.IsZero() || c.interrupted() {
		return false
	}
	moved := d.readArmed.Add(Stopped() - d.readStopped)
	if moved.Equal(d.readArmed) || !time.Now().Before(moved) {
		return false
	}
	c.rearmRead(moved)
	return true
}

// allowForStoppedWrite is allowForStop for a write of our own. The caller holds mu.
func (c *Conn) allowForStoppedWrite(err error, kind deadlineKind) bool {
	d := &c.deadlines
	if kind != ownDeadline || !IsTimeout(err) || d.writeArmed.IsZero() || d.closed {
		return false
	}
	stopped := Stopped()
	moved := d.writeArmed.Add(stopped - d.writeStopped)
	if moved.Equal(d.writeArmed) || !time.Now().Before(moved) {
		return false
	}
	d.writeArmed, d.writeStopped = moved, stopped
	c.conn.SetWriteDeadline(moved)
	return true
}
