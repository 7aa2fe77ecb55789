package bufconn

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"sync"
	"testing"
	"time"

	"barewire/internal/socket"
)

// parkable is a connection that is served as in server: its goroutine echoes what it
// gets, byte by byte, and ends when the connection is parked.
type parkable struct {
	c        *Conn
	patience time.Duration // with silence; 0: forever
	idle     func(*Conn)   // called when AwaitNext has returned ErrIdle; may be nil
	parked   chan struct{}
	ended    chan error
}

func serveParkable(t *testing.T, patience time.Duration, idle func(*Conn)) (*parkable, *net.TCPConn) {
	conn, peer := socketPair(t)
	p := &parkable{New(conn), patience, idle, make(chan struct{}, 10), make(chan error, 1)}
	p.c.AllowParking()
	go p.serve()
	return p, peer
}

func (p *parkable) serve() {
	for {
		err := p.live()
		if err != ErrIdle {
			p.ended <- err
			return
		}
		if p.idle != nil {
			p.idle(p.c)
		}
		if p.c.Park(p.serve) {
			p.parked <- struct{}{}
			return
		}
	}
}

func (p *parkable) live() error {
	for {
		if p.patience > 0 {
			p.c.SetReadDeadline(p.c.QuietSince().Add(p.patience))
		}
		if err := p.c.AwaitNext(); err != nil {
			return err
		}
		write(p.c, string(p.c.Buffered()[:1]))
		p.c.Discard(1)
	}
}

// ask sends a byte and wants it back.
func ask(t *testing.T, peer *net.TCPConn) {
	t.Helper()
	io.WriteString(peer, "x")
	if _, err := io.ReadFull(peer, make([]byte, 1)); err != nil {
		t.Errorf("no answer: %v", err)
	}
}

func TestSilentConnectionIsParked(t *testing.T) {
	t.Parallel()
	p, peer := serveParkable(t, time.Hour, func(c *Conn) {
		if c.in != nil || c.out.unsent != nil {
			t.Error("a connection that is about to be parked holds buffers")
		}
	})
	for range 2 {
		<-p.parked
		ask(t, peer)
		ask(t, peer)
	}
	peer.CloseWrite()
	if err := <-p.ended; err != io.EOF {
		t.Errorf("it ended with %v", err)
	}
}

func TestWhatEndsAConnectionEndsAParkedOne(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	tests := []struct {
		name string
		end  func(c *Conn, peer *net.TCPConn)
		want func(error) bool
	}{
		{"its deadline", func(*Conn, *net.TCPConn) {}, IsTimeout},
		{"Close", func(c *Conn, _ *net.TCPConn) { c.Close(AtOnce, 0) }, func(err error) bool { return errors.Is(err, net.ErrClosed) }},
		{"Interrupt", func(c *Conn, _ *net.TCPConn) { c.Interrupt() }, IsTimeout},
		{"FIN", func(_ *Conn, peer *net.TCPConn) { peer.CloseWrite() }, func(err error) bool { return err == io.EOF }},
		{"reset", func(_ *Conn, peer *net.TCPConn) { peer.SetLinger(0); peer.Close() }, func(err error) bool { return err != nil && !IsTimeout(err) }},
	}
	for _, test := range tests {
		patience := time.Hour
		if test.name == "its deadline" {
			patience = 2 * parkAfter
		}
		p, peer := serveParkable(t, patience, nil)
		all.Go(func() {
			var err error
			select {
			case <-p.parked:
				test.end(p.c, peer)
				err = <-p.ended
			case err = <-p.ended: // a busy machine let the deadline come first
			}
			if !test.want(err) {
				t.Errorf("%s: it ended with %v", test.name, err)
			}
		})
	}
	all.Wait()
}

// Bytes, Close and Interrupt come between ErrIdle and Park, or a little later.
func TestNothingIsMissedWhileParking(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			at := make(chan struct{}, 10)
			p, peer := serveParkable(t, time.Hour, func(*Conn) { at <- struct{}{} })
			pause := func() {
				<-at
				for range rand.N(10) {
					runtime.Gosched()
				}
			}
			for range 2 {
				pause()
				ask(t, peer)
			}
			pause()
			if i%2 == 0 {
				p.c.Interrupt()
			} else {
				p.c.Close(AtOnce, 0)
			}
			if err := <-p.ended; i%2 == 0 != IsTimeout(err) {
				t.Errorf("it ended with %v", err)
			}
		})
	}
	all.Wait()
}

func TestInterruptBeforeParkIsNotMissed(t *testing.T) {
	t.Parallel()
	conn, _ := socketPair(t)
	c := New(conn)
	c.AllowParking()
	if err := c.AwaitNext(); err != ErrIdle {
		t.Fatalf("AwaitNext returned %v, want ErrIdle", err)
	}
	c.Interrupt()
	resumed := make(chan struct{})
	if c.Park(func() { close(resumed) }) {
		<-resumed
	}
	if err := c.AwaitNext(); !IsTimeout(err) {
		t.Errorf("AwaitNext then returned %v, want a timeout", err)
	}
}

