package fault

import "barewire/wsframe"

// requestFaults is about the request of the opening handshake (RFC 6455 §4.2.1): a
// sound one with one thing altered. No 101 may come of it.
func requestFaults() []Fault {
	return within(Handshake, NeedWebSocket, []Fault{
		{ID: "handshake-post", Title: "POST", Section: "RFC 6455 §4.2.1", Level: Must,
			Teaches: "A handshake is a GET: other methods can be sent by forms on foreign pages.",
			Steps: []Step{send("POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n",
				fieldLines([]string{lineUpgrade, lineConnection, lineKey, lineVersion}), "\r\n")},
			Want: noUpgrade(careless)},
		{ID: "handshake-http-1.0", Title: "HTTP/1.0", Section: "RFC 6455 §4.2.1", Level: Must,
			Teaches: "HTTP/1.0 has no Upgrade: a proxy that speaks it would not let frames through.",
			Steps: []Step{send("GET {path} HTTP/1.0\r\nHost: {host}\r\n",
				fieldLines([]string{lineUpgrade, lineConnection, lineKey, lineVersion}), "\r\n")},
			Want: exactly(careless, response, either).or(Outcome{end})},
		{ID: "handshake-no-host", Title: "no Host", Section: "RFC 6455 §4.2.1", Level: Must,
			Teaches: "Without Host nobody can say whether the page that asks is the server's own.",
			Steps: []Step{send("GET {path} HTTP/1.1\r\n",
				fieldLines([]string{lineUpgrade, lineConnection, lineKey, lineVersion}), "\r\n")},
			Want: refusedHandshake(careless, 400)},
		{ID: "handshake-no-connection", Title: "no Connection: Upgrade", Section: "RFC 6455 §4.2.1", Level: Must,
			Teaches: "Upgrade is about one hop. A proxy that does not know it has passed it on from afar.",
			Steps:   []Step{send(opening(lineUpgrade, lineKey, lineVersion))},
			Want:    noUpgrade(careless)},
		{ID: "handshake-no-upgrade", Title: "no Upgrade", Section: "RFC 6455 §4.2.1", Level: Must,
			Teaches: "A server switches only to what the client has named.",
			Steps:   []Step{send(opening(lineConnection, lineKey, lineVersion))},
			Want:    exactly(careless, response, either).or(Outcome{end}, Outcome{quiet})},
		{ID: "handshake-no-key", Title: "no Sec-WebSocket-Key", Section: "RFC 6455 §4.2.1", Level: Must,
			Teaches: "Pages cannot set fields that begin with Sec-: the key tells that a WebSocket client asks, and not a script.",
			Steps:   []Step{send(opening(lineUpgrade, lineConnection, lineVersion))},
			Want:    refusedHandshake(careless, 400)},
		{ID: "handshake-key-short", Title: "a key of 15 octets", Section: "RFC 6455 §4.2.1", Level: Quality,
			Teaches: "The key is 16 octets in base64, 24 characters. A server need not decode it (§4.2.2), but who sends another did not mean WebSocket.",
			Steps:   []Step{send(opening(lineUpgrade, lineConnection, "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAA", lineVersion))},
			Want:    refusedHandshake(careless, 400)},
		{ID: "handshake-key-not-base64", Title: "a key that is no base64", Section: "RFC 6455 §4.2.1", Level: Quality,
			Teaches: "Whoever sends dots and stars has not read what a key is. A server need not decode it (§4.2.2), and then cannot tell.",
			Steps:   []Step{send(opening(lineUpgrade, lineConnection, "Sec-WebSocket-Key: dGhlI*NhbXBsZS.ub25jZQ==", lineVersion))},
			Want:    refusedHandshake(careless, 400)},
		{ID: "handshake-two-keys", Title: "two keys", Section: "RFC 6455 §11.3.1", Level: Must,
			Teaches: "The answer proves that the server read this key; with two of them it proves nothing.",
			Steps:   []Step{send(opening(lineUpgrade, lineConnection, lineKey, lineKey, lineVersion))},
			Want:    refusedHandshake(careless, 400)},
	})
}

