package fault

import "strings"

// What it means to accept what is no HTTP.
const (
	guess    = "it guesses what was meant; the next program on the way may guess otherwise"
	repaired = "it repairs what a filter before it may have let pass for something else"
)

// withLine sends a request that is in order but for its first line.
func withLine(requestLine string) []Step {
	return []Step{send(requestLine, "\r\nHost: {host}\r\nConnection: close\r\n\r\n")}
}

// fieldFaults is about field lines, Host above all (RFC 9112 §3.2, §5).
func fieldFaults() []Fault {
	return within(HTTPParsing, NeedHTTP, []Fault{
		{ID: "http-no-host", Title: "HTTP/1.1 without Host", Section: "RFC 9112 §3.2", Level: Must,
			Teaches: "One address serves many sites, so a request has to say whose page it wants.",
			Steps:   []Step{send("GET {page} HTTP/1.1\r\nConnection: close\r\n\r\n")},
			Want:    refusedMaybeOpen("it answers for a site that nobody named", 400)},
		{ID: "http-two-hosts", Title: "two Host lines", Section: "RFC 9112 §3.2", Level: Must,
			Teaches: "If a cache takes the first and the server the second, one site's page is kept under another's name.",
			Steps:   []Step{send(get("Host: other.example"))},
			Want:    refusedMaybeOpen(guess, 400)},
		{ID: "http-host-invalid", Title: "a Host that is no host", Section: "RFC 9112 §3.2", Level: Must,
			Teaches: "What stands in Host ends up in links and redirects, so it must be host[:port] and nothing else.",
			Steps:   []Step{send("GET {page} HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n")},
			Want:    refusedMaybeOpen("a stranger chooses what the server believes its name to be", 400)},
		{ID: "http-space-before-colon", Title: "space between field name and colon", Section: "RFC 9112 §5.1", Level: Must,
			Teaches: "Some programs see the field \"Name\", some \"Name \", and a filter that sees the second lets the first pass.",
			Steps:   []Step{send(get("X-Name : value"))},
			Want:    refusedMaybeOpen(guess, 400)},
		{ID: "http-no-colon", Title: "a field line without colon", Section: "RFC 9112 §5", Level: Should,
			Teaches: "A line that is no field is no part of a request; dropping it hides what the sender meant.",
			Steps:   []Step{send(get("no colon here"))},
			Want:    refusedMaybeOpen(guess, 400)},
		{ID: "http-empty-name", Title: "a field without name", Section: "RFC 9112 §5.1", Level: Should,
			Teaches: "A field name is a token, and a token has at least one character.",
			Steps:   []Step{send(get(": value"))},
			Want:    refusedMaybeOpen(guess, 400)},
		{ID: "http-name-no-token", Title: "a field name that is no token", Section: "RFC 9112 §5.1", Level: Should,
			Teaches: "The characters of a name are limited so that nobody has to quote or escape one.",
			Steps:   []Step{send(get("X(Name): value"))},
			Want:    refusedMaybeOpen(guess, 400)},
		{ID: "http-folded-line", Title: "a field value folded onto a second line", Section: "RFC 9112 §5.2", Level: Must,
			Teaches: "Old mail headers went on in the next line after a space. In HTTP that hides fields from those who do not know.",
			Steps:   []Step{send(get("X-Name: one", " two"))},
			Want: refusedMaybeOpen(guess, 400).or( // or the fold is replaced by spaces
				Outcome{served, end})},
		{ID: "http-space-before-fields", Title: "space in front of the first field line", Section: "RFC 9112 §2.2", Level: Must,
			Teaches: "Such a line is either dropped or taken for a field, and a filter and a server may differ about it.",
			Steps:   []Step{send("GET {page} HTTP/1.1\r\n X-Name: value\r\nHost: {host}\r\nConnection: close\r\n\r\n")},
			Want: refusedMaybeOpen(guess, 400).or( // or such lines are skipped
				Outcome{served, end})},
		{ID: "http-nul-in-value", Title: "NUL in a field value", Section: "RFC 9110 §5.5", Level: Must,
			Teaches: "A program in C takes NUL for the end, another does not: two values in one field.",
			Steps:   []Step{send(get("X-Name: a\x00b"))},
			Want: refusedMaybeOpen(guess, 400).or( // or NUL is replaced by SP
				Outcome{served, end})},
		{ID: "http-bare-cr", Title: "CR without LF in a field value", Section: "RFC 9112 §2.2", Level: Must,
			Teaches: "Who takes a lone CR for a line end sees one field more than who does not.",
			Steps:   []Step{send(get("X-Name: a\rX-Hidden: b"))},
			Want: refusedMaybeOpen(guess, 400).or( // or CR is replaced by SP
				Outcome{served, end})},
	})
}

