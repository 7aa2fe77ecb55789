package wsconn

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"golang.org/x/net/nettest"

	"barewire/internal/bufconn"
	"barewire/wsframe"
)

// conversations are what a client may send to a server that echoes, and all
// that the server must send back. Each is run whole, cut in two at every
// offset, and octet by octet.
var conversations = []struct {
	name     string // the rule
	config   Config
	in, out  []byte
	messages []string
	code     wsframe.CloseCode // as the application hears of it
	reason   string
	clean    bool
}{
	// Messages.
	{
		name:     "a message in one frame", // req: 6455-6.2-c 6455-7.1.5-a 6455-7.1.4-a
		in:       join(wire("81 85 37fa213d 7f9f4d5158"), fromClient(true, wsframe.Close, "\x03\xe8bye")),
		out:      wire("81 05 48656c6c6f  88 02 03e8"),
		messages: []string{"text Hello"}, code: 1000, reason: "bye", clean: true,
	},
	{
		name: "a message in fragments, with a Ping between them", // req: 6455-5.4-d 6455-5.4-g 6455-5.5.2-a 6455-5.5.2-b 6455-5.5.3-a
		in: join(
			fromClient(false, wsframe.Text, "Hel"),
			fromClient(true, wsframe.Ping, "\x00\xff here"),
			fromClient(true, wsframe.Continuation, "lo"),
			fromClient(true, wsframe.Close, "\x03\xe8")),
		out: join(
			fromServer(true, wsframe.Pong, "\x00\xff here"),
			fromServer(true, wsframe.Text, "Hello"),
			fromServer(true, wsframe.Close, "\x03\xe8")),
		messages: []string{"text Hello"}, code: 1000, clean: true,
	},
	{
		name: "empty fragments, and a code point cut by a frame's end",
		in: join(
			fromClient(false, wsframe.Text, ""),
			fromClient(false, wsframe.Continuation, "\xe2"),
			fromClient(false, wsframe.Continuation, ""),
			fromClient(true, wsframe.Continuation, "\x82\xac"),
			fromClient(true, wsframe.Close, "")),
		out:      join(fromServer(true, wsframe.Text, "€"), fromServer(true, wsframe.Close, "")),
		messages: []string{"text €"}, code: 1005, clean: true,
	},
	{
		name: "empty messages of both kinds",
		in: join(fromClient(true, wsframe.Text, ""), fromClient(true, wsframe.Binary, ""),
			fromClient(true, wsframe.Close, "\x03\xe9")),
		out: join(fromServer(true, wsframe.Text, ""), fromServer(true, wsframe.Binary, ""),
			fromServer(true, wsframe.Close, "\x03\xe9")),
		messages: []string{"text ", "binary "}, code: 1001, clean: true,
	},
	{
		name: "a Pong that nobody asked for", // req: 6455-5.5.3-b
		in:   join(fromClient(true, wsframe.Pong, "hm"), fromClient(true, wsframe.Close, "\x03\xe8")),
		out:  fromServer(true, wsframe.Close, "\x03\xe8"),
		code: 1000, clean: true,
	},

	// Closing.
	{
		name: "an empty Close is answered with an empty one", // req: 6455-5.5.1-e 6455-5.5.1-g 6455-7.1.5-b
		in:   fromClient(true, wsframe.Close, ""),
		out:  wire("88 00"),
		code: 1005, clean: true,
	},
	{
		name: "code 1010 is taken from a client", // req: 6455-7.4.1-f
		in:   fromClient(true, wsframe.Close, "\x03\xf2no compression?"),
		out:  fromServer(true, wsframe.Close, "\x03\xf2"),
		code: 1010, reason: "no compression?", clean: true,
	},
	{
		name: "what follows a Close is dropped unparsed", // req: 6455-1.4-a
		in: join(
			fromClient(true, wsframe.Close, "\x03\xe8"),
			fromClient(true, wsframe.Ping, "still there?"),
			fromClient(true, wsframe.Close, "\x03\xe9"),
			wire("ff ff ff ff")),
		out:  fromServer(true, wsframe.Close, "\x03\xe8"),
		code: 1000, clean: true,
	},
	{
		name: "no Close at all", // req: 6455-7.1.5-c
		in:   fromClient(true, wsframe.Text, "x"),
		out:  fromServer(true, wsframe.Text, "x"), messages: []string{"text x"},
		code: 1006,
	},
	{
		name: "the end within a frame",
		in:   fromClient(true, wsframe.Text, "x")[:4],
		out:  nil, code: 1006,
	},

	// Violations: a Close frame with the code and the clause, and nothing after
	// the decision is looked at.
	{
		name: "an unmasked frame", // req: 6455-7.1.7-a 6455-7.1.7-b 6455-7.1.7-c
		in:   join(wire("81 05 48656c6c6f"), fromClient(true, wsframe.Close, "\x03\xe8")),
		out:  failure(1002, "RFC 6455 §5.1: a client must mask every frame"),
		code: 1006,
	},
	{
		name: "text that cannot be UTF-8 fails before its frame is complete", // req: 6455-8.1-b
		in:   fromClient(true, wsframe.Text, "ab\xff"+strings.Repeat("c", 90))[:6+3],
		out:  failure(1007, "RFC 6455 §8.1: a text message must be valid UTF-8"),
		code: 1006,
	},
	{
		name: "text that ends inside a code point",
		in:   fromClient(true, wsframe.Text, "ab\xe2\x82"),
		out:  failure(1007, "RFC 6455 §8.1: a text message must not end inside a code point"),
		code: 1006,
	},
	{
		name: "a Close with a body of one octet",
		in:   fromClient(true, wsframe.Close, "\x03"),
		out:  failure(1002, "RFC 6455 §5.5.1: a Close payload is empty or begins with a code of 2 octets"),
		code: 1006,
	},
	{
		name:   "a frame above the limit is refused for its header alone", // req: 6455-10.4-a
		config: Config{MaxMessage: 1000},
		in:     wire("82 ff 3fffffffffffffff 37fa213d"),
		out:    failure(1009, "RFC 6455 §10.4: a message may have at most 1000 octets here"),
		code:   1006,
	},
	{
		name:   "fragments that are too large together",
		config: Config{MaxMessage: 5},
		in: join(fromClient(false, wsframe.Binary, "abc"), fromClient(false, wsframe.Continuation, "de"),
			fromClient(true, wsframe.Continuation, "f")),
		out:  failure(1009, "RFC 6455 §10.4: a message may have at most 5 octets here"),
		code: 1006,
	},
	{
		name:   "more fragments than the limit", // req: 6455-10.4-b
		config: Config{MaxFragments: 2},
		in: join(fromClient(false, wsframe.Binary, ""), fromClient(false, wsframe.Continuation, ""),
			fromClient(true, wsframe.Continuation, "")),
		out:  failure(1009, "RFC 6455 §10.4: a message may have at most 2 fragments here"),
		code: 1006,
	},
}

