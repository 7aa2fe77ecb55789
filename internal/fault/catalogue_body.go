package fault

// chunkFaults is about bodies without a clear end (RFC 9112 §7). The request is a
// GET, whose body is legal and mostly ignored. A second request follows, which the
// server must not answer when the body is malformed.
func chunkFaults() []Fault {
	return within(HTTPBody, NeedHTTP, []Fault{
		{ID: "chunk-size-no-hex", Title: "a chunk size of \"5g\"", Section: "RFC 9112 §7.1", Level: Should,
			Teaches: "One parser stops at the first character that it does not know and reads 5; another fails.",
			Steps:   chunkedGet("5g\r\nhello\r\n0\r\n\r\n"), Want: refusedChunk(400)},
		{ID: "chunk-size-prefix", Title: "a chunk size of \"0x5\"", Section: "RFC 9112 §7.1", Level: Should,
			Teaches: "A parser that knows the prefix reads 5. One that does not reads 0, the end of the body.",
			Steps:   chunkedGet("0x5\r\nhello\r\n0\r\n\r\n"), Want: refusedChunk(400)},
		{ID: "chunk-size-minus", Title: "a chunk size of -1", Section: "RFC 9112 §7.1", Level: Should,
			Teaches: "A negative length becomes an enormous one, or moves the parser backwards.",
			Steps:   chunkedGet("-1\r\nhello\r\n0\r\n\r\n"), Want: refusedChunk(400)},
		{ID: "chunk-size-empty", Title: "a chunk without a size", Section: "RFC 9112 §7.1", Level: Should,
			Teaches: "No digits are not a zero.",
			Steps:   chunkedGet("\r\nhello\r\n0\r\n\r\n"), Want: refusedChunk(400)},
		{ID: "chunk-size-space", Title: "a space before the chunk size", Section: "RFC 9112 §7.1", Level: Should,
			Teaches: "The size comes first on its line. Number parsers skip white space, which the grammar does not allow here.",
			Steps:   chunkedGet(" 5\r\nhello\r\n0\r\n\r\n"), Want: refusedChunk(400)},
		{ID: "chunk-size-overflow", Title: "a chunk size of 2^64 + 1", Section: "RFC 9112 §7.1", Level: Must,
			Teaches: "A recipient must expect large numbers, and must not let them wrap around to 1.",
			Steps:   chunkedGet("10000000000000001\r\nh\r\n0\r\n\r\n"),
			Want:    refusedChunk(413, 400).or(Outcome{quiet}, Outcome{answered, quiet})}, // or it can count that far
		{ID: "chunk-no-crlf", Title: "no CRLF after the chunk", Section: "RFC 9112 §7.1", Level: Should,
			Teaches: "The CRLF is redundant: it is the only check that sender and recipient count alike.",
			Steps:   chunkedGet("5\r\nhelloXX0\r\n\r\n"), Want: refusedChunk(400)},
		{ID: "chunk-line-feed", Title: "LF alone after the chunk size", Section: "RFC 9112 §2.2", Level: Should,
			Teaches: "In a head, LF alone may end a line. In a chunked body, it changes where the message ends.",
			Steps:   chunkedGet("5\nhello\r\n0\r\n\r\n"), Want: refusedChunk(400)},
		{ID: "chunk-bare-cr", Title: "CR without LF in a chunk extension", Section: "RFC 9112 §2.2", Level: Must,
			Teaches: "A program that takes it for the end of the line finds the chunk earlier.",
			Steps:   chunkedGet("5;a\rb\r\nhello\r\n0\r\n\r\n"),
			Want:    refusedChunk(400).or(Outcome{served, served, end})}, // or it replaces CR with SP
		{ID: "trailer-no-colon", Title: "a trailer line without a colon", Section: "RFC 9112 §7.1.2", Level: Should,
			Teaches: "Trailers have the grammar of fields. A lenient parser finds their end elsewhere.",
			Steps:   chunkedGet("0\r\nno colon here\r\n\r\n"), Want: refusedChunk(400)},
		{ID: "body-cut-short", Title: "FIN in the middle of the body", Section: "RFC 9112 §6.3", Level: Must,
			Teaches: "Half of a bank transfer is no bank transfer: a server must not act on an incomplete request.",
			Steps:   []Step{send(post("hel", "Content-Length: 5")), {Do: HalfClose}},
			Want: Expectation{Pass: []Outcome{{end}, {status(400, 408), end}}, Tolerated: []Outcome{{refusal, either}, {answered, end}},
				Short: "it waits for bytes that cannot come"}},
	})
}

