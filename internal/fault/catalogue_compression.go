package fault

import "barewire/wsframe"

// compressionFaults is about compressed messages (RFC 7692 §6, §7.2). hello is
// "Hello" as one block with fixed codes, the RFC's example.
func compressionFaults() []Fault {
	const incomplete = "it does not support all of DEFLATE"
	talk := func(note string, data ...string) []Step {
		return []Step{openDeflate(), frames(note, data...), goodbye()}
	}
	return within(Compression, NeedDeflate|NeedEcho, []Fault{
		{ID: "deflate", Title: "a compressed message", Section: "RFC 7692 §7.2.3.1", Level: Must, Legal: true,
			Teaches: "RSV1 marks it as compressed. The sender leaves out the final 00 00 ff ff, and the receiver adds it before it inflates.",
			Steps:   talk("RSV1 text: Hello, compressed", compressed(hello)), Want: alive(incomplete, textBack("Hello"))},
		{ID: "deflate-not", Title: "an uncompressed message", Section: "RFC 7692 §6.1", Level: Must, Legal: true,
			Teaches: "Compression is agreed on for the connection, and chosen for each message.",
			Steps:   talk("text", text("Hello")), Want: alive("it inflates an uncompressed message", textBack("Hello"))},
		{ID: "deflate-empty", Title: "an empty compressed message", Section: "RFC 7692 §7.2.3.6", Level: Must, Legal: true,
			Teaches: "The single byte 00 is the header of the block whose lengths the receiver adds.",
			Steps:   talk("RSV1 text: 00", compressed("\x00")), Want: alive(incomplete, textBack(""))},
		{ID: "deflate-stored", Title: "a stored block", Section: "RFC 7692 §7.2.3.3", Level: Must, Legal: true,
			Teaches: "A compressed message may consist of stored blocks, which are not compressed.",
			Steps:   talk("RSV1 text: 00 0500 faff Hello 00", compressed("\x00\x05\x00\xfa\xffHello\x00")), Want: alive(incomplete, textBack("Hello"))},
		{ID: "deflate-final-block", Title: "a block with BFINAL", Section: "RFC 7692 §7.2.3.4", Level: Must, Legal: true,
			Teaches: "A compressor may end its stream. The next message begins a new one.",
			Steps:   talk("RSV1 text with BFINAL, twice", compressed("\xf3\x48\xcd\xc9\xc9\x07\x00\x00"), compressed("\xf3\x48\xcd\xc9\xc9\x07\x00\x00")), Want: alive(incomplete, textBack("Hello"), textBack("Hello"))},
		{ID: "deflate-two-blocks", Title: "two blocks in one message", Section: "RFC 7692 §7.2.3.5", Level: Must, Legal: true,
			Teaches: "00 00 ff ff within the message belongs to it. Only the last one is left out.",
			Steps:   talk("RSV1 text: He, 00 0000 ffff, llo", compressed("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00")), Want: alive(incomplete, textBack("Hello"))},
		{ID: "deflate-fragments", Title: "a compressed message in two frames", Section: "RFC 7692 §7.2.3.1", Level: Must, Legal: true,
			Teaches: "RSV1 on the first frame stands for all. The compressed bytes may be cut anywhere.",
			Steps:   talk("RSV1 text without FIN: f2 48 cd; ping; continuation: c9 c9 07 00", firstCompressed(hello[:3]), frame(fin, wsframe.Ping, "p"), lastFrame(hello[3:])), Want: alive(incomplete, pong("p"), textBack("Hello"))},
		{ID: "deflate-takeover", Title: "a message that refers to the previous one", Section: "RFC 7692 §7.2.3.2", Level: Must, Legal: true,
			Teaches: "The second Hello takes five bytes, a reference to the first. Uncompressed messages in between do not count.",
			Steps:   talk("RSV1 text: Hello; text; RSV1 text: f2 00 11 00 00", compressed(hello), text("between"), compressed("\xf2\x00\x11\x00\x00")), Want: alive("it forgets the window that it agreed to keep", textBack("Hello"), textBack("between"), textBack("Hello"))},
		{ID: "deflate-utf8-split", Title: "a compressed text whose fragments are not UTF-8", Section: "RFC 7692 §6.2", Level: Must, Legal: true,
			Teaches: "Only the inflated text is UTF-8. The compressed bytes can be anything.",
			Steps:   talk("RSV1 text without FIN: f2; continuation: the rest", firstCompressed(hello[:1]), lastFrame(hello[1:])), Want: alive("it checks compressed bytes for UTF-8", textBack("Hello"))},
	})
}

