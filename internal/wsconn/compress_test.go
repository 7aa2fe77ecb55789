package wsconn

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"testing/synctest"

	"barewire/handshake"
	"barewire/internal/bufconn"
	"barewire/internal/deflate"
	"barewire/wsframe"
)

// fullDeflate is permessage-deflate without parameters.
var fullDeflate = &handshake.Deflate{ServerMaxWindowBits: 15, ClientMaxWindowBits: 15}

// compressedFrame returns a masked frame with RSV1.
func compressedFrame(fin bool, opcode wsframe.Opcode, payload []byte) []byte {
	header := wsframe.Header{Fin: fin, RSV1: true, Opcode: opcode, Masked: true, Key: rfcKey}
	return wsframe.AppendFrame(nil, &header, payload)
}

// squeeze compresses a message with an empty window.
func squeeze(message string) []byte {
	return deflate.NewCompressor(15, false).AppendMessage(nil, []byte(message))
}

// TestCompressedConversations: what a client may send when permessage-deflate was
// agreed on, to a server that echoes and compresses messages of 6 octets and more.
func TestCompressedConversations(t *testing.T) {
	hello := wire("f2 48 cd c9 c9 07 00") // RFC 7692 §7.2.3.1
	closing := fromClient(true, wsframe.Close, "\x03\xe8")
	closed := fromServer(true, wsframe.Close, "\x03\xe8")
	tests := []struct {
		name     string
		in, out  []byte
		messages []string
	}{
		{
			name: "a compressed message in one frame", // req: 7692-5-f
			in:   join(compressedFrame(true, wsframe.Text, hello), closing),
			out:  join(fromServer(true, wsframe.Text, "Hello"), closed), messages: []string{"text Hello"},
		},
		{
			name: "in fragments, RSV1 on the first alone, with a Ping between them", // req: 7692-6.2-a
			in: join(compressedFrame(false, wsframe.Text, hello[:3]), fromClient(true, wsframe.Ping, "p"),
				fromClient(true, wsframe.Continuation, string(hello[3:])), closing),
			out:      join(fromServer(true, wsframe.Pong, "p"), fromServer(true, wsframe.Text, "Hello"), closed),
			messages: []string{"text Hello"},
		},
		{
			name: "the second message refers back to the first", // §7.2.3.2
			in: join(compressedFrame(true, wsframe.Text, hello), fromClient(true, wsframe.Text, "other"),
				compressedFrame(true, wsframe.Text, wire("f2 00 11 00 00")), closing),
			out: join(fromServer(true, wsframe.Text, "Hello"), fromServer(true, wsframe.Text, "other"),
				fromServer(true, wsframe.Text, "Hello"), closed), // req: 7692-6.2-b
			messages: []string{"text Hello", "text other", "text Hello"},
		},
		{
			name: "an answer that is long enough goes compressed", // req: 7692-6.1-a
			in:   join(fromClient(true, wsframe.Binary, "aaaaaaaaaa"), closing),
			out: join(wsframe.AppendFrame(nil, &wsframe.Header{Fin: true, RSV1: true, Opcode: wsframe.Binary}, squeeze("aaaaaaaaaa")),
				closed),
			messages: []string{"binary aaaaaaaaaa"},
		},
		{
			name: "one that is not goes as it is", // req: 7692-6.1-b
			in:   join(fromClient(true, wsframe.Binary, "aaaaa"), closing),
			out:  join(fromServer(true, wsframe.Binary, "aaaaa"), closed), messages: []string{"binary aaaaa"},
		},
		{
			name: "UTF-8 is checked after inflating", // req: 7692-6.1-e
			in:   join(compressedFrame(true, wsframe.Text, squeeze("ab\xff")), closing),
			out:  failure(1007, "RFC 6455 §8.1: a text message must be valid UTF-8"),
		},
		{
			name: "text that ends inside a code point",
			in:   join(compressedFrame(true, wsframe.Text, squeeze("ab\xe2\x82")), closing),
			out:  failure(1007, "RFC 6455 §8.1: a text message must not end inside a code point"),
		},
		{
			name: "a bomb",
			in:   join(compressedFrame(true, wsframe.Binary, squeeze(strings.Repeat("\x00", 5000))), closing),
			out:  failure(1009, "RFC 6455 §10.4: a message may have at most 4096 octets here"),
		},
		{
			name: "RSV1 on a Ping",
			in:   join(compressedFrame(true, wsframe.Ping, nil), closing),
			out:  failure(1002, "RFC 7692 §6.1: a control frame is never compressed"),
		},
		{
			name: "RSV1 on a continuation",
			in: join(compressedFrame(false, wsframe.Text, hello[:3]),
				compressedFrame(true, wsframe.Continuation, hello[3:]), closing),
			out: failure(1002, "RFC 7692 §6.1: only the first frame of a compressed message has it set"),
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			config := Config{Deflate: fullDeflate, CompressMin: 6, MaxMessage: 4096}
			cuts(t, test.in, func(t *testing.T, pieces ...[]byte) {
				transport, seen, _ := converse(config, pieces...)
				if got := transport.wrote.Bytes(); !bytes.Equal(got, test.out) {
					t.Fatalf("in %d pieces: the server sent\n% x\n%q\nwant\n% x\n%q", len(pieces), got, got, test.out, test.out)
				}
				var messages []string
				for _, m := range seen.messages {
					messages = append(messages, fmt.Sprintf("%v %s", m.Opcode, m.Payload))
				}
				if fmt.Sprint(messages) != fmt.Sprint(test.messages) {
					t.Fatalf("the handler saw %q, want %q", messages, test.messages)
				}
			})
		})
	}
}

