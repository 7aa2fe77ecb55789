package fault

import "barewire/wsframe"

// requestFaults is about the request of the opening handshake (RFC 6455 §4.2.1): a
// valid request with one change. The server must not answer 101.
func requestFaults() []Fault {
	return within(Handshake, NeedWebSocket, []Fault{
		{ID: "handshake-post", Title: "POST", Section: "RFC 6455 §4.2.1", Level: Must,
			Teaches: "A handshake is a GET. Forms on other sites' pages can send POST.",
			Steps: []Step{send("POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n",
				fieldLines([]string{lineUpgrade, lineConnection, lineKey, lineVersion}), "\r\n")},
			Want: noUpgrade(careless)},
		{ID: "handshake-http-1.0", Title: "HTTP/1.0", Section: "RFC 6455 §4.2.1", Level: Must,
			Teaches: "HTTP/1.0 has no Upgrade: a proxy that speaks it would not pass frames.",
			Steps: []Step{send("GET {path} HTTP/1.0\r\nHost: {host}\r\n",
				fieldLines([]string{lineUpgrade, lineConnection, lineKey, lineVersion}), "\r\n")},
			Want: exactly(careless, response, either).or(Outcome{end})},
		{ID: "handshake-no-host", Title: "no Host", Section: "RFC 6455 §4.2.1", Level: Must,
			Teaches: "Without Host the server cannot check that a page of its own site is asking.",
			Steps: []Step{send("GET {path} HTTP/1.1\r\n",
				fieldLines([]string{lineUpgrade, lineConnection, lineKey, lineVersion}), "\r\n")},
			Want: refusedHandshake(careless, 400)},
		{ID: "handshake-no-connection", Title: "no Connection: Upgrade", Section: "RFC 6455 §4.2.1", Level: Must,
			Teaches: "Upgrade is for one hop. Without Connection, it may have been forwarded by a proxy that does not know it.",
			Steps:   []Step{send(opening(lineUpgrade, lineKey, lineVersion))},
			Want:    noUpgrade(careless)},
		{ID: "handshake-no-upgrade", Title: "no Upgrade", Section: "RFC 6455 §4.2.1", Level: Must,
			Teaches: "A server switches only to a protocol that the client has named.",
			Steps:   []Step{send(opening(lineConnection, lineKey, lineVersion))},
			Want:    exactly(careless, response, either).or(Outcome{end}, Outcome{quiet})},
		{ID: "handshake-no-key", Title: "no Sec-WebSocket-Key", Section: "RFC 6455 §4.2.1", Level: Must,
			Teaches: "A script on a page cannot set fields that begin with Sec-. The key proves that a WebSocket client is asking.",
			Steps:   []Step{send(opening(lineUpgrade, lineConnection, lineVersion))},
			Want:    refusedHandshake(careless, 400)},
		{ID: "handshake-key-short", Title: "a key of 15 bytes", Section: "RFC 6455 §4.2.1", Level: Quality,
			Teaches: "The key is 16 bytes in base64, 24 characters. A server need not decode it (§4.2.2), but a client that sends another length did not mean WebSocket.",
			Steps:   []Step{send(opening(lineUpgrade, lineConnection, "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAA", lineVersion))},
			Want:    refusedHandshake(careless, 400)},
		{ID: "handshake-key-not-base64", Title: "a key that is not base64", Section: "RFC 6455 §4.2.1", Level: Quality,
			Teaches: "A client that sends dots and stars does not know what a key is. A server need not decode it (§4.2.2), and then cannot notice.",
			Steps:   []Step{send(opening(lineUpgrade, lineConnection, "Sec-WebSocket-Key: dGhlI*NhbXBsZS.ub25jZQ==", lineVersion))},
			Want:    refusedHandshake(careless, 400)},
		{ID: "handshake-two-keys", Title: "two keys", Section: "RFC 6455 §11.3.1", Level: Must,
			Teaches: "The answer proves that the server read this key. With two keys it proves nothing.",
			Steps:   []Step{send(opening(lineUpgrade, lineConnection, lineKey, lineKey, lineVersion))},
			Want:    refusedHandshake(careless, 400)},
	})
}