// policyFaults is about versions, bodies, origins and lists.
func policyFaults() []Fault {
	return within(Handshake, NeedWebSocket, []Fault{
		{ID: "handshake-no-version", Title: "no Sec-WebSocket-Version", Section: "RFC 6455 §4.2.2", Level: Must,
			Teaches: "Without a version it is a draft from before 2011, with other frames.",
			Steps:   []Step{send(opening(lineUpgrade, lineConnection, lineKey))},
			Want:    refusedHandshake(careless, 426, 400)},
		{ID: "handshake-version-99", Title: "version 99", Section: "RFC 6455 §4.2.2", Level: Must,
			Teaches: "The answer says which versions the server speaks, so that the client can ask again.",
			Steps:   []Step{send(opening(lineUpgrade, lineConnection, lineKey, "Sec-WebSocket-Version: 99"))},
			Want:    refusedHandshake(careless, 426, 400)},
		{ID: "handshake-version-list", Title: "version \"13, 8\"", Section: "RFC 6455 §4.3", Level: Must,
			Teaches: "A client asks for one version; a list is what a server answers.",
			Steps:   []Step{send(opening(lineUpgrade, lineConnection, lineKey, "Sec-WebSocket-Version: 13, 8"))},
			Want:    refusedHandshake(careless, 400, 426)},
		{ID: "handshake-version-zero", Title: "version 013", Section: "RFC 6455 §4.3", Level: Must,
			Teaches: "A version is a decimal number without zeros in front; octal is a guess.",
			Steps:   []Step{send(opening(lineUpgrade, lineConnection, lineKey, "Sec-WebSocket-Version: 013"))},
			Want:    refusedHandshake(careless, 400, 426)},
		{ID: "handshake-two-versions", Title: "two version lines", Section: "RFC 6455 §11.3.5", Level: Must,
			Teaches: "The field stands once in a request.",
			Steps:   []Step{send(opening(lineUpgrade, lineConnection, lineKey, lineVersion, lineVersion))},
			Want:    refusedHandshake(careless, 400, 426)},
		{ID: "handshake-body", Title: "a body behind the handshake", Section: "RFC 9110 §7.8", Level: Must,
			Teaches: "The octets of a body must never be taken for frames: whoever can choose one would write them.",
			Steps: []Step{frames("the handshake with Content-Length: 10, and a Ping as its body",
				opening("Content-Length: 10", lineUpgrade, lineConnection, lineKey, lineVersion), frame(fin, wsframe.Ping, "body")),
				{Do: AwaitUpgrade}, goodbye()},
			Want: refusedHandshake("it takes a body for frames", 400).or( // or the body is read, and then the frames
				Outcome{upgraded, closed, end})},
		{ID: "handshake-origin", Title: "a page of another site", Section: "RFC 6455 §10.2", Level: Quality,
			Teaches: "Browsers let any page open a WebSocket anywhere, cookies included: the server alone can refuse it, unless it is meant for every page.",
			Steps:   []Step{send(opening("Origin: http://evil.example", lineUpgrade, lineConnection, lineKey, lineVersion))},
			Want:    refusedHandshake("any page on the web may use it in its visitors' name", 403)},
		{ID: "handshake-extensions-malformed", Title: "Sec-WebSocket-Extensions: ;;=", Section: "RFC 6455 §9.1", Level: Must,
			Teaches: "What does not match the grammar is no offer that could be declined.",
			Steps:   []Step{send(offering(";;="))},
			Want:    refusedHandshake("it accepts a handshake that it cannot have understood", 400)},
		{ID: "handshake-subprotocol-malformed", Title: "Sec-WebSocket-Protocol: a b", Section: "RFC 6455 §4.3", Level: Must,
			Teaches: "A subprotocol is a token: no space is in it.",
			Steps:   []Step{send(opening(lineUpgrade, lineConnection, lineKey, lineVersion, "Sec-WebSocket-Protocol: a b"))},
			Want:    refusedHandshake("it accepts a handshake that it cannot have understood", 400)},
	})
}

