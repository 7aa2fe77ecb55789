package wsframe

import (
	"errors"
	"strings"
	"testing"
)

// headerOf returns the header at the start of wire, given in hex.
func headerOf(t *testing.T, wire string) *Header {
	t.Helper()
	h := new(Header)
	if n := ParseHeader(h, unhex(t, wire)); n == 0 {
		t.Fatalf("the test's own header %s is not whole", wire)
	}
	return h
}

// A masked frame of a client as the server sees it: 80 in the second byte is
// the mask bit, then the length; the key is 00000000.
var badHeaders = []struct {
	name    string
	checker Checker
	before  string // headers that are fine and come first, separated by "/"
	wire    string
	field   string
	section string
}{
	{"RSV1 without compression", Checker{}, "", "C1 80 00000000", "RSV1", "RFC 6455 §5.2"},                                                      // req: 6455-5.2-b
	{"RSV1 on a ping without compression", Checker{}, "", "C9 80 00000000", "RSV1", "RFC 6455 §5.2"},                                            // req: 6455-5.2-b
	{"RSV2", Checker{}, "", "A1 80 00000000", "RSV2", "RFC 6455 §5.2"},                                                                          // req: 6455-5.2-b
	{"RSV3", Checker{}, "", "91 80 00000000", "RSV3", "RFC 6455 §5.2"},                                                                          // req: 6455-5.2-b
	{"RSV2 with compression", Checker{Compression: true}, "", "A1 80 00000000", "RSV2", "RFC 6455 §5.2"},                                        // req: 6455-5.2-b
	{"RSV1 and RSV3 with compression", Checker{Compression: true}, "", "D1 80 00000000", "RSV3", "RFC 6455 §5.2"},                               // req: 6455-5.2-b
	{"RSV1 on a ping", Checker{Compression: true}, "", "C9 80 00000000", "RSV1", "RFC 7692 §6.1"},                                               // req: 7692-6.1-c
	{"RSV1 on a pong", Checker{Compression: true}, "", "CA 80 00000000", "RSV1", "RFC 7692 §6.1"},                                               // req: 7692-6.1-c
	{"RSV1 on a close", Checker{Compression: true}, "", "C8 80 00000000", "RSV1", "RFC 7692 §6.1"},                                              // req: 7692-6.1-c
	{"RSV1 on a continuation of a compressed message", Checker{Compression: true}, "41 81 00000000", "C0 80 00000000", "RSV1", "RFC 7692 §6.1"}, // req: 7692-6.1-d
	{"RSV1 on a continuation of a plain message", Checker{Compression: true}, "01 81 00000000", "40 80 00000000", "RSV1", "RFC 7692 §6.1"},      // req: 7692-6.1-d

	{"a ping without FIN", Checker{}, "", "09 80 00000000", "FIN", "RFC 6455 §5.5"},  // req: 6455-5.5-c
	{"a pong without FIN", Checker{}, "", "0A 80 00000000", "FIN", "RFC 6455 §5.5"},  // req: 6455-5.5-c
	{"a close without FIN", Checker{}, "", "08 80 00000000", "FIN", "RFC 6455 §5.5"}, // req: 6455-5.5-c

	{"a continuation first of all", Checker{}, "", "80 80 00000000", "opcode", "RFC 6455 §5.4"},                                    // req: 6455-5.4-b
	{"a continuation without FIN first of all", Checker{}, "", "00 80 00000000", "opcode", "RFC 6455 §5.4"},                        // req: 6455-5.4-b
	{"a continuation after a whole message", Checker{}, "81 80 00000000", "80 80 00000000", "opcode", "RFC 6455 §5.4"},             // req: 6455-5.4-b
	{"a continuation after the last one", Checker{}, "01 80 00000000/80 80 00000000", "80 80 00000000", "opcode", "RFC 6455 §5.4"}, // req: 6455-5.4-b
	{"a text frame inside a message", Checker{}, "01 80 00000000", "81 80 00000000", "opcode", "RFC 6455 §5.4"},                    // req: 6455-5.4-c
	{"a binary frame inside a text message", Checker{}, "01 80 00000000", "02 80 00000000", "opcode", "RFC 6455 §5.4"},             // req: 6455-5.4-c
	{"a ping does not end the message", Checker{}, "02 80 00000000/89 80 00000000", "82 80 00000000", "opcode", "RFC 6455 §5.4"},   // req: 6455-5.4-c

	{"a client that does not mask its text", Checker{Role: Server}, "", "81 00", "mask bit", "RFC 6455 §5.1"},             // req: 6455-5.1-b
	{"a client that does not mask its ping", Checker{Role: Server}, "", "89 00", "mask bit", "RFC 6455 §5.1"},             // req: 6455-5.1-b
	{"a client that does not mask its close", Checker{Role: Server}, "", "88 00", "mask bit", "RFC 6455 §5.1"},            // req: 6455-5.1-b
	{"a server that masks, if only with zeros", Checker{Role: Client}, "", "81 80 00000000", "mask bit", "RFC 6455 §5.1"}, // req: 6455-5.1-d
	{"a server that masks its pong", Checker{Role: Client}, "", "8A 80 01020304", "mask bit", "RFC 6455 §5.1"},            // req: 6455-5.1-d

	{"top bit of a 64-bit length", Checker{Role: Client}, "", "82 7F 8000000000000000", "payload length", "RFC 6455 §5.2"},  // req: 6455-5.2-d
	{"all bits of a 64-bit length", Checker{Role: Client}, "", "82 7F FFFFFFFFFFFFFFFF", "payload length", "RFC 6455 §5.2"}, // req: 6455-5.2-d
	{"0 in 16 bits", Checker{Role: Client}, "", "82 7E 0000", "payload length", "RFC 6455 §5.2"},                            // req: 6455-5.2-f
	{"125 in 16 bits", Checker{Role: Client}, "", "82 7E 007D", "payload length", "RFC 6455 §5.2"},                          // req: 6455-5.2-f
	{"125 in 64 bits", Checker{Role: Client}, "", "82 7F 000000000000007D", "payload length", "RFC 6455 §5.2"},              // req: 6455-5.2-f
	{"65535 in 64 bits", Checker{Role: Client}, "", "82 7F 000000000000FFFF", "payload length", "RFC 6455 §5.2"},            // req: 6455-5.2-f
	{"a ping of 126 bytes", Checker{Role: Client}, "", "89 7E 007E", "payload length", "RFC 6455 §5.5"},                     // req: 6455-5.5-b
	{"a pong of 64 KiB", Checker{Role: Client}, "", "8A 7F 0000000000010000", "payload length", "RFC 6455 §5.5"},            // req: 6455-5.5-b
	{"a close of 126 bytes", Checker{Role: Client}, "", "88 7E 007E", "payload length", "RFC 6455 §5.5"},                    // req: 6455-5.5-b
	{"a ping of 5 bytes in 16 bits", Checker{Role: Client}, "", "89 7E 0005", "payload length", "RFC 6455 §5.2"},            // req: 6455-5.2-f
	{"the first of several faults is told", Checker{Role: Server}, "", "F3 7F 8000000000000000", "RSV1", "RFC 6455 §5.2"},
}

