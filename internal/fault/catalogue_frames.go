package fault

import (
	"strings"

	"barewire/wsframe"
)

// What it means to accept an invalid frame.
const (
	unagreed = "it continues in a protocol that was never agreed on"
	misread  = "it understands the frame differently from its sender"
)

// reservedFaults is about bits and opcodes that have no meaning yet (RFC 6455 §5.2).
func reservedFaults() []Fault {
	return within(Framing, NeedWebSocket, []Fault{
		{ID: "frame-rsv1", Title: "RSV1 without an extension", Section: "RFC 6455 §5.2", Level: Must,
			Teaches: "The bit means compressed, if that was agreed on. Otherwise the payload could be anything.",
			Steps:   []Step{open(), frames("RSV1 text", frame(fin|rsv1, wsframe.Text, "Hello"))},
			Want:    failed(unagreed, 1002)},
		{ID: "frame-rsv2", Title: "RSV2", Section: "RFC 6455 §5.2", Level: Must,
			Teaches: "No extension uses it yet. If servers ignore it, none ever can.",
			Steps:   []Step{open(), frames("RSV2 text", frame(fin|rsv2, wsframe.Text, "Hello"))},
			Want:    failed(unagreed, 1002)},
		{ID: "frame-rsv3", Title: "RSV3 on a Ping", Section: "RFC 6455 §5.2", Level: Must,
			Teaches: "The rule also holds for control frames.",
			Steps:   []Step{open(), frames("RSV3 ping", frame(fin|rsv3, wsframe.Ping, ""))},
			Want:    failed(unagreed, 1002)},
		{ID: "frame-opcode-3", Title: "the reserved opcode 3", Section: "RFC 6455 §5.2", Level: Must,
			Teaches: "Opcodes 3 to 7 are reserved for new kinds of data.",
			Steps:   []Step{open(), frames("opcode 3", frame(fin, 3, "Hello"))},
			Want:    failed(unagreed, 1002)},
		{ID: "frame-opcode-11", Title: "the reserved opcode 11", Section: "RFC 6455 §5.2", Level: Must,
			Teaches: "Opcodes 11 to 15 are reserved for new control frames.",
			Steps:   []Step{open(), frames("opcode 11", frame(fin, 0xB, ""))},
			Want:    failed(unagreed, 1002)},
		{ID: "frame-http-request", Title: "an HTTP request instead of frames", Section: "RFC 6455 §5.2", Level: Must,
			Teaches: "The letter G is 47: RSV1, opcode 7. After the 101, the connection is no longer HTTP.",
			Steps: []Step{open(), send("GET / HTTP/1.1\r\nHost: {host}\r\n", // read as a frame it has 71 bytes, and all of them are sent
				"User-Agent: a program that did not wait for the answer\r\n\r\n")},
			Want: failed(unagreed, 1002)},
		{ID: "frame-after-a-good-one", Title: "a text message, then RSV2", Section: "RFC 6455 §7.1.7", Level: Must,
			Teaches: "The server answers what came before the violation, then fails the connection.",
			Steps:   []Step{open(), frames("text, then RSV2 text", text("Hello"), frame(fin|rsv2, wsframe.Text, "Hello"))},
			Needs:   NeedEcho, Want: failedAfter(unagreed, textBack("Hello"), 1002)},
		{ID: "frame-after-a-bad-one", Title: "RSV2, then a Ping", Section: "RFC 6455 §7.1.7", Level: Must,
			Teaches: "Once a connection has failed, nothing that follows has a meaning: no Pong may come.",
			Steps:   []Step{open(), frames("RSV2 text, then ping", frame(fin|rsv2, wsframe.Text, "Hello"), frame(fin, wsframe.Ping, "p"))},
			Want:    failed("it continues on a connection that has failed", 1002)},
	})
}