// failure is the Close frame with which a server fails a connection.
func failure(code wsframe.CloseCode, reason string) []byte {
	payload, err := wsframe.AppendClose(nil, code, reason)
	if err != nil {
		panic(err)
	}
	return fromServer(true, wsframe.Close, string(payload))
}

func TestConversations(t *testing.T) {
	for _, talk := range conversations {
		t.Run(talk.name, func(t *testing.T) {
			cuts(t, talk.in, func(t *testing.T, pieces ...[]byte) {
				t.Helper()
				transport, seen, closed := converse(talk.config, pieces...)
				if got := transport.wrote.Bytes(); !bytes.Equal(got, talk.out) {
					t.Fatalf("in %d pieces: the server sent\n% x\n%q\nwant\n% x\n%q", len(pieces), got, got, talk.out, talk.out)
				}
				var messages []string
				for _, m := range seen.messages {
					messages = append(messages, fmt.Sprintf("%v %s", m.Opcode, m.Payload))
				}
				if fmt.Sprint(messages) != fmt.Sprint(talk.messages) {
					t.Fatalf("in %d pieces: the handler saw %q, want %q", len(pieces), messages, talk.messages)
				}
				if seen.code != talk.code || seen.reason != talk.reason || closed.Clean != talk.clean {
					t.Fatalf("ended with %d %q, clean %v; want %d %q, clean %v",
						seen.code, seen.reason, closed.Clean, talk.code, talk.reason, talk.clean)
				}
				if (seen.err == nil) != talk.clean {
					t.Fatalf("OnError heard %v, though clean is %v", seen.err, talk.clean)
				}
				if !transport.closed || seen.opened != 1 || seen.closed != 1 {
					t.Fatalf("closed %v, OnOpen called %d times, OnClose %d times", transport.closed, seen.opened, seen.closed)
				}
			})
		})
	}
}

