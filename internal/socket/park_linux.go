package socket

import (
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// A connection that waits costs its goroutine, which is a stack of at least 4 KiB. So
// one that has been silent for a while is parked.
//
//	silent ──▶ Park ──▶ the goroutine ends
//	                       │ lot
//	go resume() ◀── bytes, deadline, Close, Wake

// lot is where the parked connections are. There is one for the process, as there is
// one poller of the runtime: its goroutine waits for all of them.
type lot struct {
	mu         sync.Mutex
	descriptor int      // of the epoll instance
	epoll      *os.File // the same; nil until the first connection is parked

	parked map[int]*Conn // by descriptor
	next   time.Time     // when to look at the deadlines; zero if nothing is parked
}

var parkingLot lot

// parking is what a connection keeps for the lot, which guards all but used.
type parking struct {
	used     atomic.Bool // Park was called: Wake has to look
	slot     int         // the descriptor
	deadline time.Time   // when to resume it without an event; zero: never
	resume   func()
}

// How often the lot looks at its connections: more often when a deadline is near. To
// look at 10,000 takes less than a millisecond.
const (
	shortestWait = 100 * time.Millisecond // a parked connection may learn of its deadline this late
	longestWait  = time.Second
)

// Park takes over a connection whose goroutine is about to end, and reports whether
// it has. When the next Read would not wait, at the deadline (zero: never), after Close
// and after Wake, it calls resume in a new goroutine, once. The caller must not use the
// connection after Park has returned true: it may already belong to that goroutine.
func (c *Conn) Park(deadline time.Time, resume func()) (parked bool) {
	if c.raw == nil {
		return false
	}
	c.parking.used.Store(true)
	l := &parkingLot
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.open() {
		return false
	}
	c.raw.Control(func(descriptor uintptr) { // which is not called once the socket is closed
		c.parking.slot = int(descriptor)
		parked = l.watch(c.parking.slot)
	})
	if !parked {
		return false
	}
	if closed := l.parked[c.parking.slot]; closed != nil {
		l.resume(closed) // it had this descriptor until just now, and Wake has yet to come
	}
	c.parking.deadline, c.parking.resume = deadline, resume
	l.parked[c.parking.slot] = c
	l.lookBefore(deadline)
	return true
}

// Wake resumes a connection that is parked.
func (c *Conn) Wake() {
	if !c.parking.used.Load() {
		return
	}
	l := &parkingLot
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.parked[c.parking.slot] == c {
		l.resume(c)
	}
}

// open makes the epoll instance. It is itself a descriptor that the runtime can wait
// for, so the lot needs a goroutine but no thread. Where descriptors have run out it
// fails, and is tried again for the next connection. The caller holds mu.
func (l *lot) open() bool {
	if l.epoll != nil {
		return true
	}
	descriptor, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return false
	}
	if err := syscall.SetNonblock(descriptor, true); err != nil {
		syscall.Close(descriptor)
		return false
	}
	epoll := os.NewFile(uintptr(descriptor), "epoll")
	if epoll.SetReadDeadline(time.Time{}) != nil { // the runtime cannot wait for it
		epoll.Close()
		return false
	}
	l.parked, l.descriptor, l.epoll = make(map[int]*Conn), descriptor, epoll
	go l.run(epoll)
	return true
}

// watch asks for one event of a descriptor: bytes that arrive or have arrived
// already, or the end.
func (l *lot) watch(descriptor int) bool {
	event := syscall.EpollEvent{Fd: int32(descriptor), Events: syscall.EPOLLIN | syscall.EPOLLRDHUP | syscall.EPOLLONESHOT}
	err := syscall.EpollCtl(l.descriptor, syscall.EPOLL_CTL_MOD, descriptor, &event)
	if err == syscall.ENOENT { // it is here for the first time
		err = syscall.EpollCtl(l.descriptor, syscall.EPOLL_CTL_ADD, descriptor, &event)
	}
	return err == nil
}

// resume gives a connection its new goroutine. The caller holds mu.
func (l *lot) resume(c *Conn) {
	resume := c.parking.resume
	delete(l.parked, c.parking.slot)
	c.parking.resume = nil
	go resume()
}

// lookBefore makes the lot look at its connections before a deadline, which may be
// zero. The caller holds mu.
func (l *lot) lookBefore(deadline time.Time) {
	wait := longestWait
	if !deadline.IsZero() {
		wait = max(shortestWait, min(time.Until(deadline), longestWait))
	}
	next := time.Now().Add(wait)
	if l.next.IsZero() || next.Before(l.next) {
		l.next = next
		l.epoll.SetReadDeadline(next)
	}
}

// run waits for events and deadlines.
func (l *lot) run(epoll *os.File) {
	waiter, err := epoll.SyscallConn()
	if err != nil {
		return
	}
	var events [64]syscall.EpollEvent
	n := 0
	collect := func(descriptor uintptr) (done bool) {
		n, _ = syscall.EpollWait(int(descriptor), events[:], 0)
		return n > 0
	}
	for {
		n = 0
		err := waiter.Read(collect)
		l.resumeReady(events[:max(n, 0)])
		if err != nil { // it is time to look
			l.look(time.Now())
		}
	}
}

// resumeReady resumes the connections for which something has arrived.
func (l *lot) resumeReady(events []syscall.EpollEvent) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, event := range events {
		if c := l.parked[int(event.Fd)]; c != nil {
			l.resume(c)
		}
	}
}

// look resumes the connections whose deadline has passed.
func (l *lot) look(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var nearest time.Time
	for _, c := range l.parked {
		switch deadline := c.parking.deadline; {
		case deadline.IsZero():
		case !now.Before(deadline):
			l.resume(c)
		case nearest.IsZero() || deadline.Before(nearest):
			nearest = deadline
		}
	}
	l.next = time.Time{}
	if len(l.parked) > 0 {
		l.lookBefore(nearest)
	} else {
		l.epoll.SetReadDeadline(time.Time{})
	}
}
