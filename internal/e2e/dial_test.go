package e2e

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
)

// dialLines are lines for dial to send: empty, short, non-ASCII, around the length forms,
// repetitive and random.
func dialLines() []string {
	random := rand.New(rand.NewPCG(1, 2))
	lines := []string{"", "Hello", "Grüße, κόσμε, 世界, 👩‍🚀"}
	for _, size := range []int{125, 126, 127, 128, 1000, 65535, 65536, 1 << 20} {
		data := make([]byte, size)
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		lines = append(lines, strings.Repeat("abc", size)[:size], base64.StdEncoding.EncodeToString(data)[:size])
	}
	return append(lines, lines...)
}

// checkDialEcho checks that each line comes back from an echo. It sends all lines twice, so
// that the second time they can refer to the first.
func checkDialEcho(t *testing.T, url string, flags ...string) {
	t.Helper()
	c := dialTo(t, url, flags...)
	for _, line := range dialLines() {
		c.say(line)
		if echo := c.hear(); echo != line {
			t.Errorf("%.40q (%d bytes) came back as %.40q (%d bytes)", line, len(line), echo, len(echo))
		}
	}
	if status, stderr := c.hangUp(); status != 0 || stderr != "" {
		t.Errorf("dial exited with %d and printed %q, want 0 and nothing", status, stderr)
	}
}

// TestDialNode: dial's messages come back from the npm package ws, whatever extensions
// were agreed on.
//
// req: 6455-5.1-a 7692-5-a 7692-7.1.1.2-a 7692-7.1.2.1-e
func TestDialNode(t *testing.T) {
	t.Parallel()
	node := nodeWithWS(t)
	type options = map[string]any
	for _, test := range []struct {
		rule     string
		deflate  any // the option of ws
		flags    []string
		offered  string
		accepted string
	}{
		{"the server does not compress", false, nil, "permessage-deflate; client_max_window_bits", ""},
		{"dial does not compress", options{"threshold": 0}, []string{"-compress=false"}, "", ""},
		{"both compress", options{"threshold": 0}, nil,
			"permessage-deflate; client_max_window_bits", "permessage-deflate"},
		{"the server without takeover", options{"threshold": 0, "serverNoContextTakeover": true}, nil,
			"permessage-deflate; client_max_window_bits", "permessage-deflate; server_no_context_takeover"},
		{"dial without takeover", options{"threshold": 0, "clientNoContextTakeover": true}, nil,
			"permessage-deflate; client_max_window_bits", "permessage-deflate; client_no_context_takeover"},
		{"windows of 512 bytes", options{"threshold": 0, "serverMaxWindowBits": 9, "clientMaxWindowBits": 9}, nil,
			"permessage-deflate; client_max_window_bits", "permessage-deflate; client_max_window_bits=9; server_max_window_bits=9"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			addr := serverScript(t, node, "ws_server.js", options{"deflate": test.deflate})
			checkDialEcho(t, "ws://"+addr+"/echo", test.flags...)
			got := dialHandshake(t, "ws://"+addr+"/handshake", test.flags...)
			if got.Offered != test.offered || got.Accepted != test.accepted {
				t.Errorf("dial offered %q and ws accepted %q, want %q and %q", got.Offered, got.Accepted, test.offered, test.accepted)
			}
		})
	}
}

// TestDialPython: dial's messages come back from the Python package websockets, whose
// server asks for windows of 4 KiB when it compresses.
func TestDialPython(t *testing.T) {
	t.Parallel()
	python := pythonWithWebSockets(t)
	for _, test := range []struct {
		rule     string
		deflate  bool
		flags    []string
		accepted string
	}{
		{"the server does not compress", false, nil, ""},
		{"dial does not compress", true, []string{"-compress=false"}, ""},
		{"both compress", true, nil, "permessage-deflate; server_max_window_bits=12; client_max_window_bits=12"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			addr := serverScript(t, python, "server.py", map[string]any{"deflate": test.deflate})
			checkDialEcho(t, "ws://"+addr+"/echo", test.flags...)
			if got := dialHandshake(t, "ws://"+addr+"/handshake", test.flags...); got.Accepted != test.accepted {
				t.Errorf("websockets accepted %q, want %q", got.Accepted, test.accepted)
			}
		})
	}
}

// handshakeSeen is what a server saw of dial's request; its path /handshake returns it.
type handshakeSeen struct{ Offered, Accepted, Protocol, Origin, Header, Authorization string }

func dialHandshake(t *testing.T, url string, flags ...string) (seen handshakeSeen) {
	t.Helper()
	c := dialTo(t, url, flags...)
	if line := c.hear(); json.Unmarshal([]byte(line), &seen) != nil {
		t.Errorf("the server described its handshake as %q", line)
	}
	if status, stderr := c.hangUp(); status != 0 || stderr != "" {
		t.Errorf("dial exited with %d and printed %q, want 0 and nothing", status, stderr)
	}
	return seen
}

