package wsframe

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
)

// streams are whole conversations of one side: bytes, and what a receiver
// must make of them. "fail 1002 at 6: opcode" is the close code to answer with,
// the offset of the frame at fault (or, for text, of the byte) and the field.
//
// Where the role is Server the bytes are a client's. Most use the key of
// zeros, which is legal, so that the payload can be read.
var streams = []struct {
	name       string
	role       Role
	compressed bool // permessage-deflate was agreed on
	wire       string
	events     []string
}{
	// The examples of RFC 6455 §5.7.
	{name: "unmasked text", role: Client, // req: 6455-5.4-a 6455-5.2-h
		wire:   "81 05 48656C6C6F",
		events: []string{`text "Hello"`}},
	{name: "masked text", role: Server, // req: 6455-5.3-c 6455-5.2-h
		wire:   "81 85 37FA213D 7F9F4D5158",
		events: []string{`text "Hello"`}},
	{name: "fragmented unmasked text", role: Client, // req: 6455-5.4-a
		wire:   "01 03 48656C  80 02 6C6F",
		events: []string{`text "Hello"`}},
	{name: "unmasked ping", role: Client,
		wire:   "89 05 48656C6C6F",
		events: []string{`ping "Hello"`}},
	{name: "masked pong", role: Server,
		wire:   "8A 85 37FA213D 7F9F4D5158",
		events: []string{`pong "Hello"`}},
	{name: "256 bytes in one unmasked frame", role: Client, // req: 6455-5.2-g
		wire:   "82 7E 0100" + strings.Repeat("61", 256),
		events: []string{`binary "` + strings.Repeat("a", 256) + `"`}},
	{name: "64 KiB in one unmasked frame", role: Client, // req: 6455-5.2-g
		wire:   "82 7F 0000000000010000" + strings.Repeat("61", 65536),
		events: []string{`binary "` + strings.Repeat("a", 65536) + `"`}},

	// Messages.
	{name: "a ping between the fragments", role: Server,
		wire:   "01 82 00000000 4865  89 81 00000000 70  80 83 00000000 6C6C6F",
		events: []string{`ping "p"`, `text "Hello"`}},
	{name: "empty fragments", role: Server, // req: 6455-5.4-f 6455-5.2-i
		wire:   "01 80 00000000  00 80 00000000  00 81 00000000 61  80 80 00000000",
		events: []string{`text "a"`}},
	{name: "empty messages and control frames", role: Client, // req: 6455-5.2-i
		wire:   "81 00  82 00  89 00  8A 00  88 00",
		events: []string{`text ""`, `binary ""`, `ping ""`, `pong ""`, `close 1005 ""`}},
	{name: "binary is not looked at", role: Client, // req: 6455-5.6-c
		wire:   "02 02 FFC0  80 02 EDA0",
		events: []string{`binary "\xff\xc0\xed\xa0"`}},
	{name: "nor is the payload of a ping", role: Client, // req: 6455-5.5.2-c
		wire:   "89 02 FFC0  8A 01 80",
		events: []string{`ping "\xff\xc0"`, `pong "\x80"`}},
	{name: "a message leaves nothing to the next", role: Client, // req: 6455-6.2-b
		wire:   "01 01 61  80 01 62  02 01 FF  80 01 FE  81 01 63",
		events: []string{`text "ab"`, `binary "\xff\xfe"`, `text "c"`}},
	{name: "a code point over three frames", role: Client, // req: 6455-5.6-a
		wire:   "01 02 F09F  00 01 9A  80 01 80",
		events: []string{`text "🚀"`}},
	{name: "a ping inside a code point", role: Client, // req: 6455-5.6-a
		wire:   "01 01 C3  89 01 C3  80 01 A4",
		events: []string{`ping "\xc3"`, `text "ä"`}},
	{name: "compressed, as RFC 7692 §7.2.3.1 has it", role: Client, compressed: true,
		wire:   "C2 07 F248CDC9C90700", // still compressed: that is the next layer
		events: []string{`binary "\xf2H\xcd\xc9\xc9\a\x00"`}},
	{name: "each frame has its own key", role: Server, // req: 6455-5.3-c
		wire:   "01 83 37FA213D 7F9F4D  80 82 01020304 6D6D",
		events: []string{`text "Hello"`}},
	{name: "close ends it", role: Client, // req: 6455-5.5.1-a
		wire:   "88 05 03E8 627965  81 01 61",
		events: []string{`close 1000 "bye"`}},

	// What is not there yet is waited for, not guessed.
	{name: "half a header", role: Client, wire: "82 7E 01"},
	{name: "half a payload", role: Client, wire: "81 05 48656C"},
	{name: "2^63-1 bytes announced, one sent", role: Client, wire: "82 7F 7FFFFFFFFFFFFFFF 61"},
	{name: "half a message", role: Client, wire: "01 03 48656C"},

	// Violations. Each comes after a frame that is fine, at offset 3 or 7.
	{name: "RSV2", role: Client, // req: 6455-5.2-b
		wire:   "81 01 61  A1 01 61",
		events: []string{`text "a"`, `fail 1002 at 3: RSV2`}},
	{name: "reserved opcode", role: Client, // req: 6455-5.2-c
		wire:   "81 01 61  83 01 61",
		events: []string{`text "a"`, `fail 1002 at 3: opcode`}},
	{name: "unmasked from a client", role: Server, // req: 6455-5.1-b
		wire:   "81 81 00000000 61  81 01 61",
		events: []string{`text "a"`, `fail 1002 at 7: mask bit`}},
	{name: "masked from a server", role: Client, // req: 6455-5.1-d
		wire:   "81 01 61  81 81 00000000 61",
		events: []string{`text "a"`, `fail 1002 at 3: mask bit`}},
	{name: "a long ping fails before its payload", role: Client, // req: 6455-5.5-b
		wire:   "81 01 61  89 7E 007E",
		events: []string{`text "a"`, `fail 1002 at 3: payload length`}},
	{name: "a fragmented ping", role: Client, // req: 6455-5.5-c
		wire:   "81 01 61  09 01 61  80 01 61",
		events: []string{`text "a"`, `fail 1002 at 3: FIN`}},
	{name: "a length that is too long for its form", role: Client, // req: 6455-5.2-f
		wire:   "81 01 61  81 7E 0001 61",
		events: []string{`text "a"`, `fail 1002 at 3: payload length`}},
	{name: "a length with its top bit set", role: Client, // req: 6455-5.2-d
		wire:   "81 01 61  82 7F 8000000000000000",
		events: []string{`text "a"`, `fail 1002 at 3: payload length`}},
	{name: "a continuation of nothing", role: Client, // req: 6455-5.4-b
		wire:   "81 01 61  80 01 61",
		events: []string{`text "a"`, `fail 1002 at 3: opcode`}},
	{name: "a message inside a message", role: Client, // req: 6455-5.4-c
		wire:   "01 01 61  81 01 61",
		events: []string{`fail 1002 at 3: opcode`}},
	{name: "RSV1 on a continuation", role: Client, compressed: true, // req: 7692-6.1-d
		wire:   "42 01 61  C0 01 61",
		events: []string{`fail 1002 at 3: RSV1`}},
	{name: "RSV1 on a ping", role: Client, compressed: true, // req: 7692-6.1-c
		wire:   "81 01 61  C9 01 61",
		events: []string{`text "a"`, `fail 1002 at 3: RSV1`}},
	{name: "half a close code", role: Client, // req: 6455-5.5.1-b
		wire:   "88 01 03",
		events: []string{`fail 1002 at 3: payload`}},
	{name: "a close reason that is not UTF-8", role: Client, // req: 6455-5.5.1-c
		wire:   "88 03 03E8 FF",
		events: []string{`fail 1007 at 5: payload`}},
	{name: "a close code that is not for the wire", role: Client, // req: 6455-7.4.1-b
		wire:   "88 02 03EE",
		events: []string{`fail 1002 at 4: close code`}},

	// Text fails at the byte, before frame and message are whole.
	{name: "F4 90 in a message of gigabytes", role: Client, // req: 6455-5.6-a 6455-8.1-b
		wire:   "01 7F 00000000FFFFFFFF 61 F490",
		events: []string{`fail 1007 at 12: payload`}},
	{name: "a surrogate over two frames", role: Client, // req: 6455-5.6-a 6455-8.1-b
		wire:   "01 01 ED  00 7E 0100 A0",
		events: []string{`fail 1007 at 7: payload`}},
	{name: "masked text that is not UTF-8", role: Server, // req: 6455-8.1-b
		wire:   "81 FE 0100 37FA213D 7F 05", // 48 FF
		events: []string{`fail 1007 at 9: payload`}},
	{name: "a message that ends inside a code point", role: Client, // req: 6455-5.6-a 6455-8.1-a
		wire:   "01 01 F0  80 01 9F",
		events: []string{`fail 1007 at 6: payload`}},
}

