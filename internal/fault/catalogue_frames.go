package fault

import (
	"strings"

	"barewire/wsframe"
)

// What it means to accept a frame that is none.
const (
	unagreed = "it reads on in a protocol that was never agreed on"
	misread  = "it takes the frame for something else than its sender meant"
)

// reservedFaults is about bits and opcodes that mean nothing yet (RFC 6455 §5.2).
func reservedFaults() []Fault {
	return within(Framing, NeedWebSocket, []Fault{
		{ID: "frame-rsv1", Title: "RSV1 without an extension", Section: "RFC 6455 §5.2", Level: Must,
			Teaches: "The bit means compressed, if that was agreed on. Without it the payload is anything.",
			Steps:   []Step{open(), frames("RSV1 text", frame(fin|rsv1, wsframe.Text, "Hello"))},
			Want:    failed(unagreed, 1002)},
		{ID: "frame-rsv2", Title: "RSV2", Section: "RFC 6455 §5.2", Level: Must,
			Teaches: "No extension defines it yet. A server that lets it pass closes the way for one.",
			Steps:   []Step{open(), frames("RSV2 text", frame(fin|rsv2, wsframe.Text, "Hello"))},
			Want:    failed(unagreed, 1002)},
		{ID: "frame-rsv3", Title: "RSV3 on a Ping", Section: "RFC 6455 §5.2", Level: Must,
			Teaches: "The rule holds for control frames, too.",
			Steps:   []Step{open(), frames("RSV3 ping", frame(fin|rsv3, wsframe.Ping, ""))},
			Want:    failed(unagreed, 1002)},
		{ID: "frame-opcode-3", Title: "the reserved opcode 3", Section: "RFC 6455 §5.2", Level: Must,
			Teaches: "3 to 7 are for kinds of data that nobody has thought of yet.",
			Steps:   []Step{open(), frames("opcode 3", frame(fin, 3, "Hello"))},
			Want:    failed(unagreed, 1002)},
		{ID: "frame-opcode-11", Title: "the reserved opcode 11", Section: "RFC 6455 §5.2", Level: Must,
			Teaches: "11 to 15 are for control frames that nobody has thought of yet.",
			Steps:   []Step{open(), frames("opcode 11", frame(fin, 0xB, ""))},
			Want:    failed(unagreed, 1002)},
		{ID: "frame-http-request", Title: "an HTTP request in place of frames", Section: "RFC 6455 §5.2", Level: Must,
			Teaches: "G is 47: RSV1, opcode 7. Behind the 101 HTTP is over.",
			Steps: []Step{open(), send("GET / HTTP/1.1\r\nHost: {host}\r\n", // as a frame it has 71 octets: they are all there
				"User-Agent: a program that did not wait for the answer\r\n\r\n")},
			Want: failed(unagreed, 1002)},
		{ID: "frame-behind-a-good-one", Title: "a text message, then RSV2", Section: "RFC 6455 §7.1.7", Level: Must,
			Teaches: "What was in order before is answered; then the connection fails.",
			Steps:   []Step{open(), frames("text, then RSV2 text", text("Hello"), frame(fin|rsv2, wsframe.Text, "Hello"))},
			Needs:   NeedEcho, Want: failedAfter(unagreed, textBack("Hello"), 1002)},
		{ID: "frame-behind-a-bad-one", Title: "RSV2, then a Ping", Section: "RFC 6455 §7.1.7", Level: Must,
			Teaches: "Once a connection has failed nothing that follows has a meaning: no Pong may come.",
			Steps:   []Step{open(), frames("RSV2 text, then ping", frame(fin|rsv2, wsframe.Text, "Hello"), frame(fin, wsframe.Ping, "p"))},
			Want:    failed("it goes on with a connection that has failed", 1002)},
	})
}

