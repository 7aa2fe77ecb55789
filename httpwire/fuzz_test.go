package httpwire

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// fuzzLimits are small, so that short inputs reach them.
var fuzzLimits = &Limits{Head: 512, Fields: 16, Method: 8, ChunkExtensions: 32}

// FuzzParseRequest checks the promises of ParseRequest for any bytes, cut anywhere: it
// uses no more than the limit, its errors are complete, the result does not depend on the
// cuts, and an accepted request has the same meaning after it is written and parsed again.
func FuzzParseRequest(f *testing.F) {
	f.Add([]byte(shortHead), uint16(7))
	f.Add([]byte(browserHead), uint16(100)) // of about 450 bytes
	f.Add([]byte("\r\nPOST http://a:1/b?c HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc"), uint16(1))
	f.Add([]byte("GET / HTTP/1.1\nHost: a\n\n"), uint16(15))
	f.Fuzz(func(t *testing.T, b []byte, cut uint16) {
		var r Request
		n, err := ParseRequest(&r, b, fuzzLimits)
		fuzzedResult(t, b, n, err)

		prefix := b[:int(cut)%(len(b)+1)]
		var early Request
		earlyN, earlyErr := ParseRequest(&early, prefix, fuzzLimits)
		fuzzedCut(t, len(prefix), n, err, earlyN, earlyErr)

		if n == 0 {
			return
		}
		if !bytes.HasSuffix(b[:n], []byte(r.Head)) || !strings.HasSuffix(r.Head, "\r\n\r\n") {
			t.Fatalf("the head %q is not what was used: %q", r.Head, b[:n])
		}
		wire := fmt.Sprintf("%s %s HTTP/1.%d\r\n%s\r\n", r.Method, r.Target, r.Minor, fieldLines(r.Fields))
		var again Request
		if _, err := ParseRequest(&again, []byte(wire), &Limits{Head: 2 * len(wire)}); err != nil {
			t.Fatalf("taken once, and refused when written again as %q: %v", wire, err)
		}
		if again.Authority != r.Authority || again.Path != r.Path || again.Query != r.Query ||
			again.Body != r.Body || again.WantsClose() != r.WantsClose() || fieldLines(again.Fields) != fieldLines(r.Fields) {
			t.Fatalf("%q means\n%+v\nand written again\n%+v", b[:n], r, again)
		}
	})
}

// FuzzParseResponse does the same for responses.
func FuzzParseResponse(f *testing.F) {
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"), "GET", uint16(20))
	f.Add([]byte("HTTP/1.1 101 \r\nUpgrade: websocket\r\n\r\n"), "GET", uint16(3))
	f.Add([]byte("HTTP/1.0 404\r\nX: a\r\n \tb\r\n\r\n"), "HEAD", uint16(19))
	f.Fuzz(func(t *testing.T, b []byte, method string, cut uint16) {
		var r Response
		n, err := ParseResponse(&r, b, method, fuzzLimits)
		fuzzedResult(t, b, n, err)

		prefix := b[:int(cut)%(len(b)+1)]
		var early Response
		earlyN, earlyErr := ParseResponse(&early, prefix, method, fuzzLimits)
		fuzzedCut(t, len(prefix), n, err, earlyN, earlyErr)

		if n == 0 {
			return
		}
		if len(r.Head) != n {
			t.Fatalf("a head of %d bytes, and %d used", len(r.Head), n)
		}
		wire := fmt.Sprintf("HTTP/1.%d %03d %s\r\n%s\r\n", r.Minor, r.Status, r.Reason, fieldLines(r.Fields))
		var again Response
		if _, err := ParseResponse(&again, []byte(wire), method, &Limits{Head: 2 * len(wire)}); err != nil {
			t.Fatalf("taken once, and refused when written again as %q: %v", wire, err)
		}
		if again.Status != r.Status || again.Reason != r.Reason || again.Body != r.Body ||
			fieldLines(again.Fields) != fieldLines(r.Fields) {
			t.Fatalf("%q means\n%+v\nand written again\n%+v", b[:n], r, again)
		}
	})
}