// TestCorruptCompression fails the connection with 1007 and says what is wrong.
func TestCorruptCompression(t *testing.T) {
	for name, payload := range map[string][]byte{
		"no DEFLATE":    wire("ff ff ff"),
		"cut short":     squeeze("Hello, Hello, Hello")[:5],
		"beyond window": wire("f2 00 11 00 00"), // refers back, but nothing came before
	} {
		transport, seen, _ := converse(Config{Deflate: fullDeflate}, compressedFrame(true, wsframe.Text, payload))
		violation, ok := seen.err.(*wsframe.Error)
		if !ok || violation.Code != wsframe.InvalidPayload || violation.Section != "RFC 7692 §7.2.2" {
			t.Errorf("%s: the connection ended with %v", name, seen.err)
		}
		if !bytes.HasPrefix(transport.wrote.Bytes()[2:], []byte{0x03, 0xef}) {
			t.Errorf("%s: sent % x, want a Close with 1007", name, transport.wrote.Bytes())
		}
	}
}

// deflatePair is a client and a server that agreed on agreed.
func deflatePair(agreed *handshake.Deflate) (client, server *Conn) {
	a, b := net.Pipe()
	return New(bufconn.New(a), Config{Role: wsframe.Client, Deflate: agreed, CompressMin: 32}),
		New(bufconn.New(b), Config{Role: wsframe.Server, Deflate: agreed, CompressMin: 32})
}

// TestCompressedEcho: messages of all sizes and kinds come back as they went, for
// every window and with takeover in either direction or not.
func TestCompressedEcho(t *testing.T) {
	for bits := 8; bits <= 15; bits++ {
		for _, agreed := range []*handshake.Deflate{
			{ServerMaxWindowBits: bits, ClientMaxWindowBits: 15},
			{ServerMaxWindowBits: 15, ClientMaxWindowBits: bits, ServerNoContextTakeover: true},
			{ServerMaxWindowBits: bits, ClientMaxWindowBits: bits, ClientNoContextTakeover: true},
			{ServerMaxWindowBits: bits, ClientMaxWindowBits: bits, ClientNoContextTakeover: true, ServerNoContextTakeover: true},
		} {
			t.Run(fmt.Sprintf("%+v", *agreed), func(t *testing.T) {
				t.Parallel()
				client, server := deflatePair(agreed)
				go server.Serve(new(recorder))
				random := rand.New(rand.NewPCG(uint64(bits), 7692))
				for i := range 40 {
					message := randomMessage(random)
					if i%7 == 0 {
						go client.Ping([]byte("between"))
					}
					go client.Send(wsframe.Binary, message)
					echo, err := client.ReadMessage()
					if err != nil || !bytes.Equal(echo.Payload, message) {
						t.Fatalf("message %d, of %d octets, came back as %d octets, %v", i, len(message), len(echo.Payload), err)
					}
				}
			})
		}
	}
}