// frameLengthFaults is about lengths (RFC 6455 §5.2), and frames that are cut.
func frameLengthFaults() []Fault {
	return within(Framing, NeedWebSocket, []Fault{
		{ID: "frame-length-16-bit", Title: "a length of 5 in 16 bits", Section: "RFC 6455 §5.2", Level: Quality,
			Teaches: "A sender MUST use the shortest form; the RFC does not say what becomes of another. Two ways to write one frame mislead a filter.",
			Steps:   []Step{open(), frames("81 fe 0005, key, payload", "\x81\xfe\x00\x05", masked("Hello"))},
			Want:    failed(misread, 1002)},
		{ID: "frame-length-64-bit", Title: "a length of 5 in 64 bits", Section: "RFC 6455 §5.2", Level: Quality,
			Teaches: "A sender MUST use the shortest form; the RFC does not say what becomes of another. Two ways to write one frame mislead a filter.",
			Steps:   []Step{open(), frames("81 ff 0000000000000005, key, payload", "\x81\xff\x00\x00\x00\x00\x00\x00\x00\x05", masked("Hello"))},
			Want:    failed(misread, 1002)},
		{ID: "frame-length-top-bit", Title: "a length with its highest bit set", Section: "RFC 6455 §5.2", Level: Should,
			Teaches: "In a signed number it is negative, and that has made servers allocate, or crash.",
			Steps:   []Step{open(), frames("82 ff 8000000000000000", "\x82\xff\x80\x00\x00\x00\x00\x00\x00\x00", string(key[:]))},
			Want:    failed(misread, 1002).or(Outcome{closes(1009), end})},
		{ID: "ping-too-long", Title: "a Ping of 126 octets", Section: "RFC 6455 §5.5", Level: Must,
			Teaches: "Control frames fit a small buffer, so that they can be handled in the middle of anything.",
			Steps:   []Step{open(), frames("ping of 126 octets", frame(fin, wsframe.Ping, strings.Repeat("p", 126)))},
			Want:    failed("it has to make room for control frames of any length", 1002)},
		{ID: "ping-fragmented", Title: "a Ping without FIN", Section: "RFC 6455 §5.5", Level: Must,
			Teaches: "Control frames stand between the fragments of a message, so they have none themselves.",
			Steps:   []Step{open(), frames("ping without FIN", frame(more, wsframe.Ping, "p"))},
			Want:    failed("it loses count of which message a fragment belongs to", 1002)},
		{ID: "frame-cut-short", Title: "FIN of TCP inside a frame", Section: "RFC 6455 §7.1.7", Level: Must,
			Teaches: "A message that was not finished is none: it is not handed on.",
			Steps:   []Step{open(), frames("a header for 5 octets, and 2 of them", text("Hello")[:8]), {Do: HalfClose}},
			Want: Expectation{Pass: []Outcome{{end}, {anyClose, end}},
				Short: "it waits for octets that cannot come, or takes a part for the whole"}},
		{ID: "frame-unfinished", Title: "a frame whose rest is yet to come", Section: "RFC 6455 §6.2", Level: Must, Legal: true,
			Teaches: "Half a frame is silence: nothing may be answered until its last octet is there.",
			Steps:   []Step{open(), frames("a header for 5 octets, and 2 of them", text("Hello")[:8])},
			Want:    exactly("it answers what was not said", quiet), Patience: DefaultWait / 8},
	})
}

// controlFaults is about Ping and Pong as they should be (RFC 6455 §5.5).
func controlFaults() []Fault {
	return within(Framing, NeedWebSocket, []Fault{
		{ID: "ping", Title: "a Ping with a payload", Section: "RFC 6455 §5.5.3", Level: Must, Legal: true,
			Teaches: "The Pong carries the same octets, so that it can be told which Ping it answers.",
			Steps:   []Step{open(), frames("ping", frame(fin, wsframe.Ping, "p\xff\x00")), goodbye()},
			Want:    alive("the Pong is missing, or another payload is in it", pong("p\xff\x00"))},
		{ID: "ping-empty", Title: "an empty Ping", Section: "RFC 6455 §5.5.2", Level: Must, Legal: true,
			Teaches: "A payload of no octets is a payload.",
			Steps:   []Step{open(), frames("ping", frame(fin, wsframe.Ping, "")), goodbye()},
			Want:    alive("the Pong is missing, or something is in it", pong(""))},
		{ID: "ping-longest", Title: "a Ping of 125 octets", Section: "RFC 6455 §5.5", Level: Must, Legal: true,
			Teaches: "125 is the last length that is in order.",
			Steps:   []Step{open(), frames("ping of 125 octets", frame(fin, wsframe.Ping, strings.Repeat("p", 125))), goodbye()},
			Want:    alive("the Pong is missing, or cut", pong(strings.Repeat("p", 125)))},
		{ID: "pong-unasked", Title: "a Pong that answers nothing", Section: "RFC 6455 §5.5.3", Level: Must, Legal: true,
			Teaches: "A Pong may be sent as a sign of life, and nothing answers it.",
			Steps:   []Step{open(), frames("pong", frame(fin, wsframe.Pong, "alive")), goodbye()},
			Want:    alive("it answers, or fails, what is a sign of life")},
	})
}

