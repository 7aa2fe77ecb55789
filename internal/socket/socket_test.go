package socket

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// halfCloser is an end of a TCP or Unix connection.
type halfCloser interface {
	net.Conn
	CloseWrite() error
}

// plainOnly hides the descriptor of a connection, as TLS does.
type plainOnly struct{ halfCloser }

// eachForm runs a test over connections that must behave alike: with a descriptor and
// without one. peer is a halfCloser unless the connection is a pipe.
func eachForm(t *testing.T, writeTimeout time.Duration, test func(t *testing.T, c *Conn, peer net.Conn)) {
	for _, network := range []string{"tcp", "unix"} {
		t.Run(network, func(t *testing.T) {
			conn, peer := connect(t, network)
			test(t, New(conn, writeTimeout), peer)
		})
		t.Run(network+" without its descriptor", func(t *testing.T) {
			conn, peer := connect(t, network)
			test(t, New(plainOnly{conn}, writeTimeout), peer)
		})
	}
	t.Run("pipe", func(t *testing.T) {
		conn, peer := net.Pipe()
		t.Cleanup(func() { conn.Close(); peer.Close() })
		test(t, New(conn, writeTimeout), peer)
	})
}

// connect returns the two ends of a connection.
func connect(t testing.TB, network string) (conn, peer halfCloser) {
	t.Helper()
	address := "127.0.0.1:0"
	if network == "unix" {
		address = filepath.Join(t.TempDir(), "socket")
	}
	listener, err := net.Listen(network, address)
	if err != nil {
		t.Skip(err)
	}
	defer listener.Close()
	dialed, err := net.Dial(network, listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	accepted, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dialed.Close(); accepted.Close() })
	return accepted.(halfCloser), dialed.(halfCloser)
}

// finish sends the end, and nothing after it.
func finish(peer net.Conn) {
	if half, ok := peer.(halfCloser); ok {
		half.CloseWrite()
	} else {
		peer.Close()
	}
}

func isTimeout(err error) bool {
	timeout, ok := err.(net.Error)
	return ok && timeout.Timeout()
}

func TestReadTakesWhatThereIsRoomForAndThenTheEnd(t *testing.T) {
	eachForm(t, 0, func(t *testing.T, c *Conn, peer net.Conn) {
		go func() {
			io.WriteString(peer, "one two")
			finish(peer)
		}()
		var got strings.Builder
		p := make([]byte, 4)
		n, err := c.Read(p)
		for ; err == nil; n, err = c.Read(p) {
			got.Write(p[:n])
		}
		if n, again := c.Read(p); got.String() != "one two" || err != io.EOF || n != 0 || again != io.EOF {
			t.Errorf("got %q, %v, then %v; want what the peer sent, and io.EOF every time", got.String(), err, again)
		}
	})
}

func TestReadDeadlineEndsAReadAndNotTheConnection(t *testing.T) {
	eachForm(t, 0, func(t *testing.T, c *Conn, peer net.Conn) {
		p := make([]byte, 10)
		c.SetReadDeadline(time.Now().Add(time.Millisecond))
		if n, err := c.Read(p); n != 0 || !isTimeout(err) {
			t.Errorf("Read returned %d, %v; want a timeout", n, err)
		}
		if err := c.Await(); c.raw != nil && !isTimeout(err) {
			t.Errorf("Await returned %v, want a timeout", err)
		}
		if c.in.first != nil {
			t.Error("the connection keeps the memory of a Read that has returned")
		}
		c.SetReadDeadline(time.Time{})
		go io.WriteString(peer, "late")
		if n, err := c.Read(p); err != nil || string(p[:n]) != "late" {
			t.Errorf("after the deadline: %q, %v", p[:n], err)
		}
	})
}

func TestCloseEndsAReadAndWhateverFollows(t *testing.T) {
	eachForm(t, 0, func(t *testing.T, c *Conn, peer net.Conn) {
		ended := make(chan error, 1)
		go func() {
			_, err := c.Read(make([]byte, 1))
			ended <- err
		}()
		c.Close()
		isClosed := func(err error) bool { return errors.Is(err, net.ErrClosed) || errors.Is(err, io.ErrClosedPipe) }
		if err := <-ended; !isClosed(err) {
			t.Errorf("Read returned %v", err)
		}
		if _, err := c.Write([]byte("x")); !isClosed(err) {
			t.Errorf("Write returned %v", err)
		}
		if c.raw != nil {
			if err := c.Await(); !isClosed(err) {
				t.Errorf("Await returned %v", err)
			}
			if _, err := c.TryWrite([]byte("x"), nil); !isClosed(err) {
				t.Errorf("TryWrite returned %v", err)
			}
		}
	})
}

