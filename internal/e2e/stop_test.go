//go:build unix

package e2e

import (
	"crypto/tls"
	"strings"
	"syscall"
	"testing"
)

// stopped stops programs for longer than 2 s: until another server, which runs, has
// cut off a peer that it gave 3 s. What passes is the kernel's time, which no test
// can set.
func stopped(t *testing.T, programs ...*program) {
	t.Helper()
	for _, p := range programs {
		p.signal(t, syscall.SIGSTOP)
	}
	slow := dial(t, start(t, "-header-timeout", "3s"))
	slow.send("GET / HTTP/1.1\r\nHo")
	slow.head()
	for _, p := range programs {
		p.signal(t, syscall.SIGCONT)
	}
}

// TestStoppedProcess: a server that was stopped for longer than every time-out,
// as by a debugger, goes on where it was: nobody was slow but itself.
func TestStoppedProcess(t *testing.T) {
	long(t)
	t.Parallel()
	p := start(t, "-header-timeout", "2s", "-idle-timeout", "2s", "-ping", "2s", "-write-timeout", "2s")
	secure := start(t, "-header-timeout", "2s", "-tls-self-signed")

	head, body, idle, webSocket := dial(t, p), dial(t, p), dial(t, p), upgraded(t, p)
	head.send("GET / HTTP/1.1\r\nHo")
	body.send("GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
	body.expect("the invitation to send the body", "HTTP/1.1 100 Continue\r\n\r\n")
	idle.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	idle.expect("an answer", "HTTP/1.1 200 OK\r\n")

	handshake := tls.Client(dial(t, secure).conn, &tls.Config{InsecureSkipVerify: true})

	stopped(t, p, secure)
	head.send("st: x\r\n\r\n")
	body.send("body")
	webSocket.send("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58")

	if err := handshake.Handshake(); err != nil {
		t.Errorf("a ClientHello that came late: %v", err)
	}
	head.expect("the answer to a head that was cut in two", "HTTP/1.1 200 OK\r\n")
	body.expect("the answer to a body that came late", "HTTP/1.1 200 OK\r\n")
	webSocket.expect("the echo", "\x81\x05Hello")
	idle.head() // the rest of the first answer
	idle.expect("its content", "Hello World!")
	idle.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	idle.expect("another answer", "HTTP/1.1 200 OK\r\n")
}

// TestSlowPeerOfStoppedProcess: what the process was stopped for is all that is
// forgiven; a peer that is slow while it runs is cut off.
func TestSlowPeerOfStoppedProcess(t *testing.T) {
	long(t)
	t.Parallel()
	p := start(t, "-header-timeout", "2s")
	slow := dial(t, p)
	slow.send("GET / HTTP/1.1\r\nHo")
	stopped(t, p)
	if answer := slow.head(); !strings.HasPrefix(answer, "HTTP/1.1 408 ") {
		t.Errorf("a peer that is slow gets %q, want 408", answer)
	}
}
