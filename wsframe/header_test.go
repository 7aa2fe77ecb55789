package wsframe

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
)

// unhex turns "81 05 48" into bytes; spaces and newlines are for the reader.
func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatalf("the test's own hex is wrong: %v", err)
	}
	return b
}

// headers is one table for both directions: the bytes parse to the header,
// and the header is written as the bytes.
var headers = []struct {
	name string
	wire string
	h    Header
}{
	// The six examples of RFC 6455 §5.7, their headers.
	{"single frame, unmasked text Hello", "81 05", // req: 6455-5.2-g 6455-5.2-h
		Header{Fin: true, Opcode: Text, Length: 5}},
	{"single frame, masked text Hello", "81 85 37FA213D", // req: 6455-5.2-h
		Header{Fin: true, Opcode: Text, Masked: true, Length: 5, Key: rfcKey}},
	{"fragmented text, first frame Hel", "01 03",
		Header{Opcode: Text, Length: 3}},
	{"fragmented text, last frame lo", "80 02",
		Header{Fin: true, Opcode: Continuation, Length: 2}},
	{"unmasked ping Hello", "89 05",
		Header{Fin: true, Opcode: Ping, Length: 5}},
	{"masked pong Hello", "8A 85 37FA213D",
		Header{Fin: true, Opcode: Pong, Masked: true, Length: 5, Key: rfcKey}},
	{"256 bytes of binary", "82 7E 0100", // req: 6455-5.2-g
		Header{Fin: true, Opcode: Binary, LengthForm: Length16, Length: 256}},
	{"64 KiB of binary", "82 7F 0000000000010000", // req: 6455-5.2-g
		Header{Fin: true, Opcode: Binary, LengthForm: Length64, Length: 65536}},

	// The bits of the first byte, each alone.
	{"FIN", "80 00", Header{Fin: true}},
	{"RSV1", "40 00", Header{RSV1: true}},
	{"RSV2", "20 00", Header{RSV2: true}},
	{"RSV3", "10 00", Header{RSV3: true}},
	{"opcode F", "0F 00", Header{Opcode: 0xF}},
	{"MASK, with a key of zeros", "00 80 00000000", Header{Masked: true}},

	// The borders between the three forms of the length.
	{"empty", "82 00", Header{Fin: true, Opcode: Binary}},                                                                    // req: 6455-5.2-i
	{"longest in 7 bits", "82 7D", Header{Fin: true, Opcode: Binary, Length: 125}},                                           // req: 6455-5.2-e
	{"shortest in 16 bits", "82 7E 007E", Header{Fin: true, Opcode: Binary, LengthForm: Length16, Length: 126}},              // req: 6455-5.2-e
	{"127 is no special length", "82 7E 007F", Header{Fin: true, Opcode: Binary, LengthForm: Length16, Length: 127}},         // req: 6455-5.2-e
	{"longest in 16 bits", "82 7E FFFF", Header{Fin: true, Opcode: Binary, LengthForm: Length16, Length: 65535}},             // req: 6455-5.2-e
	{"longest of all", "82 7F 7FFFFFFFFFFFFFFF", Header{Fin: true, Opcode: Binary, LengthForm: Length64, Length: 1<<63 - 1}}, // req: 6455-5.2-e
	{"every bit of the first two bytes, longest header", "FF FF FFFFFFFFFFFFFFFF 01020304",
		Header{true, true, true, true, 0xF, true, Length64, 1<<64 - 1, Key{1, 2, 3, 4}}},
}

func TestParseHeader(t *testing.T) {
	for _, test := range headers {
		t.Run(test.name, func(t *testing.T) {
			wire := unhex(t, test.wire)
			var h Header
			n := ParseHeader(&h, wire)
			if n != len(wire) {
				t.Errorf("ParseHeader(% X) took %d bytes, but the header has %d", wire, n, len(wire))
			}
			if h != test.h {
				t.Errorf("ParseHeader(% X):\n got %+v\nwant %+v", wire, h, test.h)
			}
		})
	}
}

func TestAppendHeader(t *testing.T) {
	for _, test := range headers {
		t.Run(test.name, func(t *testing.T) {
			got := AppendHeader([]byte("before"), &test.h)
			want := append([]byte("before"), unhex(t, test.wire)...)
			if !bytes.Equal(got, want) {
				t.Errorf("AppendHeader(%v):\n got % X\nwant % X", test.h, got, want)
			}
		})
	}
}

