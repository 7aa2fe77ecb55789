package replay

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"barewire/handshake"
	"barewire/internal/annotate"
	"barewire/internal/bufconn"
	"barewire/internal/wsconn"
	"barewire/wsframe"
)

// testDial is a client that compresses all it can.
func testDial(conn net.Conn, offer *handshake.Offer, random io.Reader, opened func(*wsconn.Conn)) {
	buf := bufconn.New(conn)
	c, _, err := wsconn.Open(buf, offer, wsconn.Config{Role: wsframe.Client, Random: random, CloseWait: -1})
	if err != nil {
		return
	}
	opened(c)
	c.Serve(wsconn.NopHandler{})
}

// TestClientEqual: our client sends what the one of the transcript sent, its application's
// messages and its own answers.
func TestClientEqual(t *testing.T) {
	const (
		ping, maskedPong = "\x89\x02hi", "\x8a\x82\x37\xfa\x21\x3d\x5f\x93"
		goingAway        = "\x88\x02\x03\xe9"
	)
	start := []string{"> " + request, "< " + accepted}
	for _, test := range []struct {
		rule   string
		events []string
	}{
		{"a message, and the client closes", []string{"> " + maskedHello, "< " + hello, "> " + maskedClose, "< " + closed, "<", ">", "closed"}},
		{"the key of each frame is the one then", []string{"> \x81\x81\x01\x02\x03\x04\x60", "> \x82\x80\xff\xff\xff\xff"}},
		{"a message in fragments", []string{"> \x01\x83\x37\xfa\x21\x3d\x7f\x9f\x4d" + "\x80\x82\x01\x02\x03\x04\x6d\x6d"}},
		{"a Ping of the application", []string{"> \x89\x82\x37\xfa\x21\x3d\x5f\x93", "< \x8a\x02hi"}},
		{"a Pong that was asked for", []string{"< " + ping, "> " + maskedPong}},
		{"Ping and message in one piece are answered, and then a message goes", []string{"< " + ping + hello, "> " + maskedPong + maskedClose}},
		{"frames of the client in one piece, as the network had joined them", []string{"> " + maskedHello + maskedClose, "< " + hello + closed, "<", ">", "closed"}},
		{"the server closes first", []string{"< " + goingAway, "> \x88\x82\x37\xfa\x21\x3d\x34\x13", "<", ">", "closed"}},
		{"Close without a code", []string{"> \x88\x80\x37\xfa\x21\x3d", "< \x88\x00", "<", ">", "closed"}},
		{"a server that breaks a rule is told so", []string{"< " + maskedHello,
			"> \x88\xb2\x00\x00\x00\x00\x03\xeaRFC 6455 §5.1: a server must not mask any frame", ">", "<", "closed"}},
		{"a server that just goes", []string{"<", ">", "closed"}},
	} {
		t.Run(test.rule, func(t *testing.T) {
			if err := Client(talk(append(start[:2:2], test.events...)...), testDial, time.Minute); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestClientRequests: the request is put together from what the one of the transcript asked
// for, and comes out the same.
func TestClientRequests(t *testing.T) {
	for _, test := range []struct{ rule, old, new string }{
		{"a path with a query", "/echo", "/echo?a=b&c"},
		{"a browser's origin", "Sec-WebSocket-Version", "Origin: http://a\r\nSec-WebSocket-Version"},
		{"subprotocols", "Sec-WebSocket-Version", "Sec-WebSocket-Protocol: chat, superchat\r\nSec-WebSocket-Version"},
		{"an extension", "User-Agent", "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\nUser-Agent"},
		{"another program's name, and further fields", "User-Agent: barewire", "User-Agent: other\r\nCookie: a=b\r\nX: y"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			changed := strings.Replace(request, test.old, test.new, 1)
			if changed == request {
				t.Fatalf("the request has no %q", test.old)
			}
			if err := Client(talk("> "+changed, "< "+accepted, "> "+maskedHello), testDial, time.Minute); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestClientDifferences: what our client does otherwise than the one of the transcript.
func TestClientDifferences(t *testing.T) {
	t.Parallel()
	length := int64(len(request))
	for _, test := range []struct {
		rule   string
		events []string
		want   Difference
	}{
		{"our client writes its fields in another order", []string{"> " + strings.Replace(request, "Upgrade: websocket\r\nConnection: Upgrade", "Connection: Upgrade\r\nUpgrade: websocket", 1)},
			Difference{Offset: 29, Want: 'C', Got: 'U', Unit: "GET /echo HTTP/1.1", Field: "Connection", Section: "RFC 9110 §7.6.1"}},
		{"our client does not take another accept key", []string{"> " + request, "< " + strings.Replace(accepted, "s3pP", "S3pP", 1), "> " + maskedHello},
			Difference{Offset: length, Want: 0x81, Got: -1, Unit: `Text, FIN, 5 octets, masked: "Hello"`, Field: "FIN", Section: "RFC 6455 §5.4",
				Happened: "our side has ended its direction"}},
		{"our client answers a Ping, and the one then did not", []string{"> " + request, "< " + accepted, "< \x89\x00", ">", "closed"},
			Difference{Offset: length, Want: -1, Got: 0x8a, Unit: "Pong, FIN, 0 octets, masked", Field: "FIN", Section: "RFC 6455 §5.4"}},
		{"our client waits for the answer, and the one then did not", []string{"> " + request, "> " + maskedHello, "< " + accepted},
			Difference{Offset: length, Want: 0x81, Got: -1, Unit: `Text, FIN, 5 octets, masked: "Hello"`, Field: "FIN", Section: "RFC 6455 §5.4",
				Happened: "our side waits for more"}},
	} {
		t.Run(test.rule, func(t *testing.T) {
			t.Parallel() // one of them waits
			err := Client(talk(test.events...), testDial, patienceFor(test.want))
			var got *Difference
			if !errors.As(err, &got) || *got != test.want {
				t.Errorf("the difference is\n\t%+v (%v)\nwant\n\t%+v", got, err, test.want)
			}
		})
	}
}

// TestClientUnplayable: what our client never does is nobody's difference.
func TestClientUnplayable(t *testing.T) {
	start := []string{"> " + request, "< " + accepted}
	for _, test := range []struct {
		rule   string
		events []string
		want   string
	}{
		{"a plain request", []string{"> GET / HTTP/1.1\r\nHost: a\r\n\r\n"}, "does not begin with a request for one"},
		{"no request", []string{"> \x81\x80"}, "does not begin with a request for one"},
		{"a target that is no path", []string{"> " + strings.Replace(request, "/echo", "http://b/echo", 1)}, "our client asks for a path"},
		{"a frame that is not masked", append(start[:2:2], "> "+hello), "a client must mask every frame (RFC 6455 §5.1)"},
		{"text that is none", append(start[:2:2], "> \x81\x81\x00\x00\x00\x00\xff"), "must be valid UTF-8"},
		{"a Ping between fragments", append(start[:2:2], "> \x01\x80\x00\x00\x00\x00\x89\x80\x00\x00\x00\x00"), "without anything between them"},
		{"a Pong that nobody asked for", append(start[:2:2], "> \x8a\x80\x00\x00\x00\x00"), "no Pong that was not asked for"},
		{"a message after a Close", append(start[:2:2], "> "+maskedClose+maskedHello), "no data frame may follow a Close frame"},
		{"half a frame", append(start[:2:2], "> \x81\x85\x00", ">"), "our client does not send this"},
		{"bytes of another protocol", []string{"> " + request, "< HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "> ?????????"}, "our client does not send this"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			err := Client(talk(test.events...), testDial, time.Minute)
			var unplayable *UnplayableError
			if !errors.As(err, &unplayable) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want an UnplayableError that says %q", err, test.want)
			}
		})
	}
}

// FuzzReplay: whatever a transcript has, a replay comes to an end, and what it says is a
// difference or that there is nothing to play.
func FuzzReplay(f *testing.F) {
	const moment = 10 * time.Millisecond
	f.Add([]byte(request), []byte(accepted), []byte(maskedHello+maskedClose), []byte(hello+closed))
	f.Add([]byte(request), []byte(accepted), []byte("\x01\x80\x00\x00\x00\x00\x80\x80\x00\x00\x00\x00"), []byte("\x89\x00"))
	f.Add([]byte("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), []byte("HTTP/1.1 200 OK\r\n"), []byte("x"), []byte("x"))
	f.Fuzz(func(t *testing.T, question, answer, more, rest []byte) {
		transcript := talk("> ?", "< ?", "> ?", "< ?", ">", "<", "closed")
		for i, piece := range [][]byte{question, answer, more, rest} {
			transcript.Events[i+1].Octets = piece
		}
		var difference *Difference
		var unplayable *UnplayableError
		for _, err := range []error{Server(transcript, defaultConfig(), moment), Client(transcript, testDial, moment)} {
			if err != nil && !errors.As(err, &difference) && !errors.As(err, &unplayable) {
				t.Errorf("%v, want a Difference or an UnplayableError", err)
			}
			if difference != nil && (difference.Offset < 0 || difference.Direction > annotate.ServerToClient) {
				t.Errorf("a difference that is nowhere: %+v", difference)
			}
		}
	})
}
