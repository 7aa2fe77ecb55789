package httpwire

import (
	"strconv"
	"strings"
	"testing"
)

// req: 9112-3-d
func TestRequestLineOf8000Bytes(t *testing.T) {
	line := "GET /" + strings.Repeat("a", 8000-len("GET / HTTP/1.1")) + " HTTP/1.1"
	if len(line) != 8000 {
		t.Fatalf("the line has %d bytes", len(line))
	}
	if p := parseRequest(line+"\r\nHost: a\r\n\r\n", nil); p.err != nil || p.n == 0 {
		t.Errorf("a request line of 8000 bytes must fit: n = %d, err = %v", p.n, p.err)
	}
}

func TestHeadLimit(t *testing.T) {
	const line = "GET / HTTP/1.1\r\n"
	field := func(name string, size int) string {
		return name + ": " + strings.Repeat("v", size-len(name)-len(": \r\n")) + "\r\n"
	}
	for _, test := range []struct {
		rule   string
		stream string
		status int    // 0: taken
		names  string // what the text has to name
	}{
		{"a head of exactly the limit", line + "Host: a\r\n" + field("X", 256-16-9-2) + "\r\n", 0, ""},
		{"one byte more", line + "Host: a\r\n" + field("X", 256-16-9-1) + "\r\n", 431, "X"}, // req: 9110-5.4-a
		// req: 9112-3-c
		{"a target that does not fit", "GET /" + strings.Repeat("a", 256), 414, "256"},
		{"a target that fits, with a version that does not", "GET /" + strings.Repeat("a", 256-5-9) + " HTTP/1.1\r\n", 414, "256"},
		// req: 6585-5-a 9110-5.4-a
		{"one large field is named", line + "Host: a\r\n" + field("Cookie", 300) + "\r\n", 431, "Cookie"},
		{"the largest is named, not the last", line + "Host: a\r\n" + field("Cookie", 200) + field("X", 50), 431, "Cookie"},
		{"a line without end and colon", line + "Host: a\r\n" + strings.Repeat("n", 300), 431, strings.Repeat("n", 64) + "..."}, // req: 9110-17.5-a
		{"no field is large", line + strings.Repeat("A: b\r\n", 100), 431, "A"},
		// An error in front of the limit is said rather than the limit.
		{"a bad line in front of the limit", line + "Host : a\r\n" + field("X", 300), 400, "whitespace"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			limits := &Limits{Head: 256, Fields: 1000}
			if test.status == 0 {
				if p := readRequest(t, test.stream, limits); p.n != len(test.stream) || p.err != nil {
					t.Errorf("n = %d of %d, err = %v", p.n, len(test.stream), p.err)
				}
				return
			}
			e := refused(t, test.stream, limits, test.status)
			if text := string(e.Response().Content); !strings.Contains(text, test.names) {
				t.Errorf("the answer %q does not name %s", text, test.names)
			}
		})
	}
}

// However much arrives, the parser never asks for more than the limit.
func TestHeadLimitEndsTheWait(t *testing.T) {
	limits := DefaultLimits()
	for _, endless := range []string{"a", "GET /", "\x80", "\r", "GET / HTTP/1.1\r\nHost: a\r\nX: y", "GET / HTTP/1.1\r\n\r", "\r\n"} {
		stream := endless + strings.Repeat(endless[len(endless)-1:], limits.Head)
		if p := parseRequest(stream, nil); p.waits() {
			t.Errorf("%q and so on for %d bytes, and the parser waits for more", endless, limits.Head)
		}
	}
}

// req: 9110-5.4-a
func TestFieldCountLimit(t *testing.T) {
	limits := &Limits{Fields: 3}
	stream := "GET / HTTP/1.1\r\nHost: a\r\n"
	for i := range 2 {
		stream += "X" + strconv.Itoa(i) + ": y\r\n"
	}
	if p := readRequest(t, stream+"\r\n", limits); p.err != nil {
		t.Errorf("three fields are allowed: %v", p.err)
	}
	refused(t, stream+"X2: y\r\n\r\n", limits, 431)
}

// req: 9112-3-b 9110-17.5-a
func TestMethodLimit(t *testing.T) {
	const head = " / HTTP/1.1\r\nHost: a\r\n\r\n"
	if p := readRequest(t, strings.Repeat("M", 32)+head, nil); p.err != nil {
		t.Errorf("a method of 32 bytes is for the server to refuse: %v", p.err)
	}
	refused(t, strings.Repeat("M", 33)+head, nil, 501)
	refused(t, strings.Repeat("M", 33), nil, 501) // no need to wait for its end
	refused(t, strings.Repeat("M", 20000), nil, 501)
}
