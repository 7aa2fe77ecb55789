//go:build unix

package tour

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/rpc"
	"strings"
	"syscall"
	"testing"
	"time"
)

// timeouts are the server's while a test holds it. That of a closing connection is
// no flag: it is 2 s.
var timeouts = []string{"-header-timeout", "3s", "-idle-timeout", "3s", "-ping", "3s", "-write-timeout", "3s"}

// held is for how long a test holds the server, in calls of aSecond.
const held = 5

// aSecond returns when another server, which is in no debugger, has cut off a peer
// after a second: what passes is the kernel's time, which no test can set.
func (h *holder) aSecond() {
	h.t.Helper()
	slow := h.dialTo(h.other)
	slow.send("GET / HTTP/1.1\r\nHo")
	slow.expect("an answer to a peer that is slow", "HTTP/1.1 408 ")
	slow.conn.Close()
}

// aWhile is a few of them.
func (h *holder) aWhile() {
	for range held {
		h.aSecond()
	}
}

// TestHold holds the server at a stop for longer than each of its time-outs, with
// a connection in each state that has one, and lets it go on: nobody was slow but
// the person at the debugger, and every conversation ends as it should.
func TestHold(t *testing.T) {
	long(t)
	for _, test := range []struct {
		name   string
		stop   string
		path   string // that the client at the stop has made a WebSocket of; "" for none
		sends  string // what brings the server there
		answer string
	}{
		{"with the answer not yet written", "1.9", "", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 OK\r\n"},
		{"in a handshake", "2.3", "", upgradeTo("/"), "HTTP/1.1 101 Switching Protocols\r\n"},
		{"in the application", "3.7", "/", maskedHello, "\x82\x14\xf7\xff\x9e\x8b"},
		{"at a violation", "4.5", "/echo", "\x81\x05Hello", "\x88\x30\x03\xeaRFC 6455 §5.1: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			leg, stop := find(t, test.stop)
			h := hold(t)
			visitor := h.dial()
			if test.path != "" {
				visitor.upgrade(test.path)
			}
			waiting := connectAll(h)

			h.halt(func() { h.debugger.breakAt(leg, stop) })
			visitor.send(test.sends)
			if at := h.next(); at.CurrentThread.BreakPoint.Name != leg.Breakpoint(stop) {
				t.Fatalf("the server should have come to stop %v, and %v", stop, &at)
			}
			h.aWhile()
			h.debugger.clear(leg, stop)
			h.run()
			visitor.expect("what was due at the stop", test.answer)
			waiting.finish()
		})
	}
}

// TestStep goes from line to line, as a person does who holds a key down: each
// stop is short, and all of them together are longer than each time-out.
func TestStep(t *testing.T) {
	long(t)
	t.Parallel()
	leg, stop := find(t, "3.1")
	h := hold(t)
	visitor := h.dial()
	visitor.upgrade("/echo")
	waiting := connectAll(h)
	h.halt(func() { h.debugger.breakAt(leg, stop) })
	visitor.send(maskedHello)
	h.next()
	h.debugger.clear(leg, stop)
	for range held {
		h.aSecond()
		if at := h.debugger.command("next"); at.Exited {
			t.Fatal(&at)
		}
	}
	h.run()
	visitor.expect("the echo", "\x81\x05Hello")
	waiting.finish()
}

