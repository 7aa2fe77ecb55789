package annotate

import (
	"strings"
	"testing"
)

// brokenRules are conversations with one rule broken in each.
var brokenRules = []struct {
	rule    string
	pieces  []piece
	frames  bool
	field   string // of the span that is labelled
	offset  int64  // in the unit
	section string
}{
	{"a method is a token", []piece{client("G@T / HTTP/1.1\n")}, false, "broken", 1, "RFC 9110 §9.1"},
	{"a version is 1.1 or 1.0", []piece{client("GET / HTTP/2.0\n")}, false, "broken", 6, "RFC 9110 §15.6.6"},
	{"a line ends in CR LF", []piece{{ClientToServer, "GET / HTTP/1.1\nHost: a\n\n"}}, false, "broken", 14, "RFC 9112 §2.2"},
	{"no space in front of the colon", []piece{client("GET / HTTP/1.1\nHost : a\n\n")}, false, "broken", 20, "RFC 9112 §5.1"},
	{"Host is a must: the empty line comes too early", []piece{client("GET / HTTP/1.1\n\n")}, false, "CRLF", 16, "RFC 9112 §3.2"},
	{"a length and chunks are two bodies",
		[]piece{client("POST / HTTP/1.1\nHost: a\nContent-Length: 5\nTransfer-Encoding: chunked\n\n")}, false,
		"field-value", 64, "RFC 9112 §6.3"},
	{"a chunk size is hexadecimal", []piece{client("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\nxyz\n")},
		false, "broken", 0, "RFC 9112 §7.1"},
	{"CR LF stands behind a chunk", []piece{client("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n1\nab")},
		false, "broken", 4, "RFC 9112 §7.1"},
	{"a status code has three digits", []piece{server("HTTP/1.1 20 OK\n\n")}, false, "broken", 11, "RFC 9112 §4"},
	{"a key is 16 octets", []piece{client(strings.Replace(upgradeRequest, "dGhl", "", 1) + "\n")}, false,
		"field-value", 106, "RFC 6455 §4.2.1"},
	{"the version is 13", []piece{client(strings.Replace(upgradeRequest, ": 13", ": 12", 1) + "\n")}, false,
		"field-value", 224, "RFC 6455 §4.4"},
	{"a subprotocol was asked for", []piece{client(upgradeRequest + "\n"),
		server(strings.Replace(upgradeResponse, ": chat", ": char", 1) + "\n")}, false, "field-value", 151, "RFC 6455 §4.1"},
	{"compression was offered", []piece{client(upgradeRequest + "\n"), server(upgradeResponse + takesDeflate + "\n")},
		false, "field-value", 183, "RFC 6455 §4.1"},
	{"101 needs a request for it", []piece{client("GET / HTTP/1.1\nHost: a\n\n"), server(upgradeResponse + "\n")},
		false, "status-code", 9, "RFC 9110 §15.2.2"},

	{"RSV1 needs compression", []piece{serverHex("c1 01 41")}, true, "RSV1", 0, "RFC 6455 §5.2"},
	{"RSV2 is 0", []piece{serverHex("a1 01 41")}, true, "RSV2", 0, "RFC 6455 §5.2"},
	{"an opcode has a meaning", []piece{serverHex("83 00")}, true, "opcode", 0, "RFC 6455 §5.2"},
	{"a control frame is whole", []piece{serverHex("09 00")}, true, "FIN", 0, "RFC 6455 §5.5"},
	{"something must have begun to go on", []piece{serverHex("80 00")}, true, "opcode", 0, "RFC 6455 §5.4"},
	{"a client masks", []piece{clientHex("81 01 41")}, true, "mask bit", 1, "RFC 6455 §5.1"},
	{"a server does not", []piece{serverHex("81 81 00000000 41")}, true, "mask bit", 1, "RFC 6455 §5.1"},
	{"a length is as short as can be", []piece{serverHex("82 7e 0001 41")}, true, "extended length", 2, "RFC 6455 §5.2"},
	{"a length has 63 bits", []piece{serverHex("82 7f 8000000000000000")}, true, "extended length", 2, "RFC 6455 §5.2"},
	{"a control frame is short", []piece{serverHex("89 7e 0080" + strings.Repeat("00", 128))}, true, "extended length", 2, "RFC 6455 §5.5"},
	{"text is UTF-8", []piece{serverHex("81 03 41 ed a0")}, true, "text", 4, "RFC 6455 §8.1"},
	{"text does not end in the middle", []piece{serverHex("81 02 41 c3")}, true, "text", 2, "RFC 6455 §8.1"},
	{"a close code has two octets", []piece{serverHex("88 01 03")}, true, "payload", 2, "RFC 6455 §5.5.1"},
	{"1006 is never sent", []piece{serverHex("88 02 03ee")}, true, "close code", 2, "RFC 6455 §7.4"},
	{"a reason is UTF-8", []piece{serverHex("88 03 03e8 ff")}, true, "close reason", 4, "RFC 6455 §5.5.1"},
	{"nothing follows a Close", []piece{serverHex("88 00 81 00")}, true, "opcode", 0, "RFC 6455 §5.5.1"},
}