// inflateFaults is about invalid compressed messages (RFC 7692 §7.2.2).
func inflateFaults() []Fault {
	const unsound = "it delivers data that the client cannot have sent"
	bad := func(note string, data ...string) []Step { return []Step{openDeflate(), frames(note, data...)} }
	return within(Compression, NeedDeflate, []Fault{
		{ID: "deflate-block-type", Title: "a block of type 3", Section: "RFC 7692 §7.2.2", Level: Must,
			Teaches: "DEFLATE has three types of blocks, 0 to 2.",
			Steps:   bad("RSV1 text: 07", compressed("\x07")), Want: failed(unsound, 1007, 1002)},
		{ID: "deflate-cut-short", Title: "a compressed message without its end", Section: "RFC 7692 §7.2.2", Level: Quality,
			Teaches: "A library that returns what it has at the end of its input delivers \"Heh\". The RFC does not forbid that.",
			Steps:   bad("RSV1 text: f2 48 cd", compressed(hello[:3])), Want: failed(unsound, 1007, 1002)},
		{ID: "deflate-beyond-window", Title: "a reference before the start of the data", Section: "RFC 7692 §7.2.2", Level: Must,
			Teaches: "The window is empty at the start. A reference to five bytes ago finds nothing, or another user's memory.",
			Steps:   bad("RSV1 text: f2 00 11 00 00, as the first message", compressed("\xf2\x00\x11\x00\x00")), Want: failed(unsound, 1007, 1002)},
		{ID: "deflate-not-utf8", Title: "a compressed text that is not UTF-8", Section: "RFC 6455 §8.1", Level: Must,
			Teaches: "The text is checked after it is inflated.",
			Steps:   bad("RSV1 text: a stored block with ff fe", compressed("\x00\x02\x00\xfd\xff\xff\xfe\x00")), Want: failed("bytes that are not text reach a program that relies on text", 1007)},
		{ID: "deflate-rsv1-continuation", Title: "RSV1 on a continuation", Section: "RFC 7692 §6.1", Level: Must,
			Teaches: "The first frame stands for the whole message. The bit has no meaning on later frames.",
			Steps:   bad("RSV1 text without FIN, RSV1 continuation", firstCompressed(hello[:3]), frame(fin|rsv1, wsframe.Continuation, hello[3:])), Want: failed(unsound, 1002)},
		{ID: "deflate-rsv1-ping", Title: "RSV1 on a Ping", Section: "RFC 7692 §6.1", Level: Must,
			Teaches: "Control frames are not compressed.",
			Steps:   bad("RSV1 ping", frame(fin|rsv1, wsframe.Ping, "")), Want: failed(unsound, 1002)},
		{ID: "deflate-rsv1-close", Title: "RSV1 on a Close", Section: "RFC 7692 §6.1", Level: Must,
			Teaches: "Control frames are not compressed.",
			Steps:   []Step{openDeflate(), frames("RSV1 Close 1000", frame(fin|rsv1, wsframe.Close, code(1000))).closing()}, Want: badClose(unsound, 1002)},
		{ID: "deflate-rsv2", Title: "RSV2 with compression agreed on", Section: "RFC 6455 §5.2", Level: Must,
			Teaches: "Only one of the three bits was agreed on.",
			Steps:   bad("RSV1 RSV2 text", frame(fin|rsv1|rsv2, wsframe.Text, hello)), Want: failed(unsound, 1002)},
	})
}

// firstCompressed begins a compressed text message.
func firstCompressed(payload string) string { return frame(more|rsv1, wsframe.Text, payload) }
