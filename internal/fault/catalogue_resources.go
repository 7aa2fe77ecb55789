package fault

import (
	"strings"

	"barewire/internal/deflate"
	"barewire/wsframe"
)

// httpResources is about requests that cost a server more than its client. Each fault
// is small: it shows whether the server has a limit, not what happens without one. A
// server with a higher limit breaks no rule.
func httpResources() []Fault {
	const endless = "it keeps everything that arrives, and a client that never stops fills its memory"
	limited := func(statuses ...int) Expectation {
		return refused(endless, statuses...).or(Outcome{served, end}, Outcome{answered, end})
	}
	return within(Resources, NeedHTTP, []Fault{
		{ID: "resource-field", Title: "a field of 64 KiB", Section: "RFC 9110 §5.4", Level: Must,
			Teaches: "A server keeps the whole head in memory. 431 means that it is too large (RFC 6585 §5).",
			Steps:   []Step{send(get("X-Name: " + strings.Repeat("x", 64<<10)))}, Want: limited(431)},
		{ID: "resource-fields", Title: "a thousand fields", Section: "RFC 9110 §5.4", Level: Must,
			Teaches: "Small fields add up: each takes more space in memory than on the wire.",
			Steps:   []Step{send(get(strings.Split(strings.Repeat("a: b\n", 1000), "\n")[:1000]...))}, Want: limited(431)},
		{ID: "resource-line-endless", Title: "64 KiB of an endless line", Section: "RFC 9110 §5.4", Level: Must,
			Teaches: "A server that applies its limit only at the end of a line reads forever.",
			Steps:   []Step{send("GET {page} HTTP/1.1\r\nHost: {host}\r\nX-Name: " + strings.Repeat("x", 64<<10))},
			Want:    limited(431).or(Outcome{quiet})},
		{ID: "resource-target", Title: "a target of 64 KiB", Section: "RFC 9112 §3", Level: Must,
			Teaches: "414 tells the client that its link is too long.",
			Steps:   []Step{send("GET {page}?" + strings.Repeat("q", 64<<10) + " HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")},
			Want:    limited(414, 431)},
		{ID: "resource-method", Title: "a method of 1000 characters", Section: "RFC 9112 §3", Level: Should,
			Teaches: "It is longer than any known method, so no server needs to keep it.",
			Steps:   []Step{send(strings.Repeat("M", 1000) + " {page} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")},
			Want:    refused("it serves a method that it cannot know", 501)},
		{ID: "resource-length", Title: "an announced body of 1 TB", Section: "RFC 9110 §15.5.14", Level: May,
			Teaches: "A server can refuse a body because of its announced length, before it arrives.",
			Steps:   []Step{send(post("", "Content-Length: 1000000000000"))},
			Want:    refused("it answers as if the body had arrived", 413).or(Outcome{answered, either}, Outcome{quiet})},
		{ID: "resource-chunk-size", Title: "a chunk size of 64 KiB of zeros", Section: "RFC 9110 §17.5", Level: Should,
			Teaches: "The size itself may be long: leading zeros are legal, and the grammar does not limit them.",
			Steps:   []Step{send("GET {page} HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n" + strings.Repeat("0", 64<<10))},
			Want:    refused(endless, 400, 413, 431).or(Outcome{answered, either}, Outcome{quiet})},
		{ID: "resource-chunk-extension", Title: "a chunk extension of 32 KiB", Section: "RFC 9112 §7.1.1", Level: Should,
			Teaches: "Extensions are not content, so a limit on content does not count them: a gigabyte of extensions may carry a kilobyte of body.",
			Steps: []Step{send("GET {page} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5;a=" +
				strings.Repeat("x", 32<<10) + "\r\nhello\r\n0\r\n\r\n")},
			Want: limited(400, 413, 431)},
		{ID: "resource-trailer", Title: "a trailer of 64 KiB", Section: "RFC 9112 §7.1.2", Level: Must,
			Teaches: "A trailer needs the same limits as a head.",
			Steps: []Step{send("GET {page} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Name: " +
				strings.Repeat("x", 64<<10) + "\r\n\r\n")},
			Want: limited(431, 400)},
	})
}

