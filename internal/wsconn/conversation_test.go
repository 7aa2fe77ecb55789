package wsconn

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"golang.org/x/net/nettest"

	"barewire/internal/bufconn"
	"barewire/wsframe"
)

// conversation is all that a client sends to a server that echoes, and all that the
// server must send back.
type conversation struct {
	rule    string
	config  Config
	in, out []byte
	code    wsframe.CloseCode // as OnClose is given it: 1006 unless the end is clean
	reason  string
}

// conversations are played whole, cut in two at every offset, and byte by byte.
var conversations = []conversation{
	// Messages.
	{rule: "a message in one frame", // req: 6455-6.2-c 6455-7.1.5-a 6455-7.1.4-a
		in:  wire(`81 85 37fa213d 7f9f4d5158  88 85 00000000 03e8 "bye"`),
		out: wire(`81 05 "Hello"  88 02 03e8`), code: 1000, reason: "bye"},
	{rule: "a message in fragments, with a Ping between them", // req: 6455-5.4-d 6455-5.4-g 6455-5.5.2-a 6455-5.5.2-b 6455-5.5.3-a
		in:  wire(`01 83 00000000 "Hel"  89 84 00000000 00 ff "hi"  80 82 00000000 "lo"  88 82 00000000 03e8`),
		out: wire(`8a 04 00 ff "hi"  81 05 "Hello"  88 02 03e8`), code: 1000},
	{rule: "empty fragments, and a code point cut by a frame's end",
		in:  wire(`01 80 00000000  00 81 00000000 e2  00 80 00000000  80 82 00000000 82ac  88 80 00000000`),
		out: wire(`81 03 "€"  88 00`), code: 1005},
	{rule: "empty messages of both kinds",
		in:  wire(`81 80 00000000  82 80 00000000  88 82 00000000 03e9`),
		out: wire(`81 00  82 00  88 02 03e9`), code: 1001},
	{rule: "a Pong that nobody asked for", // req: 6455-5.5.3-b
		in:  wire(`8a 82 00000000 "hm"  88 82 00000000 03e8`),
		out: wire(`88 02 03e8`), code: 1000},

	// Closing.
	{rule: "an empty Close is answered with an empty one", // req: 6455-5.5.1-e 6455-5.5.1-g 6455-7.1.5-b
		in: wire(`88 80 00000000`), out: wire(`88 00`), code: 1005},
	{rule: "code 1010 is taken from a client", // req: 6455-7.4.1-f
		in:  wire(`88 91 00000000 03f2 "no compression?"`),
		out: wire(`88 02 03f2`), code: 1010, reason: "no compression?"},
	{rule: "what follows a Close is dropped unparsed", // req: 6455-1.4-a
		in:  wire(`88 82 00000000 03e8  89 86 00000000 "there?"  88 82 00000000 03e9  ff ff ff ff`),
		out: wire(`88 02 03e8`), code: 1000},
	{rule: "no Close at all", // req: 6455-7.1.5-c
		in: wire(`81 81 00000000 "x"`), out: wire(`81 01 "x"`), code: 1006},
	{rule: "the end within a frame",
		in: wire(`81 81 0000`), code: 1006},

	// Violations: a Close frame with the code and the rule, and nothing after it is read.
	{rule: "an unmasked frame", // req: 6455-7.1.7-a 6455-7.1.7-b 6455-7.1.7-c
		in:  wire(`81 05 "Hello"  88 82 00000000 03e8`),
		out: failure(1002, "RFC 6455 §5.1: a client must mask every frame"), code: 1006},
	{rule: "text that cannot be UTF-8 fails before its frame is complete", // req: 6455-8.1-b
		in:  wire(`81 dd 00000000 "ab" ff`),
		out: failure(1007, "RFC 6455 §8.1: a text message must be valid UTF-8"), code: 1006},
	{rule: "text that ends inside a code point",
		in:  wire(`81 84 00000000 "ab" e2 82`),
		out: failure(1007, "RFC 6455 §8.1: a text message must not end inside a code point"), code: 1006},
	{rule: "a Close with a body of one byte",
		in:  wire(`88 81 00000000 03`),
		out: failure(1002, "RFC 6455 §5.5.1: a Close payload is empty or begins with a code of 2 octets"), code: 1006},
	{rule: "a frame above the limit is refused for its header alone", config: Config{MaxMessage: 1000}, // req: 6455-10.4-a
		in:  wire(`82 ff 3fffffffffffffff 37fa213d`),
		out: failure(1009, "RFC 6455 §10.4: a message may have at most 1000 bytes here"), code: 1006},
	{rule: "fragments that are too large together", config: Config{MaxMessage: 5},
		in:  wire(`02 83 00000000 "abc"  00 82 00000000 "de"  80 81 00000000 "f"`),
		out: failure(1009, "RFC 6455 §10.4: a message may have at most 5 bytes here"), code: 1006},
	{rule: "more fragments than the limit", config: Config{MaxFragments: 2}, // req: 6455-10.4-b
		in:  wire(`02 80 00000000  00 80 00000000  80 80 00000000`),
		out: failure(1009, "RFC 6455 §10.4: a message may have at most 2 fragments here"), code: 1006},
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
		t.Run(talk.rule, talk.play)
	}
}