// TestDialRequest: the flags of dial appear in its request.
func TestDialRequest(t *testing.T) {
	t.Parallel()
	node := nodeWithWS(t)
	addr := serverScript(t, node, "ws_server.js", map[string]any{"deflate": false})
	for _, test := range []struct {
		rule  string
		user  string
		flags []string
		want  handshakeSeen
	}{
		{"the server chooses among the subprotocols", "", []string{"-subprotocol", "first,second"}, handshakeSeen{Protocol: "second"}},
		{"the server may choose none", "", []string{"-subprotocol", "first"}, handshakeSeen{}},
		{"-origin", "", []string{"-origin", "http://a.example"}, handshakeSeen{Origin: "http://a.example"}},
		{"-header", "", []string{"-header", "X-Test: a, b"}, handshakeSeen{Header: "a, b"}},
		{"a user in the URL", "u:p@", nil, handshakeSeen{Authorization: "Basic dTpw"}},
	} {
		t.Run(test.rule, func(t *testing.T) {
			flags := append([]string{"-compress=false"}, test.flags...)
			if got := dialHandshake(t, "ws://"+test.user+addr+"/handshake", flags...); got != test.want {
				t.Errorf("the server saw %+v, want %+v", got, test.want)
			}
		})
	}
}

// TestDialEnds: dial ends as the server decides, with a matching exit status and message.
//
// req: 6455-4.1-o 6455-7.1.5-a 6455-7.1.5-b 6455-7.1.5-c
func TestDialEnds(t *testing.T) {
	t.Parallel()
	node := nodeWithWS(t)
	addr := serverScript(t, node, "ws_server.js", map[string]any{"deflate": true})
	for _, test := range []struct {
		rule, path string
		status     int
		stderr     []string // parts of it; nil means that it is empty
	}{
		{"1000 is a success", "/close?code=1000&reason=bye", 0, nil},
		{"a Close frame without a code is a success", "/close?code=none", 0, nil},
		{"1001 is a success with a message", "/close?code=1001&reason=restart", 0, []string{"1001", "restart"}},
		{"1011 is a failure", "/close?code=1011&reason=disk+full", 1, []string{"1011", "disk full"}},
		{"a code of the application is a failure", "/close?code=4000&reason=not+you", 1, []string{"4000", "not you"}},
		{"an end without a Close frame is a failure", "/close?code=lost", 1, []string{"barewire: "}},
		{"401 is a failure, and the message has the status", "/refuse", 1, []string{"401"}},
	} {
		t.Run(test.rule, func(t *testing.T) {
			status, stderr := dialTo(t, "ws://"+addr+test.path).end()
			if status != test.status {
				t.Errorf("dial exited with %d and printed %q, want %d", status, stderr, test.status)
			}
			if lines := strings.Count(stderr, "\n"); lines != min(len(test.stderr), 1) {
				t.Errorf("dial wrote %q to standard error, want one line, or none after a success", stderr)
			}
			for _, part := range test.stderr {
				if !strings.Contains(stderr, part) {
					t.Errorf("dial wrote %q, want %q in it", stderr, part)
				}
			}
		})
	}
}

// TestDialFrames: dial answers Pings, joins fragments, and prints and sends binary messages
// unchanged.
//
// req: 6455-5.5.2-a 6455-5.4-a 6455-5.4-d
func TestDialFrames(t *testing.T) {
	t.Parallel()
	node := nodeWithWS(t)
	addr := serverScript(t, node, "ws_server.js", map[string]any{"deflate": map[string]any{"threshold": 0}})
	binaryLine := strings.Repeat("bytes \xff\xfe ", 50)
	for _, test := range []struct {
		rule, path, say, hear string
		flags                 []string
	}{
		{"a Ping gets its bytes back", "/ping", "", "the Pong carried are you there?", nil},
		{"fragments become one message", "/fragmented", "", "Hello Wörld " + strings.Repeat("x", 2000), nil},
		{"a short binary message", "/echo", "\xff\x00", "ff00", []string{"-binary"}},
		{"a long binary message", "/echo", binaryLine, hex.EncodeToString([]byte(binaryLine)), []string{"-binary"}},
	} {
		t.Run(test.rule, func(t *testing.T) {
			c := dialTo(t, "ws://"+addr+test.path, test.flags...)
			if test.say != "" {
				c.say(test.say)
			}
			if got := c.hear(); got != test.hear {
				t.Errorf("dial printed %q, want %q", got, test.hear)
			}
			if status, stderr := c.hangUp(); status != 0 || stderr != "" {
				t.Errorf("dial exited with %d and printed %q, want 0 and nothing", status, stderr)
			}
		})
	}
}
