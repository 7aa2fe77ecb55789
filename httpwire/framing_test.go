package httpwire

import (
	"strings"
	"testing"
)

// How the fields of a request determine its body.
func TestRequestFraming(t *testing.T) {
	const length, coding = "Content-Length", "Transfer-Encoding"
	for _, test := range []struct {
		rule   string
		fields string
		status int // 0: taken
		body   Body
		field  string // of the error
	}{
		{"neither field: no body", "", 0, Body{NoBody, 0}, ""},      // req: 9112-6.3-i
		{"a length", "Content-Length: 5", 0, Body{ByLength, 5}, ""}, // req: 9112-6-a
		{"a length of nothing", "Content-Length: 0", 0, Body{ByLength, 0}, ""},
		{"leading zeros", "Content-Length: 0005", 0, Body{ByLength, 5}, ""},
		{"the largest length", "Content-Length: 9223372036854775807", 0, Body{ByLength, 1<<63 - 1}, ""},
		{"chunked", "Transfer-Encoding: chunked", 0, Body{Chunked, 0}, ""},                                                // req: 9112-6-a
		{"codings have no letter case", "Transfer-Encoding: Chunked", 0, Body{Chunked, 0}, ""},                            // req: 9112-7-a
		{"empty elements are skipped", "Transfer-Encoding: ,chunked", 0, Body{Chunked, 0}, ""},                            // req: 9110-5.6.1.2-a
		{"so are empty lines of a list", "Transfer-Encoding:\r\ntransfer-encoding: chunked , ,", 0, Body{Chunked, 0}, ""}, // req: 9110-5.6.1.2-a

		// req: 9112-6.3-e
		{"an empty length", "Content-Length:", 400, Body{}, length},
		{"a sign", "Content-Length: +5", 400, Body{}, length},
		{"a negative length", "Content-Length: -1", 400, Body{}, length},
		{"hex", "Content-Length: 0x5", 400, Body{}, length},
		{"two numbers", "Content-Length: 5 5", 400, Body{}, length},
		{"a parameter", "Content-Length: 5;", 400, Body{}, length},
		{"Go's digit separator", "Content-Length: 1_0", 400, Body{}, length},
		{"a fraction", "Content-Length: 5.0", 400, Body{}, length},
		{"a digit of another script", "Content-Length: \xD9\xA5", 400, Body{}, length},
		// req: 9112-6.3-g
		{"differing lengths on a line", "Content-Length: 5, 6", 400, Body{}, length},
		{"differing lengths on two lines", "Content-Length: 5\r\nContent-Length: 6", 400, Body{}, length},
		{"equal lengths on a line", "Content-Length: 5, 5", 400, Body{}, length},
		{"equal lengths on two lines", "Content-Length: 5\r\ncontent-length: 5", 400, Body{}, length},
		// req: 9110-8.6-d
		{"2^63 bytes", "Content-Length: 9223372036854775808", 413, Body{}, length},
		{"2^64 + 1 bytes are not one", "Content-Length: 18446744073709551617", 413, Body{}, length},
		{"a number of 400 digits", "Content-Length: " + strings.Repeat("9", 400), 413, Body{}, length},
		{"a number of 400 digits and a letter", "Content-Length: " + strings.Repeat("9", 400) + "a", 400, Body{}, length},

		// req: 9112-6.1-e
		{"both fields", "Content-Length: 5\r\nTransfer-Encoding: chunked", 400, Body{}, coding},
		{"both, the other way round", "Transfer-Encoding: chunked\r\nContent-Length: 5", 400, Body{}, coding},
		{"both, with a length of nothing", "Content-Length: 0\r\nTransfer-Encoding: chunked", 400, Body{}, coding},
		{"both, with a bad coding", "Content-Length: 5\r\nTransfer-Encoding: xchunked", 400, Body{}, coding},
		// req: 9112-6.1-a
		{"chunked twice on a line", "Transfer-Encoding: chunked, chunked", 400, Body{}, coding},
		{"chunked twice on two lines", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 400, Body{}, coding},
		// req: 9112-6.3-c
		{"not chunked", "Transfer-Encoding: gzip", 400, Body{}, coding},
		{"chunked, but not last", "Transfer-Encoding: chunked, gzip", 400, Body{}, coding},
		{"chunked, but not last, on two lines", "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip", 400, Body{}, coding}, // req: 9110-5.2-a
		{"no coding at all", "Transfer-Encoding:", 400, Body{}, coding},
		{"no coding but commas", "Transfer-Encoding: ,,", 400, Body{}, coding},
		{"identity, which is no coding any more", "Transfer-Encoding: identity", 400, Body{}, coding},
		{"almost chunked", "Transfer-Encoding: xchunked", 400, Body{}, coding},
		{"chunked in quotes", "Transfer-Encoding: \"chunked\"", 400, Body{}, coding},
		{"chunked after an open quote", "Transfer-Encoding: \"x, chunked", 400, Body{}, coding},
		{"chunked after a vertical tab", "Transfer-Encoding: \vchunked", 400, Body{}, coding},
		// req: 9112-7.1-c
		{"chunked with a parameter", "Transfer-Encoding: chunked;q=1", 400, Body{}, coding},
		{"chunked with an empty parameter", "Transfer-Encoding: chunked ;", 400, Body{}, coding},
		// req: 9112-6.1-c
		{"gzip below chunked", "Transfer-Encoding: gzip, chunked", 501, Body{}, coding},
		{"gzip below chunked, on two lines", "Transfer-Encoding: gzip;a=\"b,c\"\r\nTransfer-Encoding: chunked", 501, Body{}, coding}, // req: 9110-5.2-a
		{"identity below chunked", "Transfer-Encoding: identity, chunked", 501, Body{}, coding},
	} {
		t.Run(test.rule, func(t *testing.T) {
			for _, method := range []string{"POST", "GET", "UNHEARD"} { // the method has no say
				stream := method + " / HTTP/1.1\r\nHost: a\r\n" + strings.TrimPrefix(test.fields+"\r\n", "\r\n") + "\r\n"
				if test.status != 0 {
					if e := refused(t, stream, nil, test.status); e.Field != test.field {
						t.Errorf("the error is about %q, want %q: %v", e.Field, test.field, e)
					}
					continue
				}
				if r := mustReadRequest(t, stream); r.Body != test.body {
					t.Errorf("%s: the body is %+v, want %+v", method, r.Body, test.body)
				}
			}
		})
	}
}

// req: 9112-6.1-f
func TestTransferEncodingInHTTP10(t *testing.T) {
	const head = "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n"
	refused(t, head+"\r\n", nil, 400)
	refused(t, head+"Content-Length: 5\r\n\r\n", nil, 400)
	refused(t, head+"Connection: keep-alive\r\n\r\n", nil, 400)

	var r Response
	if _, err := ParseResponse(&r, []byte("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), "GET", nil); err == nil {
		t.Error("a client took a response of HTTP/1.0 with a transfer coding")
	}
}
