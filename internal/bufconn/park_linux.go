package bufconn

import (
	"os"
	"runtime/debug"
	"sync"
	"syscall"
	"time"
)

// lot is where the parked connections are. There is one for the process, as there
// is one of the runtime's: its goroutine waits for all of them.
type lot struct {
	mu         sync.Mutex
	descriptor int      // of the epoll instance
	epoll      *os.File // the same; nil if there is none yet

	parked map[int]*Conn // by descriptor
	next   time.Time     // of the next look; zero if nothing is parked

	// For giveBack:
	last   time.Time // when it was called
	recent int       // parked since then
	left   int       // parked since it gave memory back
}

var parkingLot lot

// How often the lot looks at its connections: the more often, the nearer the next
// deadline. To look at 10,000 takes less than a millisecond.
const (
	lookAtMost  = 100 * time.Millisecond // so much later than asked for a wait may end
	lookAtLeast = time.Second
)

// manyStacks is after how many parked connections the memory of their stacks is
// given back to the system: four megabytes.
const manyStacks = 1000

func (c *Conn) canPark() bool { return c.socket.raw != nil }

// open makes the epoll instance. It is itself a descriptor that the runtime can
// wait for, so the lot takes a goroutine and no thread. Where descriptors have run
// out it fails, and is tried again with the next connection. The caller holds mu.
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
	l.parked, l.descriptor = make(map[int]*Conn), descriptor
	l.epoll = os.NewFile(uintptr(descriptor), "epoll")
	go l.run(l.epoll)
	return true
}

// park takes a connection whose goroutine is about to end, and tells whether it
// has: one that was closed or interrupted meanwhile it does not.
func (l *lot) park(c *Conn) (parked bool) {
	c.mu.Lock() // Interrupt comes before, and is seen here, or after, and wakes c
	defer c.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.deadlines.interrupted || !l.open() {
		return false
	}
	c.socket.raw.Control(func(descriptor uintptr) {
		c.slot = int(descriptor)
		parked = l.watch(c.slot)
	})
	if !parked {
		return false
	}
	if closed := l.parked[c.slot]; closed != nil {
		l.release(closed) // whose descriptor this was, until just now
	}
	l.parked[c.slot] = c
	l.recent++
	l.lookBy(c.deadlines.readArmed)
	return true
}

// lookBy makes the next look no later than at a deadline, which may be none. The
// caller holds mu.
func (l *lot) lookBy(deadline time.Time) {
	now := time.Now()
	next := now.Add(lookAtLeast)
	if !deadline.IsZero() && deadline.Before(next) {
		next = deadline
	}
	if soonest := now.Add(lookAtMost); next.Before(soonest) {
		next = soonest
	}
	if l.next.IsZero() || next.Before(l.next) {
		l.next = next
		l.epoll.SetReadDeadline(next)
	}
}

// watch asks for one event of a descriptor: octets that come, or have come
// already, or the peer's end.
func (l *lot) watch(descriptor int) bool {
	event := syscall.EpollEvent{Fd: int32(descriptor), Events: syscall.EPOLLIN | syscall.EPOLLRDHUP | syscall.EPOLLONESHOT}
	err := syscall.EpollCtl(l.descriptor, syscall.EPOLL_CTL_MOD, descriptor, &event)
	if err == syscall.ENOENT { // it is here for the first time
		err = syscall.EpollCtl(l.descriptor, syscall.EPOLL_CTL_ADD, descriptor, &event)
	}
	return err == nil
}

// wake lets a connection go on, if it is parked.
func (l *lot) wake(c *Conn) {
	if c.resume == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.parked[c.slot] == c {
		l.release(c)
	}
}

// release gives a connection its new goroutine. The caller holds mu.
func (l *lot) release(c *Conn) {
	delete(l.parked, c.slot)
	go c.resume()
}

// run waits for events and deadlines.
func (l *lot) run(epoll *os.File) {
	waiter, err := epoll.SyscallConn()
	if err != nil {
		return
	}
	var events [64]syscall.EpollEvent
	n := 0
	readable := func(descriptor uintptr) (done bool) {
		n, _ = syscall.EpollWait(int(descriptor), events[:], 0)
		return n > 0
	}
	for {
		n = 0
		err := waiter.Read(readable)
		l.releaseReadable(events[:max(n, 0)])
		if err != nil {
			l.look(time.Now())
		}
	}
}

func (l *lot) releaseReadable(events []syscall.EpollEvent) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, event := range events {
		if c := l.parked[int(event.Fd)]; c != nil {
			l.release(c)
		}
	}
}

// look releases the connections whose deadline has passed.
func (l *lot) look(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var nearest time.Time
	for _, c := range l.parked {
		switch by := c.deadlines.readArmed; {
		case by.IsZero():
		case !now.Before(by):
			l.release(c)
		case nearest.IsZero() || by.Before(nearest):
			nearest = by
		}
	}
	if now.Sub(l.last) >= lookAtLeast {
		l.giveBack(now)
	}
	l.next = time.Time{}
	if len(l.parked) > 0 {
		l.lookBy(nearest)
	} else {
		l.epoll.SetReadDeadline(time.Time{})
	}
}

// giveBack gives the memory that goroutines have left back to the system, when many
// have been parked lately, and hardly any since the last call: by itself the
// runtime keeps it for the next ones.
func (l *lot) giveBack(now time.Time) {
	l.left += l.recent
	if l.left >= manyStacks && l.recent < l.left/10 {
		l.left = 0
		go debug.FreeOSMemory()
	}
	l.last, l.recent = now, 0
}