// policyFaults is about versions, a body, origins and lists.
func policyFaults() []Fault {
	return within(Handshake, NeedWebSocket, []Fault{
		{ID: "handshake-no-version", Title: "no Sec-WebSocket-Version", Section: "RFC 6455 §4.2.2", Level: Must,
			Teaches: "A handshake without a version is a draft from before 2011, with other frames.",
			Steps:   []Step{send(opening(lineUpgrade, lineConnection, lineKey))},
			Want:    refusedHandshake(careless, 426, 400)},
		{ID: "handshake-version-99", Title: "version 99", Section: "RFC 6455 §4.2.2", Level: Must,
			Teaches: "The answer lists the versions that the server speaks, so that the client can try again.",
			Steps:   []Step{send(opening(lineUpgrade, lineConnection, lineKey, "Sec-WebSocket-Version: 99"))},
			Want:    refusedHandshake(careless, 426, 400)},
		{ID: "handshake-version-list", Title: "version \"13, 8\"", Section: "RFC 6455 §4.3", Level: Must,
			Teaches: "A client asks for one version. Only a server answers with a list.",
			Steps:   []Step{send(opening(lineUpgrade, lineConnection, lineKey, "Sec-WebSocket-Version: 13, 8"))},
			Want:    refusedHandshake(careless, 400, 426)},
		{ID: "handshake-version-zero", Title: "version 013", Section: "RFC 6455 §4.3", Level: Must,
			Teaches: "A version is a decimal number without leading zeros. Some parsers would read this one as octal.",
			Steps:   []Step{send(opening(lineUpgrade, lineConnection, lineKey, "Sec-WebSocket-Version: 013"))},
			Want:    refusedHandshake(careless, 400, 426)},
		{ID: "handshake-two-versions", Title: "two version lines", Section: "RFC 6455 §11.3.5", Level: Must,
			Teaches: "A request has this field only once.",
			Steps:   []Step{send(opening(lineUpgrade, lineConnection, lineKey, lineVersion, lineVersion))},
			Want:    refusedHandshake(careless, 400, 426)},
		{ID: "handshake-body", Title: "a handshake with a body", Section: "RFC 9110 §7.8", Level: Must,
			Teaches: "A body must never be read as frames: an attacker who can choose the body would write the frames.",
			Steps: []Step{frames("the handshake with Content-Length: 10, and a Ping as its body",
				opening("Content-Length: 10", lineUpgrade, lineConnection, lineKey, lineVersion), frame(fin, wsframe.Ping, "body")),
				{Do: AwaitUpgrade}, goodbye()},
			Want: refusedHandshake("it reads a body as frames", 400).or( // or it reads the body, then the frames
				Outcome{upgraded, closed, end})},
		{ID: "handshake-origin", Title: "a page of another site", Section: "RFC 6455 §10.2", Level: Quality,
			Teaches: "A browser lets any page open a WebSocket to any server, with that server's cookies. Only the server can refuse, unless it is meant for every page.",
			Steps:   []Step{send(opening("Origin: http://evil.example", lineUpgrade, lineConnection, lineKey, lineVersion))},
			Want:    refusedHandshake("any page on the web can use it in the name of the page's visitors", 403)},
		{ID: "handshake-extensions-malformed", Title: "Sec-WebSocket-Extensions: ;;=", Section: "RFC 6455 §9.1", Level: Must,
			Teaches: "A malformed field is not an offer that the server could decline.",
			Steps:   []Step{send(offering(";;="))},
			Want:    refusedHandshake("it accepts a handshake that it cannot understand", 400)},
		{ID: "handshake-subprotocol-malformed", Title: "Sec-WebSocket-Protocol: a b", Section: "RFC 6455 §4.3", Level: Must,
			Teaches: "A subprotocol is a token, and a token has no spaces.",
			Steps:   []Step{send(opening(lineUpgrade, lineConnection, lineKey, lineVersion, "Sec-WebSocket-Protocol: a b"))},
			Want:    refusedHandshake("it accepts a handshake that it cannot understand", 400)},
	})
}

