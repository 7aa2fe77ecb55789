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

// pace is how often the ticker ticks, and how late a tick has to be to count.
type pace struct{ tick, shortestStop time.Duration }

var (
	// A busy machine makes ticks late, too, but seldom by a second.
	usualPace = pace{tick: 250 * time.Millisecond, shortestStop: time.Second}

	// A person who goes from line to line stops the process for less than that, and
	// often. In a debugger a busy machine is forgiven as well.
	debuggedPace = pace{tick: 5 * time.Millisecond, shortestStop: 25 * time.Millisecond}
)

// paceNow returns the pace to go on with.
func paceNow() pace {
	if inDebugger() {
		return debuggedPace
	}
	return usualPace
}

// lookAgain is how long a debugger that has come or gone may go unnoticed. One that
// comes stops the process at first, which is noticed by the next tick.
const lookAgain = 10 * time.Second

// stops is what the tickers know.
var stops struct {
	watchers atomic.Int32
	latest   atomic.Pointer[stopClock]
}

// stopClock is how the last tick left things. It is never changed.
type stopClock struct {
	ticked   time.Duration // when that was, since epoch
	stopped  time.Duration // how long the process had stood still by then
	shortest time.Duration // how late the next one has to be to count
}

// epoch has a reading of the monotonic clock, from which ticks count.
var epoch = time.Now()

// stoppedBy returns how long the process had stood still at a time since epoch.
func (c *stopClock) stoppedBy(now time.Duration) time.Duration {
	if late := now - c.ticked; late >= c.shortest {
		return c.stopped + late
	}
	return c.stopped
}

// WatchForStops makes deadlines allow for a process that was stopped, until the
// function that it returns is called. A program calls it once, at its start.
func WatchForStops() (end func()) {
	now := stopClock{ticked: time.Since(epoch), stopped: Stopped(), shortest: usualPace.shortestStop}
	stops.latest.Store(&now)
	stops.watchers.Add(1)
	ended := make(chan struct{})
	go watch(ended)
	return func() {
		stops.watchers.Add(-1)
		close(ended)
	}
}

func watch(ended <-chan struct{}) {
	pace := paceNow()
	ticker := time.NewTicker(pace.tick)
	defer ticker.Stop()
	looked := time.Since(epoch)
	for {
		select {
		case <-ended:
			return
		case <-ticker.C:
		}
		before, now := stops.latest.Load(), time.Since(epoch)
		if now-before.ticked > pace.tick+debuggedPace.shortestStop || now-looked > lookAgain {
			pace, looked = paceNow(), now
			ticker.Reset(pace.tick)
		}
		after := &stopClock{ticked: now, stopped: before.stoppedBy(now), shortest: pace.shortestStop}
		stops.latest.CompareAndSwap(before, after) // or else another watcher has ticked
	}
}

// Stopped returns for how long the process has stood still since WatchForStops,
// up to this moment: a deadline that has passed meanwhile may be looked at before
// the ticker runs again.
func Stopped() time.Duration {
	if stops.watchers.Load() == 0 {
		return 0
	}
	return stops.latest.Load().stoppedBy(time.Since(epoch))
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
	if kind != ownDeadline || !IsTimeout(err) || d.writeArmed.IsZero() || d.interrupted {
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
