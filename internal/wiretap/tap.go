package wiretap

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"barewire/internal/bufconn"
	"barewire/wsframe"
)

// Sink takes what passes through a Tap's connections.
type Sink interface {
	// Record takes events, in the order in which they happened, whatever
	// connections they belong to. It is called by one goroutine, and no connection
	// waits for it. Its error ends the sink: it gets no event any more.
	Record(events []Event) error
}

// Func is a Sink that is a function. It is called once for each event.
type Func func(event Event)

// Record calls f with each of the events.
func (f Func) Record(events []Event) error {
	for _, event := range events {
		f(event)
	}
	return nil
}

// Tap wraps connections, and hands what happens to them to its sinks. New makes
// one. Its methods may be called by any goroutine.
type Tap struct {
	report func(error)
	clock  func() time.Time
	start  time.Time // with a reading of the monotonic clock, if the clock gives one

	mu      sync.Mutex // held for moments only: never while a sink works
	conns   int        // so far
	outlets []*outlet
	closed  bool
	budget  *bufconn.Budget // nil: no limit but maxWaiting
}

// New returns a tap without sinks. report is told, once for each, of sinks that
// failed, in a goroutine of its own; nil means that nobody wants to know.
func New(report func(error)) *Tap { return NewWithClock(time.Now, report) }

// NewWithClock is New with another clock than time.Now, which never goes back.
func NewWithClock(clock func() time.Time, report func(error)) *Tap {
	if report == nil {
		report = func(error) {}
	}
	return &Tap{report: report, clock: clock, start: clock()}
}

// SetBudget makes what waits for the sinks share a budget with others. It is called
// before use.
func (t *Tap) SetBudget(budget *bufconn.Budget) { t.budget = budget }

// Start returns the time at which the tap was made, in whole microseconds: no
// event is older.
func (t *Tap) Start() time.Time { return wallClock(t.start) }

// Add gives the tap one more sink, which gets the events from now on. name says
// in a report which one it is.
func (t *Tap) Add(name string, sink Sink) {
	o := &outlet{tap: t, name: name, sink: sink, done: make(chan struct{})}
	o.changed.L = &t.mu
	t.mu.Lock()
	defer t.mu.Unlock()
	t.outlets = append(t.outlets, o)
	go o.run()
}

// Wrap returns conn with a tap on it. role is that of our own side, and says
// which way the octets go that are read and written. The Conn owns conn.
func (t *Tap) Wrap(conn net.Conn, role wsframe.Role) *Conn {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.conns++
	t.distribute(Event{Conn: t.conns, Kind: Opened, Peers: Peers{
		Role:   role,
		Local:  conn.LocalAddr().String(),
		Remote: conn.RemoteAddr().String(),
	}})
	return newConn(conn, t, t.conns, role)
}

// send gives an event its time and hands it to every sink.
func (t *Tap) send(event Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.distribute(event)
}

// distribute is send for a caller that holds mu.
func (t *Tap) distribute(event Event) {
	event.Time = wallClock(t.start.Add(t.clock().Sub(t.start)))
	for _, o := range t.outlets {
		o.put(event)
	}
}

// wallClock drops from a time all that a transcript does not keep.
func wallClock(t time.Time) time.Time { return t.UTC().Round(0).Truncate(time.Microsecond) }

// closeTime is how long Close waits for sinks: a terminal that was stopped with
// Ctrl-S must not keep the program from ending.
const closeTime = 2 * time.Second

// Close returns when the sinks have all that happened before, or with an error
// when they take too long for that. What happens later is told to nobody; the
// connections go on.
func (t *Tap) Close() error {
	t.mu.Lock()
	t.closed = true
	outlets := t.outlets
	for _, o := range outlets {
		o.changed.Signal()
	}
	t.mu.Unlock()

	timer := time.NewTimer(closeTime)
	defer timer.Stop()
	for _, o := range outlets {
		select {
		case <-o.done:
		case <-timer.C:
			return fmt.Errorf("%s: still busy after %v, so its end is missing", o.name, closeTime)
		}
	}
	return nil
}

// outlet is the way to one sink: a queue, and a goroutine that hands it over. So
// a sink that stands still holds up neither the connections nor other sinks.
type outlet struct {
	tap  *Tap
	name string
	sink Sink
	done chan struct{} // closed when the sink gets no event any more

	// Guarded by tap.mu, as changed is.
	changed sync.Cond // queue, or tap.closed
	queue   []Event
	waiting int  // octets, and what holds them, that the sink has not recorded yet
	off     bool // it failed
}

// maxWaiting bounds what waits for a sink, in octets. A terminal takes a
// megabyte a second, a connection brings a gigabyte: without a bound the trace of
// ten seconds would fill the memory. With it, a sink that falls so far behind is
// switched off: with a hole in it, what comes next would mean nothing.
const maxWaiting = 32 << 20

// eventSize is about what an event takes in memory beside its octets.
const eventSize = 200

// errBehind is why a sink is switched off that is too slow.
var errBehind = errors.New("it fell behind by more than 32 MiB")

// put queues an event. The caller holds tap.mu.
func (o *outlet) put(event Event) {
	if o.off || o.tap.closed {
		return
	}
	size := eventSize + len(event.Octets)
	switch {
	case o.waiting+size > maxWaiting:
		o.switchOff(errBehind)
		return
	case !o.tap.budget.Take(size):
		o.switchOff(bufconn.ErrNoMemory)
		return
	}
	o.waiting += size
	o.queue = append(o.queue, event)
	o.changed.Signal()
}

// drop is called when size octets do not wait any more. The caller holds tap.mu.
func (o *outlet) drop(size int) {
	o.waiting -= size
	o.tap.budget.Give(size)
}

// switchOff ends the sink. The caller holds tap.mu.
func (o *outlet) switchOff(err error) {
	if o.off {
		return
	}
	o.off, o.queue = true, nil
	o.changed.Signal()
	go o.tap.report(fmt.Errorf("%s switched off: %w", o.name, err))
}

// run hands the queue to the sink until that fails, or the tap is closed and the
// queue is empty.
func (o *outlet) run() {
	defer close(o.done)
	o.tap.mu.Lock()
	defer o.tap.mu.Unlock()
	defer func() { o.drop(o.waiting) }()
	for !o.off {
		if len(o.queue) == 0 {
			if o.tap.closed {
				return
			}
			o.changed.Wait()
			continue
		}
		events := o.queue
		o.queue = nil
		o.tap.mu.Unlock()
		err := o.sink.Record(events)
		o.tap.mu.Lock()
		if err != nil {
			o.switchOff(err)
		}
		for i := range events {
			o.drop(eventSize + len(events[i].Octets))
		}
	}
}
