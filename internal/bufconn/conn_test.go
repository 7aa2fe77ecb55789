package bufconn

import (
	"bytes"
	"io"
	"math"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// socketPair returns the two ends of a TCP connection, the first one buffered.
func socketPair(t testing.TB) (*Conn, *net.TCPConn) {
	t.Helper()
	conn, peer := connect(t, "tcp", "127.0.0.1:0")
	return New(conn), peer.(*net.TCPConn)
}

// connect returns the two ends of a connection to the address.
func connect(t testing.TB, network, address string) (conn, peer net.Conn) {
	t.Helper()
	listener, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if peer, err = net.Dial(network, listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if conn, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { peer.Close(); conn.Close() })
	return conn, peer
}

// plainOnly is a connection whose descriptor is not to be read past it, as that
// of TLS.
type plainOnly struct{ *net.TCPConn }

// eachForm runs a test with a descriptor and without: fill_unix.go and its
// fallback must behave alike.
func eachForm(t *testing.T, test func(t *testing.T, c *Conn, peer *net.TCPConn)) {
	t.Run("descriptor", func(t *testing.T) {
		c, peer := socketPair(t)
		test(t, c, peer)
	})
	t.Run("plain", func(t *testing.T) {
		c, peer := socketPair(t)
		test(t, New(plainOnly{c.NetConn().(*net.TCPConn)}), peer)
	})
}

func write(c *Conn, text string) {
	out := c.BeginWrite(len(text))
	c.EndWrite(append(out, text...))
}

// TestFillFlushesFirst: what is unsent leaves before anybody waits.
func TestFillFlushesFirst(t *testing.T) {
	eachForm(t, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		write(c, "one ")
		write(c, "two")
		if n := c.Unsent(); n != 7 {
			t.Errorf("%d octets unsent, want 7: nothing leaves by itself", n)
		}
		filled := make(chan error)
		go func() { filled <- c.Fill() }()
		got := make([]byte, 7)
		if _, err := io.ReadFull(peer, got); err != nil || string(got) != "one two" {
			t.Fatalf("the peer got %q, %v", got, err)
		}
		peer.Write([]byte("answer"))
		if err := <-filled; err != nil {
			t.Fatal(err)
		}
		if string(c.Buffered()) != "answer" {
			t.Errorf("buffered %q, want the answer", c.Buffered())
		}
	})
}

// TestIdleHoldsNoBuffer: a connection that waits, before the first byte or after
// the last one is handled, has given everything back.
func TestIdleHoldsNoBuffer(t *testing.T) {
	c, peer := socketPair(t)
	for range 3 {
		c.ReadFor(10 * time.Millisecond)
		if err := c.Fill(); !IsTimeout(err) {
			t.Fatalf("nothing was sent, and Fill returned %v", err)
		}
		// The wait was cut short in the middle: this is what it held.
		if c.in != nil || c.out != nil || c.sending != nil {
			t.Errorf("an idle connection holds buffers: in %v, out %v, sending %v", c.in, c.out, c.sending)
		}
		c.ReadFor(0)
		peer.Write([]byte("x"))
		if err := c.Fill(); err != nil {
			t.Fatal(err)
		}
		write(c, "y")
		c.Discard(1)
	}
}

// TestReaderDoesNotWaitForWriters: two ends, each with a message on its way that
// is larger than what lies between them, get through because both go on reading.
func TestReaderDoesNotWaitForWriters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := net.Pipe()
		large := strings.Repeat("x", 100_000)
		conns := []*Conn{New(a), New(b)}
		for _, c := range conns {
			write(c, large)
			go c.Flush()
		}
		synctest.Wait() // both writers are stuck: nobody reads
		var reading sync.WaitGroup
		for _, c := range conns {
			reading.Go(func() {
				write(c, "!") // a reply, which the writer has to take along
				for got := 0; got < len(large)+1; {
					if err := c.Fill(); err != nil {
						t.Errorf("after %d octets: %v", got, err)
						return
					}
					got += len(c.Buffered())
					c.Discard(len(c.Buffered()))
				}
			})
		}
		reading.Wait()
	})
}

