package bufconn

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"syscall"
	"testing"
	"time"
)

// parkable is a program whose connection may be parked.
type parkable struct {
	lineEcho
	limit  time.Duration // of its waits
	parked chan struct{} // gets something whenever it has been
	ended  chan error    // gets what Loop returned in the end
}

// startParkable starts one, and returns its peer.
func startParkable(t *testing.T, limit time.Duration) (*parkable, *net.TCPConn) {
	c, peer := socketPair(t)
	p := &parkable{lineEcho: lineEcho{c: c}, limit: limit, parked: make(chan struct{}, 100), ended: make(chan error, 1)}
	c.AllowParking(p.serve)
	go p.serve()
	return p, peer
}

func (p *parkable) serve() {
	err := p.c.Loop(p.step)
	if err == ErrParked {
		p.parked <- struct{}{}
		return
	}
	p.ended <- err
}

func (p *parkable) step() error {
	p.c.ReadWithin(p.limit)
	return p.lineEcho.step()
}

// await returns when the connection has been parked.
func (p *parkable) await(t *testing.T) {
	t.Helper()
	select {
	case <-p.parked:
	case err := <-p.ended:
		t.Fatalf("a silent connection ended with %v, want it to be parked", err)
	case <-time.After(5 * time.Second):
		t.Fatal("a silent connection was not parked")
	}
}

// end returns what Loop returned in the end.
func (p *parkable) end(t *testing.T) error {
	t.Helper()
	select {
	case err := <-p.ended:
		return err
	case <-time.After(5 * time.Second):
		t.Fatal("a parked connection was not woken")
		return nil
	}
}

// ask sends a line and wants it back.
func ask(t *testing.T, peer *net.TCPConn, line string) {
	t.Helper()
	io.WriteString(peer, line)
	got := make([]byte, len(line))
	peer.SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := io.ReadFull(peer, got); err != nil || string(got) != line {
		t.Fatalf("the answer to %q is %q, %v", line, got, err)
	}
}

// TestParked: a connection that is silent is parked, with nothing buffered, and
// goes on where it was when octets come; and again.
func TestParked(t *testing.T) {
	t.Parallel()
	p, peer := startParkable(t, time.Hour)
	for range 2 {
		p.await(t)
		parkingLot.mu.Lock() // whose is a parked connection
		if p.c.in != nil || p.c.out != nil || p.c.loop != nil {
			t.Errorf("a parked connection holds buffers %v, %v or a loop %v", p.c.in, p.c.out, p.c.loop)
		}
		parkingLot.mu.Unlock()
		ask(t, peer, "line\n")
		ask(t, peer, "another\n")
	}
	io.WriteString(peer, "bye\n")
	if err := p.end(t); err != errBye || len(p.lines) != 5 {
		t.Errorf("the loop ended with %v after the lines %q", err, p.lines)
	}
}

// TestNotParked: a connection in the middle of something keeps its goroutine.
func TestNotParked(t *testing.T) {
	t.Parallel()
	p, peer := startParkable(t, 2*parkAfter)
	io.WriteString(peer, "half a li")
	if err := p.end(t); !IsTimeout(err) {
		t.Errorf("the loop ended with %v, want the time-out of the wait for the other half", err)
	}
	if len(p.parked) > 0 {
		t.Error("half a line was buffered, and the connection was parked")
	}
}

// TestParkedEnds: whatever ends a connection ends a parked one, too.
func TestParkedEnds(t *testing.T) {
	tests := []struct {
		name string
		end  func(c *Conn, peer *net.TCPConn)
		want func(error) bool
	}{
		{"its deadline", func(*Conn, *net.TCPConn) {}, IsTimeout},
		{"Close", func(c *Conn, _ *net.TCPConn) { c.Close() }, func(err error) bool { return errors.Is(err, net.ErrClosed) }},
		{"Interrupt", func(c *Conn, _ *net.TCPConn) { c.Interrupt() }, IsTimeout},
		{"the peer's FIN", func(_ *Conn, peer *net.TCPConn) { peer.CloseWrite() }, func(err error) bool { return err == io.EOF }},
		{"a reset", func(_ *Conn, peer *net.TCPConn) { peer.SetLinger(0); peer.Close() }, func(err error) bool { return err != nil }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p, peer := startParkable(t, 2*parkAfter)
			p.await(t)
			test.end(p.c, peer)
			if err := p.end(t); !test.want(err) {
				t.Errorf("the loop ended with %v", err)
			}
		})
	}
}

