package fault

import (
	"strings"

	"barewire/internal/deflate"
	"barewire/wsframe"
)

// httpResources is about what costs a server more than its client. Each fault is
// shown in small: whether there is a limit, and not what happens without one. A
// server whose limit is higher than what is sent here breaks no rule.
func httpResources() []Fault {
	const endless = "it keeps all that comes, and a client that never ends takes all its memory"
	limited := func(statuses ...int) Expectation {
		return refused(endless, statuses...).or(Outcome{served, end}, Outcome{answered, end})
	}
	return within(Resources, NeedHTTP, []Fault{
		{ID: "resource-field", Title: "a field of 64 KiB", Section: "RFC 9110 §5.4", Level: Must,
			Teaches: "A head is kept whole. 431 says that it was too large (RFC 6585 §5).",
			Steps:   []Step{send(get("X-Name: " + strings.Repeat("x", 64<<10)))}, Want: limited(431)},
		{ID: "resource-fields", Title: "a thousand fields", Section: "RFC 9110 §5.4", Level: Must,
			Teaches: "Small fields add up: each costs more in memory than on the wire.",
			Steps:   []Step{send(get(strings.Split(strings.Repeat("a: b\n", 1000), "\n")[:1000]...))}, Want: limited(431)},
		{ID: "resource-line-endless", Title: "64 KiB of a line without end", Section: "RFC 9110 §5.4", Level: Must,
			Teaches: "Who waits for the end of the line before it counts waits, and counts, for ever.",
			Steps:   []Step{send("GET {page} HTTP/1.1\r\nHost: {host}\r\nX-Name: " + strings.Repeat("x", 64<<10))},
			Want:    limited(431).or(Outcome{quiet})},
		{ID: "resource-target", Title: "a target of 64 KiB", Section: "RFC 9112 §3", Level: Must,
			Teaches: "414, for who got a link from a program that ran wild.",
			Steps:   []Step{send("GET {page}?" + strings.Repeat("q", 64<<10) + " HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")},
			Want:    limited(414, 431)},
		{ID: "resource-method", Title: "a method of 1000 characters", Section: "RFC 9112 §3", Level: Should,
			Teaches: "It is longer than any that is known, so nobody needs to keep it.",
			Steps:   []Step{send(strings.Repeat("M", 1000) + " {page} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")},
			Want:    refused("it serves a method that it cannot know", 501)},
		{ID: "resource-length", Title: "a body of 1 TB, announced", Section: "RFC 9110 §15.5.14", Level: May,
			Teaches: "What is too large can be refused for what it says, before it comes.",
			Steps:   []Step{send(post("", "Content-Length: 1000000000000"))},
			Want:    refused("it answers as if the body were there", 413).or(Outcome{answered, either}, Outcome{quiet})},
		{ID: "resource-chunk-size", Title: "a chunk size of 64 KiB of zeros", Section: "RFC 9110 §17.5", Level: Should,
			Teaches: "A number has a length, too: zeros in front are legal, and have no end by themselves.",
			Steps:   []Step{send("GET {page} HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n" + strings.Repeat("0", 64<<10))},
			Want:    refused(endless, 400, 413, 431).or(Outcome{answered, either}, Outcome{quiet})},
		{ID: "resource-chunk-extension", Title: "a chunk extension of 32 KiB", Section: "RFC 9112 §7.1.1", Level: Should,
			Teaches: "Extensions are no content, so a limit on content does not see them: a gigabyte of them, a kilobyte of body.",
			Steps: []Step{send("GET {page} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5;a=" +
				strings.Repeat("x", 32<<10) + "\r\nhello\r\n0\r\n\r\n")},
			Want: limited(400, 413, 431)},
		{ID: "resource-trailer", Title: "a trailer of 64 KiB", Section: "RFC 9112 §7.1.2", Level: Must,
			Teaches: "What limits a header has to limit a trailer.",
			Steps: []Step{send("GET {page} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Name: " +
				strings.Repeat("x", 64<<10) + "\r\n\r\n")},
			Want: limited(431, 400)},
	})
}

// tooBig is a message beyond any limit.
func tooBig(short string) Expectation { return failed(short, 1009) }

// bombSize is what the bomb inflates to, in octets: beyond a usual limit of 1 MiB,
// and 3 KB on the wire.
const bombSize = 3 << 20

