package socket

import (
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// A connection that waits costs a goroutine, with a stack of at least 4 KiB. So a connection
// that has been silent for a while is parked.
//
//	silent ──▶ Park ──▶ the goroutine ends
//	                       │ lot
//	go resume() ◀── bytes, deadline, Close, Wake

// lot holds the parked connections. There is one lot per process, as there is one poller in
// the runtime: its goroutine waits for all of them.
type lot struct {
	mu         sync.Mutex
	descriptor int      // of the epoll instance
	epoll      *os.File // the same; nil until the first connection is parked

	parked map[int]*Conn // by descriptor
	next   time.Time     // when to check the deadlines; zero if nothing is parked
}

var parkingLot lot

// parking is the state of a connection in the lot. The lot's mutex guards all fields except
// used.
type parking struct {
	used     atomic.Bool // Park was called, so Wake must check the lot
	slot     int         // the descriptor
	deadline time.Time   // when to resume it without an event; zero: never
	resume   func()
}

// How often the lot checks the deadlines of its connections: more often if one is near.
const (
	shortestWait = 100 * time.Millisecond // a parked connection may be resumed this long after its deadline
	longestWait  = time.Second
)

// Park parks a connection whose goroutine is about to end, and reports whether it could. It
// calls resume once, in a new goroutine, when the next Read would not wait, at the deadline
// (zero: never), after Close, or after Wake. The caller must not use the connection after
// Park has returned true: it may already belong to that goroutine.
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
	c.raw.Control(func(descriptor uintptr) { // not called after the socket was closed
		c.parking.slot = int(descriptor)
		parked = l.watch(c.parking.slot)
	})
	if !parked {
		return false
	}
	if closed := l.parked[c.parking.slot]; closed != nil {
		l.resume(closed) // it had this descriptor before it was closed, and Close has not yet called Wake
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

// open creates the epoll instance. The instance has a descriptor for which the runtime's
// poller can wait, so the lot needs a goroutine but no thread. open fails if there is no
// free descriptor, and is called again for the next connection. The caller holds mu.
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

// watch requests one event of a descriptor: bytes that arrive or have already arrived, or
// the end.
func (l *lot) watch(descriptor int) bool {
	event := syscall.EpollEvent{Fd: int32(descriptor), Events: syscall.EPOLLIN | syscall.EPOLLRDHUP | syscall.EPOLLONESHOT}
	err := syscall.EpollCtl(l.descriptor, syscall.EPOLL_CTL_MOD, descriptor, &event)
	if err == syscall.ENOENT { // the first time for this descriptor
		err = syscall.EpollCtl(l.descriptor, syscall.EPOLL_CTL_ADD, descriptor, &event)
	}
	return err == nil
}

// resume starts the new goroutine of a connection. The caller holds mu.
func (l *lot) resume(c *Conn) {
	resume := c.parking.resume
	delete(l.parked, c.parking.slot)
	c.parking.resume = nil
	go resume()
}

// lookBefore makes the lot check its connections before a deadline, which may be zero. The
// caller holds mu.
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
		if err != nil { // the time in next has come
			l.look(time.Now())
		}
	}
}

// resumeReady resumes the connections that have an event.
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