// randomMessage returns something between noise and repetition.
func randomMessage(random *rand.Rand) []byte {
	message := make([]byte, random.IntN(1<<random.IntN(17)))
	alphabet := 1 + random.IntN(255)
	for i := range message {
		message[i] = byte(random.IntN(alphabet))
	}
	return message
}

// TestRoomWithCompression: members with and without compression, with a window
// of their own and with messages of their own in between, all read the same.
func TestRoomWithCompression(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		room := new(Room)
		text := strings.Repeat("all of you ", 20)
		for _, agreed := range []*handshake.Deflate{
			nil, fullDeflate,
			{ServerMaxWindowBits: 15, ClientMaxWindowBits: 15, ServerNoContextTakeover: true},
			{ServerMaxWindowBits: 9, ClientMaxWindowBits: 15},
		} {
			client, server := deflatePair(agreed)
			room.Join(server)
			go server.ReadMessage()
			go func() {
				for i := range 5 {
					server.Send(wsframe.Text, []byte(strings.Repeat("you alone ", 20)))
					room.Send(wsframe.Text, fmt.Appendf(nil, "%s%d", text, i))
				}
			}()
			for i := range 5 {
				for _, want := range []string{strings.Repeat("you alone ", 20), text + fmt.Sprint(i)} {
					message, err := client.ReadMessage()
					if err != nil || string(message.Payload) != want {
						t.Fatalf("with %+v came %q, %v; want %q", agreed, message.Payload, err, want)
					}
				}
			}
			room.Leave(server)
			client.buf.Close()
			synctest.Wait()
		}
	})
}

// TestStreamWithCompression: a Stream takes what its peer chose to compress.
func TestStreamWithCompression(t *testing.T) {
	want := strings.Repeat("octets ", 5000)
	half := len(want) / 2
	in := join(compressedFrame(true, wsframe.Binary, squeeze(want[:half])), fromClient(true, wsframe.Binary, "and "),
		compressedFrame(true, wsframe.Binary, squeeze(want[half:])), fromClient(true, wsframe.Close, "\x03\xe8"))
	for _, size := range []int{1, 100, len(in)} {
		var pieces [][]byte
		for rest := bytes.Clone(in); len(rest) > 0; {
			n := min(size, len(rest))
			pieces, rest = append(pieces, rest[:n]), rest[n:]
		}
		c := New(bufconn.New(&script{pieces: pieces}), Config{Deflate: fullDeflate})
		got, err := io.ReadAll(NewStream(c))
		if err != nil || string(got) != want[:half]+"and "+want[half:] {
			t.Errorf("in pieces of %d: read %d octets, %v; want %d", size, len(got), err, len(want)+4)
		}
	}
}

// TestTakeoverPays: 500 similar JSON messages of about 108 octets come out at
// 15 % of their size or less.
func TestTakeoverPays(t *testing.T) {
	transport := new(script)
	c := New(bufconn.New(transport), Config{Deflate: fullDeflate})
	random, plain := rand.New(rand.NewPCG(1, 2)), 0
	for i := range 500 {
		message := fmt.Sprintf(`{"type":"trade","symbol":"BTC-USD","price":60%03d.5,"size":0.%d,"side":"buy","sequence":%d,"venue":"example"}`,
			random.IntN(1000), random.IntN(10), 1_000_000+i)
		plain += len(message)
		if err := c.Send(wsframe.Text, []byte(message)); err != nil {
			t.Fatal(err)
		}
	}
	ratio := float64(transport.wrote.Len()) / float64(plain)
	t.Logf("%d octets in 500 messages took %d on the wire, headers included: %.1f %%", plain, transport.wrote.Len(), 100*ratio)
	if ratio > 0.15 {
		t.Errorf("500 similar messages came out at %.1f %% of their size", 100*ratio)
	}
}