func TestCheckRefuses(t *testing.T) {
	for _, test := range badHeaders {
		t.Run(test.name, func(t *testing.T) {
			checker := test.checker
			for _, wire := range strings.Split(test.before, "/") {
				if wire == "" {
					continue
				}
				if err := checker.Check(headerOf(t, wire)); err != nil {
					t.Fatalf("the good frame %s before it was refused: %v", wire, err)
				}
			}
			h := headerOf(t, test.wire)
			err := checker.Check(h)
			var violation *Error
			if !errors.As(err, &violation) {
				t.Fatalf("%v: Check let it pass", h)
			}
			if violation.Code != ProtocolError || violation.Field != test.field || violation.Section != test.section {
				t.Errorf("%v: got %v\nwant code 1002, the field %q and %s", h, err, test.field, test.section)
			}
		})
	}
}

func TestCheckRefusesReservedOpcodes(t *testing.T) { // req: 6455-5.2-c
	for _, opcode := range []Opcode{0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF} {
		for _, role := range []Role{Server, Client} {
			checker := Checker{Role: role}
			h := Header{Fin: true, Opcode: opcode, Masked: role == Server}
			var violation *Error
			if err := checker.Check(&h); !errors.As(err, &violation) || violation.Field != "opcode" {
				t.Errorf("%v as %v: got %v, want a violation of the field \"opcode\"", opcode, role, err)
			}
		}
	}
}