// TestFillGrows: bytes that are not discarded stay, however many there are.
func TestFillGrows(t *testing.T) {
	eachForm(t, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		text := strings.Repeat("0123456789", 10_000)
		go func() {
			peer.Write([]byte(text))
			peer.CloseWrite()
		}()
		c.Fill()
		c.Discard(7)
		for {
			if err := c.Fill(); err != nil {
				if err != io.EOF {
					t.Fatal(err)
				}
				break
			}
		}
		if string(c.Buffered()) != text[7:] {
			t.Errorf("%d octets are buffered, want the %d that were not discarded", len(c.Buffered()), len(text)-7)
		}
		p := make([]byte, 100)
		if n, err := c.Read(p); n != 100 || err != nil || string(p) != text[7:107] {
			t.Errorf("Read gave %d octets and %v, want the first 100 buffered ones", n, err)
		}
	})
}

// TestReadTimeout: a wait ends when its time is over, and the connection lives.
func TestReadTimeout(t *testing.T) {
	eachForm(t, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		c.ReadBy(time.Now().Add(-time.Second))
		if err := c.Fill(); !IsTimeout(err) {
			t.Fatalf("Fill returned %v, want a time-out", err)
		}
		c.ReadWithin(time.Minute)
		peer.Write([]byte("late"))
		if err := c.Fill(); err != nil || string(c.Buffered()) != "late" {
			t.Errorf("after the time-out: %q, %v", c.Buffered(), err)
		}
	})
}

// TestReadWithinIsLazy: the time-out fires between d and 9/8 d.
func TestReadWithinIsLazy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, peer := net.Pipe()
		c := New(conn)
		go func() {
			for range 3 {
				time.Sleep(500 * time.Millisecond)
				peer.Write([]byte("x"))
			}
		}()
		for range 3 { // each byte restarts the clock, few of them move the timer
			c.ReadWithin(8 * time.Second)
			if err := c.Fill(); err != nil {
				t.Fatal(err)
			}
			c.Discard(1)
		}
		start := time.Now()
		c.ReadWithin(8 * time.Second)
		err := c.Fill()
		if waited := time.Since(start); !IsTimeout(err) || waited < 8*time.Second || waited > 9*time.Second {
			t.Errorf("Fill returned %v after %v, want a time-out after 8 s to 9 s", err, waited)
		}
	})
}

// TestDebuggerStopsEveryClock: with deadlines disabled, nothing ever fires.
func TestDebuggerStopsEveryClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, peer := net.Pipe()
		c := New(conn)
		c.SetWriteTimeout(time.Second)
		c.DisableDeadlines()
		c.ReadWithin(time.Second)
		write(c, "x")
		go func() {
			time.Sleep(time.Hour) // a person thinks
			peer.Read(make([]byte, 1))
			time.Sleep(time.Hour)
			peer.Write([]byte("y"))
		}()
		if err := c.Fill(); err != nil || string(c.Buffered()) != "y" {
			t.Errorf("after two hours at a breakpoint: %q, %v", c.Buffered(), err)
		}
	})
}

// TestWriteTimeout: a peer that does not read holds nobody for ever.
func TestWriteTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, _ := net.Pipe()
		c := New(conn)
		c.SetWriteTimeout(8 * time.Second)
		write(c, "x")
		start := time.Now()
		err := c.Flush()
		if waited := time.Since(start); !IsTimeout(err) || waited < 8*time.Second || waited > 9*time.Second {
			t.Errorf("Flush returned %v after %v, want a time-out after 8 s to 9 s", err, waited)
		}
		failed := time.Now()
		if c.CloseGracefully(time.Minute, 1); time.Since(failed) > 0 {
			t.Errorf("closing gave the peer another %v", time.Since(failed))
		}
	})
}

// TestHalfWrittenGoesOn: what a time-out interrupted is finished by the next
// flush, at the octet where it stopped.
func TestHalfWrittenGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, peer := net.Pipe()
		c := New(conn)
		write(c, "first ")
		c.SetWriteDeadline(time.Now().Add(time.Second))
		go peer.Read(make([]byte, 3))
		if err := c.FlushUnderDeadline(); !IsTimeout(err) {
			t.Fatalf("FlushUnderDeadline returned %v, want a time-out", err)
		}
		if n := c.Unsent(); n != 3 {
			t.Fatalf("%d octets are unsent, want 3", n)
		}
		write(c, "second")
		flushed := make(chan error)
		go func() { flushed <- c.Flush() }()
		rest := make([]byte, 9)
		io.ReadFull(peer, rest)
		if err := <-flushed; err != nil || string(rest) != "st second" {
			t.Errorf("the peer then got %q (%v), want the rest and what came behind", rest, err)
		}
	})
}

