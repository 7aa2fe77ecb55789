package fault

// chunkFaults is about bodies whose end cannot be found (RFC 9112 §7).
// The body is that of a GET, which nobody forbids and most ignore; behind it
// stands a second request, which must not be found if the body is broken.
func chunkFaults() []Fault {
	return within(HTTPBody, NeedHTTP, []Fault{
		{ID: "chunk-size-no-hex", Title: "a chunk size of \"5g\"", Section: "RFC 9112 §7.1", Level: Should,
			Teaches: "A parser that stops at the first character it does not know reads 5, another fails.",
			Steps:   chunkedGet("5g\r\nhello\r\n0\r\n\r\n"), Want: refusedChunk(400)},
		{ID: "chunk-size-prefix", Title: "a chunk size of \"0x5\"", Section: "RFC 9112 §7.1", Level: Should,
			Teaches: "Five for a parser that knows the prefix; nought, and so the end of the body, for one that does not.",
			Steps:   chunkedGet("0x5\r\nhello\r\n0\r\n\r\n"), Want: refusedChunk(400)},
		{ID: "chunk-size-minus", Title: "a chunk size of -1", Section: "RFC 9112 §7.1", Level: Should,
			Teaches: "Negative lengths turn into enormous ones, or move the parser backwards.",
			Steps:   chunkedGet("-1\r\nhello\r\n0\r\n\r\n"), Want: refusedChunk(400)},
		{ID: "chunk-size-empty", Title: "a chunk without size", Section: "RFC 9112 §7.1", Level: Should,
			Teaches: "No digits are not a nought.",
			Steps:   chunkedGet("\r\nhello\r\n0\r\n\r\n"), Want: refusedChunk(400)},
		{ID: "chunk-size-space", Title: "a space in front of the chunk size", Section: "RFC 9112 §7.1", Level: Should,
			Teaches: "The size is the first thing on its line; number parsers skip white space that the grammar does not have.",
			Steps:   chunkedGet(" 5\r\nhello\r\n0\r\n\r\n"), Want: refusedChunk(400)},
		{ID: "chunk-size-overflow", Title: "a chunk size of 2^64 + 1", Section: "RFC 9112 §7.1", Level: Must,
			Teaches: "A recipient must expect large numbers, and not let them wrap around to one.",
			Steps:   chunkedGet("10000000000000001\r\nh\r\n0\r\n\r\n"),
			Want:    refusedChunk(413, 400).or(Outcome{quiet}, Outcome{answered, quiet})}, // or it counts that far
		{ID: "chunk-no-crlf", Title: "no CRLF behind the chunk", Section: "RFC 9112 §7.1", Level: Should,
			Teaches: "The two octets are redundant, and so the one check that sender and recipient still count alike.",
			Steps:   chunkedGet("5\r\nhelloXX0\r\n\r\n"), Want: refusedChunk(400)},
		{ID: "chunk-line-feed", Title: "LF alone behind the chunk size", Section: "RFC 9112 §2.2", Level: Should,
			Teaches: "In a head LF alone may end a line; in chunks it moves the border of a message.",
			Steps:   chunkedGet("5\nhello\r\n0\r\n\r\n"), Want: refusedChunk(400)},
		{ID: "chunk-bare-cr", Title: "CR without LF in a chunk extension", Section: "RFC 9112 §2.2", Level: Must,
			Teaches: "Who takes it for the end of the line sees the chunk begin earlier.",
			Steps:   chunkedGet("5;a\rb\r\nhello\r\n0\r\n\r\n"),
			Want:    refusedChunk(400).or(Outcome{served, served, end})}, // or CR is replaced by SP
		{ID: "trailer-no-colon", Title: "a trailer line without colon", Section: "RFC 9112 §7.1.2", Level: Should,
			Teaches: "Trailers have the grammar of fields. A lax reader finds their end elsewhere.",
			Steps:   chunkedGet("0\r\nno colon here\r\n\r\n"), Want: refusedChunk(400)},
		{ID: "body-cut-short", Title: "FIN in the middle of the body", Section: "RFC 9112 §6.3", Level: Must,
			Teaches: "Half of a transfer order is no transfer order: what is cut short is not acted upon.",
			Steps:   []Step{send(post("hel", "Content-Length: 5")), {Do: HalfClose}},
			Want: Expectation{Pass: []Outcome{{end}, {status(400, 408), end}}, Tolerated: []Outcome{{refusal, either}, {answered, end}},
				Short: "it waits for octets that cannot come"}},
	})
}

