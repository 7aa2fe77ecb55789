package fault

// lengthFaults is about requests for which two programs find different ends because
// of Content-Length (RFC 9112 §6.3, §11.2). A second request follows each, for a page
// that a filter in front of the server may forbid:
//
//	POST / ...            the filter sees one request ...
//	Content-Length: 60 ┐
//	Transfer-Encoding: │ chunked
//	                   │
//	0                  │  ... and the server sees the end here,
//	                   │
//	GET /admin ...     ┘  and a second one here
func lengthFaults() []Fault {
	return within(Smuggling, NeedHTTP, []Fault{
		{ID: "smuggle-length-and-chunked", Title: "Content-Length and Transfer-Encoding", Section: "RFC 9112 §6.1", Level: Must,
			Teaches: "The two disagree about where the body ends. The server must refuse the request, or read the body as chunked and close the connection.",
			Steps:   afterBody("0\r\n\r\n", "Content-Length: 4", "Transfer-Encoding: chunked"),
			Want:    refused(smuggled, 400).or(Outcome{answered, end})},
		{ID: "smuggle-two-lengths", Title: "two Content-Length lines that differ", Section: "RFC 9112 §6.3", Level: Must,
			Teaches: "A program that uses the first line and one that uses the second read different requests.",
			Steps:   afterBody("", "Content-Length: 0", "Content-Length: 50"),
			Want:    refused(smuggled, 400)},
		{ID: "smuggle-length-list", Title: "Content-Length: 0, 50", Section: "RFC 9112 §6.3", Level: Must,
			Teaches: "A proxy may have joined two lines into one. They still differ.",
			Steps:   afterBody("", "Content-Length: 0, 50"),
			Want:    refused(smuggled, 400)},
		{ID: "smuggle-length-plus", Title: "Content-Length: +5", Section: "RFC 9112 §6.3", Level: Must,
			Teaches: "A length is digits only. The number parsers of most languages also accept a sign, so it is easy to let it pass.",
			Steps:   afterBody("hello", "Content-Length: +5"),
			Want:    refused(smuggled, 400)},
		{ID: "smuggle-length-minus", Title: "Content-Length: -1", Section: "RFC 9112 §6.3", Level: Must,
			Teaches: "As an unsigned number, -1 is larger than any memory.",
			Steps:   afterBody("", "Content-Length: -1"),
			Want:    refused(smuggled, 400)},
		{ID: "smuggle-length-hex", Title: "Content-Length: 0x5", Section: "RFC 9112 §6.3", Level: Must,
			Teaches: "One parser reads 5, another stops at the x and reads 0.",
			Steps:   afterBody("hello", "Content-Length: 0x5"),
			Want:    refused(smuggled, 400)},
		{ID: "smuggle-length-empty", Title: "Content-Length without a value", Section: "RFC 9112 §6.3", Level: Must,
			Teaches: "An empty value is not zero.",
			Steps:   afterBody("", "Content-Length: "),
			Want:    refused(smuggled, 400)},
		{ID: "smuggle-length-space", Title: "Content-Length: 5 5", Section: "RFC 9112 §6.3", Level: Must,
			Teaches: "One parser reads 5, another 55.",
			Steps:   afterBody("hello", "Content-Length: 5 5"),
			Want:    refused(smuggled, 400)},
		{ID: "smuggle-length-underscore", Title: "Content-Length: 1_0", Section: "RFC 9112 §6.3", Level: Must,
			Teaches: "Several languages allow an underscore in a number; HTTP does not.",
			Steps:   afterBody("0123456789", "Content-Length: 1_0"),
			Want:    refused(smuggled, 400)},
		{ID: "smuggle-length-overflow", Title: "Content-Length: 2^64 + 1", Section: "RFC 9110 §8.6", Level: Must,
			Teaches: "In 64 bits it wraps around to 1, and the body ends after its first byte.",
			Steps:   afterBody("x", "Content-Length: 18446744073709551617"),
			Want:    refused(smuggled, 413, 400).or(Outcome{quiet}, Outcome{answered, either})}, // or it can count that far
	})
}

