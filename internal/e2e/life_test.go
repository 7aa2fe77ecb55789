package e2e

import (
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
)

// TestDrain: after SIGTERM or SIGINT (Ctrl-C) the server accepts no new connections, closes
// idle ones, finishes requests that have begun, sends 1001 on every WebSocket, and exits
// with 0.
//
// req: 6455-7.4.1-c 9112-9.6-a
func TestDrain(t *testing.T) {
	for _, signal := range []os.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) { checkDrain(t, signal) })
	}
}

func checkDrain(t *testing.T, signal os.Signal) {
	p := start(t)
	idle, busy, webSockets := dial(t, p), dial(t, p), []*peer{upgraded(t, p), upgraded(t, p)}
	idle.get()
	busy.send("GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
	busy.expect("the 100", "HTTP/1.1 100 Continue\r\n\r\n") // so the server has begun the request

	p.signal(t, signal)

	for _, webSocket := range webSockets {
		webSocket.expectClose(goingAway)
		webSocket.send("\x88\x82" + noMask + goingAway)
		webSocket.expectEnd("after both Close frames")
	}
	idle.expectEnd("an idle connection when the server drains")
	if conn, err := net.Dial("tcp", p.addr); err == nil {
		conn.Close()
		t.Error("a connection was accepted while the server drained")
	}
	busy.send("12345")
	if head := busy.head(); !strings.HasPrefix(head, "HTTP/1.1 200 OK\r\n") || !strings.Contains(head, "\r\nConnection: close\r\n") {
		t.Errorf("an unfinished request got %q, want 200 with Connection: close", head)
	}
	busy.expect("the content", "Hello World!")
	busy.expectEnd("after the last response")
	if status := p.status(t); status != 0 {
		t.Errorf("barewire exited with %d, want 0; its log:\n%s", status, p.stderr.String())
	}
}

// TestSecondSignal: after a second signal the server waits for nothing.
func TestSecondSignal(t *testing.T) {
	p := start(t, "-drain", "1h")
	c := upgraded(t, p)
	p.signal(t, syscall.SIGTERM)
	c.expectClose(goingAway) // and does not answer it
	p.signal(t, syscall.SIGTERM)
	if status := p.status(t); status != 1 {
		t.Errorf("barewire exited with %d after the second signal, want 1", status)
	}
}

// TestMaxConns: a connection above the limit gets 503, and can try again later.
//
// req: 9110-15.6.4-a
func TestMaxConns(t *testing.T) {
	p := start(t, "-max-conns", "2")
	first, second := dial(t, p), dial(t, p)
	first.get()
	second.get()

	third := dial(t, p)
	head := third.head()
	for _, part := range []string{"HTTP/1.1 503 Service Unavailable\r\n", "\r\nRetry-After: ", "\r\nConnection: close\r\n"} {
		if !strings.Contains(head, part) {
			t.Errorf("the connection above the limit got %q, want %q in it", head, part)
		}
	}
	first.get() // the first connection is not affected
	second.conn.Close()
	eventually(t, func() bool {
		again := dial(t, p)
		defer again.conn.Close()
		again.send(hello)
		return strings.HasPrefix(again.head(), "HTTP/1.1 200 ")
	}, "the place of a connection that has ended is not free")
}

// TestCommandLine: a wrong command line exits with 2, a failure with 1, each with one line
// on standard error that gives the reason.
func TestCommandLine(t *testing.T) {
	taken := start(t).addr
	for _, test := range []struct {
		rule      string
		arguments string
		status    int
		stdout    string // part of it
		stderr    string // part of it; "" means that it is empty
	}{
		{"help lists the commands", "help", 0, "barewire serve", ""},
		{"help serve lists its flags", "help serve", 0, "-max-message", ""},
		{"-help does too", "serve -help", 0, "-max-message", ""},
		{"a taken port", "-addr " + taken, 1, "", "address already in use"},
		{"a taken port, with the command's name", "serve -addr " + taken, 1, "", "address already in use"},
		{"an invalid address", "-addr 127.0.0.1:http:80", 1, "", "127.0.0.1:http:80"},
		{"an unknown flag", "-paint blue", 2, "", "-paint"},
		{"an invalid size", "-max-message 1parsec", 2, "", "1parsec"},
		{"an invalid duration", "-ping soon", 2, "", "soon"},
		{"an invalid origin", "-origin example.com", 2, "", "example.com"},
		{"an unknown command", "frobnicate", 2, "", "frobnicate"},
		{"an extra argument", "serve now", 2, "", "now"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			stdout, stderr, status := run(t, nil, binary, strings.Fields(test.arguments)...)
			if status != test.status {
				t.Errorf("barewire %s exited with %d, want %d", test.arguments, status, test.status)
			}
			if !strings.Contains(stdout, test.stdout) || test.stdout == "" && stdout != "" {
				t.Errorf("barewire %s printed %q, want %q in it", test.arguments, stdout, test.stdout)
			}
			if oneLine := strings.Count(stderr, "\n") == 1; oneLine != (test.stderr != "") || !strings.Contains(stderr, test.stderr) {
				t.Errorf("barewire %s wrote %q to standard error, want one line with %q", test.arguments, stderr, test.stderr)
			}
		})
	}
}