// TestConversationsOverSockets plays the same conversations through the kernel:
// at once with the end behind them, and octet by octet. The way that octets take
// there is another one (bufconn's loop_unix.go).
func TestConversationsOverSockets(t *testing.T) {
	for _, network := range []string{"tcp", "unix"} {
		if !nettest.TestableNetwork(network) { // Windows: no Unix sockets before version 10
			continue
		}
		for _, talk := range conversations {
			t.Run(network+"/"+talk.name, func(t *testing.T) {
				for _, size := range []int{len(talk.in) + 1, 1} {
					client, server, err := socketPair(network)
					if err != nil {
						t.Fatal(err)
					}
					served := make(chan error)
					go func() { served <- New(bufconn.New(server), talk.config).Serve(new(recorder)) }()
					go sendPieces(client, talk.in, size)
					got, _ := io.ReadAll(client) // a reset at the end is no matter of this test
					client.Close()
					if !bytes.Equal(got, talk.out) {
						t.Errorf("in pieces of %d: the server sent\n% x\n%q\nwant\n% x\n%q", size, got, got, talk.out, talk.out)
					}
					if closed := (<-served).(*CloseError); closed.Code != talk.code || closed.Clean != talk.clean {
						t.Errorf("in pieces of %d: ended with %v, want %d, clean %v", size, closed, talk.code, talk.clean)
					}
				}
			})
		}
	}
}

// sendPieces sends octets in pieces of size, then FIN.
func sendPieces(conn net.Conn, octets []byte, size int) {
	for len(octets) > 0 {
		n := min(size, len(octets))
		if _, err := conn.Write(octets[:n]); err != nil {
			return
		}
		octets = octets[n:]
	}
	conn.(interface{ CloseWrite() error }).CloseWrite()
}

// TestLargeMessages takes the ways that do not fit in the read buffer.
func TestLargeMessages(t *testing.T) {
	for _, size := range []int{8 << 10, 64 << 10, 1<<20 - 1, 1 << 20} {
		for _, fragments := range []int{1, 3} {
			t.Run(fmt.Sprintf("%d octets in %d frames", size, fragments), func(t *testing.T) {
				text := strings.Repeat("aé€😀", size/10+1)[:size]
				text = strings.ToValidUTF8(text, "?")
				var in []byte
				rest, opcode := text, wsframe.Text
				for i := fragments; i > 0; i-- {
					part := rest[:len(rest)/i]
					rest = rest[len(part):]
					in = append(in, fromClient(i == 1, opcode, part)...)
					opcode = wsframe.Continuation
				}
				in = append(in, fromClient(true, wsframe.Close, "\x03\xe8")...)
				var pieces [][]byte // of the size that a socket might give
				for len(in) > 0 {
					n := min(len(in), 10_007)
					pieces, in = append(pieces, in[:n]), in[n:]
				}
				transport, seen, closed := converse(Config{}, pieces...)
				if len(seen.messages) != 1 || string(seen.messages[0].Payload) != text {
					t.Fatalf("the message did not arrive as it was sent: %v", closed)
				}
				want := join(fromServer(true, wsframe.Text, text), fromServer(true, wsframe.Close, "\x03\xe8"))
				if !bytes.Equal(transport.wrote.Bytes(), want) {
					t.Fatalf("the echo differs from the message")
				}
			})
		}
	}
}

// TestAnnouncedIsNotTaken: of a megabyte that a header announces, memory is taken
// for what has come.
//
// req: 6455-10.4-a
func TestAnnouncedIsNotTaken(t *testing.T) {
	header := wsframe.AppendHeader(nil, &wsframe.Header{Fin: true, Opcode: wsframe.Binary, Masked: true, Length: 1 << 20})
	c := newServerConn(&script{pieces: [][]byte{append(header, 'x')}})
	if err := c.nextDataFrame(); err != nil {
		t.Fatal(err)
	}
	if free := c.growMessage(); cap(c.message.Bytes) > 2*bufconn.MinBuffer {
		t.Errorf("one octet of a megabyte has come, and there is room for %d (%d at once)", cap(c.message.Bytes), len(free))
	}
}

// appending is a handler that uses the room behind a message, if there is any.
type appending struct{ NopHandler }

func (appending) OnMessage(out *Conn, m Message) error {
	return out.Reply(m.Opcode, append(m.Payload, "!!!!"...))
}

// TestPayloadEndsWhereItEnds: a handler that appends to a payload does not write over
// the next frame, which has arrived behind it.
func TestPayloadEndsWhereItEnds(t *testing.T) {
	transport := &script{pieces: [][]byte{join(
		fromClient(true, wsframe.Text, "one"), fromClient(true, wsframe.Text, "two"), fromClient(true, wsframe.Close, ""))}}
	New(bufconn.New(transport), Config{}).Serve(appending{})
	want := join(fromServer(true, wsframe.Text, "one!!!!"), fromServer(true, wsframe.Text, "two!!!!"), fromServer(true, wsframe.Close, ""))
	if got := transport.wrote.Bytes(); !bytes.Equal(got, want) {
		t.Errorf("the peer got % x, want % x", got, want)
	}
}