// frameResources is the same about frames and messages (RFC 6455 §10.4).
func frameResources() []Fault {
	return within(Resources, NeedWebSocket, []Fault{
		{ID: "resource-frame", Title: "a frame of 2^62 octets, announced", Section: "RFC 6455 §10.4", Level: Quality,
			Teaches: "The header is 14 octets. A server that makes room for what it announces falls over at once.",
			Steps: []Step{open(), frames("a header for 2^62 octets, and one octet",
				"\x82\xff\x40\x00\x00\x00\x00\x00\x00\x00", masked("x"))},
			Want: tooBig("it waits for 4 exbioctets")},
		{ID: "resource-frame-gigabyte", Title: "a frame of 1 GiB, announced", Section: "RFC 6455 §10.4", Level: Quality,
			Teaches: "A message has a limit, whatever it is, and a header that exceeds it is refused before its payload.",
			Steps: []Step{open(), frames("a header for 2^30 octets, and one octet",
				"\x82\xff\x00\x00\x00\x00\x40\x00\x00\x00", masked("x"))},
			Want: tooBig("it waits for more than anybody should send in one message")},
		{ID: "resource-message-sum", Title: "fragments that add up to more than 1 GiB", Section: "RFC 6455 §10.4", Level: Quality,
			Teaches: "The limit is on the message: fragments are added up, by their headers.",
			Steps: []Step{open(), frames("1000 octets without FIN, then a header for 2^30",
				frame(more, wsframe.Binary, strings.Repeat("x", 1000)), "\x80\xff\x00\x00\x00\x00\x40\x00\x00\x00", masked("x"))},
			Want: tooBig("each fragment is within the limit, and their sum is not")},
		{ID: "resource-pings", Title: "fifty Pings at once", Section: "RFC 6455 §5.5.3", Level: Should, Legal: true,
			Teaches: "Each is answered, or the latest alone; none may cost more than its Pong.",
			Steps:   []Step{open(), frames("ping, 50 times", strings.Repeat(frame(fin, wsframe.Ping, ""), 50)), goodbye()},
			Want:    alive("it answers neither all nor the latest", manyPongs(50)...).or(fewerPongs(50)...)},
		{ID: "resource-fragments", Title: "a thousand empty fragments", Section: "RFC 6455 §5.4", Level: Quality, Legal: true, Needs: NeedEcho,
			Teaches: "They are legal. Who keeps a record of each spends memory on nothing.",
			Steps: []Step{open(), frames("text in 1001 frames", frame(more, wsframe.Text, "x"),
				strings.Repeat(frame(more, wsframe.Continuation, ""), 999), frame(fin, wsframe.Continuation, "")), goodbye()},
			Want: alive("it has a limit that is hit by accident", textBack("x")).or(Outcome{anyClose, end})},
	})
}

// bombFaults is about messages that grow when they are inflated.
func bombFaults() []Fault {
	bomb := deflate.NewCompressor(deflate.MaxWindowBits, false).AppendMessage(nil, make([]byte, bombSize))
	return within(Resources, NeedDeflate|NeedEcho, []Fault{
		{ID: "resource-bomb", Title: "3 MiB of zeros, compressed to 3 KB", Section: "RFC 6455 §10.4", Level: Should,
			Teaches: "DEFLATE makes a thousand of one. The limit has to hold while a message is inflated, not afterwards.",
			Steps:   []Step{openDeflate(), frames("RSV1 binary: 3 MiB of zeros", frame(fin|rsv1, wsframe.Binary, string(bomb)))},
			Want:    tooBig("its limit counts the compressed octets").or(Outcome{anyMessage, quiet})},
	})
}

// fewerPongs is what a server may answer to n Pings that it did not read one by
// one: each Pong is for the latest that it has read.
func fewerPongs(n int) []Outcome {
	var outcomes []Outcome
	for fewer := 1; fewer < n; fewer++ {
		outcomes = append(outcomes, append(manyPongs(fewer), closed, end))
	}
	return outcomes
}

// manyPongs is n empty Pongs.
func manyPongs(n int) []Answer {
	pongs := make([]Answer, n)
	for i := range pongs {
		pongs[i] = pong("")
	}
	return pongs
}
