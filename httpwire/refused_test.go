package httpwire

import (
	"strings"
	"testing"
)

// Requests that break the grammar. All of them are refused, in whatever pieces they
// arrive.
func TestMalformedRequest(t *testing.T) {
	const fields = "Host: a\r\n\r\n"
	for _, test := range []struct {
		rule   string
		stream string
		status int
		field  string // what the error says was being read
	}{
		// The lines, req: 9112-2.2-f
		{"LF alone after the request line", "GET / HTTP/1.1\nHost: a\n\n", 400, "line end"},                           // req: 9112-2.2-b
		{"LF alone after a field line", "GET / HTTP/1.1\r\nHost: a\n\r\n", 400, "line end"},                           // req: 9112-2.2-b 9110-5.5-b
		{"LF alone as the empty line", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400, "line end"},                            // req: 9112-2.2-b
		{"LF alone in front of a request", "\nGET / HTTP/1.1\r\n" + fields, 400, "line end"},                          // req: 9112-2.2-b
		{"LF alone after a method", "GET\n", 400, "line end"},                                                         // req: 9112-2.2-b
		{"LF alone after a target", "GET /\n", 400, "line end"},                                                       // req: 9112-2.2-b
		{"CR alone in the method", "GE\rT / HTTP/1.1\r\n" + fields, 400, "method"},                                    // req: 9112-2.2-c
		{"CR alone in the target", "GET /\ra HTTP/1.1\r\n" + fields, 400, "request-target"},                           // req: 9112-2.2-c
		{"CR alone after the version", "GET / HTTP/1.1\rX: y\r\n" + fields, 400, "HTTP-version"},                      // req: 9112-2.2-c
		{"CR alone in a field name", "GET / HTTP/1.1\r\nHo\rst: a\r\n\r\n", 400, "field line"},                        // req: 9112-2.2-c
		{"CR alone in a field value", "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", 400, "Host"},                         // req: 9112-2.2-c 9110-5.5-b
		{"CR twice at the end of a line", "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", 400, "Host"},                         // req: 9112-2.2-c
		{"SP at the start of the first field line", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400, "field line"},          // req: 9112-2.2-e
		{"HTAB at the start of the first field line", "GET / HTTP/1.1\r\n\tX: 1\r\n" + fields, 400, "field line"},     // req: 9112-2.2-e
		{"nothing but SP in the first field line", "GET / HTTP/1.1\r\n \r\n" + fields, 400, "field line"},             // req: 9112-2.2-e
		{"nine empty lines in front", strings.Repeat("\r\n", 9) + "GET / HTTP/1.1\r\n" + fields, 400, "request line"}, // req: 9110-17.5-a

		// The version.
		{"http in lower case", "GET / http/1.1\r\n" + fields, 400, "HTTP-version"},         // req: 9112-2.3-a
		{"two digits after the dot", "GET / HTTP/1.10\r\n" + fields, 400, "HTTP-version"},  // req: 9112-2.3-a
		{"one digit, no dot", "GET / HTTP/1\r\n" + fields, 400, "HTTP-version"},            // req: 9112-2.3-a
		{"no digits", "GET / HTTP/a.b\r\n" + fields, 400, "HTTP-version"},                  // req: 9112-2.3-a
		{"another protocol", "GET / HTTQ/1.1\r\n" + fields, 400, "HTTP-version"},           // req: 9112-2.3-a
		{"HTTP/0.9, which has no version", "GET /\r\n", 400, "request line"},               // req: 9112-2.3-a
		{"SP instead of the version", "GET / \r\n" + fields, 400, "HTTP-version"},          // req: 9112-2.3-a
		{"SP after the version", "GET / HTTP/1.1 \r\n" + fields, 400, "request line"},      // req: 9112-3-a
		{"HTTP/2.0", "GET / HTTP/2.0\r\n" + fields, 505, "HTTP-version"},                   // req: 9110-6.2-c
		{"HTTP/0.9, with a version", "GET / HTTP/0.9\r\n" + fields, 505, "HTTP-version"},   // req: 9110-6.2-c
		{"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "HTTP-version"}, // req: 9110-6.2-c

		// The request line.
		{"two SP after the method", "GET  / HTTP/1.1\r\n" + fields, 400, "request-target"},        // req: 9112-3-a 9112-3.2.1-b
		{"two SP after the target", "GET /  HTTP/1.1\r\n" + fields, 400, "request line"},          // req: 9112-3-a
		{"HTAB after the method", "GET\t/ HTTP/1.1\r\n" + fields, 400, "method"},                  // req: 9112-3-a 9112-3.1-a
		{"HTAB after the target", "GET /\tHTTP/1.1\r\n" + fields, 400, "request-target"},          // req: 9112-3-a
		{"SP in front of the method", " GET / HTTP/1.1\r\n" + fields, 400, "method"},              // req: 9112-3-a
		{"one more word", "GET / HTTP/1.1 x\r\n" + fields, 400, "request line"},                   // req: 9112-3-a
		{"a method and nothing else", "GET\r\n" + fields, 400, "request line"},                    // req: 9112-3-a
		{"a method that is no token", "G[T / HTTP/1.1\r\n" + fields, 400, "method"},               // req: 9112-3.1-a
		{"SP in a target", "GET /a b HTTP/1.1\r\n" + fields, 400, "request line"},                 // req: 9112-3.2-a
		{"a control byte in a target", "GET /a\x01 HTTP/1.1\r\n" + fields, 400, "request-target"}, // req: 9112-3.2-a
		{"DEL in a target", "GET /a\x7F HTTP/1.1\r\n" + fields, 400, "request-target"},            // req: 9112-3.2-a
		{"a byte above 7F in a target", "GET /\xC3\xBC HTTP/1.1\r\n" + fields, 400, "request-target"},
		{"a fragment in a target", "GET /a#b HTTP/1.1\r\n" + fields, 400, "request-target"},
		{"half a percent-encoding", "GET /%4 HTTP/1.1\r\n" + fields, 400, "request-target"},
		{"a percent sign alone in a path before a query", "GET /20%?a HTTP/1.1\r\n" + fields, 400, "request-target"},
		{"a percent sign and no hex", "GET /%41%zz HTTP/1.1\r\n" + fields, 400, "request-target"},

		// The field lines.
		{"SP in front of the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400, "Host"},               // req: 9112-5.1-a
		{"HTAB in front of the colon", "GET / HTTP/1.1\r\nHost\t: a\r\n\r\n", 400, "Host"},            // req: 9112-5.1-a
		{"no colon", "GET / HTTP/1.1\r\nHost\r\n\r\n", 400, "field line"},                             // req: 9112-5.1-b
		{"no colon and no CR", "GET / HTTP/1.1\r\nHost\n\r\n", 400, "field line"},                     // req: 9112-5.1-b
		{"no name", "GET / HTTP/1.1\r\n: a\r\n" + fields, 400, "field line"},                          // req: 9112-5.1-b
		{"a name that is no token", "GET / HTTP/1.1\r\nA(b): a\r\n" + fields, 400, "field line"},      // req: 9112-5.1-b
		{"a name with a byte above 7F", "GET / HTTP/1.1\r\nX\xFF: a\r\n" + fields, 400, "field line"}, // req: 9112-5.1-b
		{"NUL in a name", "GET / HTTP/1.1\r\nX\x00: a\r\n" + fields, 400, "field line"},               // req: 9112-5.1-b
		{"a folded line", "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", 400, "field line"},       // req: 9112-5.2-a
		{"a line folded with HTAB", "GET / HTTP/1.1\r\nHost: a\r\n\tb\r\n\r\n", 400, "field line"},    // req: 9112-5.2-a
		{"NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n", 400, "X"},                  // req: 9110-5.5-b
	} {
		t.Run(test.rule, func(t *testing.T) {
			if e := refused(t, test.stream, nil, test.status); e.Field != test.field {
				t.Errorf("the error is about %q, want %q: %v", e.Field, test.field, e)
			}
		})
	}
}

// req: 9110-5.5-b 9110-5.5-c
func TestControlBytesInValue(t *testing.T) {
	for c := range 256 {
		stream := "GET / HTTP/1.1\r\nHost: a\r\nX: b" + string([]byte{byte(c)}) + "c\r\n\r\n"
		control := c < 0x20 && c != '\t' || c == 0x7F
		if p := readRequest(t, stream, nil); (p.err != nil) != control {
			t.Errorf("byte %02X in a value: error %v, and a control byte: %v", c, p.err, control)
		}
	}
}

// req: 9112-2.2-f
func TestErrorComesAsSoonAsItsLine(t *testing.T) {
	for _, test := range []struct {
		name   string
		prefix string // the last byte decides
	}{
		{"the first byte of TLS", "\x16"},
		{"a byte that no method has", "G["},
		{"a control byte in the target", "GET /\x00"},
		{"the version", "GET / HTTP/3.0\r\n"},
		{"LF alone, in a head that will never end in CR LF CR LF", "GET / HTTP/1.1\n"},
		{"a second Host", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n"},
		{"a bad Content-Length", "GET / HTTP/1.1\r\nContent-Length: x\r\n"},
		{"a space in front of a colon", "GET / HTTP/1.1\r\nHost : a\r\n"},
	} {
		if p := parseRequest(test.prefix[:len(test.prefix)-1], nil); !p.waits() {
			t.Errorf("%s: too early, %q is still good: %v", test.name, test.prefix[:len(test.prefix)-1], p.err)
		}
		if p := parseRequest(test.prefix, nil); p.err == nil {
			t.Errorf("%s: %q can become nothing good, and yet the parser waits", test.name, test.prefix)
		}
	}
}

// A browser that opens https:// on this port gets an explanation.
func TestTLSHello(t *testing.T) {
	e := refused(t, "\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03", nil, 400)
	if !strings.Contains(e.Rule, "TLS") || e.Offset != 0 {
		t.Errorf("the error does not say that this is TLS: %v", e)
	}
}

// An answer to HEAD has no content even if it is an error, so the method must
// be known. The server learns it from the request that failed.
func TestRefusedRequestHasItsMethod(t *testing.T) {
	p := readRequest(t, "HEAD / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", nil)
	if p.err == nil || p.request.Method != "HEAD" || p.request.Minor != 1 {
		t.Errorf("method %q, minor %d, error %v", p.request.Method, p.request.Minor, p.err)
	}
}

func TestErrorOffset(t *testing.T) {
	for _, test := range []struct {
		stream string
		want   int
	}{
		{"G[T / HTTP/1.1\r\n", 1},
		{"\r\nG[T / HTTP/1.1\r\n", 3},
		{"GET /\x01 HTTP/1.1\r\n", 5},
		{"GET / HTTP/9.1\r\n", 6},
		{"GET /%% HTTP/1.1\r\n", 5},
		{"GET / HTTP/1.1\r\nHost : a\r\n", 20},
		{"GET / HTTP/1.1\r\nX: a\x01\r\n", 20},
		{"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n", 25},
	} {
		if e := parseRequest(test.stream, nil).err; e == nil || e.Offset != test.want {
			t.Errorf("%q: error %v, want one at byte %d", test.stream, e, test.want)
		}
	}
}
