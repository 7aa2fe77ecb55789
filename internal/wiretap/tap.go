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

// Sink receives the events of a Tap's connections.
type Sink interface {
	// Record takes events in the order in which they happened, of all connections.
	// It is called by one goroutine, and no connection waits for it. If it returns
	// an error, the sink gets no more events.
	Record(events []Event) error
}

// Tap wraps connections, and passes their events to its sinks. New creates one. Its
// methods may be called concurrently.
type Tap struct {
	report func(error)
	clock  func() time.Time
	start  time.Time // with a monotonic clock reading, if the clock returns one

	mu      sync.Mutex // held only briefly: never while a sink works
	conns   int        // so far
	outlets []*outlet
	closed  bool
	budget  *bufconn.Budget // nil: no limit but maxWaiting
}

// New returns a tap without sinks. It calls report, in a new goroutine, once for each sink
// that failed; report may be nil.
func New(report func(error)) *Tap { return NewWithClock(time.Now, report) }

// NewWithClock is like New, with a clock other than time.Now that never goes back.
func NewWithClock(clock func() time.Time, report func(error)) *Tap {
	if report == nil {
		report = func(error) {}
	}
	return &Tap{report: report, clock: clock, start: clock()}
}

// SetBudget makes what waits for the sinks share a budget with others. It is called
// before use.
func (t *Tap) SetBudget(budget *bufconn.Budget) { t.budget = budget }

// Start returns the time at which the tap was created, in whole microseconds. No event
// is older.
func (t *Tap) Start() time.Time { return wallClock(t.start) }

// Add adds a sink, which gets all events from now on. name is how reports call it.
func (t *Tap) Add(name string, sink Sink) {
	o := &outlet{tap: t, name: name, sink: sink, done: make(chan struct{})}
	o.changed.L = &t.mu
	t.mu.Lock()
	defer t.mu.Unlock()
	t.outlets = append(t.outlets, o)
	go o.run()
}

// Wrap returns conn with a tap on it. role is the role of our side; it decides the
// direction of the bytes that are read and written. The returned Conn owns conn.
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

// send sets the time of an event and passes it to every sink.
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

// wallClock returns t as a transcript stores it.
func wallClock(t time.Time) time.Time { return t.UTC().Round(0).Truncate(time.Microsecond) }

// closeTime is how long Close waits for the sinks: a terminal that was paused with Ctrl-S
// must not prevent the program from exiting.
const closeTime = 2 * time.Second

// Close waits until the sinks have all events so far. It returns an error if that takes too
// long. Later events are dropped; the connections continue.
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
			return fmt.Errorf("%s: still busy after %v, so its last events are missing", o.name, closeTime)
		}
	}
	return nil
}

// outlet connects the tap to one sink: it has a queue, and a goroutine that passes the
// events on. A sink that blocks delays neither the connections nor the other sinks.
type outlet struct {
	tap  *Tap
	name string
	sink Sink
	done chan struct{} // closed when the sink gets no more events

	// Guarded by tap.mu, which is also the lock of changed.
	changed sync.Cond // signals a change of queue or of tap.closed
	queue   []Event
	waiting int  // memory of the events that the sink has not recorded yet, in bytes
	off     bool // the sink is switched off
}

// maxWaiting limits the memory of the events that wait for a sink, in bytes. A terminal
// shows about a megabyte per second and a connection can carry a gigabyte: without a
// limit, a trace of ten seconds would fill the memory. A sink that is too slow is
// switched off, because a trace with a gap could not be understood.
const maxWaiting = 32 << 20

// eventSize is roughly the memory of an event without its bytes.
const eventSize = 200

// errBehind is the error of a sink that is too slow.
var errBehind = errors.New("more than 32 MiB wait for it")

// put queues an event. The caller holds tap.mu.
func (o *outlet) put(event Event) {
	if o.off || o.tap.closed {
		return
	}
	size := eventSize + len(event.Bytes)
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

// drop is called when size bytes no longer wait. The caller holds tap.mu.
func (o *outlet) drop(size int) {
	o.waiting -= size
	o.tap.budget.Give(size)
}

// switchOff stops sending events to the sink. The caller holds tap.mu.
func (o *outlet) switchOff(err error) {
	if o.off {
		return
	}
	o.off, o.queue = true, nil
	o.changed.Signal()
	go o.tap.report(fmt.Errorf("%s switched off: %w", o.name, err))
}

// run passes the queue to the sink until the sink fails, or the tap is closed and the
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
			o.drop(eventSize + len(events[i].Bytes))
		}
	}
}