// validHandshakeFaults is about handshakes that look odd but are valid.
func validHandshakeFaults() []Fault {
	return within(Handshake, NeedWebSocket, []Fault{
		{ID: "handshake-letter-case", Title: "unusual letter case", Section: "RFC 6455 §4.2.1", Level: Must, Legal: true,
			Teaches: "Field names and the words websocket and upgrade are compared without regard to case.",
			Steps:   validHandshake("upgrade: WebSocket", "CONNECTION: UPGRADE", "sec-websocket-key: "+sampleKey, "Sec-Websocket-Version: 13"),
			Want:    openedAfter("it refuses a valid handshake")},
		{ID: "handshake-connection-list", Title: "Connection: keep-alive, Upgrade", Section: "RFC 6455 §4.2.1", Level: Must, Legal: true,
			Teaches: "Firefox sends this list.",
			Steps:   validHandshake(lineUpgrade, "Connection: keep-alive, Upgrade", lineKey, lineVersion),
			Want:    openedAfter("Firefox cannot connect")},
		{ID: "handshake-upgrade-list", Title: "Upgrade: example/9, websocket", Section: "RFC 9110 §7.8", Level: Should, Legal: true,
			Teaches: "Upgrade is a list, and the server chooses from it.",
			Steps:   validHandshake("Upgrade: example/9, websocket", lineConnection, lineKey, lineVersion),
			Want:    openedAfter("it does not find websocket in a list").or(Outcome{response, either})},
		{ID: "handshake-unknown-extension", Title: "an unknown extension", Section: "RFC 6455 §9.1", Level: Must, Legal: true,
			Teaches: "An extension is only offered: a server leaves those that it does not know out of its answer.",
			Steps:   []Step{send(offering("x-unknown; level=9")), {Do: AwaitUpgrade}, goodbye()},
			Want:    alive("it refuses the handshake because of an offer that it may decline", declined)},
		{ID: "handshake-byte-by-byte", Title: "a handshake one byte at a time", Section: "RFC 6455 §4.2.1", Level: Must, Legal: true,
			Teaches: "The head ends with an empty line, not with a read.",
			Steps: []Step{{Size: 1, Bytes: opening(lineUpgrade, lineConnection, lineKey, lineVersion)},
				{Do: AwaitUpgrade}, goodbye()},
			Want: openedAfter("it takes the end of a read for the end of a message")},
		{ID: "handshake-frame-early", Title: "a frame right after the request", Section: "RFC 6455 §4.1", Level: Quality, Needs: NeedEcho, Legal: true,
			Teaches: "A client should wait for the 101. A server that reads ahead must still not lose bytes that came early.",
			Steps: []Step{frames("the handshake, text \"Hello\"", opening(lineUpgrade, lineConnection, lineKey, lineVersion),
				text("Hello")), goodbye()},
			Want: alive("it loses bytes that it read ahead", upgraded, textBack("Hello"))},
	})
}