// codingFaults is about requests with different ends because of Transfer-Encoding
// (RFC 9112 §6.1).
func codingFaults() []Fault {
	return within(Smuggling, NeedHTTP, []Fault{
		{ID: "smuggle-coding-not-final", Title: "Transfer-Encoding: chunked, gzip", Section: "RFC 9112 §6.3", Level: Must,
			Teaches: "Unless chunked is the last coding, the end of the body is unknown.",
			Steps:   afterBody("0\r\n\r\n", "Transfer-Encoding: chunked, gzip"),
			Want:    refused(smuggled, 400)},
		{ID: "smuggle-coding-gzip", Title: "Transfer-Encoding: gzip", Section: "RFC 9112 §6.3", Level: Must,
			Teaches: "Without chunked the body of a request has no end: it would last until the connection closes.",
			Steps:   afterBody("", "Transfer-Encoding: gzip"),
			Want:    refused(smuggled, 400)},
		{ID: "smuggle-coding-unknown", Title: "Transfer-Encoding: gzip, chunked", Section: "RFC 9112 §6.1", Level: Should,
			Teaches: "The end is known, but the server cannot decode the content: 501.",
			Steps:   afterBody("0\r\n\r\n", "Transfer-Encoding: gzip, chunked"),
			Want:    refused(smuggled, 501)},
		{ID: "smuggle-coding-twice", Title: "Transfer-Encoding: chunked, chunked", Section: "RFC 9112 §6.1", Level: Should,
			Teaches: "chunked may be applied only once. One program decodes it once, another twice.",
			Steps:   afterBody("0\r\n\r\n", "Transfer-Encoding: chunked, chunked"),
			Want:    refused(smuggled, 400)},
		{ID: "smuggle-coding-two-lines", Title: "chunked on one line, identity on the next", Section: "RFC 9112 §6.3", Level: Must,
			Teaches: "Lines of one name are one list. A program that reads only the first line sees chunks; one that reads only the last does not.",
			Steps:   afterBody("0\r\n\r\n", "Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
			Want:    refused(smuggled, 400, 501)},
		{ID: "smuggle-coding-hidden", Title: "Transfer-Encoding with a space before the colon", Section: "RFC 9112 §5.1", Level: Must,
			Teaches: "The oldest trick: a proxy does not know the field \"Transfer-Encoding \", but the server after it does.",
			Steps:   afterBody("0\r\n\r\n", "Content-Length: 5", "Transfer-Encoding : chunked"),
			Want:    refused(smuggled, 400)},
		{ID: "smuggle-coding-vertical-tab", Title: "a vertical tab before chunked", Section: "RFC 9110 §5.5", Level: Should,
			Teaches: "Only space and tab are white space here. Many libraries trim more than that.",
			Steps:   afterBody("0\r\n\r\n", "Content-Length: 5", "Transfer-Encoding: \x0bchunked"),
			Want:    refused(smuggled, 400, 501)},
		{ID: "smuggle-coding-parameter", Title: "Transfer-Encoding: chunked;q=1", Section: "RFC 9112 §7.1", Level: Should,
			Teaches: "chunked has no parameters. A client that sends one means something else.",
			Steps:   afterBody("0\r\n\r\n", "Transfer-Encoding: chunked;q=1"),
			Want:    refused(smuggled, 400, 501)},
		{ID: "smuggle-coding-http-1.0", Title: "chunked in HTTP/1.0", Section: "RFC 9112 §6.1", Level: Must,
			Teaches: "HTTP/1.0 has no chunks: a proxy that speaks it forwards the field without understanding it. The connection must close.",
			Steps: []Step{send("POST {page} HTTP/1.0\r\nHost: {host}\r\nConnection: keep-alive\r\n",
				"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", get())},
			Want: refused(smuggled, 400).or(Outcome{answered, end})},
	})
}

// unreadFaults is about bodies that look like requests.
func unreadFaults() []Fault {
	return within(Smuggling, NeedHTTP, []Fault{
		{ID: "smuggle-body-of-get", Title: "a GET whose body looks like a request", Section: "RFC 9112 §6", Level: Must,
			Teaches: "Any method can have a body. The bytes that Content-Length counts are never a request.",
			Steps: []Step{send("GET {page} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 30\r\n\r\n",
				"GET / HTTP/1.1\r\nHost: abcd\r\n\r\n", get())}, // a body of 30 bytes, then a request
			Want: exactly("it reads the body as a request", served, served, end).or(
				Outcome{answered, end}, Outcome{refusal, either}, Outcome{refusal, served, end}, Outcome{status(400), end}, Outcome{end})},
		{ID: "smuggle-body-unread", Title: "a refused body that looks like a request", Section: "RFC 9112 §9.3", Level: Must,
			Teaches: "A server that answers without reading the body must still read it, or close the connection.",
			Steps: []Step{send("POST {page} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 30\r\n\r\n",
				"GET / HTTP/1.1\r\nHost: abcd\r\n\r\n", get())},
			Want: exactly("it reads the unread body as the next request", answered, served, end).or(
				Outcome{answered, end}, Outcome{status(400), end}, Outcome{end})},
	})
}

// smuggled is what it means to answer the second request.
const smuggled = "it may find a different end than a program in front of it, so the second request is smuggled past that program"

// afterBody sends a POST with these lines and this body, and a second request after it.
func afterBody(body string, lines ...string) []Step {
	return []Step{send(post(body, lines...), get())}
}
