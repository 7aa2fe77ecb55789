package e2e

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/websocket"
)

// xnetDial opens a connection with golang.org/x/net/websocket, which always sends an
// Origin.
func xnetDial(t *testing.T, p *program, path, origin string) (*websocket.Conn, error) {
	t.Helper()
	conn, err := websocket.Dial(p.ws()+path, "", origin)
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { conn.Close() })
	return conn, conn.SetDeadline(time.Now().Add(patience))
}

func exchange(t *testing.T, conn *websocket.Conn, message, answer any) {
	t.Helper()
	if err := websocket.Message.Send(conn, message); err != nil {
		t.Fatalf("golang.org/x/net/websocket could not send: %v", err)
	}
	if err := websocket.Message.Receive(conn, answer); err != nil {
		t.Fatalf("golang.org/x/net/websocket got no answer: %v", err)
	}
}

// TestXNetEcho: golang.org/x/net/websocket gets its text and binary messages back.
func TestXNetEcho(t *testing.T) {
	p := start(t)
	conn, err := xnetDial(t, p, "/echo", p.http())
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range echoTexts {
		var got string
		if exchange(t, conn, text, &got); got != text {
			t.Errorf("text %q came back as %q", text, got)
		}
	}
	for _, size := range echoSizes {
		data := bytes.Repeat([]byte{0xa5}, size)
		var got []byte
		if exchange(t, conn, data, &got); !bytes.Equal(got, data) {
			t.Errorf("%d bytes came back as %d bytes, or changed", size, len(got))
		}
	}
}

// TestXNetDigest: every path without a handler of its own answers with the article's
// digest.
func TestXNetDigest(t *testing.T) {
	p := start(t)
	for _, path := range []string{"/", "/any/path", "/echo/not"} {
		conn, err := xnetDial(t, p, path, p.http())
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for range 3 {
			var got []byte
			if exchange(t, conn, "any message", &got); hex.EncodeToString(got) != helloDigest {
				t.Errorf("%s answered %x, want SHA-1(Hello), %s", path, got, helloDigest)
			}
		}
	}
}

// TestXNetOrigin: a page of another site is refused, unless the server was told to accept
// it.
//
// req: 6455-4.2.2-b
func TestXNetOrigin(t *testing.T) {
	strict, lenient := start(t), start(t, "-origin", "http://friend.example")
	for _, test := range []struct {
		rule   string
		server *program
		origin string
		opens  bool
	}{
		{"the server's own origin", strict, strict.http(), true},
		{"a foreign origin", strict, "http://evil.example", false},
		{"the server's own host with another port", strict, "http://127.0.0.1:1", false},
		{"an origin named with -origin", lenient, "http://friend.example", true},
		{"another origin than the named one", lenient, "http://evil.example", false},
	} {
		t.Run(test.rule, func(t *testing.T) {
			_, err := xnetDial(t, test.server, "/echo", test.origin)
			if test.opens && err != nil {
				t.Errorf("refused: %v", err)
			}
			if !test.opens && (err == nil || !strings.Contains(err.Error(), "bad status")) {
				t.Errorf("got %v, want the handshake refused with a status", err)
			}
		})
	}
}