// run feeds the pieces to a fresh receiver and returns it. The pieces are
// copied, as the receiver unmasks in place.
func run(role Role, compression bool, pieces ...[]byte) *receiver {
	r := &receiver{checker: Checker{Role: role, Compression: compression}}
	for _, piece := range pieces {
		r.feed(bytes.Clone(piece))
	}
	return r
}

// TestStreams feeds each stream whole, in two pieces cut at every offset, and
// byte by byte: where TCP cuts it must not matter.
func TestStreams(t *testing.T) { // req: 6455-6.2-a
	for _, test := range streams {
		t.Run(test.name, func(t *testing.T) {
			wire := unhex(t, test.wire)
			check := func(how string, at int, pieces ...[]byte) {
				t.Helper()
				if got := run(test.role, test.compressed, pieces...).events; !slices.Equal(got, test.events) {
					t.Fatalf("fed %s (%d):\n got %s\nwant %s", how, at, brief(got), brief(test.events))
				}
			}
			check("whole", 0, wire)
			for at := range wire {
				if at == 300 { // after every header: no need to cut 64 KiB everywhere
					break
				}
				check("in two, cut at", at, wire[:at], wire[at:])
				end := len(wire) - at
				check("in two, cut at", end, wire[:end], wire[end:])
			}
			check("byte by byte", len(wire), slices.Collect(slices.Chunk(wire, 1))...)
		})
	}
}

