package load

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
)

// The answers that a checker accepts, and those that it must reject. Spaces in the hex
// are for readability.
func TestFrames(t *testing.T) {
	hello := frameChecker{want: []byte("Hello"), opcode: opText}
	for _, c := range []struct {
		name, hex string
		answers   int
		err       string
	}{
		{"a message", "8105 48656c6c6f", 1, ""},
		{"two messages", "8105 48656c6c6f 8105 48656c6c6f", 2, ""},
		{"in two fragments", "0103 48656c 8002 6c6f", 1, ""},
		{"an empty fragment", "0100 8005 48656c6c6f", 1, ""},
		{"a ping between", "0103 48656c 8902 6869 8002 6c6f", 1, ""},
		{"a length in the longer form", "817f 0000000000000005 48656c6c6f", 1, ""},
		{"incomplete", "8105 48656c", 0, ""},
		{"one byte differs", "8105 48656c6c6e", 0, "differs"},
		{"too short", "8104 48656c6c", 0, "4 bytes, want 5"},
		{"too long", "8106 48656c6c6f6f", 0, "more than the 5 bytes"},
		{"wrong opcode", "8205 48656c6c6f", 0, "opcode"},
		{"masked", "8185 00000000 48656c6c6f", 0, "begins 81 85"},
		{"compressed, though not agreed", "c105 48656c6c6f", 0, "opcode"},
		{"a new message inside another", "0103 48656c 8102 6c6f", 0, "opcode"},
		{"closed", "8802 03e8", 0, "Close"},
	} {
		wire, err := hex.DecodeString(strings.ReplaceAll(c.hex, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		for cut := range len(wire) {
			check := hello
			got, err := feedCut(&check, wire, cut)
			if got != c.answers && err == nil || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s, cut at %d: %d answers, %v; want %d, %q", c.name, cut, got, err, c.answers, c.err)
			}
		}
	}
}

// feedCut feeds a stream in two pieces.
func feedCut(c checker, wire []byte, cut int) (int, error) {
	first, err := c.feed(wire[:cut])
	if err != nil {
		return first, err
	}
	second, err := c.feed(wire[cut:])
	return first + second, err
}

func TestCompressedFrames(t *testing.T) {
	text := jsonText(1 << 10)
	good, err := deflate(text)
	if err != nil {
		t.Fatal(err)
	}
	other, err := deflate(bytes.ToUpper(text))
	if err != nil {
		t.Fatal(err)
	}
	check := &frameChecker{want: text, opcode: opText, deflate: true}
	for range 2 {
		if n, err := check.feed(unmasked(0xc1, good)); n != 1 || err != nil {
			t.Fatalf("%d answers, %v", n, err)
		}
	}
	if _, err := check.feed(unmasked(0xc1, other)); err == nil {
		t.Error("another text, compressed, was accepted")
	}
	if _, err := (&frameChecker{want: text, opcode: opText, deflate: true}).feed(unmasked(0x81, text)); err == nil {
		t.Error("an uncompressed message was accepted")
	}
}

// unmasked returns a frame of 126 to 65,535 bytes as a server sends it.
func unmasked(first byte, p []byte) []byte {
	return append([]byte{first, 126, byte(len(p) >> 8), byte(len(p))}, p...)
}

func TestHTTPAnswers(t *testing.T) {
	const good = "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Type: text/plain\r\nContent-Length: 12\r\n\r\nHello World!"
	for cut := range len(good) * 2 {
		if n, err := feedCut(new(httpChecker), []byte(good+good), cut); n != 2 || err != nil {
			t.Fatalf("cut at %d: %d answers, %v", cut, n, err)
		}
	}
	for _, bad := range []string{
		strings.Replace(good, "World", "Wurst", 1),
		strings.Replace(good, "200 OK", "500 No", 1),
		strings.Replace(good, "12", "13", 1),
		strings.Replace(good, "plain", "html", 1),
	} {
		if n, err := new(httpChecker).feed([]byte(bad)); n != 0 || err == nil {
			t.Errorf("%d answers, %v for %q", n, err, bad)
		}
		if n, err := new(httpChecker).feed([]byte(good + bad)); n != 1 || err == nil {
			t.Errorf("%d answers, %v for a good one and %q", n, err, bad)
		}
	}
	later := strings.Replace(good, "now", "one second later", 1)
	if n, err := new(httpChecker).feed([]byte(good + later + good)); n != 3 || err != nil {
		t.Errorf("when the date changes: %d answers, %v", n, err)
	}
}

func TestScenariosAreWhatTheySay(t *testing.T) {
	for _, s := range Scenarios() {
		requests, err := s.requests()
		if err != nil || len(requests) == 0 {
			t.Errorf("%s: %d bytes, %v", s.Name, len(requests), err)
		}
	}
	if n := len("GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n" + browserFields + "\r\n"); n < 450 || n > 550 {
		t.Errorf("a browser's head has %d bytes", n)
	}
	if p := mixedText(64 << 10); len(p) != 64<<10 || !bytes.Equal(bytes.ToValidUTF8(p, nil), p) {
		t.Errorf("mixed text: %d bytes, or not UTF-8", len(p))
	}
}