// TestBurstIsOneWrite: forty Pings and forty messages that arrive together are
// answered with one write.
//
// req: 6455-5.5.1-f
func TestBurstIsOneWrite(t *testing.T) {
	var in []byte
	for range 40 {
		in = append(in, fromClient(true, wsframe.Ping, "p")...)
		in = append(in, fromClient(true, wsframe.Text, "m")...)
	}
	in = append(in, fromClient(true, wsframe.Close, "\x03\xe8")...)
	transport, seen, _ := converse(Config{}, in)
	if transport.writes != 1 || len(seen.messages) != 40 {
		t.Errorf("%d messages were answered with %d writes, want 40 with 1", len(seen.messages), transport.writes)
	}
}

// TestPeerThatDoesNotRead: replies do not pile up without bound.
func TestPeerThatDoesNotRead(t *testing.T) {
	var in []byte
	for range 10 {
		in = append(in, fromClient(true, wsframe.Binary, strings.Repeat("x", 30<<10))...)
	}
	transport, _, _ := converse(Config{}, in)
	if transport.writes < 3 {
		t.Errorf("300 KiB of replies left in %d writes: more than maxUnsent waited", transport.writes)
	}
}

// TestHandlerFailure: a panic, or an error, ends its own connection with 1011.
//
// req: 6455-7.4.1-e
func TestHandlerFailure(t *testing.T) {
	for _, test := range []struct {
		name string
		fail func() error
	}{
		{"panic", func() error { panic("boom") }},
		{"error", func() error { return errors.New("boom") }},
	} {
		t.Run(test.name, func(t *testing.T) {
			transport := &script{pieces: [][]byte{fromClient(true, wsframe.Text, "x")}}
			h := &failing{fail: test.fail}
			err := newServerConn(transport).Serve(h)
			want := failure(1011, "the handler of this connection failed")
			if !bytes.Equal(transport.wrote.Bytes(), want) {
				t.Errorf("sent %q, want %q", transport.wrote.Bytes(), want)
			}
			var failed *HandlerError
			if !errors.As(err, &failed) || !strings.Contains(failed.Error(), "boom") {
				t.Errorf("Serve returned %v, want a *HandlerError that says boom", err)
			}
			if h.code != wsframe.AbnormalClosure || h.err != failed {
				t.Errorf("OnError heard %v, OnClose %d", h.err, h.code)
			}
		})
	}
}

type failing struct {
	recorder
	fail func() error
}

func (f *failing) OnMessage(*Conn, Message) error { return f.fail() }

// TestOffsets: an error says where in the peer's octets it was.
func TestOffsets(t *testing.T) {
	hello := fromClient(true, wsframe.Text, "Hello") // 11 octets
	for _, test := range []struct {
		name string
		bad  []byte
		want int64
	}{
		{"where the frame begins", wire("83 80 00000000"), 22},
		{"at the octet that cannot be", fromClient(true, wsframe.Text, "abc\xff"), 22 + 6 + 3},
	} {
		_, seen, _ := converse(Config{}, hello, hello, test.bad)
		var violation *wsframe.Error
		if !errors.As(seen.err, &violation) || violation.Offset != test.want {
			t.Errorf("%s: got %v, want an error at octet %d", test.name, seen.err, test.want)
		}
	}
}

// TestReadMessageAfterTheEnd: the error stays the same.
func TestReadMessageAfterTheEnd(t *testing.T) {
	c := newServerConn(&script{pieces: [][]byte{fromClient(true, wsframe.Close, "\x03\xe8")}})
	_, first := c.ReadMessage()
	_, second := c.ReadMessage()
	if first == nil || first != second {
		t.Errorf("ReadMessage returned %v, then %v", first, second)
	}
	if err := c.Send(wsframe.Text, []byte("late")); err != ErrClosed {
		t.Errorf("Send after the end returned %v, want ErrClosed", err)
	}
}

// TestLostConnectionIsNotEOF: only a Close frame ends a connection in good order.
func TestLostConnectionIsNotEOF(t *testing.T) {
	_, seen, _ := converse(Config{}, wire("81"))
	if seen.err != io.ErrUnexpectedEOF {
		t.Errorf("OnError heard %v, want io.ErrUnexpectedEOF", seen.err)
	}
}
