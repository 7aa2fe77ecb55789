package annotate

import (
	"strings"
	"testing"
)

// brokenRules are conversations, each with one broken rule.
var brokenRules = []struct {
	rule    string
	pieces  []piece
	frames  bool
	field   string // of the span that is marked
	offset  int64  // in the unit
	section string
}{
	{"a method is a token", []piece{client("G@T / HTTP/1.1\n")}, false, "broken", 1, "RFC 9110 §9.1"},
	{"a version is 1.1 or 1.0", []piece{client("GET / HTTP/2.0\n")}, false, "broken", 6, "RFC 9110 §15.6.6"},
	{"a line ends in CR LF", []piece{{ClientToServer, "GET / HTTP/1.1\nHost: a\n\n"}}, false, "broken", 14, "RFC 9112 §2.2"},
	{"no space before the colon", []piece{client("GET / HTTP/1.1\nHost : a\n\n")}, false, "broken", 20, "RFC 9112 §5.1"},
	{"Host is required: the empty line comes too early", []piece{client("GET / HTTP/1.1\n\n")}, false, "CRLF", 16, "RFC 9112 §3.2"},
	{"a length and chunks are two bodies",
		[]piece{client("POST / HTTP/1.1\nHost: a\nContent-Length: 5\nTransfer-Encoding: chunked\n\n")}, false,
		"field-value", 64, "RFC 9112 §6.3"},
	{"a chunk size is hexadecimal", []piece{client("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\nxyz\n")},
		false, "broken", 0, "RFC 9112 §7.1"},
	{"CR LF follows a chunk", []piece{client("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n1\nab")},
		false, "broken", 4, "RFC 9112 §7.1"},
	{"a status code has three digits", []piece{server("HTTP/1.1 20 OK\n\n")}, false, "broken", 11, "RFC 9112 §4"},
	{"a key has 16 bytes", []piece{client(strings.Replace(upgradeRequest, "dGhl", "", 1) + "\n")}, false,
		"field-value", 106, "RFC 6455 §4.2.1"},
	{"the version is 13", []piece{client(strings.Replace(upgradeRequest, ": 13", ": 12", 1) + "\n")}, false,
		"field-value", 224, "RFC 6455 §4.4"},
	{"the subprotocol was offered", []piece{client(upgradeRequest + "\n"),
		server(strings.Replace(upgradeResponse, ": chat", ": char", 1) + "\n")}, false, "field-value", 151, "RFC 6455 §4.1"},
	{"compression was offered", []piece{client(upgradeRequest + "\n"), server(upgradeResponse + takesDeflate + "\n")},
		false, "field-value", 183, "RFC 6455 §4.1"},
	{"101 needs a request to upgrade", []piece{client("GET / HTTP/1.1\nHost: a\n\n"), server(upgradeResponse + "\n")},
		false, "status-code", 9, "RFC 9110 §15.2.2"},

	{"RSV1 needs compression", []piece{serverHex("c1 01 41")}, true, "RSV1", 0, "RFC 6455 §5.2"},
	{"RSV2 is 0", []piece{serverHex("a1 01 41")}, true, "RSV2", 0, "RFC 6455 §5.2"},
	{"reserved opcodes are not used", []piece{serverHex("83 00")}, true, "opcode", 0, "RFC 6455 §5.2"},
	{"a control frame is not fragmented", []piece{serverHex("09 00")}, true, "FIN", 0, "RFC 6455 §5.5"},
	{"a continuation needs a first frame", []piece{serverHex("80 00")}, true, "opcode", 0, "RFC 6455 §5.4"},
	{"a client masks", []piece{clientHex("81 01 41")}, true, "mask bit", 1, "RFC 6455 §5.1"},
	{"a server does not mask", []piece{serverHex("81 81 00000000 41")}, true, "mask bit", 1, "RFC 6455 §5.1"},
	{"a length uses the shortest form", []piece{serverHex("82 7e 0001 41")}, true, "extended length", 2, "RFC 6455 §5.2"},
	{"a length has 63 bits", []piece{serverHex("82 7f 8000000000000000")}, true, "extended length", 2, "RFC 6455 §5.2"},
	{"a control frame has at most 125 bytes", []piece{serverHex("89 7e 0080" + strings.Repeat("00", 128))}, true, "extended length", 2, "RFC 6455 §5.5"},
	{"text is UTF-8", []piece{serverHex("81 03 41 ed a0")}, true, "text", 4, "RFC 6455 §8.1"},
	{"text does not end inside a code point", []piece{serverHex("81 02 41 c3")}, true, "text", 2, "RFC 6455 §8.1"},
	{"a close code has two bytes", []piece{serverHex("88 01 03")}, true, "payload", 2, "RFC 6455 §5.5.1"},
	{"1006 is never sent", []piece{serverHex("88 02 03ee")}, true, "close code", 2, "RFC 6455 §7.4"},
	{"a reason is UTF-8", []piece{serverHex("88 03 03e8 ff")}, true, "close reason", 4, "RFC 6455 §5.5.1"},
	{"nothing follows a Close", []piece{serverHex("88 00 81 00")}, true, "opcode", 0, "RFC 6455 §5.5.1"},
}

