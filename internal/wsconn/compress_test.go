package wsconn

import (
	"bytes"
	"fmt"
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

// compressedFrame returns a masked frame with FIN and RSV1.
func compressedFrame(opcode wsframe.Opcode, payload []byte) []byte {
	return wsframe.AppendFrame(nil, &wsframe.Header{Fin: true, RSV1: true, Opcode: opcode, Masked: true, Key: rfcKey}, payload)
}

// squeeze compresses a message with an empty window.
func squeeze(message string) []byte {
	return deflate.NewCompressor(15, false).AppendMessage(nil, []byte(message))
}

// compressedConversations are conversations after permessage-deflate was agreed on, with
// a server that compresses messages of 6 bytes and more. c1 is FIN, RSV1 and text.
var compressedConversations = []conversation{
	{rule: "a compressed message in one frame", // req: 7692-5-f
		in:  wire(`c1 87 00000000 f248cdc9c90700  88 82 00000000 03e8`), // RFC 7692 §7.2.3.1
		out: wire(`81 05 "Hello"  88 02 03e8`), code: 1000},
	{rule: "in fragments, with RSV1 only on the first one and a Ping between them", // req: 7692-6.2-a
		in:  wire(`41 83 00000000 f248cd  89 81 00000000 "p"  80 84 00000000 c9c90700  88 82 00000000 03e8`),
		out: wire(`8a 01 "p"  81 05 "Hello"  88 02 03e8`), code: 1000},
	{rule: "the second message refers back to the first", // req: 7692-6.2-b
		in:  wire(`c1 87 00000000 f248cdc9c90700  81 85 00000000 "other"  c1 85 00000000 f200110000  88 80 00000000`), // §7.2.3.2
		out: wire(`81 05 "Hello"  81 05 "other"  81 05 "Hello"  88 00`), code: 1005},
	{rule: "a long answer is sent compressed", // req: 7692-6.1-a
		in:  wire(`82 8a 00000000 "aaaaaaaaaa"  88 80 00000000`),
		out: join(wire(`c2 05`), squeeze("aaaaaaaaaa"), wire(`88 00`)), code: 1005},
	{rule: "a short answer is sent uncompressed", // req: 7692-6.1-b
		in:  wire(`82 85 00000000 "aaaaa"  88 80 00000000`),
		out: wire(`82 05 "aaaaa"  88 00`), code: 1005},
	{rule: "UTF-8 is checked after inflating", // req: 7692-6.1-e
		in:  compressedFrame(wsframe.Text, squeeze("ab\xff")),
		out: failure(1007, "RFC 6455 §8.1: a text message must be valid UTF-8"), code: 1006},
	{rule: "text that ends inside a code point",
		in:  compressedFrame(wsframe.Text, squeeze("ab\xe2\x82")),
		out: failure(1007, "RFC 6455 §8.1: a text message must not end inside a code point"), code: 1006},
	{rule: "a bomb",
		in:  compressedFrame(wsframe.Binary, squeeze(strings.Repeat("\x00", 5000))),
		out: failure(1009, "RFC 6455 §10.4: a message may have at most 4096 bytes here"), code: 1006},
	{rule: "RSV1 on a Ping",
		in:  wire(`c9 80 00000000`),
		out: failure(1002, "RFC 7692 §6.1: a control frame must not be compressed"), code: 1006},
	{rule: "RSV1 on a continuation",
		in:  wire(`41 83 00000000 f248cd  c0 84 00000000 c9c90700`),
		out: failure(1002, "RFC 7692 §6.1: only the first frame of a compressed message may set it"), code: 1006},
}

func TestCompressedConversations(t *testing.T) {
	for _, talk := range compressedConversations {
		talk.config = Config{Deflate: fullDeflate, CompressMin: 6, MaxMessage: 4096}
		t.Run(talk.rule, talk.play)
	}
}

// TestCorruptCompression: the connection fails with 1007, and the error names the fault.
func TestCorruptCompression(t *testing.T) {
	for name, payload := range map[string][]byte{
		"no DEFLATE":    wire("ff ff ff"),
		"cut short":     squeeze("Hello, Hello, Hello")[:5],
		"beyond window": wire("f2 00 11 00 00"), // refers back, but nothing came before
	} {
		transport, seen, _ := converse(Config{Deflate: fullDeflate}, compressedFrame(wsframe.Text, payload))
		violation, ok := seen.err.(*wsframe.Error)
		if !ok || violation.Code != wsframe.InvalidPayload || violation.Section != "RFC 7692 §7.2.2" {
			t.Errorf("%s: the connection ended with %v", name, seen.err)
		}
		if !bytes.HasPrefix(transport.wrote.Bytes()[2:], []byte{0x03, 0xef}) {
			t.Errorf("%s: sent % x, want a Close with 1007", name, transport.wrote.Bytes())
		}
	}
}

// TestTooManyFinalBlocks: final blocks break no rule, but each costs a copy of the window.
func TestTooManyFinalBlocks(t *testing.T) {
	transport, _, _ := converse(Config{Deflate: fullDeflate}, compressedFrame(wsframe.Binary, bytes.Repeat(wire("03 00"), 60)))
	if !bytes.HasPrefix(transport.wrote.Bytes()[2:], []byte{0x03, 0xf0}) {
		t.Errorf("sent % x, want a Close with 1008", transport.wrote.Bytes())
	}
}

// deflatePair is a client and a server that agreed on agreed.
func deflatePair(agreed *handshake.Deflate) (client, server *Conn) {
	a, b := net.Pipe()
	return New(bufconn.New(a), Config{Role: wsframe.Client, Deflate: agreed, CompressMin: 32}),
		New(bufconn.New(b), Config{Role: wsframe.Server, Deflate: agreed, CompressMin: 32})
}

// TestCompressedEcho: messages of all sizes and kinds come back unchanged, for every window,
// and with or without takeover in each direction.
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
				for i := range 15 {
					message := randomMessage(random)
					if i%7 == 0 {
						go client.Ping([]byte("between"))
					}
					go client.Send(wsframe.Binary, message)
					echo, err := client.ReadMessage()
					if err != nil || !bytes.Equal(echo.Payload, message) {
						t.Fatalf("message %d, of %d bytes, came back as %d bytes, %v", i, len(message), len(echo.Payload), err)
					}
				}
			})
		}
	}
}