// brief shows events without a screen full of the letter a.
func brief(events []string) string {
	s := strings.Join(events, ", ")
	if len(s) > 400 {
		s = s[:400] + "..."
	}
	return s
}

// TestStreamsWrittenAgain writes what was received and gets the same bytes:
// the two directions agree, and a frame has one form only.
func TestStreamsWrittenAgain(t *testing.T) { // req: 6455-5.2-e
	for _, test := range streams {
		wire := unhex(t, test.wire)
		got := rewrite(run(test.role, test.compressed, wire).frames)
		if !bytes.HasPrefix(wire, got) {
			t.Errorf("%s: received, and written again as %s", test.name, brief([]string{hex.EncodeToString(got)}))
		}
	}
}

// rewrite puts received frames on the wire again.
func rewrite(frames []receivedFrame) []byte {
	var wire []byte
	for _, f := range frames {
		wire = AppendFrame(wire, &f.header, f.payload)
	}
	return wire
}

// What a client sends passes a server's checks and comes out as it went in,
// for payloads on both sides of every border.
func TestRoundTrip(t *testing.T) { // req: 6455-5.2-e 6455-5.3-c
	for _, size := range []int{0, 1, 125, 126, 127, 1023, 1024, 65535, 65536, 65537} {
		for _, role := range []Role{Server, Client} { // of the receiver
			payload := bytes.Repeat([]byte{'x'}, size)
			h := Header{Fin: true, Opcode: Binary, Masked: role == Server}
			if h.Masked {
				h.Key = rfcKey
			}
			r := run(role, false, AppendFrame(nil, &h, payload))
			if len(r.frames) != 1 || !bytes.Equal(r.frames[0].payload, payload) {
				t.Errorf("%d bytes to a %v: got %s", size, role, brief(r.events))
			}
		}
	}
}
