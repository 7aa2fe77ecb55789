package fault

// lengthFaults is about requests in which two programs see different ends because
// of Content-Length (RFC 9112 §6.3, §11.2). Behind each stands a second request,
// for a page that a filter in front may have forbidden:
//
//	POST / ...            the filter sees one request ...
//	Content-Length: 60 ┐
//	Transfer-Encoding: │ chunked
//	                   │
//	0                  │  ... and the server sees its end here,
//	                   │
//	GET /admin ...     ┘  and here another one
func lengthFaults() []Fault {
	return within(Smuggling, NeedHTTP, []Fault{
		{ID: "smuggle-length-and-chunked", Title: "Content-Length and Transfer-Encoding", Section: "RFC 9112 §6.1", Level: Must,
			Teaches: "The two disagree about where the body ends. It is refused, or read as chunked and the connection closed.",
			Steps:   behindBody("0\r\n\r\n", "Content-Length: 4", "Transfer-Encoding: chunked"),
			Want:    refused(smuggled, 400).or(Outcome{answered, end})},
		{ID: "smuggle-two-lengths", Title: "two Content-Length lines that differ", Section: "RFC 9112 §6.3", Level: Must,
			Teaches: "Whoever takes the first and whoever takes the second read different requests.",
			Steps:   behindBody("", "Content-Length: 0", "Content-Length: 50"),
			Want:    refused(smuggled, 400)},
		{ID: "smuggle-length-list", Title: "Content-Length: 0, 50", Section: "RFC 9112 §6.3", Level: Must,
			Teaches: "A proxy may have joined two lines into one; they differ all the same.",
			Steps:   behindBody("", "Content-Length: 0, 50"),
			Want:    refused(smuggled, 400)},
		{ID: "smuggle-length-plus", Title: "Content-Length: +5", Section: "RFC 9112 §6.3", Level: Must,
			Teaches: "A length is digits. The number parsers of most languages take a sign, too, and that is how it slips in.",
			Steps:   behindBody("hello", "Content-Length: +5"),
			Want:    refused(smuggled, 400)},
		{ID: "smuggle-length-minus", Title: "Content-Length: -1", Section: "RFC 9112 §6.3", Level: Must,
			Teaches: "Read into an unsigned number it is all the memory there is.",
			Steps:   behindBody("", "Content-Length: -1"),
			Want:    refused(smuggled, 400)},
		{ID: "smuggle-length-hex", Title: "Content-Length: 0x5", Section: "RFC 9112 §6.3", Level: Must,
			Teaches: "One parser reads five, another stops at the x and reads nought.",
			Steps:   behindBody("hello", "Content-Length: 0x5"),
			Want:    refused(smuggled, 400)},
		{ID: "smuggle-length-empty", Title: "Content-Length without a value", Section: "RFC 9112 §6.3", Level: Must,
			Teaches: "Nothing is not nought.",
			Steps:   behindBody("", "Content-Length: "),
			Want:    refused(smuggled, 400)},
		{ID: "smuggle-length-space", Title: "Content-Length: 5 5", Section: "RFC 9112 §6.3", Level: Must,
			Teaches: "One parser reads five, another fifty-five.",
			Steps:   behindBody("hello", "Content-Length: 5 5"),
			Want:    refused(smuggled, 400)},
		{ID: "smuggle-length-underscore", Title: "Content-Length: 1_0", Section: "RFC 9112 §6.3", Level: Must,
			Teaches: "Several languages allow an underscore within a number; HTTP does not.",
			Steps:   behindBody("0123456789", "Content-Length: 1_0"),
			Want:    refused(smuggled, 400)},
		{ID: "smuggle-length-overflow", Title: "Content-Length: 2^64 + 1", Section: "RFC 9110 §8.6", Level: Must,
			Teaches: "In 64 bits it wraps around to one, and then the body ends after its first octet.",
			Steps:   behindBody("x", "Content-Length: 18446744073709551617"),
			Want:    refused(smuggled, 413, 400).or(Outcome{quiet}, Outcome{answered, either})}, // or it counts that far
	})
}