// TestBroken checks that a broken rule is marked at the span that breaks it, with its
// section.
func TestBroken(t *testing.T) {
	for _, test := range brokenRules {
		t.Run(test.rule, func(t *testing.T) {
			units := unitsFor(Options{Frames: test.frames}, test.pieces, whole)
			checkUnits(t, units, test.pieces)
			found := 0
			for i := range units {
				for _, span := range units[i].Spans {
					if span.Broken == "" {
						continue
					}
					found++
					if span.Field != test.field || span.Offset != test.offset || !strings.Contains(span.Broken, test.section) {
						t.Errorf("broken: %s, in %q at byte %d; want %s, in %q at byte %d",
							span.Broken, span.Field, span.Offset, test.section, test.field, test.offset)
					}
				}
			}
			if found != 1 {
				t.Errorf("%d spans are marked as broken, want 1", found)
			}
		})
	}
}

// TestAnotherProtocol checks that switching to another protocol breaks no rule, and
// that nothing after the switch is explained.
func TestAnotherProtocol(t *testing.T) {
	units := unitsFor(Options{}, []piece{
		client("GET / HTTP/1.1\nHost: a\nConnection: Upgrade\nUpgrade: h2c\n\n"),
		server("HTTP/1.1 101 Switching Protocols\nConnection: Upgrade\nUpgrade: h2c\n\n"),
		clientHex("00 00"), serverHex("00 00 00"),
	}, whole)
	if len(units) != 4 || units[2].Kind != Raw || units[3].Kind != Raw {
		t.Fatalf("%d units, want two heads and two units of raw bytes", len(units))
	}
	for i := range units {
		if units[i].Broken() != "" {
			t.Errorf("%s: broken: %s; want nothing", units[i].Title, units[i].Broken())
		}
	}
}

// TestBrokenEndsADirection checks that everything after broken framing is one unit
// with the reason, and that the other direction continues.
func TestBrokenEndsADirection(t *testing.T) {
	units := unitsFor(Options{Frames: true}, []piece{
		serverHex("83 00"), serverHex("81 01 41"), clientHex("81 81 00000000 41"), serverHex("81 01 42"),
	}, whole)
	if len(units) != 3 || units[1].Kind != Frame || units[2].Kind != Raw || units[2].Length != 6 {
		t.Fatalf("%d units, the last is %+v; want the broken frame, a frame of the client, and 6 raw bytes",
			len(units), units[len(units)-1])
	}
	if !strings.Contains(units[2].Spans[0].Meaning, "breaks a rule") {
		t.Errorf("the meaning of the raw bytes is %q; want the reason why they are not explained", units[2].Spans[0].Meaning)
	}
}