// frameLengthFaults is about lengths (RFC 6455 §5.2) and incomplete frames.
func frameLengthFaults() []Fault {
	return within(Framing, NeedWebSocket, []Fault{
		{ID: "frame-length-16-bit", Title: "a length of 5 in 16 bits", Section: "RFC 6455 §5.2", Level: Quality,
			Teaches: "A sender MUST use the shortest form. The RFC does not say what to do with a longer one, but two ways to write one frame mislead a filter.",
			Steps:   []Step{open(), frames("81 fe 0005, key, payload", "\x81\xfe\x00\x05", masked("Hello"))},
			Want:    failed(misread, 1002)},
		{ID: "frame-length-64-bit", Title: "a length of 5 in 64 bits", Section: "RFC 6455 §5.2", Level: Quality,
			Teaches: "A sender MUST use the shortest form. The RFC does not say what to do with a longer one, but two ways to write one frame mislead a filter.",
			Steps:   []Step{open(), frames("81 ff 0000000000000005, key, payload", "\x81\xff\x00\x00\x00\x00\x00\x00\x00\x05", masked("Hello"))},
			Want:    failed(misread, 1002)},
		{ID: "frame-length-top-bit", Title: "a length with its highest bit set", Section: "RFC 6455 §5.2", Level: Should,
			Teaches: "A signed number with this bit is negative. Servers have crashed on it, or allocated huge amounts of memory.",
			Steps:   []Step{open(), frames("82 ff 8000000000000000", "\x82\xff\x80\x00\x00\x00\x00\x00\x00\x00", string(key[:]))},
			Want:    failed(misread, 1002).or(Outcome{closes(1009), end})},
		{ID: "ping-too-long", Title: "a Ping of 126 bytes", Section: "RFC 6455 §5.5", Level: Must,
			Teaches: "Control frames fit in a small buffer, so that they can be handled in the middle of a message.",
			Steps:   []Step{open(), frames("ping of 126 bytes", frame(fin, wsframe.Ping, strings.Repeat("p", 126)))},
			Want:    failed("it must buffer control frames of any length", 1002)},
		{ID: "ping-fragmented", Title: "a Ping without FIN", Section: "RFC 6455 §5.5", Level: Must,
			Teaches: "Control frames may come between the fragments of a message, so they cannot be fragmented themselves.",
			Steps:   []Step{open(), frames("ping without FIN", frame(more, wsframe.Ping, "p"))},
			Want:    failed("it no longer knows which message a fragment belongs to", 1002)},
		{ID: "frame-cut-short", Title: "FIN of TCP inside a frame", Section: "RFC 6455 §7.1.7", Level: Must,
			Teaches: "An incomplete message is not delivered.",
			Steps:   []Step{open(), frames("a header for 5 bytes, and 2 of them", text("Hello")[:8]), {Do: HalfClose}},
			Want: Expectation{Pass: []Outcome{{end}, {anyClose, end}},
				Short: "it waits for bytes that cannot come, or takes a part for the whole message"}},
		{ID: "frame-unfinished", Title: "an unfinished frame", Section: "RFC 6455 §6.2", Level: Must, Legal: true,
			Teaches: "The server must wait: it answers nothing until the last byte of the frame has arrived.",
			Steps:   []Step{open(), frames("a header for 5 bytes, and 2 of them", text("Hello")[:8])},
			Want:    exactly("it answers a message that it has not received", quiet), Patience: DefaultWait / 8},
	})
}

// controlFaults is about valid Ping and Pong frames (RFC 6455 §5.5).
func controlFaults() []Fault {
	return within(Framing, NeedWebSocket, []Fault{
		{ID: "ping", Title: "a Ping with a payload", Section: "RFC 6455 §5.5.3", Level: Must, Legal: true,
			Teaches: "The Pong carries the same bytes, so that the client knows which Ping it answers.",
			Steps:   []Step{open(), frames("ping", frame(fin, wsframe.Ping, "p\xff\x00")), goodbye()},
			Want:    alive("the Pong is missing, or has another payload", pong("p\xff\x00"))},
		{ID: "ping-empty", Title: "an empty Ping", Section: "RFC 6455 §5.5.2", Level: Must, Legal: true,
			Teaches: "An empty payload is a payload.",
			Steps:   []Step{open(), frames("ping", frame(fin, wsframe.Ping, "")), goodbye()},
			Want:    alive("the Pong is missing, or is not empty", pong(""))},
		{ID: "ping-longest", Title: "a Ping of 125 bytes", Section: "RFC 6455 §5.5", Level: Must, Legal: true,
			Teaches: "125 bytes is the longest valid payload.",
			Steps:   []Step{open(), frames("ping of 125 bytes", frame(fin, wsframe.Ping, strings.Repeat("p", 125))), goodbye()},
			Want:    alive("the Pong is missing, or truncated", pong(strings.Repeat("p", 125)))},
		{ID: "pong-unasked", Title: "an unsolicited Pong", Section: "RFC 6455 §5.5.3", Level: Must, Legal: true,
			Teaches: "A Pong may be sent as a sign of life. It needs no answer.",
			Steps:   []Step{open(), frames("pong", frame(fin, wsframe.Pong, "alive")), goodbye()},
			Want:    alive("it answers a sign of life, or fails the connection because of it")},
	})
}

