package fault

import (
	"strings"

	"barewire/wsframe"
)

// fragmentFaults is about messages in several frames (RFC 6455 §5.4):
//
//	text, FIN=0 ─▶ continuation, FIN=0 ─▶ ... ─▶ continuation, FIN=1
//	             ▲                      ▲
//	             └─ control frames may come here, other data may not
func fragmentFaults() []Fault {
	return within(Fragmentation, NeedWebSocket, []Fault{
		{ID: "fragment-alone", Title: "a continuation without a message", Section: "RFC 6455 §5.4", Level: Must,
			Teaches: "A continuation has no type of its own: without a first frame, the type is unknown.",
			Steps:   []Step{open(), frames("continuation", nextFrame("Hello"))}, Want: failed(mixed, 1002)},
		{ID: "fragment-alone-final", Title: "a final continuation without a message", Section: "RFC 6455 §5.4", Level: Must,
			Teaches: "A continuation has no type of its own: without a first frame, the type is unknown.",
			Steps:   []Step{open(), frames("continuation with FIN", lastFrame("Hello"))}, Want: failed(mixed, 1002)},
		{ID: "fragment-after-whole", Title: "a continuation of a complete message", Section: "RFC 6455 §5.4", Level: Must,
			Teaches: "FIN ended the message. A server that forgets that lets the message grow.",
			Steps:   []Step{open(), frames("text with FIN, continuation", text("Hello"), lastFrame("!"))}, Needs: NeedEcho,
			Want: failedAfter(mixed, textBack("Hello"), 1002)},
		{ID: "fragment-new-text", Title: "a new text message inside another", Section: "RFC 6455 §5.4", Level: Must,
			Teaches: "The frames of two messages are not interleaved, unless an extension defines how.",
			Steps:   []Step{open(), frames("text without FIN, text with FIN", firstFrame("Hel"), text("lo"))}, Want: failed(mixed, 1002)},
		{ID: "fragment-new-binary", Title: "a new binary message inside a text", Section: "RFC 6455 §5.4", Level: Must,
			Teaches: "The frames of two messages are not interleaved, unless an extension defines how.",
			Steps:   []Step{open(), frames("text without FIN, binary without FIN", firstFrame("Hel"), frame(more, wsframe.Binary, "lo"))}, Want: failed(mixed, 1002)},
		{ID: "fragment-reserved", Title: "a reserved opcode inside a message", Section: "RFC 6455 §5.2", Level: Must,
			Teaches: "Whatever the opcode may come to mean, it is not a continuation.",
			Steps:   []Step{open(), frames("text without FIN, opcode 5", firstFrame("Hel"), frame(fin, 5, "lo"))}, Want: failed(mixed, 1002)},
	})
}