func TestTwoPiecesLeaveInTheirOrder(t *testing.T) {
	large := strings.Repeat("0123456789", 200_000)
	for _, pieces := range [][2]string{{"", ""}, {"one ", "two"}, {"one", ""}, {"", "two"}, {large, "x"}, {"x", large}, {large, large}} {
		eachForm(t, time.Minute, func(t *testing.T, c *Conn, peer net.Conn) {
			sent := make(chan error, 1)
			go func() {
				n, err := c.WriteBoth([]byte(pieces[0]), []byte(pieces[1]))
				if want := len(pieces[0]) + len(pieces[1]); err == nil && n != want {
					t.Errorf("WriteBoth returned %d, want %d", n, want)
				}
				sent <- err
				c.Close()
			}()
			got, err := io.ReadAll(peer)
			if string(got) != pieces[0]+pieces[1] || err != nil {
				t.Errorf("the peer got %d bytes, %v; want %d", len(got), err, len(pieces[0])+len(pieces[1]))
			}
			if err := <-sent; err != nil {
				t.Error(err)
			}
			if c.out.first != nil || c.out.second != nil {
				t.Error("the connection keeps the memory of a write that has returned")
			}
		})
	}
}

func TestTryWriteWritesWhatTheSocketAccepts(t *testing.T) {
	eachForm(t, 0, func(t *testing.T, c *Conn, peer net.Conn) {
		text, sent := bytes.Repeat([]byte("0123456789"), 100_000), 0
		for {
			n, err := c.TryWrite(text[:3], text[3:])
			if err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				break // it is full
			}
			sent += n
			text = append(text[n:], text[:n]...)
		}
		if c.raw != nil != (sent > 0) {
			t.Errorf("it accepted %d bytes", sent)
		}
		go c.Close()
		got, err := io.ReadAll(peer)
		if len(got) != sent || err != nil {
			t.Errorf("the peer got %d bytes, %v; want the %d that were accepted", len(got), err, sent)
		}
		for i, b := range got {
			if b != '0'+byte(i%10) {
				t.Fatalf("byte %d is %q", i, b)
			}
		}
	})
}

func TestAwaitReturnsWhenThereIsSomethingToRead(t *testing.T) {
	eachForm(t, 0, func(t *testing.T, c *Conn, peer net.Conn) {
		if c.raw == nil {
			if err := c.Await(); err != nil || c.IsEmpty() {
				t.Errorf("without a descriptor Await returned %v, IsEmpty %v; want nothing known, so no wait", err, c.IsEmpty())
			}
			return
		}
		if !c.IsEmpty() {
			t.Error("nothing was sent, and IsEmpty reports false")
		}
		send := make(chan string)
		go func() {
			for text := range send {
				io.WriteString(peer, text)
			}
			finish(peer)
		}()
		p := make([]byte, 10)
		for range 100 {
			go func() { send <- "x" }()
			if err := c.Await(); err != nil || c.IsEmpty() {
				t.Fatalf("Await returned %v, then IsEmpty %v", err, c.IsEmpty())
			}
			if n, err := c.Read(p); n != 1 || err != nil {
				t.Fatalf("after Await, Read returned %d, %v", n, err)
			}
		}
		close(send)
		if err := c.Await(); err != nil || c.IsEmpty() {
			t.Errorf("at the end Await returned %v, IsEmpty %v", err, c.IsEmpty())
		}
		if _, err := c.Read(p); err != io.EOF {
			t.Errorf("after Await, Read returned %v, want io.EOF", err)
		}
	})
}

// The 64 KiB a plain Write is given at a time take the reader 16 s of each 20.
func TestWriteTimeoutSparesASlowReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, peer := net.Pipe()
		c := New(conn, 20*time.Second)
		got := make(chan int)
		go func() {
			n := 0
			p := make([]byte, 16<<10)
			for err := error(nil); err == nil; <-time.After(4 * time.Second) {
				var taken int
				taken, err = peer.Read(p)
				n += taken
			}
			got <- n
		}()
		if _, err := c.Write(make([]byte, 1<<20)); err != nil {
			t.Error(err)
		}
		c.Close()
		if n := <-got; n != 1<<20 {
			t.Errorf("the peer got %d bytes, want 1 MiB", n)
		}
	})
}