// codingFaults is the same, because of Transfer-Encoding (RFC 9112 §6.1).
func codingFaults() []Fault {
	return within(Smuggling, NeedHTTP, []Fault{
		{ID: "smuggle-coding-not-final", Title: "Transfer-Encoding: chunked, gzip", Section: "RFC 9112 §6.3", Level: Must,
			Teaches: "Unless chunked is the last coding nothing says where the body ends.",
			Steps:   behindBody("0\r\n\r\n", "Transfer-Encoding: chunked, gzip"),
			Want:    refused(smuggled, 400)},
		{ID: "smuggle-coding-gzip", Title: "Transfer-Encoding: gzip", Section: "RFC 9112 §6.3", Level: Must,
			Teaches: "Without chunked a request has no end: it would last until the connection closes.",
			Steps:   behindBody("", "Transfer-Encoding: gzip"),
			Want:    refused(smuggled, 400)},
		{ID: "smuggle-coding-unknown", Title: "Transfer-Encoding: gzip, chunked", Section: "RFC 9112 §6.1", Level: Should,
			Teaches: "The end can be found, the content not be understood: 501.",
			Steps:   behindBody("0\r\n\r\n", "Transfer-Encoding: gzip, chunked"),
			Want:    refused(smuggled, 501)},
		{ID: "smuggle-coding-twice", Title: "Transfer-Encoding: chunked, chunked", Section: "RFC 9112 §6.1", Level: Should,
			Teaches: "chunked is applied once. One program undoes it once, another twice.",
			Steps:   behindBody("0\r\n\r\n", "Transfer-Encoding: chunked, chunked"),
			Want:    refused(smuggled, 400)},
		{ID: "smuggle-coding-two-lines", Title: "chunked on one line, identity on the next", Section: "RFC 9112 §6.3", Level: Must,
			Teaches: "Lines of one name are one list. Who looks at the first alone sees chunks, and who looks at the last does not.",
			Steps:   behindBody("0\r\n\r\n", "Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
			Want:    refused(smuggled, 400, 501)},
		{ID: "smuggle-coding-hidden", Title: "Transfer-Encoding with a space before its colon", Section: "RFC 9112 §5.1", Level: Must,
			Teaches: "The oldest trick: a proxy does not know the field \"Transfer-Encoding \", the server behind it does.",
			Steps:   behindBody("0\r\n\r\n", "Content-Length: 5", "Transfer-Encoding : chunked"),
			Want:    refused(smuggled, 400)},
		{ID: "smuggle-coding-vertical-tab", Title: "a vertical tab in front of chunked", Section: "RFC 9110 §5.5", Level: Should,
			Teaches: "Only space and tab are white space here. A library's idea of it is often wider.",
			Steps:   behindBody("0\r\n\r\n", "Content-Length: 5", "Transfer-Encoding: \x0bchunked"),
			Want:    refused(smuggled, 400, 501)},
		{ID: "smuggle-coding-parameter", Title: "Transfer-Encoding: chunked;q=1", Section: "RFC 9112 §7.1", Level: Should,
			Teaches: "chunked has no parameters, so who sends one means something else.",
			Steps:   behindBody("0\r\n\r\n", "Transfer-Encoding: chunked;q=1"),
			Want:    refused(smuggled, 400, 501)},
		{ID: "smuggle-coding-http-1.0", Title: "chunked in HTTP/1.0", Section: "RFC 9112 §6.1", Level: Must,
			Teaches: "HTTP/1.0 has no chunks: a proxy that speaks it passed the field on without looking. The connection closes.",
			Steps: []Step{send("POST {page} HTTP/1.0\r\nHost: {host}\r\nConnection: keep-alive\r\n",
				"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", get())},
			Want: refused(smuggled, 400).or(Outcome{answered, end})},
	})
}

// unreadFaults is about bodies that look like requests.
func unreadFaults() []Fault {
	return within(Smuggling, NeedHTTP, []Fault{
		{ID: "smuggle-body-of-get", Title: "a GET whose body looks like a request", Section: "RFC 9112 §6", Level: Must,
			Teaches: "Any method can have a body. What Content-Length counts is never a request.",
			Steps: []Step{send("GET {page} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 30\r\n\r\n",
				"GET / HTTP/1.1\r\nHost: abcd\r\n\r\n", get())}, // 30 octets of body, then a request
			Want: exactly("it takes the body for a request", served, served, end).or(
				Outcome{answered, end}, Outcome{refusal, either}, Outcome{refusal, served, end}, Outcome{status(400), end}, Outcome{end})},
		{ID: "smuggle-body-unread", Title: "a body that looks like a request, and is refused", Section: "RFC 9112 §9.3", Level: Must,
			Teaches: "A server that answers without reading the body has to read it all the same, or to close.",
			Steps: []Step{send("POST {page} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 30\r\n\r\n",
				"GET / HTTP/1.1\r\nHost: abcd\r\n\r\n", get())},
			Want: exactly("it takes what it did not read for the next request", answered, served, end).or(
				Outcome{answered, end}, Outcome{status(400), end}, Outcome{end})},
	})
}

// smuggled is what it means to find the second request.
const smuggled = "it sees another end than a program in front of it may see: the second request is smuggled past that one"

// behindBody is a POST with these lines, and the second request behind its body.
func behindBody(body string, lines ...string) []Step {
	return []Step{send(post(body, lines...), get())}
}