var goodSequences = []struct {
	name    string
	checker Checker
	wires   []string
	open    bool // is a message open after the last frame?
}{
	{"a whole text", Checker{}, []string{"81 85 37FA213D"}, false},   // req: 6455-5.4-a
	{"a whole binary", Checker{}, []string{"82 85 37FA213D"}, false}, // req: 6455-5.4-a
	{"two messages", Checker{}, []string{"81 80 00000000", "82 80 00000000"}, false},
	{"a text in three frames", Checker{}, []string{"01 81 00000000", "00 81 00000000", "80 81 00000000"}, false}, // req: 6455-5.4-a
	{"a message that is still open", Checker{}, []string{"02 81 00000000", "00 81 00000000"}, true},
	{"frames of no bytes", Checker{}, []string{"01 80 00000000", "00 80 00000000", "80 80 00000000"}, false}, // req: 6455-5.4-f 6455-5.2-i
	{"after the last frame a new message may begin", Checker{}, // req: 6455-6.2-b
		[]string{"01 80 00000000", "80 80 00000000", "02 80 00000000", "80 80 00000000"}, false},
	{"control frames inside a message", Checker{},
		[]string{"01 80 00000000", "89 80 00000000", "8A 80 00000000", "80 80 00000000"}, false},
	{"empty control frames", Checker{}, []string{"89 80 00000000", "8A 80 00000000", "88 80 00000000"}, false},        // req: 6455-5.2-i
	{"control frames of 125 bytes", Checker{}, []string{"89 FD 00000000", "8A FD 00000000", "88 FD 00000000"}, false}, // req: 6455-5.5.2-c
	{"a server does not mask", Checker{Role: Client}, []string{"81 05", "89 00", "88 02"}, false},
	{"each length in its shortest form", Checker{Role: Client},
		[]string{"82 7D", "82 7E 007E", "82 7E FFFF", "82 7F 0000000000010000", "82 7F 7FFFFFFFFFFFFFFF"}, false},
	{"RSV1 on a whole compressed message", Checker{Compression: true}, []string{"C1 85 37FA213D"}, false},
	{"RSV1 on the first frame alone", Checker{Compression: true}, []string{"41 81 00000000", "80 81 00000000"}, false},
	{"compression agreed and not used", Checker{Compression: true}, []string{"81 80 00000000"}, false},
}

func TestCheckAccepts(t *testing.T) {
	for _, test := range goodSequences {
		t.Run(test.name, func(t *testing.T) {
			checker := test.checker
			for _, wire := range test.wires {
				if err := checker.Check(headerOf(t, wire)); err != nil {
					t.Errorf("%s: %v", wire, err)
				}
			}
			if checker.Open() != test.open {
				t.Errorf("Open() = %v after the last frame, want %v", checker.Open(), test.open)
			}
		})
	}
}

// A header that is refused leaves no trace: the message that was open still is.
func TestCheckRefusalChangesNothing(t *testing.T) {
	checker := Checker{Role: Client}
	checker.Check(headerOf(t, "01 01")) // a text message is open
	before := checker
	checker.Check(headerOf(t, "82 01")) // and a binary one may not begin
	if checker != before {
		t.Errorf("a refused frame changed the checker from %+v to %+v", before, checker)
	}
}

func TestRole(t *testing.T) {
	if Server.Masks() || !Client.Masks() {
		t.Error("a client masks every frame that it sends, a server none (RFC 6455 §5.1)")
	}
	if Server.String() != "server" || Client.String() != "client" {
		t.Errorf("the roles are called %v and %v", Server, Client)
	}
}

func TestErrorTellsEverything(t *testing.T) {
	checker := Checker{Role: Server}
	err := checker.Check(headerOf(t, "81 05"))
	const want = "close 1002 (protocol error): mask bit: a client must mask every frame (RFC 6455 §5.1)"
	if err == nil || err.Error() != want {
		t.Fatalf("got %q\nwant %q", err, want)
	}
	violation := err.(*Error)
	violation.Offset = 42
	const at = "close 1002 (protocol error) at byte 42: mask bit: a client must mask every frame (RFC 6455 §5.1)"
	if violation.Error() != at {
		t.Errorf("with an offset: got %q\nwant %q", violation, at)
	}
	if got, want := violation.Reason(), "RFC 6455 §5.1: a client must mask every frame"; got != want {
		t.Errorf("Reason() = %q, want %q", got, want)
	}
}

// A long rule is cut so that it fits a Close frame, and never inside a code
// point: § and ä are two bytes each.
func TestErrorReasonFits(t *testing.T) { // req: 6455-5.5-a
	long := Error{Section: "RFC 6455 §5.1", Rule: strings.Repeat("ä", 200)}
	if got, want := long.Reason(), "RFC 6455 §5.1: "+strings.Repeat("ä", 53); got != want {
		t.Errorf("a rule of 400 bytes gives a reason of %d: %q\nwant %d, as one more ä would make 124: %q",
			len(got), got, len(want), want)
	}
}

// Every reason that Check can give fits a Close frame whole.
func TestEveryReasonFitsWhole(t *testing.T) {
	for _, test := range badHeaders {
		checker := test.checker
		var violation *Error
		if errors.As(checker.Check(headerOf(t, test.wire)), &violation) {
			if whole := violation.Section + ": " + violation.Rule; violation.Reason() != whole {
				t.Errorf("%s: the reason is cut: %q", test.name, violation.Reason())
			}
		}
	}
}
