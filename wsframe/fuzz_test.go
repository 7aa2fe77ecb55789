package wsframe

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// More seeds, good and bad, are in testdata/fuzz; "go test" runs them all.
// To search on: go test -run=NONE -fuzz=FuzzStream ./wsframe

// FuzzHeader: whatever parses is written and parsed again as the same header,
// in the same bytes unless the length stood in a longer form than it needs.
func FuzzHeader(f *testing.F) {
	for _, test := range headers {
		f.Add(unhex(f, test.wire))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var h Header
		n := ParseHeader(&h, b)
		if n == 0 {
			if len(b) >= MaxHeaderSize {
				t.Fatalf("% X: %d bytes are no header yet, they say", b, len(b))
			}
			return
		}
		if n < 2 || n > MaxHeaderSize || n > len(b) {
			t.Fatalf("% X: a header of %d bytes", b, n)
		}
		wire := AppendHeader(nil, &h)
		minimal := h.LengthForm == shortestForm(h.Length)
		if minimal != bytes.Equal(wire, b[:n]) {
			t.Errorf("% X is %v, shortest form %v, and is written as % X", b[:n], h, minimal, wire)
		}
		var again Header
		size := ParseHeader(&again, wire)
		again.LengthForm = h.LengthForm // the one thing that writing may change
		if size != len(wire) || again != h {
			t.Errorf("% X is %v, written as % X it is %v", b[:n], h, wire, again)
		}
	})
}

// FuzzMask: Mask is the RFC's loop, at any position, in one piece or two, and
// undoes itself.
func FuzzMask(f *testing.F) {
	f.Add([]byte("Hello"), uint32(0x37FA213D), uint64(0), 3)
	f.Add(bytes.Repeat([]byte("x"), wideFrom+5), uint32(1), uint64(3), wideFrom)
	f.Fuzz(func(t *testing.T, b []byte, k uint32, pos uint64, at int) {
		key := Key{byte(k >> 24), byte(k >> 16), byte(k >> 8), byte(k)}
		pos &= 1<<63 - 1 // no payload is longer
		plain := bytes.Clone(b)
		maskPlain(plain, key, pos)

		got := bytes.Clone(b)
		Mask(got, key, pos)
		if !bytes.Equal(got, plain) {
			t.Fatalf("Mask of % X at %d gives % X, the RFC's loop % X", b, pos, got, plain)
		}
		Mask(got, key, pos)
		if !bytes.Equal(got, b) {
			t.Fatalf("masked twice, % X came back as % X", b, got)
		}
		at = cutAt(at, len(b))
		Mask(got[:at], key, pos)
		Mask(got[at:], key, pos+uint64(at))
		if !bytes.Equal(got, plain) {
			t.Fatalf("masked in two pieces, cut at %d, % X gives % X, want % X", at, b, got, plain)
		}
	})
}

// FuzzClose: a payload that is accepted is written again as the same bytes;
// one that is refused says why in words that fit a Close frame.
func FuzzClose(f *testing.F) {
	for _, test := range closePayloads {
		f.Add(unhex(f, test.hex))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		if len(payload) > MaxControlPayload {
			return // Checker has refused it
		}
		code, reason, err := ParseClose(payload)
		if err != nil {
			violation, ok := err.(*Error)
			if !ok || len(violation.Reason()) > maxCloseReason || !utf8.ValidString(violation.Reason()) {
				t.Fatalf("% X: refused with %v, which is no reason for a Close frame", payload, err)
			}
			if _, err := AppendClose(nil, violation.Code, violation.Reason()); err != nil {
				t.Fatalf("% X: the answer to it cannot be sent: %v", payload, err)
			}
			return
		}
		again, err := AppendClose(nil, code, reason)
		if err != nil || !bytes.Equal(again, payload) {
			t.Fatalf("% X is %d %q, which is written as % X, %v", payload, code, reason, again, err)
		}
	})
}

// FuzzCloseReason: whatever the code and reason, what is written is a legal
// payload or nothing.
func FuzzCloseReason(f *testing.F) {
	f.Add(uint16(1000), "bye")
	f.Add(uint16(1005), "no room")
	f.Add(uint16(4000), strings.Repeat("a", 122)+"ä")
	f.Add(uint16(1006), "\xFF")
	f.Fuzz(func(t *testing.T, code uint16, reason string) {
		payload, err := AppendClose(nil, CloseCode(code), reason)
		if err != nil {
			if len(payload) != 0 {
				t.Fatalf("%d was refused, and yet gave % X", code, payload)
			}
			return
		}
		got, text, err := ParseClose(payload)
		if err != nil || got != CloseCode(code) || len(payload) > MaxControlPayload {
			t.Fatalf("%d %q was written as % X, which reads as %d %q, %v", code, reason, payload, got, text, err)
		}
		if utf8.ValidString(reason) && !strings.HasPrefix(reason, text) {
			t.Fatalf("the reason %q was not cut but changed, to %q", reason, text)
		}
	})
}

// FuzzUTF8: the validator agrees with unicode/utf8 on validity and with the
// plain form on the byte, in one piece or three.
func FuzzUTF8(f *testing.F) {
	for _, test := range utf8Texts {
		f.Add(unhex(f, test.hex), 1, 2)
	}
	f.Fuzz(func(t *testing.T, text []byte, i, j int) {
		want, open := plainUTF8(text)
		if want == len(text) {
			want = whole
		}
		if valid := want == whole && !open; valid != utf8.Valid(text) {
			t.Fatalf("% X: the plain form says valid: %v, unicode/utf8 says %v", text, valid, !valid)
		}
		i = cutAt(i, len(text))
		j = i + cutAt(j, len(text)-i)
		for _, pieces := range [][][]byte{{text}, {text[:i], text[i:j], text[j:]}} {
			fails, stillOpen := feedUTF8(pieces...)
			if fails != want || fails == whole && stillOpen != open {
				t.Fatalf("fed as % X: fails at %d, open %v; want %d (-1: nowhere), open %v",
					pieces, fails, stillOpen, want, open)
			}
		}
	})
}

// FuzzStream: a server reads anything a client may send. However it is cut,
// the same happens; and the frames that were accepted, written again, are the
// bytes they came from.
func FuzzStream(f *testing.F) {
	for _, test := range streams {
		if len(test.wire) < 1000 {
			f.Add(unhex(f, test.wire), test.role == Client, test.compressed, 3)
		}
	}
	f.Fuzz(func(t *testing.T, wire []byte, client, compressed bool, at int) {
		role := Server
		if client {
			role = Client
		}
		at = cutAt(at, len(wire))
		once := run(role, compressed, wire)
		if once.offset > int64(len(wire)) {
			t.Fatalf("%d bytes came, and %d were used", len(wire), once.offset)
		}
		if !bytes.HasPrefix(wire, rewrite(once.frames)) {
			t.Fatalf("% X: written again, the accepted frames are % X", wire, rewrite(once.frames))
		}
		for _, pieces := range [][][]byte{
			{wire[:at], wire[at:]},
			slices.Collect(slices.Chunk(wire, 1)),
		} {
			if cut := run(role, compressed, pieces...); !slices.Equal(cut.events, once.events) {
				t.Fatalf("% X: whole it gives %q, in %d pieces (the first of %d) %q",
					wire, once.events, len(pieces), at, cut.events)
			}
		}
	})
}

// cutAt makes any number a place to cut n bytes at.
func cutAt(at, n int) int {
	return int(uint(at) % uint(n+1))
}