// soundHandshakeFaults is about handshakes that look odd, and are sound.
func soundHandshakeFaults() []Fault {
	return within(Handshake, NeedWebSocket, []Fault{
		{ID: "handshake-letter-case", Title: "other letter case", Section: "RFC 6455 §4.2.1", Level: Must, Legal: true,
			Teaches: "Field names, websocket and upgrade are compared without letter case.",
			Steps:   soundHandshake("upgrade: WebSocket", "CONNECTION: UPGRADE", "sec-websocket-key: "+sampleKey, "Sec-Websocket-Version: 13"),
			Want:    openedAfter("it refuses what is sound")},
		{ID: "handshake-connection-list", Title: "Connection: keep-alive, Upgrade", Section: "RFC 6455 §4.2.1", Level: Must, Legal: true,
			Teaches: "Firefox sends this list.",
			Steps:   soundHandshake(lineUpgrade, "Connection: keep-alive, Upgrade", lineKey, lineVersion),
			Want:    openedAfter("Firefox cannot connect")},
		{ID: "handshake-upgrade-list", Title: "Upgrade: example/9, websocket", Section: "RFC 9110 §7.8", Level: Should, Legal: true,
			Teaches: "Upgrade is a list, too; the server chooses.",
			Steps:   soundHandshake("Upgrade: example/9, websocket", lineConnection, lineKey, lineVersion),
			Want:    openedAfter("it does not see websocket in a list").or(Outcome{response, either})},
		{ID: "handshake-unknown-extension", Title: "an extension nobody knows", Section: "RFC 6455 §9.1", Level: Must, Legal: true,
			Teaches: "Offers are offers: what the server does not know it leaves out of its answer.",
			Steps:   []Step{send(offering("x-unknown; level=9")), {Do: AwaitUpgrade}, goodbye()},
			Want:    alive("it refuses an offer that it need not take", declined)},
		{ID: "handshake-octet-by-octet", Title: "a handshake one octet at a time", Section: "RFC 6455 §4.2.1", Level: Must, Legal: true,
			Teaches: "The end of the head is an empty line, not the end of a read.",
			Steps: []Step{{Size: 1, Octets: opening(lineUpgrade, lineConnection, lineKey, lineVersion)},
				{Do: AwaitUpgrade}, goodbye()},
			Want: openedAfter("it takes the border of a read for the border of a message")},
		{ID: "handshake-frame-behind", Title: "a frame right behind the request", Section: "RFC 6455 §4.1", Level: Quality, Needs: NeedEcho, Legal: true,
			Teaches: "A client waits for the 101. But what comes early has come: a server that reads ahead must not lose it.",
			Steps: []Step{frames("the handshake, text \"Hello\"", opening(lineUpgrade, lineConnection, lineKey, lineVersion),
				text("Hello")), goodbye()},
			Want: alive("octets that it read ahead are lost", upgraded, textBack("Hello"))},
	})
}