// TestBroken: each rule, when it is broken, is labelled where it is broken: in
// the span at that octet, with the section.
func TestBroken(t *testing.T) {
	for _, test := range brokenRules {
		t.Run(test.rule, func(t *testing.T) {
			units := told(Options{Frames: test.frames}, test.pieces, whole)
			checkUnits(t, units, test.pieces)
			found := 0
			for i := range units {
				for _, span := range units[i].Spans {
					if span.Broken == "" {
						continue
					}
					found++
					if span.Field != test.field || span.Offset != test.offset || !strings.Contains(span.Broken, test.section) {
						t.Errorf("broken: %s, in %q at octet %d; want %s, in %q at octet %d",
							span.Broken, span.Field, span.Offset, test.section, test.field, test.offset)
					}
				}
			}
			if found != 1 {
				t.Errorf("%d spans are labelled as broken, want 1", found)
			}
		})
	}
}

// TestAnotherProtocol: a switch to a protocol that is not ours breaks no rule, and
// neither side is read behind it.
func TestAnotherProtocol(t *testing.T) {
	units := told(Options{}, []piece{
		client("GET / HTTP/1.1\nHost: a\nConnection: Upgrade\nUpgrade: h2c\n\n"),
		server("HTTP/1.1 101 Switching Protocols\nConnection: Upgrade\nUpgrade: h2c\n\n"),
		clientHex("00 00"), serverHex("00 00 00"),
	}, whole)
	if len(units) != 4 || units[2].Kind != Raw || units[3].Kind != Raw {
		t.Fatalf("%d units, want two heads and two units of raw octets", len(units))
	}
	for i := range units {
		if units[i].Broken() != "" {
			t.Errorf("%s: broken: %s; want nothing", units[i].Title, units[i].Broken())
		}
	}
}

// TestBrokenEndsADirection: what stands behind lost framing is one unit that
// says why, and the other direction goes on.
func TestBrokenEndsADirection(t *testing.T) {
	units := told(Options{Frames: true}, []piece{
		serverHex("83 00"), serverHex("81 01 41"), clientHex("81 81 00000000 41"), serverHex("81 01 42"),
	}, whole)
	if len(units) != 3 || units[1].Kind != Frame || units[2].Kind != Raw || units[2].Length != 6 {
		t.Fatalf("%d units, the last one %+v; want the broken frame, one of the client, and 6 octets raw",
			len(units), units[len(units)-1])
	}
	if !strings.Contains(units[2].Spans[0].Meaning, "breaks a rule") {
		t.Errorf("the raw octets mean %q; want the reason why nobody reads them", units[2].Spans[0].Meaning)
	}
}