// messageFaults is about valid messages in one frame each.
func messageFaults() []Fault {
	return within(Framing, NeedWebSocket, []Fault{
		{ID: "frame-empty-text", Title: "an empty text message", Section: "RFC 6455 §5.6", Level: Must, Legal: true,
			Teaches: "A message may be empty: the masking key follows the header, and there is no payload.",
			Steps:   []Step{open(), frames("text", text("")), goodbye()}, Needs: NeedEcho,
			Want: alive("an empty message is lost", textBack(""))},
		{ID: "frame-binary", Title: "a binary message that is not valid text", Section: "RFC 6455 §5.6", Level: Must, Legal: true,
			Teaches: "Binary data is delivered unchanged, and comes back as binary.",
			Steps:   []Step{open(), frames("binary", frame(fin, wsframe.Binary, "\xff\xfe\x00")), goodbye()}, Needs: NeedEcho,
			Want: alive("it checks bytes that need not be text", binaryBack("\xff\xfe\x00"))},
		{ID: "frame-126-bytes", Title: "a message of 126 bytes", Section: "RFC 6455 §5.2", Level: Must, Legal: true,
			Teaches: "126 is the first length that needs 16 bits.",
			Steps:   []Step{open(), frames("text of 126 bytes", text(strings.Repeat("x", 126))), goodbye()}, Needs: NeedEcho,
			Want: alive("it does not read or write lengths in 16 bits", textBack(strings.Repeat("x", 126)))},
		{ID: "frame-65536-bytes", Title: "a message of 65,536 bytes", Section: "RFC 6455 §5.2", Level: Must, Legal: true,
			Teaches: "65,536 is the first length that needs 64 bits.",
			Steps:   []Step{open(), frames("binary of 65,536 bytes", frame(fin, wsframe.Binary, strings.Repeat("x", 65536))), goodbye()}, Needs: NeedEcho,
			Want: alive("it does not read or write lengths in 64 bits", binaryBack(strings.Repeat("x", 65536))).or(
				Outcome{closes(1009), end})}, // or its limit is lower
		{ID: "frame-byte-by-byte", Title: "frames one byte at a time", Section: "RFC 6455 §6.2", Level: Must, Legal: true,
			Teaches: "TCP may cut anywhere: within the header, the masking key or a close code.",
			Steps: []Step{open(), {Size: 1, Bytes: text("Hello"), Note: "text"},
				{Size: 1, Bytes: goodbye().Bytes, Note: "Close 1000", Closes: true, After: 1}}, Needs: NeedEcho,
			Want: alive("it takes the end of a read for the end of a frame", textBack("Hello"))},
		{ID: "frame-pause-in-header", Title: "a pause within the header", Section: "RFC 6455 §6.2", Level: Must, Legal: true,
			Teaches: "The first byte of a frame may arrive alone.",
			Steps:   []Step{open(), frames("the first byte", text("Hello")[:1]), pause(), frames("the rest", text("Hello")[1:]), goodbye()}, Needs: NeedEcho,
			Want: alive("it takes a part of the header for the whole header", textBack("Hello"))},
		{ID: "frame-then-half-close", Title: "a message together with FIN of TCP", Section: "RFC 6455 §6.2", Level: Quality, Legal: true,
			Teaches: "One read may bring data and the end of the stream. The data still counts.",
			Steps:   []Step{open(), frames("text, Close 1000", text("Hello"), goodbye().Bytes).closing(), {Do: HalfClose}}, Needs: NeedEcho,
			Want: alive("the last message is lost", textBack("Hello")).or(Outcome{closed, end})},
	})
}

