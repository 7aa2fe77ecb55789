package e2e

import (
	"strings"
	"testing"
)

// The closes that a client begins, and what it then gets from the server: the
// code that it sent, and nothing where it sent nothing.
var (
	sentCloses = []closeRecord{{1000, "done"}, {3000, "mine"}, {4999, "Grüße"}}
	gotCloses  = []closeRecord{{1000, ""}, {3000, ""}, {4999, ""}}
)

func checkCloses(t *testing.T, got, want []closeRecord) {
	t.Helper()
	for i := range want {
		if i >= len(got) || got[i] != want[i] {
			t.Errorf("the server closed with %+v, want %+v: the code it was given (RFC 6455 §5.5.1)", got, want)
			return
		}
	}
}

// checkTooBig: what is above -max-message ends with 1009 and the reason why.
func checkTooBig(t *testing.T, got closeRecord) {
	t.Helper()
	if got.Code != 1009 || !strings.Contains(got.Reason, "1048576") {
		t.Errorf("a message above 1 MiB ended with %+v, want 1009 and a reason that names the limit", got)
	}
}

// TestNodeMessages: the npm package ws gets every message back, whether it
// offers compression or not.
//
// req: 6455-5.1-c 6455-5.2-g 6455-5.5.3-a 6455-6.2-c
func TestNodeMessages(t *testing.T) {
	node := nodeWithWS(t)
	for _, test := range offers {
		t.Run(test.rule, func(t *testing.T) {
			p := start(t, test.flags...)
			got := observed[messages](t, node, "ws_messages.js", conversation(p, test.deflate))
			checkMessages(t, got)
			checkExtensions(t, got.Extensions, test.extensions)
		})
	}
}

// offers are the ways in which permessage-deflate is used, or is not. Both ws and
// websockets offer it with client_max_window_bits, which the server has no use for:
// it holds any window, so it need not ask for a smaller one.
var offers = []struct {
	rule       string
	flags      []string
	deflate    bool   // the client offers it
	extensions string // what the server answers
}{
	{"permessage-deflate is accepted", nil, true, "permessage-deflate"},
	{"without extensions", nil, false, ""},
	{"-compress=false declines by silence", []string{"-compress=false"}, true, ""},
}

func checkExtensions(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("the server answered with Sec-WebSocket-Extensions %q, want %q", got, want)
	}
}

// closings is what ws_closing.js saw.
type closings struct {
	Closes                                        []closeRecord
	TooBig, FarTooBig, TooBigInFragments, NotUTF8 closeRecord
	Subprotocol, ForeignOrigin, OwnOrigin         string
}

// TestNodeClosing: the npm package ws and the server end a connection in good
// order, and the server says why when it does not go on.
//
// req: 6455-4.2.2-f 6455-5.5.1-g 6455-10.2-a
func TestNodeClosing(t *testing.T) {
	node := nodeWithWS(t)
	p := start(t)
	// Code 0 stands for a Close frame without one, which the package reports as
	// 1005 when it comes back.
	sent := append(sentCloses[:3:3], closeRecord{})
	got := observed[closings](t, node, "ws_closing.js", map[string]any{"url": p.ws(), "closes": sent})

	checkCloses(t, got.Closes, append(gotCloses[:3:3], closeRecord{1005, ""}))
	checkTooBig(t, got.TooBig)
	checkTooBig(t, got.FarTooBig)
	checkTooBig(t, got.TooBigInFragments)
	if got.NotUTF8.Code != 1007 {
		t.Errorf("text that is not UTF-8 ended with %+v, want 1007 (RFC 6455 §8.1)", got.NotUTF8)
	}
	for _, handshake := range []struct{ rule, got, want string }{
		{"no subprotocol is spoken, so none is named", got.Subprotocol, "Server sent no subprotocol"},
		{"a foreign Origin gets 403", got.ForeignOrigin, "Unexpected server response: 403"},
		{"the server's own origin is let in", got.OwnOrigin, `opened, with subprotocol ""`},
	} {
		if handshake.got != handshake.want {
			t.Errorf("%s: ws says %q, want %q", handshake.rule, handshake.got, handshake.want)
		}
	}
}

// builtin is what websocket_builtin.js saw.
type builtin struct {
	Absent       string // the version of Node, when it has no WebSocket
	Echo, Digest struct {
		Text   string // hex, if Binary
		Binary bool
		Code   int
		Clean  bool
	}
}

// TestNodeBuiltin: the WebSocket that Node brings along, which has a browser's
// interface, opens, talks and closes cleanly.
func TestNodeBuiltin(t *testing.T) {
	node := need(t, "node")
	p := start(t)
	got := observed[builtin](t, []string{node}, "websocket_builtin.js", map[string]any{"url": p.ws()})
	if got.Absent != "" {
		missing(t, "Node %s has no WebSocket of its own", got.Absent)
	}
	if got.Echo.Text != "Grüße" || got.Echo.Binary {
		t.Errorf("/echo answered %+v, want the text Grüße", got.Echo)
	}
	if got.Digest.Text != helloDigest || !got.Digest.Binary {
		t.Errorf("the digest handler answered %+v, want Binary %s", got.Digest, helloDigest)
	}
	if got.Echo.Code != 3000 || !got.Echo.Clean {
		t.Errorf("after close(3000) the connection ended %+v, want cleanly with 3000", got.Echo)
	}
}