// validBodyFaults is about bodies whose end many servers do not find.
func validBodyFaults() []Fault {
	return within(HTTPBody, NeedHTTP, []Fault{
		{ID: "chunk-extensions", Title: "chunk extensions", Section: "RFC 9112 §7.1.1", Level: Must, Legal: true,
			Teaches: "A server ignores chunk extensions that it does not know.",
			Steps:   chunkedGet("5;a=b;c=\"d\";e\r\nhello\r\n0;last\r\n\r\n"), Want: wholeBody()},
		{ID: "chunk-leading-zeros", Title: "chunk sizes with leading zeros", Section: "RFC 9112 §7.1", Level: Must, Legal: true,
			Teaches: "The size is one or more hex digits, in upper or lower case. A size of zeros only is the last chunk.",
			Steps:   chunkedGet("000A\r\n0123456789\r\n0000\r\n\r\n"), Want: wholeBody()},
		{ID: "chunk-coding-case", Title: "Transfer-Encoding: CHUNKED", Section: "RFC 9112 §7", Level: Must, Legal: true,
			Teaches: "Names of codings are case-insensitive. A server that misses this one sees no body, and reads it as requests.",
			Steps: []Step{send("GET {page} HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: CHUNKED\r\n\r\n",
				"5\r\nhello\r\n0\r\n\r\n", get())}, Want: wholeBody()},
		{ID: "trailer-fields", Title: "a trailer with Content-Length and Host", Section: "RFC 9112 §7.1.2", Level: Must, Legal: true,
			Teaches: "Trailers arrive when the request is already in progress: they must not change what it means.",
			Steps:   chunkedGet("5\r\nhello\r\n0\r\nContent-Length: 99\r\nHost: other.example\r\n\r\n"), Want: wholeBody()},
		{ID: "chunk-byte-by-byte", Title: "chunks one byte at a time", Section: "RFC 9112 §7.1", Level: Must, Legal: true,
			Teaches: "A read may end between CR and LF, or inside a size.",
			Steps: []Step{{Size: 1, Bytes: "GET {page} HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n" +
				"5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n" + get()}}, Want: wholeBody()},
		{ID: "expect-continue", Title: "a client that waits before it sends the body", Section: "RFC 9110 §10.1.1", Level: Must, Legal: true,
			Teaches: "It waits for a 100, or for an answer that makes the body unnecessary. If the server waits for the body, both wait forever.",
			Steps:   []Step{send("GET {page} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")},
			Want: Expectation{Pass: []Outcome{{status(100), quiet}, {answered, either}}, Tolerated: []Outcome{{refusal, either}, {status(100), answered, either}, {end}},
				Short: "both sides wait for each other"}},
	})
}

// chunkedGet sends a GET with a chunked body, and a second request after it.
func chunkedGet(body string) []Step {
	return []Step{send("GET {page} HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n", body, get())}
}

// refusedChunk expects a status. A server may answer before it has read the body, but
// then it must close.
func refusedChunk(statuses ...int) Expectation {
	return refused("it finds a request although the end of the body is unclear", statuses...).or(
		Outcome{answered, end})
}

// wholeBody expects the server to find the end of the body. It may refuse a GET with
// a body, but must then close the connection, or still read the body.
func wholeBody() Expectation {
	return exactly("it does not find the end of the body", served, served, end).or(
		Outcome{served, end}, Outcome{refusal, end}, Outcome{refusal, served, end}, Outcome{status(400), end})
}