// messageFaults is about messages as they should be, in one frame each.
func messageFaults() []Fault {
	return within(Framing, NeedWebSocket, []Fault{
		{ID: "frame-empty-text", Title: "a text message of no octets", Section: "RFC 6455 §5.6", Level: Must, Legal: true,
			Teaches: "Nothing is a message, too: a key follows the header, and no payload.",
			Steps:   []Step{open(), frames("text", text("")), goodbye()}, Needs: NeedEcho,
			Want: alive("an empty message is lost", textBack(""))},
		{ID: "frame-binary", Title: "a binary message of octets that are no text", Section: "RFC 6455 §5.6", Level: Must, Legal: true,
			Teaches: "Binary is handed on as it is, and comes back as binary.",
			Steps:   []Step{open(), frames("binary", frame(fin, wsframe.Binary, "\xff\xfe\x00")), goodbye()}, Needs: NeedEcho,
			Want: alive("it looks into octets that are none of its business", binaryBack("\xff\xfe\x00"))},
		{ID: "frame-126-octets", Title: "a message of 126 octets", Section: "RFC 6455 §5.2", Level: Must, Legal: true,
			Teaches: "The first length that needs 16 bits.",
			Steps:   []Step{open(), frames("text of 126 octets", text(strings.Repeat("x", 126))), goodbye()}, Needs: NeedEcho,
			Want: alive("it does not read, or write, lengths in 16 bits", textBack(strings.Repeat("x", 126)))},
		{ID: "frame-65536-octets", Title: "a message of 65,536 octets", Section: "RFC 6455 §5.2", Level: Must, Legal: true,
			Teaches: "The first length that needs 64 bits.",
			Steps:   []Step{open(), frames("binary of 65,536 octets", frame(fin, wsframe.Binary, strings.Repeat("x", 65536))), goodbye()}, Needs: NeedEcho,
			Want: alive("it does not read, or write, lengths in 64 bits", binaryBack(strings.Repeat("x", 65536))).or(
				Outcome{closes(1009), end})}, // or its limit is lower
		{ID: "frame-octet-by-octet", Title: "frames one octet at a time", Section: "RFC 6455 §6.2", Level: Must, Legal: true,
			Teaches: "TCP cuts where it likes: within the header, within the key, within a close code.",
			Steps: []Step{open(), {Size: 1, Octets: text("Hello"), Note: "text"},
				{Size: 1, Octets: goodbye().Octets, Note: "Close 1000", Closes: true, After: 1}}, Needs: NeedEcho,
			Want: alive("it takes the border of a read for the border of a frame", textBack("Hello"))},
		{ID: "frame-pause-in-header", Title: "a pause within the header", Section: "RFC 6455 §6.2", Level: Must, Legal: true,
			Teaches: "The first octet of a frame may come alone.",
			Steps:   []Step{open(), frames("the first octet", text("Hello")[:1]), pause(), frames("the others", text("Hello")[1:]), goodbye()}, Needs: NeedEcho,
			Want: alive("it takes a part of the header for the whole", textBack("Hello"))},
		{ID: "frame-then-half-close", Title: "a message together with FIN of TCP", Section: "RFC 6455 §6.2", Level: Quality, Legal: true,
			Teaches: "Data and the end of the stream come with one read; the data counts.",
			Steps:   []Step{open(), frames("text, Close 1000", text("Hello"), goodbye().Octets).closing(), {Do: HalfClose}}, Needs: NeedEcho,
			Want: alive("the last message is lost", textBack("Hello")).or(Outcome{closed, end})},
	})
}

