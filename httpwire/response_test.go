package httpwire

import (
	"reflect"
	"strings"
	"testing"
)

// parseResponse parses stream whole and in pieces, and fails if they differ.
func parseResponse(t *testing.T, stream, method string, limits *Limits) (r Response, n int, e *Error) {
	t.Helper()
	parse := func(b string) (r Response, n int, e *Error) {
		n, err := ParseResponse(&r, []byte(b), method, limits)
		if err != nil {
			e = err.(*Error)
			r = Response{} // what is in it depends on how much had come
		}
		return r, n, e
	}
	r, n, e = parse(stream)
	for cut := range len(stream) {
		early, earlyN, earlyE := parse(stream[:cut])
		if earlyN == 0 && earlyE == nil {
			continue
		}
		if earlyN != n || !reflect.DeepEqual(earlyE, e) || !reflect.DeepEqual(early, r) {
			t.Fatalf("%q, cut after byte %d, gives %+v (%v), and whole %+v (%v)", stream, cut, early, earlyE, r, e)
		}
	}
	return r, n, e
}

// The response that a WebSocket client waits for, with a frame right after it.
func TestResponseParts(t *testing.T) {
	stream := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
	got, n, e := parseResponse(t, stream+"\x81\x05Hello", "GET", nil)
	want := Response{
		Head:   stream,
		Minor:  1,
		Status: 101,
		Reason: "Switching Protocols",
		Fields: Fields{{"Upgrade", "websocket", 34}, {"Connection", "Upgrade", 54}},
	}
	if e != nil || n != len(stream) || !reflect.DeepEqual(got, want) {
		t.Errorf("n = %d, err = %v, got\n%+v\nwant\n%+v", n, e, got, want)
	}
}

func TestStatusLine(t *testing.T) {
	for _, test := range []struct {
		rule, line string
		ok         bool
		status     int
		reason     string
	}{
		{"a reason", "HTTP/1.1 404 Not Found", true, 404, "Not Found"},
		{"a reason that says something else", "HTTP/1.1 200 Not Found", true, 200, "Not Found"},
		{"no reason", "HTTP/1.1 200 ", true, 200, ""},
		{"no reason and no SP", "HTTP/1.1 200", true, 200, ""},
		{"a reason in Latin-1", "HTTP/1.1 200 d\xE9j\xE0 vu", true, 200, "d\xE9j\xE0 vu"},
		{"HTTP/1.0", "HTTP/1.0 200 OK", true, 200, "OK"},
		{"an unknown code", "HTTP/1.1 299 Fine", true, 299, "Fine"},
		// req: 9112-4-b 9112-2.3-a
		{"no version", "200 OK", false, 0, ""},
		{"another protocol", "SSH-2.0-OpenSSH_9.6", false, 0, ""},
		{"HTTP/2", "HTTP/2 200", false, 0, ""},
		{"HTTP/2.0", "HTTP/2.0 200 OK", false, 0, ""},
		{"http in lower case", "http/1.1 200 OK", false, 0, ""},
		{"a version of two digits", "HTTP/1.10 200 OK", false, 0, ""},
		{"two digits", "HTTP/1.1 20 OK", false, 0, ""},
		{"four digits", "HTTP/1.1 2000 OK", false, 0, ""},
		{"a letter", "HTTP/1.1 2O0 OK", false, 0, ""},
		{"a sign", "HTTP/1.1 +20 OK", false, 0, ""},
		{"nothing after the version", "HTTP/1.1", false, 0, ""},
		{"two SP", "HTTP/1.1  200 OK", false, 0, ""},
		{"HTAB", "HTTP/1.1\t200 OK", false, 0, ""},
		{"a control byte in the reason", "HTTP/1.1 200 O\x00K", false, 0, ""},
		{"a CR in the reason", "HTTP/1.1 200 O\rK", false, 0, ""}, // req: 9112-2.2-c
		{"an empty line in front", "\r\nHTTP/1.1 200 OK", false, 0, ""},
	} {
		t.Run(test.rule, func(t *testing.T) {
			r, n, e := parseResponse(t, test.line+"\r\nContent-Length: 0\r\n\r\n", "GET", nil)
			if (e == nil) != test.ok || r.Status != test.status || r.Reason != test.reason {
				t.Errorf("%q: n = %d, status %d, reason %q, err %v", test.line, n, r.Status, r.Reason, e)
			}
			if e != nil {
				checkError(t, e, 0)
			}
		})
	}
}

