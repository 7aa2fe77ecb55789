package socket

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"
)

// park parks a connection. The channel is closed when it is resumed, and a second time,
// which panics, if it is resumed twice.
func park(t *testing.T, c *Conn, deadline time.Time) (resumed chan struct{}) {
	t.Helper()
	resumed = make(chan struct{})
	if !c.Park(deadline, func() { close(resumed) }) {
		t.Fatal("the connection was not parked")
	}
	return resumed
}

func TestParkedConnectionIsResumed(t *testing.T) {
	isEnd := func(err error) bool { return err == io.EOF }
	isNil := func(err error) bool { return err == nil }
	tests := []struct {
		name   string
		before func(peer net.Conn) // it is parked
		after  func(c *Conn, peer net.Conn)
		read   func(error) bool // what Read then returns; nil: it would wait
	}{
		{"by bytes", nil, func(c *Conn, peer net.Conn) { io.WriteString(peer, "x") }, isNil},
		{"by bytes that were there", func(peer net.Conn) { io.WriteString(peer, "x") }, nil, isNil},
		{"by FIN", nil, func(c *Conn, peer net.Conn) { finish(peer) }, isEnd},
		{"by a reset", nil, func(c *Conn, peer net.Conn) { reset(peer) },
			func(err error) bool { return errors.Is(err, syscall.ECONNRESET) }},
		{"by Close", nil, func(c *Conn, peer net.Conn) { c.Close() },
			func(err error) bool { return errors.Is(err, net.ErrClosed) }},
		{"by Wake", nil, func(c *Conn, peer net.Conn) { go c.Wake(); c.Wake() }, nil},
		{"at its deadline", nil, nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			conn, peer := connect(t, "tcp")
			c := New(conn, 0)
			c.Wake() // nothing to do
			for range 2 {
				if test.before != nil {
					test.before(peer)
				}
				deadline := time.Now().Add(time.Hour)
				if test.before == nil && test.after == nil {
					deadline = time.Now().Add(time.Millisecond)
				}
				resumed := park(t, c, deadline)
				if test.after != nil {
					test.after(c, peer)
				}
				<-resumed
				c.Wake()
				if test.read == nil {
					continue
				}
				if _, err := c.Read(make([]byte, 10)); !test.read(err) {
					t.Errorf("it was resumed, and Read returned %v", err)
				}
				if test.name != "by bytes" {
					break
				}
			}
		})
	}
}

func TestNothingIsMissedAtTheMomentOfParking(t *testing.T) {
	acts := []struct {
		name string
		act  func(c *Conn, peer net.Conn)
		last bool
	}{
		{"bytes", func(c *Conn, peer net.Conn) { io.WriteString(peer, "x") }, false},
		{"the end", func(c *Conn, peer net.Conn) { finish(peer) }, true},
		{"Close", func(c *Conn, peer net.Conn) { c.Close() }, true},
	}
	var all sync.WaitGroup
	for i := range 60 {
		all.Go(func() {
			conn, peer := connect(t, "tcp")
			c := New(conn, 0)
			p := make([]byte, 10)
			for round := range 50 {
				act := acts[0]
				if round == 49 {
					act = acts[i%len(acts)]
				}
				go func() {
					for range rand.N(20) {
						runtime.Gosched()
					}
					act.act(c, peer)
				}()
				resumed := make(chan struct{})
				if c.Park(time.Time{}, func() { close(resumed) }) {
					<-resumed
				} else if act.name != "Close" {
					t.Error("it was not parked")
				}
				if n, err := c.Read(p); act.last != (err != nil) || !act.last && n != 1 {
					t.Errorf("after %s Read returned %d, %v", act.name, n, err)
				}
			}
		})
	}
	all.Wait()
}

func TestDescriptorOfAClosedParkedConnectionMayBelongToAnother(t *testing.T) {
	conn, _ := connect(t, "tcp")
	closed := New(conn, 0)
	resumed := park(t, closed, time.Time{})
	slot := closed.parking.slot
	conn.Close() // past Conn.Close, which would wake it
	for range 100 {
		conn, peer := connect(t, "tcp")
		for _, conn := range []net.Conn{conn, peer} {
			c := New(conn, 0)
			c.raw.Control(func(descriptor uintptr) {
				if int(descriptor) != slot {
					c = nil
				}
			})
			if c == nil {
				continue
			}
			heir := park(t, c, time.Time{})
			<-resumed
			closed.Wake() // which must not be taken for the other's
			select {
			case <-heir:
				t.Error("the other connection was resumed for nothing")
			default:
			}
			c.Wake()
			<-heir
			return
		}
	}
	t.Error("no connection got the descriptor")
}

// refused is a descriptor that epoll does not accept.
type refused struct{ syscall.RawConn }

func (refused) Control(func(uintptr)) error { return syscall.ENOSPC }

func TestConnectionThatCannotBeParkedStaysWithItsGoroutine(t *testing.T) {
	conn, peer := connect(t, "tcp")
	plain, _ := net.Pipe()
	c := New(conn, 0)
	c.raw = refused{c.raw}
	for name, c := range map[string]*Conn{"refused": c, "without a descriptor": New(plain, 0)} {
		if c.Park(time.Time{}, func() { t.Error("resumed, but not parked") }) {
			t.Errorf("%s: it was parked", name)
		}
		c.Wake()
	}
	io.WriteString(peer, "x")
	if n, err := c.Read(make([]byte, 10)); n != 1 || err != nil {
		t.Errorf("then Read returned %d, %v", n, err)
	}
}
