package fault

import "strings"

// What it means to accept malformed HTTP.
const (
	guess    = "it guesses what was meant, and the next program may guess differently"
	repaired = "it repairs a request that a filter in front of it may have understood differently"
)

// withLine sends a request that is valid except for its first line.
func withLine(requestLine string) []Step {
	return []Step{send(requestLine, "\r\nHost: {host}\r\nConnection: close\r\n\r\n")}
}

// fieldFaults is about field lines, Host above all (RFC 9112 §3.2, §5).
func fieldFaults() []Fault {
	return within(HTTPParsing, NeedHTTP, []Fault{
		{ID: "http-no-host", Title: "HTTP/1.1 without Host", Section: "RFC 9112 §3.2", Level: Must,
			Teaches: "One address serves many sites, so a request must name the site that it wants.",
			Steps:   []Step{send("GET {page} HTTP/1.1\r\nConnection: close\r\n\r\n")},
			Want:    refusedMaybeOpen("it answers for a site that the client did not name", 400)},
		{ID: "http-two-hosts", Title: "two Host lines", Section: "RFC 9112 §3.2", Level: Must,
			Teaches: "If a cache uses the first and the server the second, the cache stores one site's page under another site's name.",
			Steps:   []Step{send(get("Host: other.example"))},
			Want:    refusedMaybeOpen(guess, 400)},
		{ID: "http-host-invalid", Title: "an invalid Host", Section: "RFC 9112 §3.2", Level: Must,
			Teaches: "Host ends up in links and redirects, so it must be host[:port] and nothing else.",
			Steps:   []Step{send("GET {page} HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n")},
			Want:    refusedMaybeOpen("a stranger chooses the name that the server uses for itself", 400)},
		{ID: "http-space-before-colon", Title: "space between field name and colon", Section: "RFC 9112 §5.1", Level: Must,
			Teaches: "Some programs see the field \"Name\", others \"Name \". A filter that looks for the first misses the second.",
			Steps:   []Step{send(get("X-Name : value"))},
			Want:    refusedMaybeOpen(guess, 400)},
		{ID: "http-no-colon", Title: "a field line without a colon", Section: "RFC 9112 §5", Level: Should,
			Teaches: "A line without a colon is not a field. A server that drops it hides what the sender meant.",
			Steps:   []Step{send(get("no colon here"))},
			Want:    refusedMaybeOpen(guess, 400)},
		{ID: "http-empty-name", Title: "a field without a name", Section: "RFC 9112 §5.1", Level: Should,
			Teaches: "A field name is a token, and a token has at least one character.",
			Steps:   []Step{send(get(": value"))},
			Want:    refusedMaybeOpen(guess, 400)},
		{ID: "http-name-no-token", Title: "a field name that is not a token", Section: "RFC 9112 §5.1", Level: Should,
			Teaches: "The characters of a name are limited so that no program has to quote or escape them.",
			Steps:   []Step{send(get("X(Name): value"))},
			Want:    refusedMaybeOpen(guess, 400)},
		{ID: "http-folded-line", Title: "a field value folded onto a second line", Section: "RFC 9112 §5.2", Level: Must,
			Teaches: "Old mail headers continued on the next line after a space. In HTTP that hides fields from programs that do not know it.",
			Steps:   []Step{send(get("X-Name: one", " two"))},
			Want: refusedMaybeOpen(guess, 400).or( // or it replaces the fold with spaces
				Outcome{served, end})},
		{ID: "http-space-before-fields", Title: "space before the first field line", Section: "RFC 9112 §2.2", Level: Must,
			Teaches: "Some programs drop such a line, others read it as a field: a filter and a server may differ.",
			Steps:   []Step{send("GET {page} HTTP/1.1\r\n X-Name: value\r\nHost: {host}\r\nConnection: close\r\n\r\n")},
			Want: refusedMaybeOpen(guess, 400).or( // or it skips such lines
				Outcome{served, end})},
		{ID: "http-nul-in-value", Title: "NUL in a field value", Section: "RFC 9110 §5.5", Level: Must,
			Teaches: "A C program takes NUL for the end of the value and other programs do not: they see two different values.",
			Steps:   []Step{send(get("X-Name: a\x00b"))},
			Want: refusedMaybeOpen(guess, 400).or( // or it replaces NUL with SP
				Outcome{served, end})},
		{ID: "http-bare-cr", Title: "CR without LF in a field value", Section: "RFC 9112 §2.2", Level: Must,
			Teaches: "A program that takes a lone CR for a line end sees one field more than the others.",
			Steps:   []Step{send(get("X-Name: a\rX-Hidden: b"))},
			Want: refusedMaybeOpen(guess, 400).or( // or it replaces CR with SP
				Outcome{served, end})},
	})
}

