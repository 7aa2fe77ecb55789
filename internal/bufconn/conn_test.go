package bufconn

import (
	"bytes"
	"errors"
	"io"
	"math"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"barewire/internal/socket"
)

// plainOnly hides the descriptor of a connection, as TLS does.
type plainOnly struct{ *net.TCPConn }

// eachForm runs a test over connections that must behave alike: with a descriptor and
// without one.
func eachForm(t *testing.T, writeTimeout time.Duration, test func(t *testing.T, c *Conn, peer *net.TCPConn)) {
	t.Run("descriptor", func(t *testing.T) {
		conn, peer := socketPair(t)
		test(t, New(socket.New(conn, writeTimeout)), peer)
	})
	t.Run("plain", func(t *testing.T) {
		conn, peer := socketPair(t)
		test(t, New(socket.New(plainOnly{conn}, writeTimeout)), peer)
	})
}

// socketPair returns the two ends of a TCP connection.
func socketPair(t testing.TB) (conn, peer *net.TCPConn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	dialed, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	accepted, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dialed.Close(); accepted.Close() })
	return accepted.(*net.TCPConn), dialed.(*net.TCPConn)
}

// write appends to the write buffer.
func write(c *Conn, text string) {
	c.EndWrite(append(c.BeginWrite(len(text)), text...))
}

func TestFillFlushesBeforeItWaits(t *testing.T) {
	waits := map[string]func(c *Conn) error{
		"Fill":      (*Conn).Fill,
		"AwaitNext": (*Conn).AwaitNext,
		"Read":      func(c *Conn) error { _, err := c.Read(make([]byte, 10)); return err },
	}
	for name, wait := range waits {
		eachForm(t, 0, func(t *testing.T, c *Conn, peer *net.TCPConn) {
			write(c, "one ")
			write(c, "two")
			if n := c.Unsent(); n != 7 {
				t.Errorf("%d bytes are unsent, want 7: nothing leaves by itself", n)
			}
			go func() {
				defer peer.Close()
				got := make([]byte, 7)
				if _, err := io.ReadFull(peer, got); err != nil || string(got) != "one two" {
					t.Errorf("the peer got %q, %v", got, err)
				}
				io.WriteString(peer, "answer")
			}()
			if err := wait(c); err != nil || c.Unsent() != 0 {
				t.Errorf("%s returned %v, with %d bytes unsent", name, err, c.Unsent())
			}
			if name != "Read" && string(c.Buffered()) != "answer" {
				t.Errorf("%s: buffered %q, want the answer", name, c.Buffered())
			}
		})
	}
}