// maskingFaults is about masking (RFC 6455 §5.1, §5.3).
func maskingFaults() []Fault {
	const unmasked = "a hostile page can make a browser send bytes that look like HTTP to a proxy on the way"
	bare := func(opcode wsframe.Opcode, payload string) string {
		return string(wsframe.AppendFrame(nil, &wsframe.Header{Fin: true, Opcode: opcode}, []byte(payload)))
	}
	return within(Masking, NeedWebSocket, []Fault{
		{ID: "frame-unmasked", Title: "a text frame without a mask", Section: "RFC 6455 §5.1", Level: Must,
			Teaches: "Masking keeps a hostile page from choosing the bytes on the wire. A client that does not mask is not a browser, or is broken.",
			Steps:   []Step{open(), frames("text, not masked", bare(wsframe.Text, "Hello"))}, Want: failed(unmasked, 1002)},
		{ID: "frame-unmasked-empty", Title: "an empty frame without a mask", Section: "RFC 6455 §5.1", Level: Must,
			Teaches: "There is nothing to mask, but the bit must still be set.",
			Steps:   []Step{open(), frames("text, not masked", bare(wsframe.Text, ""))}, Want: failed(unmasked, 1002)},
		{ID: "ping-unmasked", Title: "a Ping without a mask", Section: "RFC 6455 §5.1", Level: Must,
			Teaches: "The rule also holds for control frames.",
			Steps:   []Step{open(), frames("ping, not masked", bare(wsframe.Ping, "p"))}, Want: failed(unmasked, 1002)},
		{ID: "close-unmasked", Title: "a Close without a mask", Section: "RFC 6455 §5.1", Level: Must,
			Teaches: "Even the last frame is masked. The connection ends either way; the close code shows why.",
			Steps:   []Step{open(), frames("Close 1000, not masked", bare(wsframe.Close, code(1000))).closing()},
			Want: Expectation{Pass: []Outcome{{closes(1002), end}}, Tolerated: []Outcome{{end}},
				Short: "it takes it for a valid Close"}},
		{ID: "frame-unmasked-second", Title: "one frame with a mask, the next without", Section: "RFC 6455 §5.1", Level: Must,
			Teaches: "The server checks every frame, not just the first.",
			Steps:   []Step{open(), frames("ping, then ping not masked", frame(fin, wsframe.Ping, "a"), bare(wsframe.Ping, "b"))},
			Want:    failedAfter(unmasked, pong("a"), 1002)},
		{ID: "fragment-unmasked", Title: "a continuation without a mask", Section: "RFC 6455 §5.1", Level: Must,
			Teaches: "Every frame of a message is masked, not just the first.",
			Steps:   []Step{open(), frames("text without FIN, then continuation not masked", frame(more, wsframe.Text, "Hel"), bare(wsframe.Continuation, "lo"))},
			Want:    failed(unmasked, 1002)},
		{ID: "mask-zero", Title: "a masking key of zeros", Section: "RFC 6455 §5.3", Level: Must, Legal: true,
			Teaches: "It hides nothing, but it could be a random key: a server accepts it.",
			Steps:   []Step{open(), frames("text with the key 00000000", "\x81\x85\x00\x00\x00\x00Hello"), goodbye()}, Needs: NeedEcho,
			Want: alive("it refuses a key because of its value", textBack("Hello"))},
		{ID: "mask-pieces", Title: "a payload that arrives in pieces of 3", Section: "RFC 6455 §5.3", Level: Must, Legal: true,
			Teaches: "Byte i is masked with byte i mod 4 of the key, counted from the start of the payload and not of the read.",
			Steps:   []Step{open(), {Size: 3, Bytes: text("The key has four bytes, the pieces three."), Note: "text"}, goodbye()}, Needs: NeedEcho,
			Want: alive("it starts the key from the beginning with every read", textBack("The key has four bytes, the pieces three."))},
	})
}