// TestParseHeaderNeedsAllOfIt cuts every header everywhere: a part of it gives
// n == 0, and bytes after it change nothing.
func TestParseHeaderNeedsAllOfIt(t *testing.T) { // req: 6455-6.2-a
	for _, test := range headers {
		wire := unhex(t, test.wire)
		for size := range wire {
			if n := ParseHeader(new(Header), wire[:size]); n != 0 {
				t.Errorf("%s: %d of %d bytes gave n = %d, want 0", test.name, size, len(wire), n)
			}
		}
		var h Header
		if n := ParseHeader(&h, append(wire, 0xFF)); n != len(wire) || h != test.h {
			t.Errorf("%s: a byte of payload after it changed the header to %v", test.name, h)
		}
	}
}

// A length may stand in a form that is too long for it. ParseHeader tells, and
// AppendHeader puts it right.
func TestLengthFormIsReportedAndNotWritten(t *testing.T) { // req: 6455-5.2-e
	tests := []struct {
		wire     string
		form     LengthForm
		length   uint64
		shortest string
	}{
		{"82 7E 0005", Length16, 5, "82 05"},
		{"82 7F 0000000000000005", Length64, 5, "82 05"},
		{"82 7F 000000000000FFFF", Length64, 65535, "82 7E FFFF"},
	}
	for _, test := range tests {
		var h Header
		ParseHeader(&h, unhex(t, test.wire))
		if h.LengthForm != test.form || h.Length != test.length {
			t.Errorf("%s: got length %d in %v form, want %d in %v form",
				test.wire, h.Length, h.LengthForm, test.length, test.form)
		}
		if got := AppendHeader(nil, &h); !bytes.Equal(got, unhex(t, test.shortest)) {
			t.Errorf("%s was written again as % X, want the shortest form, %s", test.wire, got, test.shortest)
		}
	}
}

func TestAppendFrameMasksACopy(t *testing.T) { // req: 6455-5.2-h
	payload := []byte("Hello")
	got := AppendFrame(nil, &Header{Fin: true, Opcode: Text, Masked: true, Key: rfcKey, Length: 99}, payload)
	want := unhex(t, "81 85 37FA213D 7F9F4D5158")
	if !bytes.Equal(got, want) {
		t.Errorf("AppendFrame:\n got % X\nwant % X, the second example of RFC 6455 §5.7", got, want)
	}
	if string(payload) != "Hello" {
		t.Errorf("AppendFrame changed the caller's payload to %q", payload)
	}
}

func TestOpcode(t *testing.T) {
	for o := Opcode(0); o < 20; o++ {
		if got, want := o.IsControl(), o&8 != 0; got != want {
			t.Errorf("%v.IsControl() = %v, want %v: control opcodes have the highest of four bits set", o, got, want)
		}
		if got, want := o.IsData(), o == 1 || o == 2; got != want {
			t.Errorf("%v.IsData() = %v, want %v", o, got, want)
		}
		defined := o <= 2 || 8 <= o && o <= 10
		if o.Reserved() == defined {
			t.Errorf("%v.Reserved() = %v; RFC 6455 defines 0-2 and 8-A only", o, o.Reserved())
		}
	}
	for o, want := range map[Opcode]string{Continuation: "continuation", Close: "close", 0xB: "reserved opcode 0xB"} {
		if o.String() != want {
			t.Errorf("opcode 0x%X is called %q, want %q", byte(o), o, want)
		}
	}
}

func TestHeaderDoesNotAllocate(t *testing.T) {
	wire := unhex(t, "82 FE 0100 37FA213D")
	buf := make([]byte, 0, MaxHeaderSize)
	checker := Checker{Role: Server}
	allocs := testing.AllocsPerRun(100, func() {
		var h Header
		ParseHeader(&h, wire)
		if err := checker.Check(&h); err != nil {
			t.Fatal(err)
		}
		buf = AppendHeader(buf[:0], &h)
	})
	if allocs != 0 {
		t.Errorf("parsing, checking and writing a header allocates %v times, want 0", allocs)
	}
}