// negotiationFaults is about offers of permessage-deflate (RFC 7692 §5, §7.1). An
// offer that cannot be met is declined: the 101 comes, without the extension.
func negotiationFaults() []Fault {
	offer := func(extensions string) []Step {
		return []Step{send(offering(extensions)), {Do: AwaitUpgrade}, goodbye()}
	}
	// To refuse the whole handshake is more than asked for, but agrees to nothing.
	declines := exactly("it agrees to what it has not understood", declined, closed, end).or(Outcome{httpError, either})
	accepts := func(short string, answer Answer) Expectation {
		return exactly(short, answer, closed, end).or(Outcome{declined, closed, end})
	}
	return within(Compression, NeedDeflate, []Fault{
		{ID: "offer-parameter-unknown", Title: "an offer with bogus=1", Section: "RFC 7692 §7", Level: Must,
			Teaches: "A parameter that one side does not know means something to the other.",
			Steps:   offer("permessage-deflate; bogus=1"), Want: declines},
		{ID: "offer-parameter-twice", Title: "an offer with a parameter twice", Section: "RFC 7692 §7", Level: Must,
			Teaches: "Two values for one window: nobody knows which one counts.",
			Steps:   offer("permessage-deflate; server_max_window_bits=10; server_max_window_bits=12"), Want: declines},
		{ID: "offer-bits-16", Title: "server_max_window_bits=16", Section: "RFC 7692 §7.1.2.1", Level: Must,
			Teaches: "DEFLATE has windows of 2^8 to 2^15 octets.",
			Steps:   offer("permessage-deflate; server_max_window_bits=16"), Want: declines},
		{ID: "offer-bits-7", Title: "server_max_window_bits=7", Section: "RFC 7692 §7.1.2.1", Level: Must,
			Teaches: "DEFLATE has windows of 2^8 to 2^15 octets.",
			Steps:   offer("permessage-deflate; server_max_window_bits=7"), Want: declines},
		{ID: "offer-bits-zero", Title: "server_max_window_bits=010", Section: "RFC 7692 §7.1.2.1", Level: Must,
			Teaches: "Without zeros in front: octal is a guess.",
			Steps:   offer("permessage-deflate; server_max_window_bits=010"), Want: declines},
		{ID: "offer-bits-missing", Title: "server_max_window_bits without value", Section: "RFC 7692 §7.1.2.1", Level: Must,
			Teaches: "The client's window may be offered without a value, the server's may not.",
			Steps:   offer("permessage-deflate; server_max_window_bits"), Want: declines},
		{ID: "offer-client-bits-99", Title: "client_max_window_bits=99", Section: "RFC 7692 §7.1.2.2", Level: Must,
			Teaches: "A hint that is none is no hint.",
			Steps:   offer("permessage-deflate; client_max_window_bits=99"), Want: declines},
		{ID: "offer-takeover-value", Title: "server_no_context_takeover=1", Section: "RFC 7692 §7.1.1.1", Level: Must,
			Teaches: "The parameter stands alone; who gives it a value means another one.",
			Steps:   offer("permessage-deflate; server_no_context_takeover=1"), Want: declines},
		{ID: "offer-second", Title: "two offers, the first impossible", Section: "RFC 7692 §5", Level: Quality, Legal: true,
			Teaches: "Several offers are alternatives: what cannot be met in the first may be in the second.",
			Steps:   offer("permessage-deflate; bogus=1, permessage-deflate"),
			Want:    accepts("it does not look at the second offer, or agrees to the first", accepted)},
		{ID: "offer-bits-10", Title: "server_max_window_bits=10", Section: "RFC 7692 §7.1.2.1", Level: Must, Legal: true,
			Teaches: "The client has room for 1024 octets of window. The server says that it keeps to it, or declines.",
			Steps:   offer("permessage-deflate; server_max_window_bits=10"),
			Want: accepts("the client gets back-references that it cannot follow", Answer{Kind: Accepted,
				Params: []string{"server_max_window_bits=10", "server_max_window_bits=9", "server_max_window_bits=8"}})},
		{ID: "offer-bits-quoted", Title: "server_max_window_bits=\"10\"", Section: "RFC 6455 §9.1", Level: Must, Legal: true,
			Teaches: "A value in quotes is the same value.",
			Steps:   offer("permessage-deflate; server_max_window_bits=\"10\""),
			Want: accepts("the client gets back-references that it cannot follow", Answer{Kind: Accepted,
				Params: []string{"server_max_window_bits=10", "server_max_window_bits=9", "server_max_window_bits=8"}})},
		{ID: "offer-no-client-bits", Title: "no client_max_window_bits", Section: "RFC 7692 §7.1.2.2", Level: Must, Legal: true,
			Teaches: "A client that does not offer it cannot shrink its window, and the server must not ask for it.",
			Steps:   offer("permessage-deflate"),
			Want: accepts("it demands what the client did not offer",
				Answer{Kind: Accepted, Without: "client_max_window_bits"})},
		{ID: "offer-no-takeover", Title: "server_no_context_takeover", Section: "RFC 7692 §7.1.1.1", Level: Must, Legal: true,
			Teaches: "The client keeps no window between messages. The server says that it needs none, or declines.",
			Steps:   offer("permessage-deflate; server_no_context_takeover"),
			Want: accepts("the client gets back-references into a message that it has forgotten",
				Answer{Kind: Accepted, Params: []string{"server_no_context_takeover"}})},
	})
}

// careless is what it means to upgrade where no upgrade was asked for.
const careless = "it opens a WebSocket for who may not know what that is"

// refusedHandshake is a handshake that gets a status. A server may also ignore
// Upgrade (RFC 9110 §7.8), and answer the plain request that is left.
func refusedHandshake(short string, statuses ...int) Expectation {
	return exactly(short, status(statuses...), either).or(Outcome{httpError, either}, Outcome{answered, either}, Outcome{end})
}

// noUpgrade is what is not a handshake at all, and may be answered as the plain
// request that it is.
func noUpgrade(short string) Expectation {
	return exactly(short, httpError, either).or(Outcome{answered, either}, Outcome{end}, Outcome{quiet})
}

// soundHandshake sends a handshake of these lines, and closes what it opens.
func soundHandshake(lines ...string) []Step {
	return []Step{send(opening(lines...)), {Do: AwaitUpgrade}, goodbye()}
}

// openedAfter is a handshake that opens a connection.
func openedAfter(short string) Expectation { return alive(short, upgraded) }