// negotiationFaults is about offers of permessage-deflate (RFC 7692 §5, §7.1). A
// server declines an offer that it cannot accept: its 101 leaves the extension out.
func negotiationFaults() []Fault {
	offer := func(extensions string) []Step {
		return []Step{send(offering(extensions)), {Do: AwaitUpgrade}, goodbye()}
	}
	// A server that refuses the whole handshake does more than it must, but agrees to nothing.
	declines := exactly("it agrees to an offer that it does not understand", declined, closed, end).or(Outcome{httpError, either})
	accepts := func(short string, answer Answer) Expectation {
		return exactly(short, answer, closed, end).or(Outcome{declined, closed, end})
	}
	return within(Compression, NeedDeflate, []Fault{
		{ID: "offer-parameter-unknown", Title: "an offer with bogus=1", Section: "RFC 7692 §7", Level: Must,
			Teaches: "An unknown parameter means something to the other side: the two would disagree.",
			Steps:   offer("permessage-deflate; bogus=1"), Want: declines},
		{ID: "offer-parameter-twice", Title: "an offer with a repeated parameter", Section: "RFC 7692 §7", Level: Must,
			Teaches: "The two sizes contradict each other, and neither of them counts more.",
			Steps:   offer("permessage-deflate; server_max_window_bits=10; server_max_window_bits=12"), Want: declines},
		{ID: "offer-bits-16", Title: "server_max_window_bits=16", Section: "RFC 7692 §7.1.2.1", Level: Must,
			Teaches: "DEFLATE has windows of 2^8 to 2^15 bytes.",
			Steps:   offer("permessage-deflate; server_max_window_bits=16"), Want: declines},
		{ID: "offer-bits-7", Title: "server_max_window_bits=7", Section: "RFC 7692 §7.1.2.1", Level: Must,
			Teaches: "DEFLATE has windows of 2^8 to 2^15 bytes.",
			Steps:   offer("permessage-deflate; server_max_window_bits=7"), Want: declines},
		{ID: "offer-bits-zero", Title: "server_max_window_bits=010", Section: "RFC 7692 §7.1.2.1", Level: Must,
			Teaches: "Leading zeros are not allowed: some parsers read such a number as octal.",
			Steps:   offer("permessage-deflate; server_max_window_bits=010"), Want: declines},
		{ID: "offer-bits-missing", Title: "server_max_window_bits without a value", Section: "RFC 7692 §7.1.2.1", Level: Must,
			Teaches: "An offer may leave out the value for the client's window, but not for the server's.",
			Steps:   offer("permessage-deflate; server_max_window_bits"), Want: declines},
		{ID: "offer-client-bits-99", Title: "client_max_window_bits=99", Section: "RFC 7692 §7.1.2.2", Level: Must,
			Teaches: "The value is only a hint, but an impossible one is no hint.",
			Steps:   offer("permessage-deflate; client_max_window_bits=99"), Want: declines},
		{ID: "offer-takeover-value", Title: "server_no_context_takeover=1", Section: "RFC 7692 §7.1.1.1", Level: Must,
			Teaches: "The parameter has no value. A client that gives it one means something else.",
			Steps:   offer("permessage-deflate; server_no_context_takeover=1"), Want: declines},
		{ID: "offer-second", Title: "two offers, the first invalid", Section: "RFC 7692 §5", Level: Quality, Legal: true,
			Teaches: "Several offers are alternatives: the server may accept the second when it cannot accept the first.",
			Steps:   offer("permessage-deflate; bogus=1, permessage-deflate"),
			Want:    accepts("it ignores the second offer, or agrees to the first", accepted)},
		{ID: "offer-bits-10", Title: "server_max_window_bits=10", Section: "RFC 7692 §7.1.2.1", Level: Must, Legal: true,
			Teaches: "The client has memory for a window of 1024 bytes. The server promises to stay within it, or declines.",
			Steps:   offer("permessage-deflate; server_max_window_bits=10"),
			Want: accepts("the client gets back-references that it cannot resolve", Answer{Kind: Accepted,
				Params: []string{"server_max_window_bits=10", "server_max_window_bits=9", "server_max_window_bits=8"}})},
		{ID: "offer-bits-quoted", Title: "server_max_window_bits=\"10\"", Section: "RFC 6455 §9.1", Level: Must, Legal: true,
			Teaches: "A quoted value is the same value.",
			Steps:   offer("permessage-deflate; server_max_window_bits=\"10\""),
			Want: accepts("the client gets back-references that it cannot resolve", Answer{Kind: Accepted,
				Params: []string{"server_max_window_bits=10", "server_max_window_bits=9", "server_max_window_bits=8"}})},
		{ID: "offer-no-client-bits", Title: "no client_max_window_bits", Section: "RFC 7692 §7.1.2.2", Level: Must, Legal: true,
			Teaches: "A client that does not offer the parameter cannot shrink its window, so the server must not ask for it.",
			Steps:   offer("permessage-deflate"),
			Want: accepts("it demands a parameter that the client did not offer",
				Answer{Kind: Accepted, Without: "client_max_window_bits"})},
		{ID: "offer-no-takeover", Title: "server_no_context_takeover", Section: "RFC 7692 §7.1.1.1", Level: Must, Legal: true,
			Teaches: "The client keeps no window between messages. The server promises not to need one, or declines.",
			Steps:   offer("permessage-deflate; server_no_context_takeover"),
			Want: accepts("the client gets back-references into a message that it no longer has",
				Answer{Kind: Accepted, Params: []string{"server_no_context_takeover"}})},
	})
}

// careless is what it means to upgrade a client that did not ask for it properly.
const careless = "it opens a WebSocket to a client that may not know the protocol"

// refusedHandshake expects a status. A server may also ignore Upgrade (RFC 9110
// §7.8) and answer the plain request.
func refusedHandshake(short string, statuses ...int) Expectation {
	return exactly(short, status(statuses...), either).or(Outcome{httpError, either}, Outcome{answered, either}, Outcome{end})
}

// noUpgrade expects no 101: the request is not a handshake, and the server may answer
// it as a plain request.
func noUpgrade(short string) Expectation {
	return exactly(short, httpError, either).or(Outcome{answered, either}, Outcome{end}, Outcome{quiet})
}

// validHandshake sends a handshake with these lines, and closes the connection that
// it opens.
func validHandshake(lines ...string) []Step {
	return []Step{send(opening(lines...)), {Do: AwaitUpgrade}, goodbye()}
}

// openedAfter expects the handshake to open a connection.
func openedAfter(short string) Expectation { return alive(short, upgraded) }