// TestParkedAtTheWrongMoment: octets, and a Close, that come just when the
// connection is being parked are not missed.
func TestParkedAtTheWrongMoment(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			p, peer := startParkable(t, time.Hour)
			for range 3 {
				timer := time.NewTimer(parkAfter + rand.N(parkAfter/4)) // from a little before to a little after
				<-timer.C
				ask(t, peer, "line\n")
			}
			timer := time.NewTimer(parkAfter + rand.N(parkAfter/4))
			<-timer.C
			p.c.Close()
			p.end(t)
		})
	}
	all.Wait()
}

// TestParkedInRead: a connection that waits in Read, behind octets that came through
// the read buffer, holds that no longer, and so is parked.
func TestParkedInRead(t *testing.T) {
	t.Parallel()
	c, peer := socketPair(t)
	parked, ended := make(chan struct{}, 1), make(chan error, 1)
	begun, got := false, make([]byte, 3)
	step := func() error {
		c.ReadWithin(time.Hour)
		for !begun {
			if begun = len(c.Buffered()) > 0; begun {
				c.Discard(1)
			} else if err := c.Fill(); err != nil {
				return err
			}
		}
		_, err := c.Read(got)
		return err
	}
	serve := func() {
		if err := c.Loop(step); err != ErrParked {
			ended <- err
			return
		}
		parked <- struct{}{}
	}
	c.AllowParking(serve)
	go serve()
	io.WriteString(peer, "h")
	select {
	case <-parked:
	case <-time.After(5 * time.Second):
		t.Fatal("it was not parked")
	}
	io.WriteString(peer, "abc")
	select {
	case err := <-ended:
		if err != nil || string(got) != "abc" {
			t.Errorf("Read behind the wait took %q, %v", got, err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("it was not woken")
	}
}

// TestInterruptedBeforeParked: a connection that is interrupted when its goroutine is
// about to end is not parked: nobody would wake it.
func TestInterruptedBeforeParked(t *testing.T) {
	t.Parallel()
	c, _ := socketPair(t)
	c.AllowParking(func() { t.Error("resumed, though it was not parked") })
	c.Interrupt()
	if parkingLot.park(c) {
		t.Error("an interrupted connection was parked")
	}
}

// TestDescriptorOfAnother: a parked connection whose descriptor has passed to another
// one must have been closed, and is woken to find that out.
func TestDescriptorOfAnother(t *testing.T) {
	t.Parallel()
	closed, _ := startParkable(t, time.Hour)
	closed.await(t)
	heir, peer := startParkable(t, time.Hour)
	heir.c.socket.raw.Control(func(descriptor uintptr) {
		parkingLot.mu.Lock()
		defer parkingLot.mu.Unlock()
		delete(parkingLot.parked, closed.c.slot)
		closed.c.slot = int(descriptor)
		parkingLot.parked[closed.c.slot] = closed.c
	})
	closed.c.conn.Close() // not c.Close, which would wake it
	heir.await(t)
	if err := closed.end(t); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the loop of the closed connection ended with %v", err)
	}
	ask(t, peer, "line\n")
}

// notWatched is a descriptor that epoll does not take.
type notWatched struct{ syscall.RawConn }

func (notWatched) Control(func(uintptr)) error { return syscall.ENOSPC }

// TestCannotBeParked: where the kernel refuses to watch one more connection, its
// goroutine waits, until the same deadline.
func TestCannotBeParked(t *testing.T) {
	t.Parallel()
	c, _ := socketPair(t)
	c.socket.raw = notWatched{c.socket.raw}
	p := &parkable{lineEcho: lineEcho{c: c}, limit: 2 * parkAfter, parked: make(chan struct{}, 1), ended: make(chan error, 1)}
	c.AllowParking(p.serve)
	go p.serve()
	if err := p.end(t); !IsTimeout(err) {
		t.Errorf("the loop ended with %v, want its time-out", err)
	}
}