// TestRetract: octets of which none has left can be taken back, others not.
func TestRetract(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, peer := net.Pipe()
		c := New(conn)
		write(c, "one ")
		out := c.BeginWrite(4)
		_, end := c.EndWrite(append(out, "two "...))
		write(c, "three")
		c.SetWriteDeadline(time.Now().Add(time.Second))
		go peer.Read(make([]byte, 2))
		c.FlushUnderDeadline()

		if c.Retract(0, 4) {
			t.Error("what has begun to leave was retracted")
		}
		if !c.Retract(end-4, end) {
			t.Error("what has not begun to leave was not retracted")
		}
		go func() { c.Flush(); conn.Close() }()
		rest, _ := io.ReadAll(peer)
		if string(rest) != "e three" {
			t.Errorf("the peer then got %q, want %q", rest, "e three")
		}
	})
}

// TestOwnWritesIgnoreTheCallersDeadline: a deadline that an application set for
// itself does not cut short what the protocol sends.
func TestOwnWritesIgnoreTheCallersDeadline(t *testing.T) {
	c, peer := socketPair(t)
	c.SetWriteDeadline(time.Now().Add(-time.Second))
	write(c, "pong")
	if err := c.FlushUnderDeadline(); err != os.ErrDeadlineExceeded {
		t.Errorf("the caller's flush returned %v, want os.ErrDeadlineExceeded", err)
	}
	if err := c.Flush(); err != nil {
		t.Errorf("our own flush returned %v", err)
	}
	got := make([]byte, 4)
	if _, err := io.ReadFull(peer, got); err != nil || string(got) != "pong" {
		t.Errorf("the peer got %q, %v", got, err)
	}
}

// TestCloseGracefully: the last response reaches a client that is still sending,
// where a plain Close makes the kernel reset the connection under it.
func TestCloseGracefully(t *testing.T) {
	eachForm(t, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		body := bytes.Repeat([]byte("x"), 1<<20)
		sent := make(chan error)
		go func() {
			_, err := peer.Write(body)
			sent <- err
			peer.CloseWrite()
		}()
		c.Fill() // some of it has come, most has not
		write(c, "413: too much")
		go c.CloseGracefully(10*time.Second, 2<<20)
		if err := <-sent; err != nil {
			t.Errorf("the client's write failed: %v", err)
		}
		answer, err := io.ReadAll(peer)
		if err != nil || string(answer) != "413: too much" {
			t.Errorf("the client read %q, %v; want the answer and the end, no reset", answer, err)
		}
	})
}

// TestCloseGracefullyIsBounded in octets and in time.
func TestCloseGracefullyIsBounded(t *testing.T) {
	t.Run("octets", func(t *testing.T) {
		c, peer := socketPair(t)
		go func() {
			for {
				if _, err := peer.Write(make([]byte, 64<<10)); err != nil {
					return
				}
			}
		}()
		c.CloseGracefully(time.Minute, 1<<20) // returns, though the peer never ends
	})
	t.Run("time", func(t *testing.T) {
		c, _ := socketPair(t)
		c.CloseGracefully(10*time.Millisecond, 1<<20) // returns, though the peer is silent
	})
}

// TestCloseAtEnd: the last octets arrive and the end follows, whether the peer
// has sent no more, or has all the same.
func TestCloseAtEnd(t *testing.T) {
	for _, behind := range []string{"", "more", strings.Repeat("more", 10_000)} {
		eachForm(t, func(t *testing.T, c *Conn, peer *net.TCPConn) {
			io.WriteString(peer, "end"+behind)
			go peer.CloseWrite()
			step := func() error {
				if len(c.Buffered()) < len("end") {
					return c.Fill()
				}
				c.Discard(len("end"))
				return nil
			}
			if err := c.Loop(step); err != nil {
				t.Fatal(err)
			}
			write(c, "goodbye")
			c.CloseAtEnd(time.Minute, 1<<20)
			if got, err := io.ReadAll(peer); err != nil || string(got) != "goodbye" {
				t.Errorf("with %d octets behind the end the peer got %q, %v", len(behind), got, err)
			}
		})
	}
}

// TestForEver: the longest time there is is no time-out at once.
func TestForEver(t *testing.T) {
	eachForm(t, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		c.ReadWithin(math.MaxInt64)
		c.SetWriteTimeout(math.MaxInt64)
		write(c, "to the peer")
		go func() {
			io.ReadFull(peer, make([]byte, len("to the peer")))
			io.WriteString(peer, "from it")
		}()
		if err := c.Fill(); err != nil {
			t.Errorf("with %v to wait, Fill failed: %v", time.Duration(math.MaxInt64), err)
		}
	})
}
