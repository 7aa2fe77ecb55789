//go:build unix

package server

import (
	"io"
	"net"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"barewire/wsframe"
)

// goldenIn is everything that one client sends: pipelined requests, with bodies of both
// kinds; the handshake; a message in one frame, a message in fragments with a Ping between
// them, and a message of 300 bytes; then a Close frame.
var goldenIn = "GET / HTTP/1.1\r\nHost: x\r\n\r\n" +
	"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n" +
	"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello" +
	"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n\r\n" +
	upgradeRequest("/echo") +
	frame(wsframe.Text, "Hello") +
	"\x01\x82\x01\x02\x03\x04" + "\x49\x67" + // Text without FIN: "He"
	frame(wsframe.Ping, "ping") +
	"\x80\x83\x01\x02\x03\x04" + "\x6d\x6e\x6c" + // Continuation with FIN: "llo"
	frame(wsframe.Binary, strings.Repeat("x", 300)) +
	frame(wsframe.Close, "\x03\xe8bye")

// withoutDescriptor hides the descriptor of a connection from bufconn, as TLS does, so
// bufconn uses its plain form.
type withoutDescriptor struct{ *net.TCPConn }

// forms are the two forms in which bufconn reads and waits.
var forms = map[string]func(*net.TCPConn) net.Conn{
	"descriptor": func(conn *net.TCPConn) net.Conn { return conn },
	"plain":      func(conn *net.TCPConn) net.Conn { return withoutDescriptor{conn} },
}

// TestSplitAnywhere: the answers are the same wherever the client's bytes are cut in two,
// with the server waiting in between, and whether or not the FIN arrives with the last
// bytes. Both forms of bufconn are tested.
func TestSplitAnywhere(t *testing.T) {
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			whole := overTCP(t, form, goldenIn)
			if !strings.HasSuffix(whole, "\x8a\x04ping"+"\x81\x05Hello"+"\x82\x7e\x01\x2c"+strings.Repeat("x", 300)+"\x88\x02\x03\xe8") {
				t.Fatalf("uncut, the answer ends with %q", whole[max(0, len(whole)-400):])
			}
			for at := 1; at < len(goldenIn); at++ {
				if got := overTCP(t, form, goldenIn[:at], goldenIn[at:]); got != whole {
					t.Fatalf("cut after byte %d, %q, the answer is\n%q\nbut uncut it is\n%q", at, goldenIn[:at], got, whole)
				}
			}
			if got := overTCP(t, form, strings.Split(goldenIn, "")...); got != whole {
				t.Fatalf("byte by byte the answer is\n%q\nbut uncut it is\n%q", got, whole)
			}
		})
	}
}

// TestEndsAnywhere: wherever a client ends the connection, with a FIN or a reset, the
// server soon ends it too.
func TestEndsAnywhere(t *testing.T) {
	ends := map[string]func(*net.TCPConn){
		"FIN":   func(client *net.TCPConn) { client.CloseWrite(); io.Copy(io.Discard, client) },
		"close": func(client *net.TCPConn) { client.Close() },
		"reset": func(client *net.TCPConn) { client.SetLinger(0); client.Close() },
	}
	for name, form := range forms {
		for ending, end := range ends {
			t.Run(name+", "+ending, func(t *testing.T) {
				for at := 0; at <= len(goldenIn); at += 3 {
					client, _, served := tcpConversation(t, form)
					io.WriteString(client, goldenIn[:at])
					end(client)
					select {
					case <-served:
					case <-time.After(time.Minute):
						t.Fatalf("ended after byte %d, %q, the connection is still being served", at, goldenIn[:at])
					}
					client.Close()
				}
			})
		}
	}
}

// overTCP sends the pieces to a server, each one after the server has read the previous
// one, and then FIN. It returns everything that the client received.
func overTCP(t *testing.T, form func(*net.TCPConn) net.Conn, pieces ...string) string {
	t.Helper()
	client, conn, served := tcpConversation(t, form)
	defer client.Close()
	go func() {
		for i, piece := range pieces {
			if i > 0 {
				awaitRead(conn)
			}
			if _, err := io.WriteString(client, piece); err != nil {
				return
			}
		}
		client.CloseWrite()
	}()
	client.SetReadDeadline(time.Now().Add(time.Minute))
	got, err := io.ReadAll(client)
	if err != nil {
		t.Fatalf("after %d bytes: %v", len(got), err)
	}
	<-served
	return string(got)
}

// tcpConversation returns both ends of a TCP connection. The server serves conn until
// served is closed.
func tcpConversation(t *testing.T, form func(*net.TCPConn) net.Conn) (client, conn *net.TCPConn, served chan struct{}) {
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
	client, conn, served = dialed.(*net.TCPConn), accepted.(*net.TCPConn), make(chan struct{})
	go func() {
		defer close(served)
		New(testConfig()).ServeConn(form(conn))
	}()
	return client, conn, served
}

// awaitRead returns when the server has read all received bytes, or has closed.
func awaitRead(conn *net.TCPConn) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return
	}
	var one [1]byte
	for unread := true; unread; runtime.Gosched() {
		unread = false
		raw.Control(func(descriptor uintptr) {
			n, _, err := syscall.Recvfrom(int(descriptor), one[:], syscall.MSG_PEEK) // it does not wait: Go's sockets are non-blocking
			unread = err == nil && n > 0
		})
	}
}
