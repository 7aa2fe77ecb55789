package load

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// letIn is how long a server has to add new members to the chat room, which it does after
// the handshake.
const letIn = 100 * time.Millisecond

// Meter returns the CPU time that the server has used so far.
type Meter func() (time.Duration, error)

// Window is the length of a measurement.
type Window struct{ Warm, Time time.Duration }

// Result is the result of one window.
type Result struct {
	Messages  int
	CPU, Wall time.Duration
}

// Run runs a scenario against a server, and measures for the length of a window.
func Run(addr netip.AddrPort, s Scenario, w Window, meter Meter) (Result, error) {
	if s.Kind == OpenClose {
		return openAndClose(addr, s, w, meter)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	l, err := newLoop(addr, s)
	if err != nil {
		return Result{}, err
	}
	defer l.close()
	return measure(w, meter, l.run, func() int { return l.messages })
}

// measure runs until the window is over, and counts only what happens within it.
func measure(w Window, meter Meter, run func(until time.Time) error, messages func() int) (r Result, err error) {
	if err := run(time.Now().Add(w.Warm)); err != nil {
		return r, err
	}
	cpu, err := meter()
	if err != nil {
		return r, err
	}
	before, warm := messages(), time.Now()
	if err := run(warm.Add(w.Time)); err != nil {
		return r, err
	}
	after, err := meter()
	if err != nil {
		return r, err
	}
	r = Result{Messages: messages() - before, CPU: after - cpu, Wall: time.Since(warm)}
	if r.Messages == 0 {
		return r, errors.New("no answer in the window: make it longer")
	}
	return r, nil
}

// client is one connection.
type client struct {
	fd      int
	check   checker
	unsent  []byte // the rest of the requests
	waiting int    // answers that are still to come
}

// loop is all connections, and the epoll instance that watches them.
type loop struct {
	scenario   Scenario
	requests   []byte
	epoll      int
	clients    []client
	events     []unix.EpollEvent
	buf        []byte
	begun      bool
	unanswered int // broadcast and idle: connections that wait for their answer
	messages   int // answers so far
}

func newLoop(addr netip.AddrPort, s Scenario) (*loop, error) {
	requests, err := s.requests()
	if err != nil {
		return nil, err
	}
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	l := &loop{scenario: s, requests: requests, epoll: epoll, events: make([]unix.EpollEvent, 256), buf: make([]byte, 256<<10)}
	handshake := s.handshakeRequest()
	for i := range s.Conns {
		if err := l.add(addr, i, handshake); err != nil {
			l.close()
			return nil, err
		}
	}
	return l, nil
}

// add opens a connection and registers it with epoll, edge-triggered.
func (l *loop) add(addr netip.AddrPort, nth int, handshake []byte) error {
	fd, err := dial(addr, nth)
	if err != nil {
		return err
	}
	l.clients = append(l.clients, client{fd: fd, check: l.scenario.checker()})
	if l.scenario.WebSocket() {
		if err := upgrade(fd, l.scenario, handshake, l.buf); err != nil {
			return err
		}
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		return os.NewSyscallError("fcntl", err)
	}
	event := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLOUT | unix.EPOLLET | unix.EPOLLRDHUP, Fd: int32(nth)}
	return os.NewSyscallError("epoll_ctl", unix.EpollCtl(l.epoll, unix.EPOLL_CTL_ADD, fd, &event))
}

func (l *loop) close() {
	for i := range l.clients {
		unix.Close(l.clients[i].fd)
	}
	unix.Close(l.epoll)
}

// run keeps all connections busy until the given time.
func (l *loop) run(until time.Time) error {
	if !l.begun {
		l.begun = true
		if err := l.begin(); err != nil {
			return err
		}
	}
	for time.Now().Before(until) {
		if err := l.turn(); err != nil {
			return err
		}
	}
	return nil
}

// begin sends the first requests.
func (l *loop) begin() error {
	if l.scenario.Kind == Broadcast {
		time.Sleep(letIn)
		return l.broadcast()
	}
	for i := range l.clients {
		if err := l.send(&l.clients[i]); err != nil {
			return err
		}
	}
	return nil
}

// turn waits for events and handles them.
func (l *loop) turn() error {
	n, err := unix.EpollWait(l.epoll, l.events, int(patience/time.Millisecond))
	if err == unix.EINTR {
		return nil
	}
	if err != nil {
		return os.NewSyscallError("epoll_wait", err)
	}
	if n == 0 {
		return fmt.Errorf("no answer for %v", patience)
	}
	for _, event := range l.events[:n] {
		c := &l.clients[event.Fd]
		if err := l.write(c); err != nil {
			return err
		}
		if event.Events&^unix.EPOLLOUT != 0 {
			if err := l.read(c); err != nil {
				return err
			}
		}
	}
	return nil
}

// read reads until the socket is empty.
func (l *loop) read(c *client) error {
	for {
		n, err := unix.Read(c.fd, l.buf)
		switch {
		case err == unix.EAGAIN:
			return nil
		case err == unix.EINTR:
			continue
		case err != nil:
			return os.NewSyscallError("read", err)
		case n == 0:
			return errors.New("the server closed the connection")
		}
		answers, err := c.check.feed(l.buf[:n])
		if err != nil {
			return err
		}
		if err := l.answered(c, answers); err != nil {
			return err
		}
		if n < len(l.buf) {
			return nil
		}
	}
}

// answered counts answers, and sends the next requests once all have come.
func (l *loop) answered(c *client, answers int) error {
	if answers == 0 {
		return nil
	}
	c.waiting -= answers
	l.messages += answers
	if c.waiting < 0 {
		return errors.New("more answers than requests")
	}
	if c.waiting > 0 {
		return nil
	}
	if l.scenario.Kind == Exchange {
		return l.send(c)
	}
	l.unanswered--
	if l.unanswered == 0 && l.scenario.Kind == Broadcast {
		return l.broadcast()
	}
	return nil
}

// broadcast makes the first member send to everyone, including itself.
func (l *loop) broadcast() error {
	l.unanswered = len(l.clients)
	for i := range l.clients {
		l.clients[i].waiting = 1
	}
	c := &l.clients[0]
	c.unsent = l.requests
	return l.write(c)
}

// send starts a batch.
func (l *loop) send(c *client) error {
	c.waiting, c.unsent = l.scenario.Batch, l.requests
	return l.write(c)
}

// write sends as much as the socket accepts.
func (l *loop) write(c *client) error {
	for len(c.unsent) > 0 {
		n, err := unix.Write(c.fd, c.unsent)
		switch {
		case err == unix.EAGAIN:
			return nil
		case err == unix.EINTR:
			continue
		case err != nil:
			return os.NewSyscallError("write", err)
		}
		c.unsent = c.unsent[n:]
	}
	return nil
}
