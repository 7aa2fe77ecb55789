package fault

import (
	"slices"
	"strings"
	"testing"

	"barewire/handshake"
	"barewire/internal/deflate"
	"barewire/wsframe"
)

// the101 answers sampleKey (RFC 6455 §1.3).
const the101 = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"

// replies are bytes from a server, and the events that they become.
var replies = []struct{ name, data, want string }{
	{"a response", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "200"},
	{"two responses, one chunked", "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n" +
		"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "404, 200"},
	{"an interim response", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", "100, 204"},
	{"not HTTP", "SSH-2.0-x\r\n", "broken: status line: this is not HTTP: a response starts with HTTP/1.1 (RFC 9112 §4, byte 0)"},
	{"101, text, pong", the101 + "\r\n\x81\x05Hello\x8a\x01p", `101, text "Hello", pong "p"`},
	{"fragments around a Ping", the101 + "\r\n\x01\x03Hel\x89\x00\x80\x02lo", `101, text "Hello"`},
	{"Close 1002 with a reason", the101 + "\r\n\x88\x05\x03\xeawhy", "101, close 1002"},
	{"Close without code", the101 + "\r\n\x88\x00", "101, close without code"},
	{"binary", the101 + "\r\n\x82\x02\xff\xfe", "101, binary ff fe"},
	{"a masked frame", the101 + "\r\n\x81\x81\x00\x00\x00\x00a",
		"101, broken: close 1002 (protocol error): mask bit: a server must not mask any frame (RFC 6455 §5.1)"},
	{"Close 1005", the101 + "\r\n\x88\x02\x03\xed",
		"101, broken: close 1002 (protocol error): close code: 1005 (no status received) must not be sent in a Close frame (RFC 6455 §7.4)"},
	{"permessage-deflate", the101 + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00",
		`101 with permessage-deflate, text "Hello"`},
	{"a wrong accept key", "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n",
		`broken: Sec-WebSocket-Accept: it is "AAAA", but for our key it must be "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" (RFC 6455 §4.1, byte 57)`},
}

func newSampleListener() *listener {
	offer := sampleOffer(new(Fault), Target{Host: "a"})
	offer.Extensions = []handshake.Extension{{Name: handshake.PermessageDeflate}}
	return &listener{offer: offer}
}

// TestListener: bytes become the same events, fed all at once or one at a time.
func TestListener(t *testing.T) {
	for _, test := range replies {
		t.Run(test.name, func(t *testing.T) {
			whole, pieces := newSampleListener(), newSampleListener()
			whole.feed([]byte(test.data))
			for i := range len(test.data) {
				pieces.feed([]byte{test.data[i]})
			}
			for how, l := range map[string]*listener{"whole": whole, "byte by byte": pieces} {
				if got := l.events.String(); got != test.want {
					t.Errorf("fed %s:\ngot  %s\nwant %s", how, got, test.want)
				}
			}
		})
	}
}

// TestListenerIsBounded: the events and the bytes of messages that are kept have limits,
// however much a server sends. The inbox limits the bytes that they come from.
func TestListenerIsBounded(t *testing.T) {
	const deflated = the101 + "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n\r\n"
	mebibyte := deflate.NewCompressor(15, false).AppendMessage(nil, make([]byte, 1<<20))
	frame := string(wsframe.AppendFrame(nil, &wsframe.Header{Fin: true, RSV1: true, Opcode: wsframe.Binary}, mebibyte))
	for _, test := range []struct {
		name, first, rest string // rest is repeated
		events            int
		end               string
	}{
		{"interim responses", "", "HTTP/1.1 100 Continue\r\n\r\n", maxEvents + 1, "more answers"},
		{"Pongs", the101 + "\r\n", "\x8a\x00", maxEvents + 1, "more answers"},
		{"a megabyte in a kilobyte", deflated, frame, 1 + 4 + 1, "inflated message is larger"}, // the 101, four messages, and the end
	} {
		l := newSampleListener()
		l.feed([]byte(test.first))
		for range 2 * maxEvents {
			l.feed([]byte(test.rest))
		}
		kept := 0
		for _, event := range l.events {
			kept += len(event.Payload)
		}
		if end := l.events[len(l.events)-1]; len(l.events) != test.events || kept > MaxReply || !strings.Contains(end.Reason, test.end) {
			t.Errorf("%s: kept %d events with %d bytes, the last one is %v; want %d, at most %d, %q",
				test.name, len(l.events), kept, end, test.events, MaxReply, test.end)
		}
	}
}

// sameButReasons formats events without the reasons of broken ones: if one head has
// two errors, the first to arrive is reported.
func sameButReasons(events Transcript) string {
	events = slices.Clone(events)
	for i := range events {
		events[i].Reason = ""
	}
	return events.String()
}

// FuzzListener: whatever a server sends becomes events, and the same ones however it
// is cut.
func FuzzListener(f *testing.F) {
	for _, reply := range replies {
		f.Add([]byte(reply.data), uint8(1))
	}
	f.Fuzz(func(t *testing.T, data []byte, size uint8) {
		if len(data) > 4096 {
			return
		}
		whole, pieces := newSampleListener(), newSampleListener()
		whole.feed(data)
		for rest := data; len(rest) > 0; {
			n := min(max(int(size), 1), len(rest))
			pieces.feed(rest[:n:n])
			rest = rest[n:]
		}
		if sameButReasons(whole.events) != sameButReasons(pieces.events) {
			t.Errorf("whole:           %s\nin pieces of %d: %s", whole.events, size, pieces.events)
		}
	})
}