// fragmentedFaults is about valid messages in several frames.
func fragmentedFaults() []Fault {
	return within(Fragmentation, NeedWebSocket, []Fault{
		{ID: "fragments", Title: "a message in three frames", Section: "RFC 6455 §5.4", Level: Must, Legal: true,
			Teaches: "The payloads are joined, and the message has the type of its first frame.",
			Steps:   []Step{open(), frames("text in three frames", firstFrame("Hel"), nextFrame("lo "), lastFrame("World")), goodbye()}, Needs: NeedEcho,
			Want: alive("it does not join the frames of one message", textBack("Hello World"))},
		{ID: "fragments-binary", Title: "a binary message in two frames", Section: "RFC 6455 §5.4", Level: Must, Legal: true,
			Teaches: "The message has the type of its first frame, whatever the payload is.",
			Steps:   []Step{open(), frames("binary in two frames", frame(more, wsframe.Binary, "\xff"), lastFrame("\xfe")), goodbye()}, Needs: NeedEcho,
			Want: alive("the type of the first frame is lost", binaryBack("\xff\xfe"))},
		{ID: "fragments-empty", Title: "empty fragments", Section: "RFC 6455 §5.4", Level: Must, Legal: true,
			Teaches: "A sender may cut anywhere, even before the first byte and after the last.",
			Steps:   []Step{open(), frames("an empty frame at the start, in the middle and at the end", firstFrame(""), nextFrame("Hel"), nextFrame(""), nextFrame("lo"), lastFrame("")), goodbye()}, Needs: NeedEcho,
			Want: alive("it takes an empty frame for the last", textBack("Hello"))},
		{ID: "fragments-all-empty", Title: "an empty message in two frames", Section: "RFC 6455 §5.4", Level: Must, Legal: true,
			Teaches: "Two empty frames are still a message.",
			Steps:   []Step{open(), frames("two empty frames", firstFrame(""), lastFrame("")), goodbye()}, Needs: NeedEcho,
			Want: alive("an empty message is lost", textBack(""))},
		{ID: "fragments-many", Title: "a hundred fragments of one byte", Section: "RFC 6455 §5.4", Level: Must, Legal: true,
			Teaches: "The application gets the same message, wherever the frames were cut.",
			Steps:   []Step{open(), frames("text in 100 frames and an empty one", firstFrame("x"), strings.Repeat(nextFrame("x"), 99), lastFrame("")), goodbye()}, Needs: NeedEcho,
			Want: alive("it has a limit that no sender knows", textBack(strings.Repeat("x", 100)))},
		{ID: "fragments-ping", Title: "a Ping between two fragments", Section: "RFC 6455 §5.4", Level: Must, Legal: true,
			Teaches: "The Pong comes at once, before the rest of the message, and then the message continues.",
			Steps:   []Step{open(), frames("text without FIN, ping, continuation", firstFrame("Hel"), frame(fin, wsframe.Ping, "p"), lastFrame("lo")), goodbye()}, Needs: NeedEcho,
			Want: alive("a Ping disturbs the message around it", pong("p"), textBack("Hello"))},
		{ID: "fragments-ping-first", Title: "a Ping during an unfinished message", Section: "RFC 6455 §5.5.2", Level: Should, Legal: true,
			Teaches: "A message may take minutes. A server that waits for its end before it sends the Pong seems dead.",
			Steps:   []Step{open(), frames("text without FIN, ping", firstFrame("Hel"), frame(fin, wsframe.Ping, "p")), goodbye()},
			Want:    alive("it answers no Ping during a message", pong("p"))},
		{ID: "fragments-pong", Title: "a Pong between two fragments", Section: "RFC 6455 §5.4", Level: Must, Legal: true,
			Teaches: "A Pong is a control frame too.",
			Steps:   []Step{open(), frames("text without FIN, pong, continuation", firstFrame("Hel"), frame(fin, wsframe.Pong, "p"), lastFrame("lo")), goodbye()}, Needs: NeedEcho,
			Want: alive("a Pong disturbs the message around it", textBack("Hello"))},
		{ID: "fragments-close", Title: "a Close between two fragments", Section: "RFC 6455 §5.5.1", Level: Must, Legal: true,
			Teaches: "The unfinished message is dropped: none of it is delivered, and the Close is answered.",
			Steps:   []Step{open(), frames("text without FIN, Close 1000, continuation", firstFrame("Hel"), goodbye().Bytes, lastFrame("lo")).closing()},
			Want:    alive("it acts on half a message, or on what came after a Close")},
		{ID: "fragments-then-whole", Title: "a message in two frames, then another in one", Section: "RFC 6455 §6.2", Level: Must, Legal: true,
			Teaches: "A new message has its own type, and no bytes of the message before.",
			Steps:   []Step{open(), frames("text in two frames, binary", firstFrame("Hel"), lastFrame("lo"), frame(fin, wsframe.Binary, "B")), goodbye()}, Needs: NeedEcho,
			Want: alive("a part of the first message appears in the second", textBack("Hello"), binaryBack("B"))},
	})
}

// mixed is what it means to join frames that are not one message.
const mixed = "it joins frames that do not belong together"

// firstFrame begins a text message, nextFrame continues it, lastFrame ends it.
func firstFrame(payload string) string { return frame(more, wsframe.Text, payload) }
func nextFrame(payload string) string  { return frame(more, wsframe.Continuation, payload) }
func lastFrame(payload string) string  { return frame(fin, wsframe.Continuation, payload) }
