package server

import (
	"context"
	"errors"
	"io"
	"net"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"barewire/internal/bufconn"
	"barewire/internal/wsconn"
	"barewire/wsframe"
)

// silent is how long a test waits, so that its connection is parked if the system supports
// it: see bufconn.AllowParking. On other systems the connection must behave the same.
const silent = time.Second

func beSilent() { <-time.After(silent) }

// parkedHandler echoes, panics on request, and counts its calls.
type parkedHandler struct {
	opened, closed atomic.Int32
	ended          chan error
}

func (h *parkedHandler) OnOpen(*wsconn.Conn) error {
	h.opened.Add(1)
	return nil
}

func (h *parkedHandler) OnMessage(out *wsconn.Conn, message wsconn.Message) error {
	if string(message.Payload) == "panic" {
		panic("as told")
	}
	return out.Echo(message)
}

func (h *parkedHandler) OnError(_ *wsconn.Conn, err error) { h.ended <- err }

func (h *parkedHandler) OnClose(*wsconn.Conn, wsframe.CloseCode, string) { h.closed.Add(1) }

// openParked opens a WebSocket to a parkedHandler.
func openParked(t *testing.T, config Config) (*Server, *parkedHandler, *net.TCPConn) {
	h := &parkedHandler{ended: make(chan error, 1)}
	config.App = testApp{func() wsconn.Handler { return h }}
	s, dial := startTCP(t, config)
	conn := dial()
	io.WriteString(conn, upgradeRequest("/any"))
	readUntil(t, conn, "\r\n\r\n")
	return s, h, conn
}

