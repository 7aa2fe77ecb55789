package e2e

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// peer is a connection whose bytes are written by the test.
type peer struct {
	t    *testing.T
	conn *net.TCPConn
	in   *bufio.Reader
}

func dial(t *testing.T, p *program) *peer {
	t.Helper()
	conn, err := net.DialTimeout("tcp", p.addr, patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(patience))
	return &peer{t, conn.(*net.TCPConn), bufio.NewReader(conn)}
}

func (c *peer) send(data string) {
	c.t.Helper()
	if _, err := io.WriteString(c.conn, data); err != nil {
		c.t.Fatalf("the server does not read: %v", err)
	}
}

// expect reads the next bytes, which must begin with want.
func (c *peer) expect(what, want string) {
	c.t.Helper()
	got := make([]byte, len(want))
	if n, err := io.ReadFull(c.in, got); err != nil || string(got) != want {
		c.t.Fatalf("%s: got %q, %v; want %q", what, got[:n], err, want)
	}
}

// head reads a response's head.
func (c *peer) head() string {
	c.t.Helper()
	var head strings.Builder
	for {
		line, err := c.in.ReadString('\n')
		if head.WriteString(line); err != nil {
			c.t.Fatalf("the response ends within its head: %q, %v", head.String(), err)
		}
		if line == "\r\n" {
			return head.String()
		}
	}
}

// expectEnd expects the end of the stream, and closes this side too.
func (c *peer) expectEnd(what string) {
	c.t.Helper()
	if rest, err := io.ReadAll(c.in); len(rest) > 0 || err != nil {
		c.t.Errorf("%s: got %q, %v; want the connection closed", what, rest, err)
	}
	c.conn.Close()
}

const hello = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

// get sends a request and reads its response.
func (c *peer) get() {
	c.t.Helper()
	c.send(hello)
	if head := c.head(); !strings.HasPrefix(head, "HTTP/1.1 200 OK\r\n") {
		c.t.Fatalf("GET got %q, want 200", head)
	}
	c.expect("the content", "Hello World!")
}

const upgradeRequest = "GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

// upgraded returns a connection to /echo after the opening handshake.
func upgraded(t *testing.T, p *program) *peer {
	t.Helper()
	c := dial(t, p)
	c.send(upgradeRequest)
	if head := c.head(); !strings.HasPrefix(head, "HTTP/1.1 101 ") {
		t.Fatalf("the opening handshake got %q, want 101", head)
	}
	return c
}

// The bytes of frames. A key of zeros does not change the payload, which keeps it readable.
const (
	noMask    = "\x00\x00\x00\x00"
	goingAway = "\x03\xe9" // 1001
	tooBig    = "\x03\xf1" // 1009
)

// expectClose reads a Close frame with this code and any reason.
func (c *peer) expectClose(code string) {
	c.t.Helper()
	c.expect("a Close frame", "\x88")
	length, err := c.in.ReadByte()
	if err != nil || length < 2 {
		c.t.Fatalf("a Close frame of %d bytes (%v), want a code", length, err)
	}
	c.expect("the code of the Close frame", code)
	if _, err := c.in.Discard(int(length) - 2); err != nil {
		c.t.Fatalf("the reason of the Close frame: %v", err)
	}
}

// TestHugeFrame: a header that announces 2^62 bytes costs the server no memory.
//
// req: 6455-10.4-a
func TestHugeFrame(t *testing.T) {
	p := start(t)
	announce := func() {
		c := upgraded(t, p)
		c.send("\x82\xff\x40\x00\x00\x00\x00\x00\x00\x00" + noMask + "some of it")
		c.expectClose(tooBig)
		c.expectEnd("after 1009")
	}
	announce() // every first connection costs extra memory
	before := residentMemory(t, p)
	for range 20 {
		announce()
	}
	grown := residentMemory(t, p) - before
	t.Logf("20 frames of 2^62 bytes: memory grew by %d KiB", grown>>10)
	if grown >= 1<<20 && !raced {
		t.Errorf("memory grew by %d bytes, want less than 1 MiB", grown)
	}
}

// residentMemory returns how much memory the program uses, in bytes, or 0 on a system
// without /proc, where the tests see no growth.
func residentMemory(t *testing.T, p *program) int { return statusLine(t, p, "VmRSS:") }

// TestRefusalArrives: a client that sends everything before it reads still gets the reason
// for the refusal. If the server closed at once, the kernel would answer the unread bytes
// with a reset, which destroys the response.
func TestRefusalArrives(t *testing.T) {
	p := start(t)
	c := dial(t, p)
	c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4194304\r\n\r\n" + strings.Repeat("x", 4<<20))
	head := c.head()
	if !strings.HasPrefix(head, "HTTP/1.1 413 ") || !strings.Contains(head, "\r\nConnection: close\r\n") {
		t.Errorf("content of 4 MiB got %q, want 413 with Connection: close", head)
	}
	if _, err := io.ReadAll(c.in); err != nil {
		t.Errorf("the content of the response is lost: %v", err)
	}
}

// TestStuckPeers: peers that stop half-way, or never read, do not affect others.
func TestStuckPeers(t *testing.T) {
	p := start(t, "-header-timeout", "1h", "-write-timeout", "1h", "-ping", "1h")
	before := residentMemory(t, p)
	const each = 500 / 3
	for range each {
		dial(t, p).send("GET / HTTP/1.1\r\nHost: ")
		upgraded(t, p).send("\x82\xfe\x7f\xff" + noMask + "a tenth")
		neverReads(t, p)
	}
	for range 500 - 3*each {
		dial(t, p)
	}

	c := upgraded(t, p)
	for range 200 {
		c.send("\x81\x85" + noMask + "Hello")
		c.expect("the echo", "\x81\x05Hello")
	}
	t.Logf("500 stuck connections cost %d KiB", (residentMemory(t, p)-before)>>10)
	c.send("\x88\x80" + noMask)
	c.expect("the answer to an empty Close", "\x88\x00")
	c.expectEnd("after both Close frames")
}

// neverReads sends large messages to /echo and reads no answers, until the server stops
// reading.
func neverReads(t *testing.T, p *program) {
	t.Helper()
	c := upgraded(t, p)
	c.conn.SetReadBuffer(4 << 10)
	c.conn.SetWriteBuffer(4 << 10)
	message := append([]byte("\x82\xff\x00\x00\x00\x00\x00\x01\x00\x00"+noMask), make([]byte, 64<<10)...)
	for range 256 {
		c.conn.SetWriteDeadline(time.Now().Add(10 * time.Millisecond))
		if _, err := c.conn.Write(message); err != nil {
			return
		}
	}
	t.Fatal("the server read 16 MiB from a peer that reads no answers; it must stop reading, or it keeps everything in memory")
}
