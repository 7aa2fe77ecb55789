package server

import (
	"fmt"
	"strings"
	"testing"
)

// TestHello: the article's first program, byte for byte.
//
// req: 9110-9.1-a 9110-6.6.1-a 9110-6.6.1-b 9110-8.3-a 9112-9.6-a 9112-9.6-c
func TestHello(t *testing.T) {
	got := exchangeCut(t, testConfig(), "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	want := "HTTP/1.1 200 OK\r\n" +
		"Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n" +
		"Content-Type: text/plain\r\n" +
		"Connection: close\r\n" +
		"Content-Length: 12\r\n" +
		"\r\n" +
		"Hello World!"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// last is a request that makes the server close after its answer.
const last = "GET /last HTTP/1.1\r\nHost: x\r\nConnection: foo, CLOSE\r\n\r\n"

// TestRequests sends requests over one connection and compares the statuses, in order, for
// every way to cut the bytes.
func TestRequests(t *testing.T) {
	tests := []struct {
		name     string // the rule
		in       string
		statuses string
		content  string // a part of the last answer's body
		fields   string // some of the last answer's fields, "Name: value" each, with | between them
	}{
		// Pipelining and persistence.
		{
			name:     "pipelined requests are answered in order", // req: 9112-9.3.2-a 9112-9.3-a
			in:       "GET / HTTP/1.1\r\nHost: x\r\n\r\nPUT / HTTP/1.1\r\nHost: x\r\n\r\nFOO / HTTP/1.1\r\nHost: x\r\n\r\n" + last,
			statuses: "200 405 501 200",
		},
		{
			name:     "nothing is processed after a request with close", // req: 9112-9.6-d
			in:       last + last,
			statuses: "200", fields: "Connection: close",
		},
		{
			name:     "nothing is processed after an error that closes", // req: 9112-9.6-d
			in:       "GET / HTTP/1.1\r\n\r\n" + last,
			statuses: "400", fields: "Connection: close", content: "Host",
		},
		{
			name:     "HTTP/1.0 ends the connection", // req: 9112-9.3-a
			in:       "GET / HTTP/1.0\r\n\r\n" + last,
			statuses: "200", fields: "Connection: close",
		},
		{
			name:     "HTTP/1.0 with keep-alive does not", // req: 9112-9.3-b
			in:       "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\nGET / HTTP/1.0\r\n\r\n",
			statuses: "200 200",
		},
		{
			name:     "HTTP/1.7 is served as HTTP/1.1",
			in:       "GET / HTTP/1.7\r\nHost: x\r\n\r\n" + last,
			statuses: "200 200",
		},

		// Methods.
		{
			name:     "an unknown method is 501, and the connection goes on", // req: 9110-9.1-b 9110-15.6-a
			in:       "BREW / HTTP/1.1\r\nHost: x\r\n\r\n" + last,
			statuses: "501 200",
		},
		{
			name:     "a known but unsupported method is 405 with Allow", // req: 9110-9.1-c 9110-15.5.6-a 9110-15.5-a
			in:       "DELETE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
			statuses: "405", fields: "Allow: GET, HEAD, OPTIONS", content: "405",
		},
		{
			name:     "CONNECT is 405",
			in:       "CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\nConnection: close\r\n\r\n",
			statuses: "405",
		},
		{
			name:     "OPTIONS lists the methods", // req: 9110-9.3.7-a
			in:       "OPTIONS /any HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
			statuses: "204", fields: "Allow: GET, HEAD, OPTIONS",
		},
		{
			name:     "OPTIONS * asks about the server", // req: 9110-9.3.7-b
			in:       "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
			statuses: "204", fields: "Allow: GET, HEAD, OPTIONS",
		},

		// Targets.
		{
			name:     "an https URI on a connection without TLS", // req: 9110-7.4-a 9112-3.3-a
			in:       "GET https://x/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
			statuses: "421",
		},
		{
			name:     "a URI with a scheme other than http and https",
			in:       "GET ftp://x/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
			statuses: "421",
		},
		{
			name:     "an upgrade to wss on a connection without TLS", // req: 9110-7.4-a
			in:       strings.Replace(upgradeRequest("https://x/echo"), "Connection: Upgrade", "Connection: Upgrade, close", 1),
			statuses: "421",
		},
		{
			name:     "an http URI is a path",
			in:       "GET http://y/nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
			statuses: "404",
		},
		{
			name:     "a path that has no page", // req: 9110-15.5.5-a
			in:       "GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
			statuses: "404", content: "nothing here",
		},

		// Bodies, which no App reads: they are dropped, and never taken for requests.
		{
			name:     "a body on GET", // req: 9110-9.3.1-a 9112-9.3-c
			in:       "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\nBREW / HTTP/1.1\r\n\r\nx" + last,
			statuses: "200 200",
		},
		{
			name:     "a body on a method that is refused",
			in:       "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nBREW" + last,
			statuses: "405 200",
		},
		{
			name:     "a chunked body with an extension and a trailer",
			in:       "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4;a=b\r\nBREW\r\n0\r\nHost: y\r\n\r\n" + last,
			statuses: "405 200",
		},
		{
			name:     "a body above the limit, by its length", // req: 9110-15.5.14-a
			in:       "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n",
			statuses: "413", fields: "Connection: close",
		},
		{
			name:     "a body above the limit, by its chunks",
			in:       "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n100001\r\n",
			statuses: "413", fields: "Connection: close",
		},
		{
			name:     "a body with an invalid chunk",
			in:       "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n",
			statuses: "400", fields: "Connection: close",
		},

		// 100-continue.
		{
			name:     "a final status at once instead of a 100 if the request is refused", // req: 9110-10.1.1-b 9110-10.1.1-e
			in:       "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 4\r\n\r\n" + last,
			statuses: "405", fields: "Connection: close",
		},
		{
			name:     "no body announced, no 100", // req: 9110-10.1.1-c
			in:       "GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n" + last,
			statuses: "200 200",
		},
		{
			name:     "HTTP/1.0 gets no 100", // req: 9110-10.1.1-a 9110-15.2-a
			in:       "GET / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nbody",
			statuses: "200",
		},

		// Requests that the parser refuses are answered too.
		{
			name:     "another major version is answered with the supported one", // req: 9110-15.6.6-a
			in:       "GET / HTTP/2.0\r\nHost: x\r\n\r\n",
			statuses: "505", content: "HTTP/1.1",
		},
		{
			name:     "a field that is too large is named", // req: 6585-5-a
			in:       "GET / HTTP/1.1\r\nHost: x\r\nX-Large: " + strings.Repeat("x", 300) + "\r\n\r\n",
			statuses: "431", content: "X-Large",
		},
		{
			name:     "a bare line feed, with a hint how to send CR LF",
			in:       "GET / HTTP/1.1\nHost: x\n\n",
			statuses: "400", content: "nc -C",
		},
		{
			name:     "the bytes after a CONNECT are for a tunnel, not a request",
			in:       "CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\n\r\n" + last,
			statuses: "405", fields: "Connection: close|Allow: GET, HEAD, OPTIONS|X-Content-Type-Options: nosniff",
		},
		{
			name:     "a raw percent sign in a query, as browsers send it",
			in:       "GET /?off=20% HTTP/1.1\r\nHost: x\r\n\r\n" + last,
			statuses: "200 200",
		},
		{
			name:     "a bare CR after the version is named as such", // req: 9112-2.2-c
			in:       "GET / HTTP/1.1\rHost: x\r\n\r\n",
			statuses: "400", content: "HTTP-version: a CR must be followed by LF",
		},
		{
			name:     "a line of the PROXY protocol",
			in:       "PROXY TCP4 192.0.2.1 192.0.2.2 5000 80\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
			statuses: "400", content: "PROXY protocol",
		},
		{
			name:     "the PROXY protocol, version 2", // CR LF CR LF NUL CR LF QUIT LF, then the announced bytes
			in:       "\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c\xc0\x00\x02\x01\xc0\x00\x02\x02\x13\x88\x00\x50",
			statuses: "400", content: "PROXY protocol",
		},
		{
			name:     "PROXY as the name of a method",
			in:       "PROXY / HTTP/1.1\r\nHost: x\r\n\r\n" + last,
			statuses: "501 200",
		},
		{
			name:     "TLS on a plain port",
			in:       "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
			statuses: "400", content: "TLS",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			config := testConfig()
			config.MaxHead = 300
			answers := readAnswers(t, exchangeCut(t, config, test.in))
			var statuses []string
			for _, a := range answers {
				statuses = append(statuses, fmt.Sprint(a.Status))
				if a.field("Date") != "Sun, 06 Nov 1994 08:49:37 GMT" {
					t.Errorf("a %d without Date", a.Status)
				}
			}
			if got := strings.Join(statuses, " "); got != test.statuses {
				t.Fatalf("answered %s, want %s", got, test.statuses)
			}
			end := answers[len(answers)-1]
			contains(t, "the body", end.content, test.content)
			for _, field := range strings.Split(test.fields, "|") {
				if name, value, ok := strings.Cut(field, ": "); ok && end.field(name) != value {
					t.Errorf("%s is %q, want %q", name, end.field(name), value)
				}
			}
			if end.Status != 204 && end.field("Content-Type") == "" {
				t.Errorf("a %d has a body without Content-Type", end.Status)
			}
		})
	}
}

// TestHead: HEAD gets the same answer as GET, without the content.
//
// req: 9110-9.3.2-b 9110-9.1-a
func TestHead(t *testing.T) {
	for _, path := range []string{"/", "/nowhere"} {
		rest := " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
		get, head := exchange(t, testConfig(), "GET"+rest), exchange(t, testConfig(), "HEAD"+rest)
		fields, content, _ := strings.Cut(get, "\r\n\r\n")
		if head != fields+"\r\n\r\n" || content == "" {
			t.Errorf("%s: HEAD got\n%s\nand GET got\n%s", path, head, get)
		}
	}
}

// TestContinue: a client that waits for a 100 gets it, and then the answer.
//
// req: 9110-10.1.1-b 9110-10.1.1-d
func TestContinue(t *testing.T) {
	got := exchange(t, testConfig(),
		"GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n", "body", last)
	answers := readAnswers(t, got)
	if len(answers) != 3 || answers[0].Status != 100 || answers[1].Status != 200 || answers[2].Status != 200 {
		t.Errorf("got\n%s\nwant a 100, a 200 and the last 200", got)
	}
}

// TestErrorsAreShort: the body of an error is one line that names the fault and the section.
func TestErrorsAreShort(t *testing.T) {
	got := readAnswers(t, exchange(t, testConfig(), "GET / HTTP/1.1\r\nHost : x\r\n\r\n"))[0]
	if strings.Count(got.content, "\n") != 1 || !strings.HasSuffix(got.content, "\n") {
		t.Errorf("the body is not one line: %q", got.content)
	}
	contains(t, "the body", got.content, "400", "RFC 9112 §5.1")
}