// soundBodyFaults is about bodies whose end is where many do not look for it.
func soundBodyFaults() []Fault {
	return within(HTTPBody, NeedHTTP, []Fault{
		{ID: "chunk-extensions", Title: "chunk extensions", Section: "RFC 9112 §7.1.1", Level: Must, Legal: true,
			Teaches: "Whatever stands behind a semicolon is ignored by who does not know it.",
			Steps:   chunkedGet("5;a=b;c=\"d\";e\r\nhello\r\n0;last\r\n\r\n"), Want: wholeBody()},
		{ID: "chunk-leading-zeros", Title: "chunk sizes with zeros in front", Section: "RFC 9112 §7.1", Level: Must, Legal: true,
			Teaches: "The size is one or more digits, of either case; any run of zeros is the last chunk.",
			Steps:   chunkedGet("000A\r\n0123456789\r\n0000\r\n\r\n"), Want: wholeBody()},
		{ID: "chunk-coding-case", Title: "Transfer-Encoding: CHUNKED", Section: "RFC 9112 §7", Level: Must, Legal: true,
			Teaches: "Coding names are compared without letter case. Who does not sees no body, and takes it for requests.",
			Steps: []Step{send("GET {page} HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: CHUNKED\r\n\r\n",
				"5\r\nhello\r\n0\r\n\r\n", get())}, Want: wholeBody()},
		{ID: "trailer-fields", Title: "a trailer with Content-Length and Host", Section: "RFC 9112 §7.1.2", Level: Must, Legal: true,
			Teaches: "Trailers come when the request is already under way: they must not change what it meant.",
			Steps:   chunkedGet("5\r\nhello\r\n0\r\nContent-Length: 99\r\nHost: other.example\r\n\r\n"), Want: wholeBody()},
		{ID: "chunk-octet-by-octet", Title: "chunks one octet at a time", Section: "RFC 9112 §7.1", Level: Must, Legal: true,
			Teaches: "The border of a read may fall between CR and LF, or inside a size.",
			Steps: []Step{{Size: 1, Octets: "GET {page} HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n" +
				"5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n" + get()}}, Want: wholeBody()},
		{ID: "expect-continue", Title: "a client that waits before it sends the body", Section: "RFC 9110 §10.1.1", Level: Must, Legal: true,
			Teaches: "It waits for a 100, or for an answer that makes the body needless. A server that waits for the body waits for ever.",
			Steps:   []Step{send("GET {page} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")},
			Want: Expectation{Pass: []Outcome{{status(100), quiet}, {answered, either}}, Tolerated: []Outcome{{refusal, either}, {status(100), answered, either}, {end}},
				Short: "both sides wait for each other"}},
	})
}

// chunkedGet is a GET with a chunked body, and a second request behind it.
func chunkedGet(body string) []Step {
	return []Step{send("GET {page} HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n", body, get())}
}

// refusedChunk is a body that gets a status. A server may answer before it has
// read the body; then it must close.
func refusedChunk(statuses ...int) Expectation {
	return refused("it finds a request where the end of the body is anybody's guess", statuses...).or(
		Outcome{answered, end})
}

// wholeBody is a body whose end is found. A GET with a body may also be refused,
// but then the connection closes, or the body is read all the same.
func wholeBody() Expectation {
	return exactly("it does not find the end of the body", served, served, end).or(
		Outcome{served, end}, Outcome{refusal, end}, Outcome{refusal, served, end}, Outcome{status(400), end})
}
