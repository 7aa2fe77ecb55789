package httpwire

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

// The helpers here feed bytes to a parser the way a network does: whole, cut
// in two anywhere, and one by one. Whatever the cut, the result must be the
// same.

// parsed holds the results of a call of ParseRequest.
type parsed struct {
	n       int
	request Request
	err     *Error
}

func parseRequest(b string, limits *Limits) parsed {
	var p parsed
	n, err := ParseRequest(&p.request, []byte(b), limits)
	p.n = n
	if err != nil {
		p.err = err.(*Error)
		// All else in the request depends on how much of it had come.
		p.request = Request{Method: p.request.Method, Minor: p.request.Minor}
	}
	return p
}

// waits reports whether the parser asked for more bytes.
func (p parsed) waits() bool { return p.n == 0 && p.err == nil }

// readRequest parses stream whole and then in pieces, and fails if they differ.
func readRequest(t *testing.T, stream string, limits *Limits) parsed {
	t.Helper()
	whole := parseRequest(stream, limits)
	for cut := range len(stream) {
		early := parseRequest(stream[:cut], limits)
		if early.waits() {
			continue
		}
		// The first piece was enough: for the same error, or because the rest
		// is not ours.
		if !reflect.DeepEqual(early, whole) {
			t.Fatalf("%q, cut after byte %d, gives\n%+v (%v)\nand whole\n%+v (%v)",
				stream, cut, early, early.err, whole, whole.err)
		}
	}
	return whole
}

// mustReadRequest is readRequest for a stream that starts with a good request.
func mustReadRequest(t *testing.T, stream string) *Request {
	t.Helper()
	p := readRequest(t, stream, nil)
	if p.err != nil {
		t.Fatalf("the request %q is good, but was refused: %v", stream, p.err)
	}
	if p.n == 0 {
		t.Fatalf("the request %q is complete, but the parser waits for more", stream)
	}
	return &p.request
}

// refused checks the error for a request that must be refused, in whatever pieces it
// arrives.
func refused(t *testing.T, stream string, limits *Limits, status int) *Error {
	t.Helper()
	p := readRequest(t, stream, limits)
	if p.err == nil {
		t.Fatalf("%q was taken (%d bytes used) instead of being refused with %d", clip(stream), p.n, status)
	}
	if p.n != 0 {
		t.Errorf("%q: an error comes with n = 0, not %d", clip(stream), p.n)
	}
	checkError(t, p.err, status)
	return p.err
}

// checkError checks every error of a parser: it has a status, closes the connection, and
// has a readable text.
func checkError(t *testing.T, e *Error, status int) {
	t.Helper()
	if e.Status != status {
		t.Errorf("status %d, want %d: %v", e.Status, status, e)
	}
	if !e.Close {
		t.Errorf("Close is false, but it is unknown where the next message starts: %v", e)
	}
	if e.Rule == "" || e.Field == "" || !strings.HasPrefix(e.Section, "RFC ") {
		t.Errorf("the error does not say what, where and against which clause: %+v", e)
	}
	for _, c := range []byte(e.Rule) {
		if c < ' ' || c > '~' {
			t.Errorf("the rule %q is not one line of ASCII", e.Rule)
		}
	}
}

// decodedBody is the result of decoding a stream.
type decodedBody struct {
	content string
	used    int
	done    bool
	trailer Fields
	err     *Error
}

// decoder is the interface of ChunkedDecoder and BodyDecoder.
type decoder interface {
	Next(b []byte) (data []byte, n int, done bool, err error)
}

// feedBody feeds the pieces one after the other, as a connection with a buffer
// does.
func feedBody(d decoder, pieces ...string) decodedBody {
	var got decodedBody
	var buffer []byte
	for _, piece := range pieces {
		buffer = append(buffer, piece...)
		for {
			data, n, done, err := d.Next(buffer)
			got.content += string(data)
			got.used += n
			got.done = done
			errors.As(err, &got.err)
			buffer = buffer[n:]
			if done || err != nil {
				return got
			}
			if n == 0 {
				break
			}
		}
	}
	return got
}

// feedChunked decodes a chunked body whole, cut in two anywhere, and byte by
// byte.
func feedChunked(t *testing.T, stream string, limits Limits) decodedBody {
	t.Helper()
	feed := func(pieces ...string) decodedBody {
		d := ChunkedDecoder{Limits: limits}
		got := feedBody(&d, pieces...)
		got.trailer = d.Trailer
		if got.err != nil {
			got.used = 0 // how much was used before an error depends on the pieces
		}
		return got
	}
	whole := feed(stream)
	for cut := range len(stream) {
		if got := feed(stream[:cut], stream[cut:]); !reflect.DeepEqual(got, whole) {
			t.Fatalf("%q, cut after byte %d, gives\n%+v (%v)\nand whole\n%+v (%v)",
				stream, cut, got, got.err, whole, whole.err)
		}
	}
	if got := feed(splitBytes(stream)...); !reflect.DeepEqual(got, whole) {
		t.Fatalf("%q, byte by byte, gives\n%+v (%v)\nand whole\n%+v (%v)", stream, got, got.err, whole, whole.err)
	}
	return whole
}

// splitBytes cuts s into its bytes. (strings.Split would keep UTF-8 sequences
// together.)
func splitBytes(s string) []string {
	pieces := make([]string, len(s))
	for i := range pieces {
		pieces[i] = s[i : i+1]
	}
	return pieces
}