// TestHoldWhileDraining holds a server that was told to end: it still waits for a
// request that is under way, and for its peers' part of the closing handshake.
func TestHoldWhileDraining(t *testing.T) {
	long(t)
	t.Parallel()
	leg, stop := find(t, "4.4")
	h := hold(t, "-drain", "3s")
	body, webSocket := h.dial(), h.dial()
	webSocket.upgrade("/echo")
	body.send("GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
	body.expect("the invitation to send the body", "HTTP/1.1 100 Continue\r\n\r\n")
	h.halt(func() { h.debugger.breakAt(leg, stop) })
	h.terminate()
	if at := h.next(); at.CurrentThread.BreakPoint.Name != leg.Breakpoint(stop) {
		t.Fatalf("the server should be about to send its Close, and %v", &at)
	}
	h.aWhile()
	h.debugger.clear(leg, stop)
	h.run()
	webSocket.expect("the server's Close", "\x88\x1d\x03\xe9the server is shutting down")
	webSocket.send("\x88\x82\x00\x00\x00\x00\x03\xe9")
	webSocket.expectEnd()
	body.send("body")
	body.expect("the answer to a body that came late", "HTTP/1.1 200 OK\r\n")
	body.conn.Close()
	if end := h.next(); !end.Exited || end.ExitStatus != 0 {
		t.Errorf("the server should end with status 0, and %v", &end)
	}
}

// find returns a stop by its name, "3.1".
func find(t *testing.T, name string) (*Leg, *Stop) {
	t.Helper()
	for _, leg := range stops(t) {
		for i := range leg.Stops {
			if stop := &leg.Stops[i]; stop.String() == name {
				return &leg, stop
			}
		}
	}
	t.Fatalf("there is no stop %s", name)
	return nil, nil
}

// holder is a server that runs in a debugger.
type holder struct {
	t        *testing.T
	debugger *debugger
	address  string
	other    string // address of a server in no debugger, which gives a second for a head
	running  *rpc.Call
}

// hold starts a server in a debugger, and lets it run.
func hold(t *testing.T, flags ...string) *holder {
	t.Helper()
	flags = append(append(flags, "-addr", "127.0.0.1:0", "-max-message", "16MiB"), timeouts...)
	h := &holder{t: t, debugger: debug(t, append([]string{"serve"}, flags...)...), other: serve(t)}
	h.run()
	var ok bool
	if h.address, ok = <-h.debugger.banner; !ok {
		t.Fatal("the server has ended without a word of where it listens")
	}
	return h
}

// serve starts a server that gives a second for a head, and returns its address.
func serve(t *testing.T) (address string) {
	t.Helper()
	_, program := need(t)
	command := command(t, program, "serve", "-addr", "127.0.0.1:0", "-header-timeout", "1s")
	output, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { command.Process.Kill(); command.Wait() })
	banner := make(chan string, 1)
	go readAddresses(output, make(chan string), banner)
	return <-banner
}

// run lets the server run, until it comes to a breakpoint; see next.
func (h *holder) run() {
	h.running = h.debugger.client.Go("RPCServer.Command", object{"name": "continue"}, new(struct{ State state }), nil)
}

// terminate tells the server to end. Delve hands the signal on.
func (h *holder) terminate() {
	h.t.Helper()
	if err := syscall.Kill(h.debugger.pid, syscall.SIGTERM); err != nil {
		h.t.Fatal(err)
	}
}

// next waits until the server has stopped, and returns where.
func (h *holder) next() state {
	h.t.Helper()
	select {
	case <-h.running.Done:
	case <-time.After(patience):
		h.t.Fatal("the server does not come to a breakpoint")
	}
	if h.running.Error != nil {
		h.t.Fatal(h.running.Error)
	}
	return h.running.Reply.(*struct{ State state }).State
}

// halt does something while the server is stopped, for a moment.
func (h *holder) halt(do func()) {
	h.t.Helper()
	h.debugger.command("halt")
	h.next()
	do()
	h.run()
}

// connections are one in each state in which a time-out runs.
type connections struct {
	head, body, idle, webSocket, closing, reading *peer
}

// largeMessage is more than the kernel keeps for a connection.
const largeMessage = 12 << 20