// end checks that the connection ends with the given error, after one OnOpen and one
// OnClose.
func (h *parkedHandler) end(t *testing.T, s *Server, want func(error) bool) {
	t.Helper()
	select {
	case err := <-h.ended:
		if !want(err) {
			t.Errorf("the connection ended with %v", err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("the connection has not ended")
	}
	s.serving.Wait()
	if opened, closed := h.opened.Load(), h.closed.Load(); opened != 1 || closed != 1 {
		t.Errorf("OnOpen was called %d times and OnClose %d times, want once each", opened, closed)
	}
}

// TestParkedKeepAlive: the server sends Pings to the peer of a parked connection, and closes
// the connection if the peer does not answer.
func TestParkedKeepAlive(t *testing.T) {
	t.Parallel()
	config := testConfig()
	config.Ping = silent
	start := time.Now()
	s, h, conn := openParked(t, config)
	for range 2 {
		readUntil(t, conn, "\x89\x00")
		if took := time.Since(start); took < silent {
			t.Errorf("the Ping came after %v, want %v or more", took, silent)
		}
		start = time.Now()
		io.WriteString(conn, frame(wsframe.Pong, ""))
	}
	readUntil(t, conn, "\x89\x00")
	h.end(t, s, bufconn.IsTimeout)
}

// TestParkedIdle: a parked connection that waits for a request is closed if none arrives in
// time.
func TestParkedIdle(t *testing.T) {
	t.Parallel()
	config := testConfig()
	config.IdleTimeout = silent
	s, dial := startTCP(t, config)
	conn := dial()
	start := time.Now()
	io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	if _, err := io.ReadAll(conn); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took < silent {
		t.Errorf("the connection ended after %v, want %v or more", took, silent)
	}
	conn.Close()
	s.serving.Wait()
}

// TestParkedGoesOn: a parked connection goes on with a request or a message, wherever the
// bytes were cut.
func TestParkedGoesOn(t *testing.T) {
	t.Parallel()
	_, dial := startTCP(t, testConfig())
	conn := dial()
	hello := "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
	io.WriteString(conn, hello)
	readUntil(t, conn, "\r\n\r\nHello World!")
	beSilent()
	io.WriteString(conn, hello[:10])
	beSilent()
	io.WriteString(conn, hello[10:])
	readUntil(t, conn, "\r\n\r\nHello World!")
	beSilent()
	io.WriteString(conn, upgradeRequest("/echo"))
	readUntil(t, conn, "\r\n\r\n")

	text := strings.Repeat("x", 100_000)
	message := frame(wsframe.Text, text)
	echo := make([]byte, len(message)-4) // the echo has no masking key
	for _, cut := range []int{0, 1, 20, 20_000} {
		io.WriteString(conn, message[:cut])
		beSilent()
		io.WriteString(conn, message[cut:])
		if _, err := io.ReadFull(conn, echo); err != nil || !strings.HasSuffix(string(echo), text) {
			t.Fatalf("the echo of a message cut at %d is not that message: %v", cut, err)
		}
	}
}

// TestParkedPanic: a handler that panics after its connection was parked ends only that
// connection.
func TestParkedPanic(t *testing.T) {
	t.Parallel()
	s, h, conn := openParked(t, testConfig())
	beSilent()
	io.WriteString(conn, frame(wsframe.Text, "panic"))
	readUntil(t, conn, "\x03\xf3the handler of this connection failed") // 1011
	conn.Close()
	h.end(t, s, func(err error) bool {
		var failed *wsconn.HandlerError
		return errors.As(err, &failed) && failed.Value == "as told"
	})
}

// member is a connection in a chat room.
type member struct {
	echoHandler
	room *wsconn.Room
}

func (m member) OnOpen(out *wsconn.Conn) error {
	m.room.Join(out)
	return nil
}

func (m member) OnMessage(_ *wsconn.Conn, message wsconn.Message) error {
	return m.room.Send(message.Opcode, message.Payload)
}

func (m member) OnClose(out *wsconn.Conn, _ wsframe.CloseCode, _ string) { m.room.Leave(out) }

// TestParkedInARoom: a parked connection gets the messages of the other members.
func TestParkedInARoom(t *testing.T) {
	t.Parallel()
	var room wsconn.Room
	config := testConfig()
	config.App = testApp{func() wsconn.Handler { return member{room: &room} }}
	s, dial := startTCP(t, config)
	var members []*net.TCPConn
	for range 3 {
		conn := dial()
		io.WriteString(conn, upgradeRequest("/chat"))
		readUntil(t, conn, "\r\n\r\n")
		members = append(members, conn)
	}
	for range 2 { // each member sends a message, and is then parked again
		beSilent()
		for _, speaker := range members {
			io.WriteString(speaker, frame(wsframe.Text, "Hello"))
			for _, member := range members {
				readUntil(t, member, "\x81\x05Hello")
			}
		}
	}
	beSilent()
	for _, member := range members {
		member.SetLinger(0) // a reset
		member.Close()
	}
	s.serving.Wait()
	if size := room.Size(); size != 0 {
		t.Errorf("%d members are in the room after all have left", size)
	}
}

// TestParkedShutdown: Shutdown ends parked connections of every kind at once.
func TestParkedShutdown(t *testing.T) {
	t.Parallel()
	s, dial := startTCP(t, testConfig())
	http, webSocket := dial(), dial()
	io.WriteString(http, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	readUntil(t, http, "\r\n\r\nHello World!")
	io.WriteString(webSocket, upgradeRequest("/echo"))
	readUntil(t, webSocket, "\r\n\r\n")
	beSilent()

	ended := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		ended <- s.Shutdown(ctx)
	}()
	if got, err := io.ReadAll(http); err != nil || len(got) > 0 {
		t.Errorf("the HTTP client got %q, %v; want EOF", got, err)
	}
	http.Close()
	readUntil(t, webSocket, "\x03\xe9"+shutdownReason)
	io.WriteString(webSocket, frame(wsframe.Close, "\x03\xe9"))
	if err := <-ended; err != nil {
		t.Errorf("Shutdown returned %v", err)
	}
}

// TestCloseWhileAccepting: Close also ends a connection that was accepted a moment ago. Run
// it with the race detector.
func TestCloseWhileAccepting(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	for i := range 300 {
		s := New(testConfig())
		client, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		conn, err := listener.Accept()
		if err != nil {
			t.Fatal(err)
		}
		begun := make(chan struct{})
		go func() {
			close(begun)
			s.accepted(conn)
		}()
		<-begun
		for range i % 50 {
			runtime.Gosched()
		}
		s.Close()
		io.Copy(io.Discard, client)
		client.Close()
	}
}