// readWhenFull lets the peer read whenever a write is about to wait.
type readWhenFull struct {
	net.Conn
	waits int
	full  chan struct{}
}

func (r *readWhenFull) SetWriteDeadline(t time.Time) error {
	r.waits++
	select {
	case r.full <- struct{}{}:
	default: // the peer is about to read anyway
	}
	return r.Conn.SetWriteDeadline(t)
}

func TestWriteTimeoutStartsAgainBeforeEachWait(t *testing.T) {
	conn, peer := connect(t, "tcp")
	c := New(conn, time.Hour)
	r := &readWhenFull{Conn: conn, full: make(chan struct{}, 1)}
	c.Conn = r
	const size = 32 << 20 // more than the system buffers
	go func() {
		c.Write(make([]byte, size))
		c.Close()
		close(r.full)
	}()
	for range r.full {
		io.CopyN(io.Discard, peer, size/8)
	}
	if r.waits < 2 {
		t.Errorf("the write timeout was started %d times", r.waits)
	}
}

// takesALittle lets the peer read an eighth of what is in the socket's send buffer, and
// then lets the write deadline pass.
type takesALittle struct {
	*Conn
	peer io.Reader
}

func (l takesALittle) SetWriteDeadline(time.Time) error {
	for queued := l.Queued(); l.Queued() > queued*7/8; { // less may not free a whole packet
		io.CopyN(io.Discard, l.peer, 1<<10)
	}
	return l.Conn.SetWriteDeadline(time.Unix(1, 0))
}

// The system reports a socket as writable when a third of its send buffer is free.
func TestWriteTimeoutSparesAPeerThatTakesALittle(t *testing.T) {
	conn, peer := connect(t, "tcp")
	c := New(conn, time.Hour)
	large := make([]byte, 32<<20)
	for n, err := c.TryWrite(large, nil); n > 0; n, err = c.TryWrite(large, nil) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if c.Queued() == 0 {
		t.Skip("this system does not report queued bytes")
	}
	c.Conn = takesALittle{New(conn, 0), peer}
	if n, err := c.Write([]byte("x")); n != 1 || err != nil {
		t.Errorf("Write returned %d, %v; want the byte to be accepted", n, err)
	}
}

func TestWriteTimeoutEndsAWriteToAPeerThatReadsNothing(t *testing.T) {
	eachForm(t, time.Millisecond, func(t *testing.T, c *Conn, peer net.Conn) {
		piece := make([]byte, 32<<20)
		if n, err := c.WriteBoth(piece[:1], piece); n > len(piece) || !isTimeout(err) {
			t.Errorf("WriteBoth returned %d, %v; want a timeout", n, err)
		}
		if c.out.first != nil || c.out.second != nil {
			t.Error("the connection keeps the memory of a write that has failed")
		}
	})
}

func TestTLSOutlivesASlowReader(t *testing.T) {
	server := httptest.NewTLSServer(nil)
	config := &tls.Config{Certificates: server.TLS.Certificates, InsecureSkipVerify: true}
	server.Close()
	synctest.Test(t, func(t *testing.T) {
		conn, peer := net.Pipe()
		c := tls.Server(New(conn, 10*time.Second), config)
		client := tls.Client(peer, config)
		go func() { // takes ten minutes for 1 MiB, and then answers
			for range 64 {
				<-time.After(9 * time.Second)
				io.ReadFull(client, make([]byte, 16<<10))
			}
			io.Copy(client, io.LimitReader(client, 5))
			client.Close()
		}()
		if _, err := c.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Write([]byte("again")); err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(c); string(got) != "again" || err != nil {
			t.Errorf("afterwards the connection carried %q, %v", got, err)
		}
		c.Close()
	})
}

func TestNothingFollowsAWriteThatTimedOut(t *testing.T) {
	server := httptest.NewTLSServer(nil)
	config := &tls.Config{Certificates: server.TLS.Certificates, InsecureSkipVerify: true}
	server.Close()
	synctest.Test(t, func(t *testing.T) {
		conn, peer := net.Pipe()
		c := tls.Server(New(conn, 10*time.Second), config)
		go tls.Client(peer, config).Handshake() // and then it reads nothing
		if err := c.Handshake(); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if _, err := c.Write([]byte("is anybody there?")); !isTimeout(err) {
			t.Errorf("Write returned %v, want a timeout", err)
		}
		if c.Close(); time.Since(start) != 10*time.Second {
			t.Errorf("the write and Close took %v, want one write timeout", time.Since(start))
		}
	})
}