// connectAll makes them. The one whose time-out cannot be seen to begin is last.
func connectAll(h *holder) *connections {
	h.t.Helper()
	c := &connections{h.dial(), h.dial(), h.dial(), h.dial(), h.dial(), h.dial()}
	c.webSocket.upgrade("/echo")
	c.idle.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	c.idle.expect("an answer", "HTTP/1.1 200 OK\r\n")
	c.idle.skipHead()
	c.idle.expect("its content", "Hello World!")
	h.aSecond() // after half of that, it is parked

	c.reading.upgrade("/echo")
	c.reading.sendLarge()
	c.reading.expect("the header of a large echo", "\x82\x7f\x00\x00\x00\x00\x00\xc0\x00\x00")
	c.body.send("GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
	c.body.expect("the invitation to send the body", "HTTP/1.1 100 Continue\r\n\r\n")
	c.closing.upgrade("/chat")
	c.closing.send("\x82\x80\x00\x00\x00\x00") // binary, and that room is for text
	c.closing.expect("the server's Close", "\x88\x17\x03\xebthis room is for text")
	c.head.send("GET / HTTP/1.1\r\nHo")
	return c
}

// finish ends each conversation, and expects what would have come if the server
// had not been held.
func (c *connections) finish() {
	c.head.t.Helper()
	c.head.send("st: x\r\n\r\n")
	c.body.send("body")
	c.idle.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	c.webSocket.send(maskedHello)
	c.closing.send("\x88\x82\x00\x00\x00\x00\x03\xeb")

	c.head.expect("the answer to a head that was cut in two", "HTTP/1.1 200 OK\r\n")
	c.body.expect("the answer to a body that came late", "HTTP/1.1 200 OK\r\n")
	c.idle.expect("another answer", "HTTP/1.1 200 OK\r\n")
	c.webSocket.expect("the echo", "\x81\x05Hello")
	c.closing.expectEnd()
	c.reading.expectLarge()
	c.webSocket.send("\x88\x82\x00\x00\x00\x00\x03\xe8")
	c.webSocket.expect("the other Close", "\x88\x02\x03\xe8")
	c.webSocket.expectEnd()
}

// maskedHello is "Hello" in the masked frame of RFC 6455 §5.7.
const maskedHello = "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"

// upgradeTo is a handshake with the key of RFC 6455 §1.3.
func upgradeTo(path string) string {
	return "GET " + path + " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
}

// peer is the other end of one of the server's connections.
type peer struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
}

func (h *holder) dial() *peer {
	h.t.Helper()
	return h.dialTo(h.address)
}

func (h *holder) dialTo(address string) *peer {
	h.t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(patience))
	return &peer{h.t, conn, bufio.NewReader(conn)}
}

func (p *peer) upgrade(path string) {
	p.t.Helper()
	p.send(upgradeTo(path))
	p.expect("the 101", "HTTP/1.1 101 ")
	p.skipHead()
}

func (p *peer) send(octets string) {
	p.t.Helper()
	if _, err := io.WriteString(p.conn, octets); err != nil {
		p.t.Errorf("the server does not take %q: %v", octets, err)
	}
}

// expect reads the octets that should come.
func (p *peer) expect(what, want string) {
	p.t.Helper()
	got := make([]byte, len(want))
	if n, err := io.ReadFull(p.in, got); string(got[:n]) != want {
		p.t.Errorf("%s should be %q, and is %q (%v)", what, want, got[:n], err)
	}
}

// skipHead reads up to the empty line.
func (p *peer) skipHead() {
	p.t.Helper()
	for {
		line, err := p.in.ReadString('\n')
		if err != nil {
			p.t.Errorf("a head ends with %q: %v", line, err)
		}
		if err != nil || line == "\r\n" {
			return
		}
	}
}

// expectEnd reads up to the server's end of the connection, before which nothing
// may come.
func (p *peer) expectEnd() {
	p.t.Helper()
	if rest, err := io.ReadAll(p.in); err != nil || len(rest) > 0 {
		p.t.Errorf("the connection should end, and %q comes (%v)", rest, err)
	}
}

// sendLarge sends a message so large that its echo is on its way for as long as
// nobody reads it.
func (p *peer) sendLarge() {
	p.t.Helper()
	p.send(fmt.Sprintf("\x82\xff\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00%s", strings.Repeat("x", largeMessage)))
}

// expectLarge reads the payload of its echo.
func (p *peer) expectLarge() {
	p.t.Helper()
	for n := range largeMessage {
		if octet, err := p.in.ReadByte(); octet != 'x' || err != nil {
			p.t.Errorf("a large echo ends after %d octets of %d: %v", n, largeMessage, err)
			return
		}
	}
}