// byteFaults is about bytes without a meaning, or with none that is still in use
// (RFC 9112 §2.2, RFC 9110 §5.5).
func byteFaults() []Fault {
	return within(HTTPParsing, NeedHTTP, []Fault{
		{ID: "http-control-in-value", Title: "a control character in a field value", Section: "RFC 9110 §5.5", Level: May,
			Teaches: "A server may keep such bytes, but a terminal that shows the log obeys them.",
			Steps:   []Step{send(get("X-Name: a\x01b"))},
			Want:    refusedMaybeOpen("it neither serves nor refuses the request", 400).or(Outcome{served, end})},
		{ID: "http-line-feed-alone", Title: "lines that end with LF alone", Section: "RFC 9112 §2.2", Level: May, Legal: true,
			Teaches: "A server may accept LF as a line end, which helps a person who types at a terminal, or refuse it.",
			Steps:   []Step{send("GET {page} HTTP/1.1\nHost: {host}\nConnection: close\n\n")},
			Want: Expectation{Pass: []Outcome{{served, end}, {status(400), either}}, Tolerated: []Outcome{{refusal, either}, {end}},
				Short: "it neither serves nor refuses the request"}},
		{ID: "http-garbage", Title: "a TLS ClientHello on a port without TLS", Section: "RFC 9112 §2.2", Level: Should,
			Teaches: "Bytes that are not HTTP get a 400, and the connection is closed; otherwise the client waits forever.",
			Steps:   []Step{frames("the start of a TLS ClientHello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")},
			Want:    refused("the client is left waiting", 400)},
		{ID: "http-empty-line-first", Title: "an empty line before the request", Section: "RFC 9112 §2.2", Level: Should, Legal: true,
			Teaches: "Some clients send an extra CRLF after a body. The next request then starts with it.",
			Steps:   []Step{send("\r\n", get())},
			Want:    exactly("it refuses clients with a known and harmless mistake", served, end).or(Outcome{refusal, end})},
		{ID: "http-obs-text", Title: "bytes 80 to FF in a field value", Section: "RFC 9110 §5.5", Level: Should, Legal: true,
			Teaches: "Field values are bytes, not UTF-8. A server ignores what it does not understand.",
			Steps:   []Step{send(get("X-Name: \xe9\xff\x80"))},
			Want:    exactly("it refuses bytes that it need not understand", served, end).or(Outcome{refusal, either})},
		{ID: "http-empty-list-elements", Title: "empty elements in a list", Section: "RFC 9110 §5.6.1.2", Level: Must, Legal: true,
			Teaches: "Programs join and cut lists, and leave extra commas. An empty element means nothing.",
			Steps:   []Step{send("GET {page} HTTP/1.1\r\nHost: {host}\r\nConnection: , ,close,\r\n\r\n")},
			Want:    exactly("it does not find close after an empty element", served, end)},
	})
}

// streamFaults is about requests in a byte stream (RFC 9112 §9).
func streamFaults() []Fault {
	return within(HTTPParsing, NeedHTTP, []Fault{
		{ID: "http-byte-by-byte", Title: "a request one byte at a time", Section: "RFC 9112 §2.2", Level: Must, Legal: true,
			Teaches: "TCP is a stream: the end of a read is not the end of a line.",
			Steps:   []Step{{Bytes: get(), Size: 1}},
			Want:    exactly("it takes the end of a read for the end of a message", served, end)},
		{ID: "http-half-close", Title: "FIN right after the request", Section: "RFC 9112 §9.6", Level: Should, Legal: true,
			Teaches: "A client that has nothing more to send still wants the answer.",
			Steps:   []Step{send(get()), {Do: HalfClose}},
			Want:    exactly("it takes the end of the client's data for the end of the client", served, end).or(Outcome{end})},
		{ID: "http-pipelined", Title: "two requests at once", Section: "RFC 9112 §9.3.2", Level: Must, Legal: true,
			Teaches: "Responses come in the order of the requests. Bytes after a request are the next request.",
			Steps:   []Step{send("GET {page} HTTP/1.1\r\nHost: {host}\r\n\r\n", get())},
			Want: exactly("it loses what came after the first request", served, served, end).or( // a server may close at any time
				Outcome{served, end})},
		{ID: "http-after-close", Title: "a request after one with Connection: close", Section: "RFC 9112 §9.6", Level: Must,
			Teaches: "close ends the sender's data: what follows it is not a request.",
			Steps:   []Step{send(get(), get())},
			Want:    exactly("it acts on bytes that are not a request", served, end)},
	})
}