// octetFaults is about octets that mean nothing, or nothing any more
// (RFC 9112 §2.2, RFC 9110 §5.5).
func octetFaults() []Fault {
	return within(HTTPParsing, NeedHTTP, []Fault{
		{ID: "http-control-in-value", Title: "a control octet in a field value", Section: "RFC 9110 §5.5", Level: May,
			Teaches: "A server may keep such octets, but logs and terminals obey them.",
			Steps:   []Step{send(get("X-Name: a\x01b"))},
			Want:    refusedMaybeOpen("it neither serves nor refuses the request", 400).or(Outcome{served, end})},
		{ID: "http-line-feed-alone", Title: "lines that end in LF alone", Section: "RFC 9112 §2.2", Level: May, Legal: true,
			Teaches: "A server may take LF for a line end, which helps a person at a terminal, or refuse it.",
			Steps:   []Step{send("GET {page} HTTP/1.1\nHost: {host}\nConnection: close\n\n")},
			Want: Expectation{Pass: []Outcome{{served, end}, {status(400), either}}, Tolerated: []Outcome{{refusal, either}, {end}},
				Short: "it neither serves nor refuses the request"}},
		{ID: "http-garbage", Title: "a TLS greeting on a port without TLS", Section: "RFC 9112 §2.2", Level: Should,
			Teaches: "Octets that are no HTTP get a 400 and the connection is closed, or the client waits for ever.",
			Steps:   []Step{frames("the start of a TLS ClientHello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")},
			Want:    refused("the client is left waiting", 400)},
		{ID: "http-empty-line-first", Title: "an empty line in front of the request", Section: "RFC 9112 §2.2", Level: Should, Legal: true,
			Teaches: "Some clients end a body with a CRLF too many, which then stands before the next request.",
			Steps:   []Step{send("\r\n", get())},
			Want:    exactly("it refuses clients that are sloppy in a known and harmless way", served, end).or(Outcome{refusal, end})},
		{ID: "http-obs-text", Title: "octets 80 to FF in a field value", Section: "RFC 9110 §5.5", Level: Should, Legal: true,
			Teaches: "Field values are octets, not UTF-8: what a server does not understand it passes over.",
			Steps:   []Step{send(get("X-Name: \xe9\xff\x80"))},
			Want:    exactly("it refuses what it need not understand", served, end).or(Outcome{refusal, either})},
		{ID: "http-empty-list-elements", Title: "empty elements in a list", Section: "RFC 9110 §5.6.1.2", Level: Must, Legal: true,
			Teaches: "Fields are joined and cut by programs, which leaves commas behind: they mean nothing.",
			Steps:   []Step{send("GET {page} HTTP/1.1\r\nHost: {host}\r\nConnection: , ,close,\r\n\r\n")},
			Want:    exactly("it does not see close behind an empty element", served, end)},
	})
}

// streamFaults is about requests in a stream of octets (RFC 9112 §9).
func streamFaults() []Fault {
	return within(HTTPParsing, NeedHTTP, []Fault{
		{ID: "http-octet-by-octet", Title: "a request one octet at a time", Section: "RFC 9112 §2.2", Level: Must, Legal: true,
			Teaches: "TCP is a stream: where one read ends says nothing about where a line does.",
			Steps:   []Step{{Octets: get(), Size: 1}},
			Want:    exactly("it takes the border of a read for the border of a message", served, end)},
		{ID: "http-half-close", Title: "FIN right behind the request", Section: "RFC 9112 §9.6", Level: Should, Legal: true,
			Teaches: "A client that has said all it has to say still wants the answer.",
			Steps:   []Step{send(get()), {Do: HalfClose}},
			Want:    exactly("it takes the end of the requests for the end of the client", served, end).or(Outcome{end})},
		{ID: "http-pipelined", Title: "two requests at once", Section: "RFC 9112 §9.3.2", Level: Must, Legal: true,
			Teaches: "Responses come in the order of the requests, and octets behind a request are the next one.",
			Steps:   []Step{send("GET {page} HTTP/1.1\r\nHost: {host}\r\n\r\n", get())},
			Want: exactly("it loses what came behind the first request", served, served, end).or( // a server may close when it likes
				Outcome{served, end})},
		{ID: "http-after-close", Title: "a request behind one that says close", Section: "RFC 9112 §9.6", Level: Must,
			Teaches: "close is the sender's last word: what follows it was not meant as a request.",
			Steps:   []Step{send(get(), get())},
			Want:    exactly("it acts on octets that are no request", served, end)},
	})
}