func TestTwoEndsWithLargeMessagesBothReadOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := net.Pipe()
		large := strings.Repeat("x", 100_000)
		conns := []*Conn{New(a), New(b)}
		for _, c := range conns {
			write(c, large)
			go c.Flush()
		}
		synctest.Wait() // both senders are stuck: nobody reads
		var reading sync.WaitGroup
		for _, c := range conns {
			reading.Go(func() {
				write(c, "!") // a reply, which the sender has to take along
				for got := 0; got < len(large)+1; {
					if err := c.Fill(); err != nil {
						t.Errorf("after %d bytes: %v", got, err)
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

func TestReaderDoesNotStayToSendWhatOthersAppend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, peer := net.Pipe()
		c := New(conn)
		write(c, "reply")
		read := make(chan error, 1)
		go func() { read <- c.Fill() }()
		synctest.Wait() // the reader is sending its reply
		sent := make(chan error)
		go func() { sent <- c.EndWriteAndFlush(append(c.BeginWrite(100_000), make([]byte, 100_000)...), nil) }()
		synctest.Wait()
		io.ReadFull(peer, make([]byte, len("reply")))
		go io.WriteString(peer, "next")
		synctest.Wait()
		select {
		case err := <-read:
			if err != nil || string(c.Buffered()) != "next" {
				t.Errorf("the reader read %q, %v", c.Buffered(), err)
			}
		default:
			t.Error("the reader sends another goroutine's message, and reads nothing")
		}
		go io.Copy(io.Discard, peer)
		if err := <-sent; err != nil {
			t.Error(err)
		}
		c.Close(AtOnce, 0)
		synctest.Wait()
	})
}

func TestWhatIsNotDiscardedStays(t *testing.T) {
	text := strings.Repeat("0123456789", 50_000)
	for _, discarded := range []int{0, 7, 5000} {
		eachForm(t, 0, func(t *testing.T, c *Conn, peer *net.TCPConn) {
			go func() {
				io.WriteString(peer, text)
				peer.CloseWrite()
			}()
			for len(c.Buffered()) < discarded {
				if err := c.Fill(); err != nil {
					t.Fatal(err)
				}
			}
			c.Discard(discarded)
			err := c.Fill()
			for err == nil {
				err = c.Fill()
			}
			if string(c.Buffered()) != text[discarded:] || err != io.EOF {
				t.Errorf("%d bytes are buffered, %v; want %d and io.EOF", len(c.Buffered()), err, len(text)-discarded)
			}
			p := make([]byte, 100)
			if n, err := c.Read(p); n != 100 || err != nil || string(p) != text[discarded:discarded+100] {
				t.Errorf("Read returned %d, %v; want the first 100 buffered bytes", n, err)
			}
		})
	}
}

func TestReadBringsLargePiecesPastTheBuffer(t *testing.T) {
	want := bytes.Repeat([]byte("0123456789"), 50_000)
	eachForm(t, 0, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		go func() {
			peer.Write(want)
			peer.CloseWrite()
		}()
		if err := c.Fill(); err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(c); !bytes.Equal(got, want) || err != nil || c.in != nil {
			t.Errorf("Read brought %d bytes, %v; want %d, and no buffer held", len(got), err, len(want))
		}
	})
}

func TestBuffersFollowWhatArrives(t *testing.T) {
	conn, peer := net.Pipe()
	c := New(conn)
	send := func(n int) {
		t.Helper()
		go peer.Write(make([]byte, n))
		for want := len(c.Buffered()) + n; len(c.Buffered()) < want; {
			if err := c.Fill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	send(100)
	if size := cap(c.in.Bytes); size != MinBuffer {
		t.Errorf("the first buffer has %d bytes, want %d", size, MinBuffer)
	}
	for range 100 {
		send(1 << 20)
		c.Discard(len(c.Buffered()))
	}
	send(1)
	if size := cap(c.in.Bytes); size > MaxRead {
		t.Errorf("before bytes have arrived, a buffer has %d bytes, want at most %d", size, MaxRead)
	}
	send(1 << 20)
	c.Discard(1 << 20)
	send(1)
	if size := cap(c.in.Bytes); size != MinBuffer {
		t.Errorf("2 bytes are held in a buffer of %d", size)
	}
}

func TestReserveIsBoundedByWhatHasArrived(t *testing.T) {
	tests := []struct {
		arrived, size int
		want          bool
	}{
		{0, MinBuffer, true},
		{0, MinBuffer + 1, false},
		{10, 10, true},
		{1000, MinBuffer, true},
		{MinBuffer / 8, MinBuffer + 1, false},
		{MinBuffer/8 + 1, MinBuffer + 1, true},
		{5000, 40_000, true},
		{5000, 40_001, false},
		{MaxRead / 8, MaxRead, true},
		{MaxRead / 4, MaxRead + 1, false},
	}
	for _, test := range tests {
		conn, peer := net.Pipe()
		c := New(conn)
		text := bytes.Repeat([]byte("abc"), test.arrived)[:test.arrived]
		go peer.Write(append([]byte("discarded"), text...))
		for len(c.Buffered()) < len("discarded")+len(text) {
			if err := c.Fill(); err != nil {
				t.Fatal(err)
			}
		}
		c.Discard(len("discarded"))
		if got := c.Reserve(test.size); got != test.want {
			t.Errorf("with %d bytes buffered, Reserve(%d) returned %v", test.arrived, test.size, got)
		}
		if !bytes.Equal(c.Buffered(), text) || test.want && cap(c.Buffered()) < test.size {
			t.Errorf("Reserve(%d) left %d of %d bytes, with room for %d", test.size, len(c.Buffered()), len(text), cap(c.Buffered()))
		}
	}
}

func TestReadTimeoutLeavesTheConnectionUsable(t *testing.T) {
	eachForm(t, 0, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		for name, wait := range map[string]func() error{"Fill": c.Fill, "AwaitNext": c.AwaitNext} {
			c.SetReadDeadline(time.Now().Add(-time.Second))
			if err := wait(); !IsTimeout(err) {
				t.Fatalf("%s returned %v, want a timeout", name, err)
			}
			c.SetReadDeadline(time.Now().Add(time.Hour))
			io.WriteString(peer, "late")
			if err := wait(); err != nil || string(c.Buffered()) != "late" {
				t.Errorf("after the timeout: %q, %v", c.Buffered(), err)
			}
			c.Discard(len("late"))
		}
	})
}

func TestReadDeadlineThatMovesIsKeptToTheMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, peer := net.Pipe()
		c := New(conn)
		start := time.Now()
		for second := range 20 { // the deadline moves with each byte, the socket's once in a while
			c.SetReadDeadline(time.Now().Add(8 * time.Second))
			time.AfterFunc(time.Second, func() { peer.Write([]byte("x")) })
			if err := c.Fill(); err != nil {
				t.Fatalf("after %d s: %v", second, err)
			}
			c.Discard(1)
		}
		for _, end := range []time.Duration{28 * time.Second, 29 * time.Second, 28 * time.Second, time.Minute} {
			c.SetReadDeadline(start.Add(end))
			at := max(end, time.Since(start))
			if err := c.Fill(); !IsTimeout(err) || time.Since(start) != at {
				t.Errorf("Fill returned %v after %v, want a timeout after %v", err, time.Since(start), at)
			}
		}
	})
}