// randomMessage returns something between noise and repetition.
func randomMessage(random *rand.Rand) []byte {
	message := make([]byte, random.IntN(1<<random.IntN(16)))
	alphabet := 1 + random.IntN(255)
	for i := range message {
		message[i] = byte(random.IntN(alphabet))
	}
	return message
}

// TestRoomWithCompression: all members get the same messages, with and without compression, with
// a smaller window, and with messages to one of them in between.
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
			all := 0
			for range 10 { // the room's in order; a pipe cannot be tried, so another one may overtake them
				message, err := client.ReadMessage()
				if err != nil {
					t.Fatalf("with %+v: %v", agreed, err)
				}
				switch string(message.Payload) {
				case strings.Repeat("you alone ", 20):
				case text + fmt.Sprint(all):
					all++
				default:
					t.Fatalf("with %+v came %q, want message %d of the room", agreed, message.Payload, all)
				}
			}
			if all != 5 {
				t.Errorf("with %+v %d messages of the room came, want 5", agreed, all)
			}
			room.Leave(server)
			client.Abort()
			synctest.Wait()
		}
	})
}

// TestTakeoverPays: 500 similar JSON messages of about 108 bytes shrink to 15 % of their
// size or less.
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
	t.Logf("%d bytes in 500 messages took %d on the wire, headers included: %.1f %%", plain, transport.wrote.Len(), 100*ratio)
	if ratio > 0.15 {
		t.Errorf("500 similar messages shrank to %.1f %% of their size", 100*ratio)
	}
}
