//go:build unix

package e2e

import (
	"crypto/tls"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestStoppedProcess: a server that was stopped for longer than every time-out,
// as by a debugger, goes on where it was: nobody was slow but itself.
func TestStoppedProcess(t *testing.T) {
	p := start(t, "-header-timeout", "2s", "-idle-timeout", "2s", "-ping", "2s", "-write-timeout", "2s")
	secure := start(t, "-header-timeout", "2s", "-tls-self-signed")

	head, body, idle, webSocket := dial(t, p), dial(t, p), dial(t, p), upgraded(t, p)
	head.send("GET / HTTP/1.1\r\nHo")
	body.send("GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
	body.expect("the invitation to send the body", "HTTP/1.1 100 Continue\r\n\r\n")
	idle.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	idle.expect("an answer", "HTTP/1.1 200 OK\r\n")

	handshake := tls.Client(dial(t, secure).conn, &tls.Config{InsecureSkipVerify: true})

	p.signal(t, syscall.SIGSTOP)
	secure.signal(t, syscall.SIGSTOP)
	time.Sleep(5 * time.Second) // what passes is the kernel's time, which no test can set
	p.signal(t, syscall.SIGCONT)
	secure.signal(t, syscall.SIGCONT)
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
	p := start(t, "-header-timeout", "2s")
	slow := dial(t, p)
	slow.send("GET / HTTP/1.1\r\nHo")
	p.signal(t, syscall.SIGSTOP)
	time.Sleep(3 * time.Second)
	p.signal(t, syscall.SIGCONT)
	went := time.Now()
	if answer := slow.head(); !strings.HasPrefix(answer, "HTTP/1.1 408 ") {
		t.Errorf("a peer that is slow gets %q, want 408", answer)
	}
	if took := time.Since(went); took < time.Second || took > 5*time.Second {
		t.Errorf("it was cut off %v after the process went on, want about the 2 s that it had", took)
	}
}