// req: 9112-5.2-b
func TestFoldedResponse(t *testing.T) {
	for _, test := range []struct{ rule, lines, want string }{
		{"one fold", "X: a\r\n b\r\n", "a b"},
		{"HTAB, and whitespace in front of the fold", "X: a\t \r\n\t\tb\r\n", "a b"},
		{"several folds", "X: a\r\n b\r\n c\r\n", "a b c"},
		{"a value that starts on the next line", "X:\r\n a\r\n", "a"},
		{"a fold with nothing in it", "X: a\r\n \r\n\tb\r\n", "a b"},
		{"a fold at the end", "X: a\r\n \r\n", "a"},
	} {
		r, _, e := parseResponse(t, "HTTP/1.1 200 OK\r\n"+test.lines+"Content-Length: 0\r\n\r\n", "GET", nil)
		x, _ := r.Fields.Get("X")
		if got := strings.Join(strings.Fields(x), " "); e != nil || got != test.want || strings.ContainsAny(x, "\t\r\n") {
			t.Errorf("%s: X is %q, want %q; err %v", test.rule, x, test.want, e)
		}
		if e == nil && (len(r.Fields) != 2 || !strings.HasPrefix(r.Head[r.Fields[1].Offset:], "Content-Length:")) {
			t.Errorf("%s: the fields after the fold are off: %+v", test.rule, r.Fields)
		}
	}
}