// FuzzChunked checks that the chunked decoder returns the same result for all cuts, and no
// more content than there are bytes, and that the content survives in a chunk of ours.
func FuzzChunked(f *testing.F) {
	f.Add([]byte("5\r\nhello\r\n0\r\n\r\n"), uint16(4))
	f.Add([]byte("a;b=\"c\"\r\n0123456789\r\n0\r\nD: e\r\n\r\nGET"), uint16(12))
	f.Add([]byte("10000000000000001\r\na\r\n"), uint16(17))
	f.Fuzz(func(t *testing.T, b []byte, cut uint16) {
		stream := string(b)
		at := int(cut) % (len(stream) + 1)
		d, split := ChunkedDecoder{Limits: *fuzzLimits}, ChunkedDecoder{Limits: *fuzzLimits}
		whole := feedBody(&d, stream)
		inTwo := feedBody(&split, stream[:at], stream[at:])
		if whole.content != inTwo.content || whole.done != inTwo.done || fieldLines(d.Trailer) != fieldLines(split.Trailer) ||
			fmt.Sprint(whole.err) != fmt.Sprint(inTwo.err) {
			t.Fatalf("%q, cut after byte %d, gives\n%+v (%v)\nand whole\n%+v (%v)",
				stream, at, inTwo, inTwo.err, whole, whole.err)
		}
		if whole.used > len(stream) || len(whole.content) > whole.used {
			t.Fatalf("%d bytes of content out of %d used out of %d", len(whole.content), whole.used, len(stream))
		}
		if whole.err != nil {
			checkError(t, whole.err, whole.err.Status)
		}
		if !whole.done {
			return
		}
		wire := "0\r\n" + fieldLines(d.Trailer) + "\r\n"
		if whole.content != "" {
			wire = fmt.Sprintf("%X\r\n%s\r\n", len(whole.content), whole.content) + wire
		}
		again := ChunkedDecoder{Limits: Limits{Head: len(wire)}}
		if got := feedBody(&again, wire); !got.done || got.content != whole.content || fieldLines(again.Trailer) != fieldLines(d.Trailer) {
			t.Fatalf("%q means %q, and written again %q (%v)", stream, whole.content, got.content, got.err)
		}
	})
}

// fuzzedResult checks the properties of the result of any parser for any bytes.
func fuzzedResult(t *testing.T, b []byte, n int, err error) {
	t.Helper()
	if n < 0 || n > len(b) {
		t.Fatalf("%d bytes used of %d", n, len(b))
	}
	if err == nil {
		return
	}
	e := err.(*Error)
	checkError(t, e, e.Status)
	if n != 0 || e.Offset < 0 || e.Offset > len(b) {
		t.Fatalf("n = %d, an error at byte %d of %d", n, e.Offset, len(b))
	}
	if e.Status != 0 {
		if _, err := AppendResponse(nil, e.Response(), "", "GET"); err != nil {
			t.Fatalf("the answer to %v cannot be sent: %v", e, err)
		}
	}
}

// fuzzedCut compares the result for a message with that for its first length
// bytes.
func fuzzedCut(t *testing.T, length, n int, err error, earlyN int, earlyErr error) {
	t.Helper()
	switch {
	case earlyN > 0 && (earlyN != n || err != nil):
		t.Fatalf("taken after %d bytes as a head of %d, and with more bytes n = %d, err = %v", length, earlyN, n, err)
	case earlyErr != nil && err == nil:
		t.Fatalf("refused after %d bytes, and with more bytes taken: %v", length, earlyErr)
	case n > 0 && length >= n && earlyN != n:
		t.Fatalf("the head has %d bytes, %d were there, and the parser used %d", n, length, earlyN)
	}
}

// fieldLines writes fields the way they are sent.
func fieldLines(fields Fields) string {
	var lines strings.Builder
	for _, field := range fields {
		lines.WriteString(field.Name + ": " + field.Value + "\r\n")
	}
	return lines.String()
}