// tooBig expects the close code for a message that exceeds the limit.
func tooBig(short string) Expectation { return failed(short, 1009) }

// bombSize is the inflated size of the bomb in bytes, more than the usual limit of
// 1 MiB. It takes 3 KB on the wire.
const bombSize = 3 << 20

// frameResources is about frames and messages that cost a server more than its client
// (RFC 6455 §10.4).
func frameResources() []Fault {
	return within(Resources, NeedWebSocket, []Fault{
		{ID: "resource-frame", Title: "an announced frame of 2^62 bytes", Section: "RFC 6455 §10.4", Level: Quality,
			Teaches: "The header takes 14 bytes. A server that allocates the announced length fails at once.",
			Steps: []Step{open(), frames("a header for 2^62 bytes, and one byte",
				"\x82\xff\x40\x00\x00\x00\x00\x00\x00\x00", masked("x"))},
			Want: tooBig("it waits for 4 exbibytes")},
		{ID: "resource-frame-gigabyte", Title: "an announced frame of 1 GiB", Section: "RFC 6455 §10.4", Level: Quality,
			Teaches: "Every server needs a limit for messages. A header that exceeds it is refused before the payload arrives.",
			Steps: []Step{open(), frames("a header for 2^30 bytes, and one byte",
				"\x82\xff\x00\x00\x00\x00\x40\x00\x00\x00", masked("x"))},
			Want: tooBig("it waits for more than one message should hold")},
		{ID: "resource-message-sum", Title: "fragments that add up to more than 1 GiB", Section: "RFC 6455 §10.4", Level: Quality,
			Teaches: "The limit is for the message: the lengths in the headers of its fragments are added up.",
			Steps: []Step{open(), frames("1000 bytes without FIN, then a header for 2^30",
				frame(more, wsframe.Binary, strings.Repeat("x", 1000)), "\x80\xff\x00\x00\x00\x00\x40\x00\x00\x00", masked("x"))},
			Want: tooBig("it checks each fragment against the limit, but not their sum")},
		{ID: "resource-pings", Title: "fifty Pings at once", Section: "RFC 6455 §5.5.3", Level: Should, Legal: true,
			Teaches: "The server answers every Ping, or only the latest. A Ping must not cost more than its Pong.",
			Steps:   []Step{open(), frames("ping, 50 times", strings.Repeat(frame(fin, wsframe.Ping, ""), 50)), goodbye()},
			Want:    alive("it answers neither all of them nor the latest", manyPongs(50)...).or(fewerPongs(50)...)},
		{ID: "resource-fragments", Title: "a thousand empty fragments", Section: "RFC 6455 §5.4", Level: Quality, Legal: true, Needs: NeedEcho,
			Teaches: "They are legal. A server that keeps a record of each spends memory on nothing.",
			Steps: []Step{open(), frames("text in 1001 frames", frame(more, wsframe.Text, "x"),
				strings.Repeat(frame(more, wsframe.Continuation, ""), 999), frame(fin, wsframe.Continuation, "")), goodbye()},
			Want: alive("it has a limit that a legal message can reach", textBack("x")).or(Outcome{anyClose, end})},
	})
}

// bombFaults is about messages that are small on the wire and huge when inflated.
func bombFaults() []Fault {
	bomb := deflate.NewCompressor(deflate.MaxWindowBits, false).AppendMessage(nil, make([]byte, bombSize))
	return within(Resources, NeedDeflate|NeedEcho, []Fault{
		{ID: "resource-bomb", Title: "3 MiB of zeros, compressed to 3 KB", Section: "RFC 6455 §10.4", Level: Should,
			Teaches: "DEFLATE can turn one byte into a thousand. The limit must hold while the message is being inflated, not only afterwards.",
			Steps:   []Step{openDeflate(), frames("RSV1 binary: 3 MiB of zeros", frame(fin|rsv1, wsframe.Binary, string(bomb)))},
			Want:    tooBig("its limit counts the compressed bytes").or(Outcome{anyMessage, quiet})},
	})
}

// fewerPongs is what a server may answer when it reads several of n Pings at once: it
// may answer only the latest of them.
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