// requestLineFaults is about methods and targets (RFC 9112 §3).
func requestLineFaults() []Fault {
	return within(HTTPParsing, NeedHTTP, []Fault{
		{ID: "http-method-lower-case", Title: "the method \"get\"", Section: "RFC 9110 §9.1", Level: Should,
			Teaches: "Methods are compared with letter case: a rule for GET does not see get.",
			Steps:   withLine("get {page} HTTP/1.1"),
			Want:    refusedMaybeOpen(repaired, 501, 400, 405)},
		{ID: "http-method-no-token", Title: "a method that is no token", Section: "RFC 9112 §3.1", Level: Should,
			Teaches: "A method is a token; brackets are not in it.",
			Steps:   withLine("G[T {page} HTTP/1.1"),
			Want:    refusedMaybeOpen(repaired, 400, 301)},
		{ID: "http-method-unknown", Title: "a method nobody knows", Section: "RFC 9110 §9.1", Level: Should,
			Teaches: "501 says that the server knows no such method, 405 that this resource does not have it.",
			Steps:   withLine("BREW {page} HTTP/1.1"),
			Want:    refusedMaybeOpen("it treats any word as if it were GET", 501)},
		{ID: "http-two-spaces", Title: "two spaces in the request line", Section: "RFC 9112 §3", Level: May,
			Teaches: "A parser may split at any run of spaces, but then it and a strict one see different targets.",
			Steps:   withLine("GET  {page} HTTP/1.1"),
			Want:    refusedMaybeOpen("it neither serves nor refuses the request", 400, 301).or(Outcome{served, end})},
		{ID: "http-space-in-target", Title: "a space in the target", Section: "RFC 9112 §3.2", Level: Should,
			Teaches: "To repair such a target is to let it pass a filter that looked at the unrepaired one.",
			Steps:   withLine("GET {page}a b HTTP/1.1"),
			Want:    refusedMaybeOpen(repaired, 400, 301)},
		{ID: "http-target-relative", Title: "a target without the slash", Section: "RFC 9112 §3.2.1", Level: Should,
			Teaches: "A target has one of four forms, and a relative path is none of them.",
			Steps:   withLine("GET page HTTP/1.1"),
			Want:    refusedMaybeOpen(repaired, 400, 301)},
		{ID: "http-target-asterisk", Title: "GET *", Section: "RFC 9110 §7.1", Level: Quality,
			Teaches: "The asterisk stands for the server as a whole and is for OPTIONS alone. The RFC says so to clients; what becomes of it is the server's affair.",
			Steps:   withLine("GET * HTTP/1.1"),
			Want:    refusedMaybeOpen(repaired, 400)},
		{ID: "http-target-absolute", Title: "a whole URI as the target", Section: "RFC 9112 §3.2.2", Level: Must, Legal: true,
			Teaches: "That is how proxies are asked, and every server has to understand it, too.",
			Steps:   withLine("GET http://{host}{page} HTTP/1.1"),
			Want: exactly("it does not understand one of the four forms", served, end).or( // where http is elsewhere
				Outcome{status(421), either}, Outcome{status(301, 302, 307, 308), either})},
		{ID: "http-connect-no-port", Title: "CONNECT without a port", Section: "RFC 9110 §9.3.6", Level: Must, Method: "CONNECT",
			Teaches: "CONNECT asks for a tunnel to host:port, and there is no port to assume.",
			Steps:   withLine("CONNECT example.com HTTP/1.1"),
			Want:    refusedMaybeOpen("it may have become a tunnel", 400, 405, 501).or(Outcome{httpError, either})},
		{ID: "http-head", Title: "HEAD", Section: "RFC 9110 §9.3.2", Level: Must, Method: "HEAD", Legal: true,
			Teaches: "The response to HEAD ends with its head; content behind it would be taken for the next response.",
			Steps:   withLine("HEAD {page} HTTP/1.1"),
			Want:    exactly("what it sends is not what GET would have sent, less the content", served, end).or(Outcome{status(405, 501), either})},
	})
}