// maskingFaults is about masking (RFC 6455 §5.1, §5.3).
func maskingFaults() []Fault {
	const unmasked = "what a page makes a browser send can be made to look like HTTP to a proxy on the way"
	bare := func(opcode wsframe.Opcode, payload string) string {
		return string(wsframe.AppendFrame(nil, &wsframe.Header{Fin: true, Opcode: opcode}, []byte(payload)))
	}
	return within(Masking, NeedWebSocket, []Fault{
		{ID: "frame-unmasked", Title: "a text frame without mask", Section: "RFC 6455 §5.1", Level: Must,
			Teaches: "Masking keeps a hostile page from choosing the octets on the wire. A client that does not is no browser, or broken.",
			Steps:   []Step{open(), frames("text, not masked", bare(wsframe.Text, "Hello"))}, Want: failed(unmasked, 1002)},
		{ID: "frame-unmasked-empty", Title: "an empty frame without mask", Section: "RFC 6455 §5.1", Level: Must,
			Teaches: "There is nothing to mask, and the bit must be set all the same.",
			Steps:   []Step{open(), frames("text, not masked", bare(wsframe.Text, ""))}, Want: failed(unmasked, 1002)},
		{ID: "ping-unmasked", Title: "a Ping without mask", Section: "RFC 6455 §5.1", Level: Must,
			Teaches: "The rule holds for control frames, too.",
			Steps:   []Step{open(), frames("ping, not masked", bare(wsframe.Ping, "p"))}, Want: failed(unmasked, 1002)},
		{ID: "close-unmasked", Title: "a Close without mask", Section: "RFC 6455 §5.1", Level: Must,
			Teaches: "Even the last frame is masked. The end comes either way; the code tells which.",
			Steps:   []Step{open(), frames("Close 1000, not masked", bare(wsframe.Close, code(1000))).closing()},
			Want: Expectation{Pass: []Outcome{{closes(1002), end}}, Tolerated: []Outcome{{end}},
				Short: "it takes it for a proper end"}},
		{ID: "frame-unmasked-second", Title: "one frame with mask, the next without", Section: "RFC 6455 §5.1", Level: Must,
			Teaches: "Every frame is looked at, not just the first.",
			Steps:   []Step{open(), frames("ping, then ping not masked", frame(fin, wsframe.Ping, "a"), bare(wsframe.Ping, "b"))},
			Want:    failedAfter(unmasked, pong("a"), 1002)},
		{ID: "fragment-unmasked", Title: "a continuation without mask", Section: "RFC 6455 §5.1", Level: Must,
			Teaches: "Every frame of a message is masked, not just the first.",
			Steps:   []Step{open(), frames("text without FIN, then continuation not masked", frame(more, wsframe.Text, "Hel"), bare(wsframe.Continuation, "lo"))},
			Want:    failed(unmasked, 1002)},
		{ID: "mask-zero", Title: "a key of zeros", Section: "RFC 6455 §5.3", Level: Must, Legal: true,
			Teaches: "It masks nothing, but nobody can tell it from a random one: a server takes it.",
			Steps:   []Step{open(), frames("text with the key 00000000", "\x81\x85\x00\x00\x00\x00Hello"), goodbye()}, Needs: NeedEcho,
			Want: alive("it refuses a key for its value", textBack("Hello"))},
		{ID: "mask-pieces", Title: "a payload that arrives in pieces of 3", Section: "RFC 6455 §5.3", Level: Must, Legal: true,
			Teaches: "Octet i goes with octet i mod 4 of the key, i counted from the start of the frame and not of the read.",
			Steps:   []Step{open(), {Size: 3, Octets: text("The key has four octets, the pieces three."), Note: "text"}, goodbye()}, Needs: NeedEcho,
			Want: alive("it begins the key anew with every read", textBack("The key has four octets, the pieces three."))},
	})
}