// requestLineFaults is about methods and targets (RFC 9112 §3).
func requestLineFaults() []Fault {
	return within(HTTPParsing, NeedHTTP, []Fault{
		{ID: "http-method-lower-case", Title: "the method \"get\"", Section: "RFC 9110 §9.1", Level: Should,
			Teaches: "Methods are case-sensitive: a filter for GET does not match get.",
			Steps:   withLine("get {page} HTTP/1.1"),
			Want:    refusedMaybeOpen(repaired, 501, 400, 405)},
		{ID: "http-method-no-token", Title: "a method that is not a token", Section: "RFC 9112 §3.1", Level: Should,
			Teaches: "A method is a token, and a token has no brackets.",
			Steps:   withLine("G[T {page} HTTP/1.1"),
			Want:    refusedMaybeOpen(repaired, 400, 301)},
		{ID: "http-method-unknown", Title: "an unknown method", Section: "RFC 9110 §9.1", Level: Should,
			Teaches: "501 means that the server does not know the method at all, 405 that this resource does not allow it.",
			Steps:   withLine("BREW {page} HTTP/1.1"),
			Want:    refusedMaybeOpen("it treats any method as GET", 501)},
		{ID: "http-two-spaces", Title: "two spaces in the request line", Section: "RFC 9112 §3", Level: May,
			Teaches: "A parser may split at any number of spaces, but then it sees another target than a strict parser.",
			Steps:   withLine("GET  {page} HTTP/1.1"),
			Want:    refusedMaybeOpen("it neither serves nor refuses the request", 400, 301).or(Outcome{served, end})},
		{ID: "http-space-in-target", Title: "a space in the target", Section: "RFC 9112 §3.2", Level: Should,
			Teaches: "A server that repairs the target serves what a filter, which saw the original, did not check.",
			Steps:   withLine("GET {page}a b HTTP/1.1"),
			Want:    refusedMaybeOpen(repaired, 400, 301)},
		{ID: "http-target-relative", Title: "a target without the leading slash", Section: "RFC 9112 §3.2.1", Level: Should,
			Teaches: "A target has one of four forms. A relative path is none of them.",
			Steps:   withLine("GET page HTTP/1.1"),
			Want:    refusedMaybeOpen(repaired, 400, 301)},
		{ID: "http-target-asterisk", Title: "GET *", Section: "RFC 9110 §7.1", Level: Quality,
			Teaches: "The asterisk means the server as a whole, and only OPTIONS may use it. The RFC says that to clients; how a server answers is its own decision.",
			Steps:   withLine("GET * HTTP/1.1"),
			Want:    refusedMaybeOpen(repaired, 400)},
		{ID: "http-target-absolute", Title: "a whole URI as the target", Section: "RFC 9112 §3.2.2", Level: Must, Legal: true,
			Teaches: "Clients send this form to proxies, and every server must understand it too.",
			Steps:   withLine("GET http://{host}{page} HTTP/1.1"),
			Want: exactly("it does not understand one of the four forms", served, end).or( // when http is served elsewhere
				Outcome{status(421), either}, Outcome{status(301, 302, 307, 308), either})},
		{ID: "http-connect-no-port", Title: "CONNECT without a port", Section: "RFC 9110 §9.3.6", Level: Must, Method: "CONNECT",
			Teaches: "CONNECT asks for a tunnel to host:port, and there is no default port.",
			Steps:   withLine("CONNECT example.com HTTP/1.1"),
			Want:    refusedMaybeOpen("it may have opened a tunnel", 400, 405, 501).or(Outcome{httpError, either})},
		{ID: "http-head", Title: "HEAD", Section: "RFC 9110 §9.3.2", Level: Must, Method: "HEAD", Legal: true,
			Teaches: "The response to HEAD ends after its head. Content after it would be read as the next response.",
			Steps:   withLine("HEAD {page} HTTP/1.1"),
			Want:    exactly("its answer is not the head of the answer to GET", served, end).or(Outcome{status(405, 501), either})},
	})
}