// play plays a conversation in every way to cut it. What the handler saw is in the echo.
func (talk *conversation) play(t *testing.T) {
	cuts(t, talk.in, func(t *testing.T, pieces ...[]byte) {
		transport, seen, closed := converse(talk.config, pieces...)
		if got := transport.wrote.Bytes(); !bytes.Equal(got, talk.out) {
			t.Fatalf("in %d pieces: the server sent\n% x\n%q\nwant\n% x\n%q", len(pieces), got, got, talk.out, talk.out)
		}
		if clean := talk.code != wsframe.AbnormalClosure; closed.Clean != clean || (seen.err == nil) != clean {
			t.Fatalf("in %d pieces: clean %v, OnError was given %v", len(pieces), closed.Clean, seen.err)
		}
		if seen.code != talk.code || seen.reason != talk.reason {
			t.Fatalf("in %d pieces: ended with %d %q, want %d %q", len(pieces), seen.code, seen.reason, talk.code, talk.reason)
		}
		if !transport.closed || seen.opened != 1 || seen.closed != 1 {
			t.Fatalf("closed %v, OnOpen called %d times, OnClose %d times", transport.closed, seen.opened, seen.closed)
		}
	})
}

// TestConversationsOverSockets plays the same conversations through the kernel, at once
// and byte by byte: bufconn reads a descriptor in another way than a net.Conn.
func TestConversationsOverSockets(t *testing.T) {
	for _, network := range []string{"tcp", "unix"} {
		if !nettest.TestableNetwork(network) { // Windows: no Unix sockets before version 10
			continue
		}
		for _, talk := range conversations {
			t.Run(network+"/"+talk.rule, func(t *testing.T) {
				for _, size := range []int{len(talk.in), 1} {
					peer, conn := socketPair(t, network)
					served := make(chan error)
					go func() { served <- New(bufconn.New(conn), talk.config).Serve(new(recorder)) }()
					go func() {
						for _, piece := range pieces(talk.in, size) {
							peer.Write(piece)
						}
						peer.(interface{ CloseWrite() error }).CloseWrite()
					}()
					got, _ := io.ReadAll(peer) // how TCP ends is no matter of this test
					peer.Close()
					if !bytes.Equal(got, talk.out) {
						t.Errorf("in pieces of %d: the server sent\n% x\n%q\nwant\n% x\n%q", size, got, got, talk.out, talk.out)
					}
					if closed := (<-served).(*CloseError); closed.Code != talk.code {
						t.Errorf("in pieces of %d: ended with %v, want %d", size, closed, talk.code)
					}
				}
			})
		}
	}
}

// TestLargeMessages: messages that do not fit in the read buffer.
func TestLargeMessages(t *testing.T) {
	for _, size := range []int{8 << 10, 64 << 10, 1<<20 - 1, 1 << 20} {
		for _, fragments := range []int{1, 3} {
			t.Run(fmt.Sprintf("%d bytes in %d frames", size, fragments), func(t *testing.T) {
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
				transport, seen, closed := converse(Config{}, pieces(in, 10_007)...) // as a socket might return it
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

// TestAnnouncedIsNotTaken: a header that announces a megabyte costs memory for what has
// arrived.
//
// req: 6455-10.4-a
func TestAnnouncedIsNotTaken(t *testing.T) {
	header := wsframe.AppendHeader(nil, &wsframe.Header{Fin: true, Opcode: wsframe.Binary, Masked: true, Length: 1 << 20})
	c := newServerConn(&script{pieces: [][]byte{append(header, 'x')}})
	var f frame
	if err := c.readHeader(&f, new(partial)); err != nil {
		t.Fatal(err)
	}
	if c.growMessage(0, f.Length); cap(c.message.Bytes) > 2*bufconn.MinBuffer {
		t.Errorf("one byte of a megabyte has come, and there is room for %d", cap(c.message.Bytes))
	}
}

// appending is a handler that appends to the payload in place, if its capacity allows it.
type appending struct{ NopHandler }

func (appending) OnMessage(out *Conn, m Message) error {
	return out.Reply(m.Opcode, append(m.Payload, "!!!!"...))
}

// TestPayloadEndsWhereItEnds: a handler that appends to a payload does not write over
// the next frame, which has arrived after it.
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
		t.Errorf("300 KiB of replies left in %d writes: more than 64 KiB waited", transport.writes)
	}
}

// TestHandlerFailure: a panic, or an error, closes its own connection with 1011.
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
				t.Errorf("OnError was given %v, OnClose %d", h.err, h.code)
			}
		})
	}
}

type failing struct {
	recorder
	fail func() error
}

func (f *failing) OnMessage(*Conn, Message) error { return f.fail() }

// TestOffsets: an error says at which of the peer's bytes a rule was broken.
func TestOffsets(t *testing.T) {
	hello := fromClient(true, wsframe.Text, "Hello") // 11 bytes
	for _, test := range []struct {
		name string
		bad  []byte
		want int64
	}{
		{"where the frame begins", wire("83 80 00000000"), 22},
		{"at the byte that cannot be", fromClient(true, wsframe.Text, "abc\xff"), 22 + 6 + 3},
	} {
		_, seen, _ := converse(Config{}, hello, hello, test.bad)
		var violation *wsframe.Error
		if !errors.As(seen.err, &violation) || violation.Offset != test.want {
			t.Errorf("%s: got %v, want an error at byte %d", test.name, seen.err, test.want)
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

// TestLostConnectionIsNotEOF: without a Close frame the end of TCP is an error.
func TestLostConnectionIsNotEOF(t *testing.T) {
	_, seen, _ := converse(Config{}, wire("81"))
	if seen.err != io.ErrUnexpectedEOF {
		t.Errorf("OnError was given %v, want io.ErrUnexpectedEOF", seen.err)
	}
}