// brokenConn reports a timeout whatever its deadline is, as TLS does after a handshake
// that timed out.
type brokenConn struct{ net.Conn }

func (brokenConn) Read([]byte) (int, error) { return 0, os.ErrDeadlineExceeded }

// emptyConn reads nothing, and fails with nothing.
type emptyConn struct{ net.Conn }

func (emptyConn) Read([]byte) (int, error) { return 0, nil }

func TestBrokenConnDoesNotMakeFillSpin(t *testing.T) {
	conn, _ := net.Pipe()
	for _, conn := range []net.Conn{brokenConn{conn}, emptyConn{conn}} {
		if err := New(conn).Fill(); err != io.ErrNoProgress {
			t.Errorf("with a %T Fill returned %v, want io.ErrNoProgress", conn, err)
		}
	}
}

func TestQuietSinceStaysUntilBytesArrive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, peer := net.Pipe()
		c := New(conn)
		first := c.QuietSince()
		c.SetReadDeadline(first.Add(time.Second))
		if err := c.Fill(); !IsTimeout(err) || !c.QuietSince().Equal(first) {
			t.Errorf("a timeout (%v) moved it by %v", err, c.QuietSince().Sub(first))
		}
		c.SetReadDeadline(time.Time{})
		time.AfterFunc(time.Second, func() { peer.Write([]byte("x")) })
		if err := c.Fill(); err != nil || c.QuietSince().Sub(first) != 2*time.Second {
			t.Errorf("bytes (%v) moved it by %v, want 2 s", err, c.QuietSince().Sub(first))
		}
	})
}

func TestLongestDurationIsForever(t *testing.T) {
	eachForm(t, math.MaxInt64, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		c.SetReadDeadline(time.Now().Add(math.MaxInt64))
		large := make([]byte, 16<<20) // more than the system buffers
		go func() {
			io.CopyN(io.Discard, peer, int64(len(large)))
			io.WriteString(peer, "from the peer")
			peer.Close()
		}()
		if err := c.EndWriteAndFlush(c.BeginWrite(0), large); err != nil {
			t.Errorf("writing failed: %v", err)
		}
		if err := c.Fill(); err != nil {
			t.Errorf("Fill failed: %v", err)
		}
		if err := c.Close(Gracefully, math.MaxInt64); err != nil {
			t.Errorf("Close failed: %v", err)
		}
	})
}

func TestInterruptEndsEachWait(t *testing.T) {
	eachForm(t, 0, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		c.AllowParking()
		waits := []func() error{c.AwaitNext, c.Fill, func() error { _, err := c.Read(make([]byte, 1)); return err }}
		ended := make(chan error)
		go func() {
			for _, wait := range waits {
				for _, deadline := range []time.Time{{}, time.Now().Add(time.Hour), {}} {
					c.SetReadDeadline(deadline) // which must not undo the interrupt
					ended <- wait()
				}
			}
		}()
		c.Interrupt()
		for range 3 * len(waits) {
			if err := <-ended; !IsTimeout(err) {
				t.Errorf("an interrupted wait returned %v, want a timeout", err)
			}
		}
	})
}

func TestWriteTimeoutReachesTheReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, peer := net.Pipe()
		c := New(socket.New(conn, 8*time.Second))
		write(c, "reply")
		start := time.Now()
		go peer.Write([]byte("x")) // it sends, but reads nothing
		err := c.Fill()
		if failed := new(WriteError); !errors.As(err, &failed) || IsTimeout(err) || !IsTimeout(failed.Err) {
			t.Errorf("Fill returned %v, want a *WriteError which is no read timeout", err)
		}
		if waited := time.Since(start); waited != 8*time.Second {
			t.Errorf("Fill returned after %v, want 8 s", waited)
		}
		if c.Close(Gracefully, time.Minute); time.Since(start) != 8*time.Second {
			t.Errorf("closing gave the peer another %v", time.Since(start)-8*time.Second)
		}
	})
}