// Each wait lasts longer than it takes to be parked, and ends at its deadline.
func TestConnectionThatIsNotIdleIsNotParked(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	tests := []struct {
		name string
		wait func(c *Conn, peer *net.TCPConn) error
	}{
		{"Fill waits", func(c *Conn, _ *net.TCPConn) error { return c.Fill() }},
		{"Read waits", func(c *Conn, _ *net.TCPConn) error { _, err := c.Read(make([]byte, 1)); return err }},
		{"half a head is buffered", func(c *Conn, peer *net.TCPConn) error {
			io.WriteString(peer, "GET /")
			if err := c.AwaitNext(); err != nil {
				return err
			}
			if err := c.AwaitNext(); err != nil { // finds it
				return err
			}
			return c.Fill()
		}},
		{"a message is on its way out", func(c *Conn, _ *net.TCPConn) error {
			go c.EndWriteAndFlush(c.BeginWrite(0), make([]byte, 32<<20)) // nobody reads it
			for c.Unsent() == 0 {
				runtime.Gosched()
			}
			return c.AwaitNext()
		}},
		{"parking is not allowed", func(c *Conn, _ *net.TCPConn) error { c.parks = false; return c.AwaitNext() }},
		{"there is no descriptor", func(c *Conn, _ *net.TCPConn) error {
			c.conn = socket.New(plainOnly{c.conn.Conn.(*net.TCPConn)}, 0)
			c.AllowParking()
			return c.AwaitNext()
		}},
		{"parking failed", func(c *Conn, _ *net.TCPConn) error {
			if err := c.AwaitNext(); err != ErrIdle {
				return err
			}
			parkable := c.conn
			c.conn = socket.New(plainOnly{parkable.Conn.(*net.TCPConn)}, 0) // as if epoll refused it
			if c.Park(func() {}) {
				return errors.New("it was parked")
			}
			c.conn = parkable
			return c.AwaitNext()
		}},
	}
	for _, test := range tests {
		conn, peer := socketPair(t)
		all.Go(func() {
			c := New(conn)
			c.AllowParking()
			c.SetReadDeadline(time.Now().Add(3 * parkAfter))
			if err := test.wait(c, peer); !IsTimeout(err) {
				t.Errorf("%s, and the wait ended with %v, want the timeout", test.name, err)
			}
		})
	}
	all.Wait()
}

func TestLaterDeadlineOfTheSocketDoesNotDelayParking(t *testing.T) {
	t.Parallel()
	conn, peer := socketPair(t)
	c := New(conn)
	c.AllowParking()
	c.SetReadDeadline(time.Now().Add(time.Hour))
	io.WriteString(peer, "x")
	if err := c.Fill(); err != nil { // the socket's deadline is now an hour away
		t.Fatal(err)
	}
	c.Discard(1)
	if err := c.AwaitNext(); err != ErrIdle {
		t.Errorf("AwaitNext returned %v, want ErrIdle", err)
	}
}

func TestSilenceGoesOnWhileParked(t *testing.T) {
	t.Parallel()
	conn, peer := socketPair(t)
	c := New(conn)
	c.AllowParking()
	since := c.QuietSince()
	for range 2 { // resumed for nothing, it is parked again
		if err := c.AwaitNext(); err != ErrIdle {
			t.Fatalf("AwaitNext returned %v, want ErrIdle", err)
		}
		resumed := make(chan struct{})
		if !c.Park(func() { close(resumed) }) {
			t.Fatal("it was not parked")
		}
		c.conn.Wake()
		<-resumed
		if !c.QuietSince().Equal(since) {
			t.Errorf("parking moved the beginning of the silence by %v", c.QuietSince().Sub(since))
		}
	}
	io.WriteString(peer, "x")
	if err := c.AwaitNext(); err != nil || !c.QuietSince().After(since) {
		t.Errorf("bytes came (%v), and the silence goes on", err)
	}
}

// RFC 9293 lets a reset discard what is queued. Linux does not.
func TestFailedWriteDoesNotHideWhatHasArrived(t *testing.T) {
	for name, wait := range map[string]func(*Conn) error{"Fill": (*Conn).Fill, "AwaitNext": (*Conn).AwaitNext} {
		eachForm(t, time.Minute, func(t *testing.T, c *Conn, peer *net.TCPConn) {
			io.WriteString(peer, "first ")
			if err := c.Fill(); err != nil {
				t.Fatal(err)
			}
			c.Discard(len("first "))
			io.WriteString(peer, "last words")
			peer.SetLinger(0)
			peer.Close()
			for err := error(nil); err == nil; err = c.Flush() {
				write(c, "is anybody there?")
			}
			if err := wait(c); err != nil || string(c.Buffered()) != "last words" {
				t.Errorf("%s: %q arrived, %v", name, c.Buffered(), err)
			}
			c.Discard(len(c.Buffered()))
			err := wait(c)
			if failed := new(WriteError); !errors.As(err, &failed) || IsTimeout(err) {
				t.Errorf("%s then returned %#v, want a *WriteError", name, err)
			}
		})
	}
}