func TestResponseRefused(t *testing.T) {
	for _, test := range []struct{ rule, stream string }{
		{"LF alone after the status line", "HTTP/1.1 200 OK\nX: a\r\n\r\n"},                        // req: 9112-2.2-b
		{"LF alone after a field", "HTTP/1.1 200 OK\r\nX: a\n\r\n"},                                // req: 9112-2.2-b
		{"CR alone in a field", "HTTP/1.1 200 OK\r\nX: a\rY: b\r\n\r\n"},                           // req: 9112-2.2-c
		{"a folded line right after the status line", "HTTP/1.1 200 OK\r\n X: a\r\n\r\n"},          // req: 9112-2.2-e
		{"no colon", "HTTP/1.1 200 OK\r\nX\r\n\r\n"},                                               // req: 9112-5.1-b
		{"no name", "HTTP/1.1 200 OK\r\n: a\r\n\r\n"},                                              // req: 9112-5.1-b
		{"a name that is no token", "HTTP/1.1 200 OK\r\nX Y: a\r\n\r\n"},                           // req: 9112-5.1-b
		{"NUL in a value", "HTTP/1.1 200 OK\r\nX: \x00\r\n\r\n"},                                   // req: 9110-5.5-b
		{"a control byte in a value", "HTTP/1.1 200 OK\r\nX: \x08\r\n\r\n"},                        // req: 9110-5.5-c
		{"a bad length", "HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\n"},                          // req: 9112-6.3-f
		{"an empty length", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n"},                          // req: 9112-6.3-f
		{"differing lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"}, // req: 9112-6.3-f
		{"2^64 + 1", "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551617\r\n\r\n"},            // req: 9110-8.6-d
		{"chunked twice", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n"},        // req: 9112-6.1-a
		{"chunked with a parameter", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked;q=1\r\n\r\n"},  // req: 9112-7.1-c
		{"a head without end", "HTTP/1.1 200 OK\r\n" + strings.Repeat("X: a\r\n", 60)},             // req: 9110-17.5-a
		{"a reason without end", "HTTP/1.1 200 " + strings.Repeat("a", 300)},                       // req: 9110-17.5-a
		{"more fields than the limit", "HTTP/1.1 200 OK\r\n" + strings.Repeat("X: a\r\n", 11) + "\r\n"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			r, n, e := parseResponse(t, test.stream, "GET", &Limits{Head: 256, Fields: 10})
			if e == nil {
				t.Fatalf("taken: n = %d, %+v", n, r)
			}
			checkError(t, e, 0)
		})
	}
}

// TestResponseEndless: an endless first line is the status line, not a request-target.
func TestResponseEndless(t *testing.T) {
	_, _, e := parseResponse(t, "HTTP/1.1 200 "+strings.Repeat("a", 300), "GET", &Limits{Head: 256})
	if e == nil || e.Field != "status line" || e.Section != "RFC 9112 §4" {
		t.Errorf("the error is %v; want one that names the status line", e)
	}
}

// req: 9110-5.1-a 9110-5.1-b 9110-5.5-a 9110-5.5-d 9112-2.2-a
func TestResponseFields(t *testing.T) {
	r, _, e := parseResponse(t, "HTTP/1.1 200 OK\r\nX-New:  \xFF: \xC3\xBC\t\r\ncontent-LENGTH:3\r\n\r\n", "GET", nil)
	x, _ := r.Fields.Get("x-new")
	if e != nil || x != "\xFF: \xC3\xBC" || r.Body != (Body{ByLength, 3}) {
		t.Errorf("X-New is %q, the body %+v, err %v", x, r.Body, e)
	}
}

func TestResponseFraming(t *testing.T) {
	for _, test := range []struct {
		rule, method, status, fields string
		want                         Body
	}{
		// req: 9112-6.3-a
		{"HEAD with a length", "HEAD", "200", "Content-Length: 5\r\n", Body{}},
		{"HEAD with a length that is none", "HEAD", "200", "Content-Length: x\r\n", Body{}},
		{"HEAD with chunked", "HEAD", "200", "Transfer-Encoding: chunked\r\n", Body{}},
		{"100", "GET", "100", "Content-Length: 5\r\n", Body{}},
		{"101", "GET", "101", "Transfer-Encoding: chunked\r\n", Body{}},
		{"204", "GET", "204", "Content-Length: 5\r\n", Body{}},
		{"304", "GET", "304", "Content-Length: 5\r\n", Body{}},
		{"CONNECT with 200 begins a tunnel", "CONNECT", "200", "Content-Length: 5\r\n", Body{}},
		{"CONNECT with 403 has a body", "CONNECT", "403", "Content-Length: 5\r\n", Body{ByLength, 5}},
		// req: 9112-6.3-b
		{"both fields: chunked counts", "GET", "200", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", Body{Framing: Chunked}},
		{"both fields, the length is none", "GET", "200", "Content-Length: x\r\nTransfer-Encoding: chunked\r\n", Body{Framing: Chunked}},
		{"both fields, not chunked", "GET", "200", "Content-Length: 5\r\nTransfer-Encoding: gzip\r\n", Body{Framing: UntilClose}},
		{"chunked over gzip", "GET", "200", "Transfer-Encoding: gzip, Chunked\r\n", Body{Framing: Chunked}}, // req: 9112-7-a
		{"chunked after an empty element", "GET", "200", "Transfer-Encoding: , chunked\r\n", Body{Framing: Chunked}},
		// req: 9112-6.3-d
		{"a coding that is not chunked", "GET", "200", "Transfer-Encoding: gzip\r\n", Body{Framing: UntilClose}},
		{"chunked below gzip", "GET", "200", "Transfer-Encoding: chunked, gzip\r\n", Body{Framing: UntilClose}},
		{"a length", "GET", "200", "Content-Length: 5\r\n", Body{ByLength, 5}},
		{"a length in an error", "GET", "404", "Content-Length: 5\r\n", Body{ByLength, 5}},
		// req: 9112-6.3-j
		{"neither field", "GET", "200", "", Body{Framing: UntilClose}},
	} {
		t.Run(test.rule, func(t *testing.T) {
			r, _, e := parseResponse(t, "HTTP/1.1 "+test.status+" \r\n"+test.fields+"\r\n", test.method, nil)
			if e != nil || r.Body != test.want {
				t.Errorf("the body is %+v, want %+v; err %v", r.Body, test.want, e)
			}
		})
	}
}

// req: 9110-15-a 9110-15-b
func TestResponseClass(t *testing.T) {
	for status, want := range map[int]int{100: 1, 199: 1, 200: 2, 299: 2, 399: 3, 499: 4, 599: 5, 0: 5, 99: 5, 600: 5, 999: 5} {
		if got := (&Response{Status: status}).Class(); got != want {
			t.Errorf("status %03d is of class %d, want %d", status, got, want)
		}
	}
}

// req: 9110-15.2-b
func TestInterimResponses(t *testing.T) {
	stream := []byte("HTTP/1.1 100 Continue\r\n\r\n" +
		"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" +
		"HTTP/1.1 199 Nobody Knows\r\nContent-Length: 9\r\n\r\n" +
		"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n")
	var seen []int
	var r Response
	for {
		n, err := ParseResponse(&r, stream, "GET", nil)
		if n == 0 || err != nil {
			t.Fatalf("after %v: n = %d, err = %v", seen, n, err)
		}
		stream = stream[n:]
		seen = append(seen, r.Status)
		if !r.Interim() {
			break
		}
	}
	if !reflect.DeepEqual(seen, []int{100, 103, 199, 101}) || len(stream) != 0 {
		t.Errorf("saw %v, %d bytes left: 101 is the first one that is final", seen, len(stream))
	}
}