// versionFaults is about versions (RFC 9112 §2.3), and about other protocols that a
// client may ask for.
func versionFaults() []Fault {
	return within(HTTPParsing, NeedHTTP, []Fault{
		{ID: "http-version-lower-case", Title: "http/1.1 in lower case", Section: "RFC 9112 §2.3", Level: Should,
			Teaches: "The name of the protocol is in upper case.",
			Steps:   withLine("GET {page} http/1.1"),
			Want:    refusedMaybeOpen(repaired, 400, 505, 301)},
		{ID: "http-version-two-digits", Title: "HTTP/1.10", Section: "RFC 9112 §2.3", Level: Should,
			Teaches: "A version is one digit, a dot and one digit, so that no program has to parse longer numbers.",
			Steps:   withLine("GET {page} HTTP/1.10"),
			Want:    refusedMaybeOpen(repaired, 400, 505, 301)},
		{ID: "http-version-missing", Title: "no version: HTTP/0.9", Section: "RFC 9112 §3", Level: Should,
			Teaches: "An answer without a head looks like any text that an attacker chose.",
			Steps:   []Step{send("GET {page}\r\n\r\n")},
			Want:    refusedMaybeOpen("it speaks a protocol in which only the end of the connection ends a message", 400, 505)},
		{ID: "http-version-2", Title: "HTTP/2.0 in a request line", Section: "RFC 9110 §6.2", Level: May,
			Teaches: "Another major version is another protocol. 505 says so.",
			Steps:   withLine("GET {page} HTTP/2.0"),
			Want:    refusedMaybeOpen("it answers in a protocol that the client did not ask for", 505)},
		{ID: "http-2-preface", Title: "the preface of HTTP/2", Section: "RFC 9110 §6.2", Level: May,
			Teaches: "The preface is designed so that an HTTP/1.1 server refuses it and reads no further.",
			Steps:   []Step{send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")},
			Want:    refused("it keeps reading a protocol that it does not speak", 505, 400)},
		{ID: "http-version-1.2", Title: "HTTP/1.2", Section: "RFC 9110 §6.2", Level: Should, Legal: true,
			Teaches: "A program that knows a lower minor version can read a higher one: that is what minor means.",
			Steps:   withLine("GET {page} HTTP/1.2"),
			Want:    exactly("it refuses a request that it could read", served, end).or(Outcome{refusal, either})},
		{ID: "http-1.0", Title: "HTTP/1.0 without Host", Section: "RFC 9112 §9.3", Level: Must, Legal: true,
			Teaches: "HTTP/1.0 has no Host and no persistent connections: the connection ends with the answer.",
			Steps:   []Step{send("GET {page} HTTP/1.0\r\n\r\n")},
			Want: Expectation{Pass: []Outcome{{served, end}, {status(421), end}}, // or 421, because no site is named
				Tolerated: []Outcome{{answered, end}, {status(400), end}}, Short: "the client waits for an end that never comes"}},
		{ID: "http-long-target", Title: "a request line of 8000 bytes", Section: "RFC 9112 §3", Level: Should, Legal: true,
			Teaches: "Every server should accept that much, so that clients can rely on it.",
			Steps:   withLine("GET {page}?" + strings.Repeat("q", 7900) + " HTTP/1.1"),
			Want:    exactly("it accepts less than clients may rely on", Answer{Kind: Answered, Except: []int{414, 431}}, either)},
		{ID: "http-upgrade-unknown", Title: "an Upgrade to an unknown protocol", Section: "RFC 9110 §7.8", Level: Must, Legal: true,
			Teaches: "A server that does not speak the protocol ignores Upgrade and answers in HTTP/1.1.",
			Steps:   []Step{send("GET {page} HTTP/1.1\r\nHost: {host}\r\nUpgrade: example/9\r\nConnection: Upgrade, close\r\n\r\n")},
			Want:    exactly("it switches to a protocol that it does not speak, or refuses an offer that it may ignore", served, end).or(Outcome{answered, either})},
	})
}