// versionFaults is about versions (RFC 9112 §2.3), and what else may be asked for
// in a first line.
func versionFaults() []Fault {
	return within(HTTPParsing, NeedHTTP, []Fault{
		{ID: "http-version-lower-case", Title: "http/1.1 in lower case", Section: "RFC 9112 §2.3", Level: Should,
			Teaches: "The name of the protocol is in upper case.",
			Steps:   withLine("GET {page} http/1.1"),
			Want:    refusedMaybeOpen(repaired, 400, 505, 301)},
		{ID: "http-version-two-digits", Title: "HTTP/1.10", Section: "RFC 9112 §2.3", Level: Should,
			Teaches: "A version is one digit, a dot and one digit, so that nobody has to compare numbers.",
			Steps:   withLine("GET {page} HTTP/1.10"),
			Want:    refusedMaybeOpen(repaired, 400, 505, 301)},
		{ID: "http-version-missing", Title: "no version: HTTP/0.9", Section: "RFC 9112 §3", Level: Should,
			Teaches: "An answer without a head cannot be told from an attacker's text.",
			Steps:   []Step{send("GET {page}\r\n\r\n")},
			Want:    refusedMaybeOpen("it speaks a protocol that has no end of message but the end of the connection", 400, 505)},
		{ID: "http-version-2", Title: "HTTP/2.0 in a request line", Section: "RFC 9110 §6.2", Level: May,
			Teaches: "Another major version is another protocol, and 505 says so.",
			Steps:   withLine("GET {page} HTTP/2.0"),
			Want:    refusedMaybeOpen("it answers in a protocol that was not asked for", 505)},
		{ID: "http-2-preface", Title: "the greeting of HTTP/2", Section: "RFC 9110 §6.2", Level: May,
			Teaches: "It is made so that a server of HTTP/1.1 refuses it and reads no further.",
			Steps:   []Step{send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")},
			Want:    refused("it reads on in a protocol that it does not speak", 505, 400)},
		{ID: "http-version-1.2", Title: "HTTP/1.2", Section: "RFC 9110 §6.2", Level: Should, Legal: true,
			Teaches: "A higher minor version can be read by who knows a lower one: that is what minor means.",
			Steps:   withLine("GET {page} HTTP/1.2"),
			Want:    exactly("it refuses a request that it could read", served, end).or(Outcome{refusal, either})},
		{ID: "http-1.0", Title: "HTTP/1.0 without Host", Section: "RFC 9112 §9.3", Level: Must, Legal: true,
			Teaches: "HTTP/1.0 has no Host and no persistence: the connection ends with the answer.",
			Steps:   []Step{send("GET {page} HTTP/1.0\r\n\r\n")},
			Want: Expectation{Pass: []Outcome{{served, end}, {status(421), end}}, // or it is told that no site is meant
				Tolerated: []Outcome{{answered, end}, {status(400), end}}, Short: "the client waits for an end that does not come"}},
		{ID: "http-long-target", Title: "a request line of 8000 octets", Section: "RFC 9112 §3", Level: Should, Legal: true,
			Teaches: "Every server ought to take that much, so that others can count on it.",
			Steps:   withLine("GET {page}?" + strings.Repeat("q", 7900) + " HTTP/1.1"),
			Want:    exactly("it takes less than others may count on", Answer{Kind: Answered, Except: []int{414, 431}}, either)},
		{ID: "http-upgrade-unknown", Title: "an Upgrade to something else", Section: "RFC 9110 §7.8", Level: Must, Legal: true,
			Teaches: "A server that does not speak the protocol goes on in HTTP/1.1 as if nothing had been said.",
			Steps:   []Step{send("GET {page} HTTP/1.1\r\nHost: {host}\r\nUpgrade: example/9\r\nConnection: Upgrade, close\r\n\r\n")},
			Want:    exactly("it switches to what it does not speak, or refuses what is an offer", served, end).or(Outcome{answered, either})},
	})
}
