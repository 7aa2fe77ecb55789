package fault

import "barewire/wsframe"

// textFaults is about UTF-8 in text messages (RFC 6455 §8.1, RFC 3629). A code
// point is encoded as follows; x stands for the bits of its number:
//
//	0xxxxxxx                               to U+007F
//	110xxxxx 10xxxxxx                      to U+07FF
//	1110xxxx 10xxxxxx 10xxxxxx             to U+FFFF, without D800-DFFF
//	11110xxx 10xxxxxx 10xxxxxx 10xxxxxx    to U+10FFFF
func textFaults() []Fault {
	const garbage = "bytes that are not text reach a program that relies on text"
	invalid := func(data, note string) []Step { return []Step{open(), frames("text: "+note, text(data))} }
	return within(Text, NeedWebSocket, []Fault{
		{ID: "utf8-ff", Title: "the bytes FF FE", Section: "RFC 6455 §8.1", Level: Must,
			Teaches: "Neither byte appears in valid UTF-8. Together they are the byte order mark of another encoding.",
			Steps:   invalid("\xff\xfe", "ff fe"), Want: failed(garbage, 1007)},
		{ID: "utf8-overlong", Title: "a slash in two bytes", Section: "RFC 6455 §8.1", Level: Must,
			Teaches: "C0 AF is a slash that a filter for slashes misses. Only the shortest form is valid.",
			Steps:   invalid("..\xc0\xaf", "c0 af"), Want: failed(garbage, 1007)},
		{ID: "utf8-surrogate", Title: "half of a surrogate pair", Section: "RFC 6455 §8.1", Level: Must,
			Teaches: "D800 to DFFF are not characters: UTF-16 uses them in pairs to encode higher code points.",
			Steps:   invalid("\xed\xa0\x80", "ed a0 80, U+D800"), Want: failed(garbage, 1007)},
		{ID: "utf8-too-high", Title: "a code point above U+10FFFF", Section: "RFC 6455 §8.1", Level: Must,
			Teaches: "U+10FFFF is the highest code point of Unicode.",
			Steps:   invalid("\xf4\x90\x80\x80", "f4 90 80 80, U+110000"), Want: failed(garbage, 1007)},
		{ID: "utf8-five-bytes", Title: "a code point of five bytes", Section: "RFC 6455 §8.1", Level: Must,
			Teaches: "UTF-8 once had forms of five and six bytes. RFC 3629 removed them.",
			Steps:   invalid("\xf8\x88\x80\x80\x80", "f8 88 80 80 80"), Want: failed(garbage, 1007)},
		{ID: "utf8-continuation-alone", Title: "a continuation byte alone", Section: "RFC 6455 §8.1", Level: Must,
			Teaches: "10xxxxxx continues a code point, but none has begun.",
			Steps:   invalid("a\x80b", "61 80 62"), Want: failed(garbage, 1007)},
		{ID: "utf8-cut-short", Title: "a text that ends within a code point", Section: "RFC 6455 §8.1", Level: Must,
			Teaches: "Every byte is valid, but the text is not.",
			Steps:   invalid("\xe2\x82", "e2 82, without ac"), Want: failed(garbage, 1007)},
		{ID: "utf8-cut-short-fragments", Title: "an unfinished code point, then an empty last frame", Section: "RFC 6455 §8.1", Level: Must,
			Teaches: "The text must be complete at the end of the message, even when the last frame is empty.",
			Steps: []Step{open(), frames("text without FIN: e2 82; empty continuation",
				frame(more, wsframe.Text, "\xe2\x82"), frame(fin, wsframe.Continuation, ""))},
			Want: failed(garbage, 1007)},
		{ID: "utf8-second-fragment", Title: "an error in the second fragment", Section: "RFC 6455 §8.1", Level: Must,
			Teaches: "The text is checked as a whole, however many frames it came in.",
			Steps: []Step{open(), frames("text without FIN: e2; continuation: 28",
				frame(more, wsframe.Text, "\xe2"), frame(fin, wsframe.Continuation, "\x28"))},
			Want: failed(garbage, 1007)},
		{ID: "utf8-fail-fast", Title: "FF in an unfinished message", Section: "RFC 6455 §8.1", Level: May,
			Teaches: "Nothing that follows can make the text valid, so a server may fail the connection at once and skip the rest.",
			Steps:   []Step{open(), frames("text without FIN: ff", frame(more, wsframe.Text, "\xff"))},
			Want:    failed("it answers bytes that are not text", 1007).or(Outcome{quiet})},
		{ID: "utf8-fail-fast-in-frame", Title: "FF in an unfinished frame", Section: "RFC 6455 §8.1", Level: May,
			Teaches: "The same holds within a frame, which may announce a gigabyte that never comes.",
			Steps:   []Step{open(), frames("a header for 10 bytes, and ff", text("\xff123456789")[:7])},
			Want:    failed("it answers bytes that are not text", 1007).or(Outcome{quiet})},
		{ID: "utf8-valid", Title: "code points of one to four bytes", Section: "RFC 6455 §8.1", Level: Must, Legal: true, Needs: NeedEcho,
			Teaches: "Lengths count bytes, not characters.",
			Steps:   []Step{open(), frames("text: aé€𝄞", text("aé€𝄞")), goodbye()},
			Want:    alive("it does not accept all of Unicode", textBack("aé€𝄞"))},
		{ID: "utf8-split", Title: "a code point split across fragments", Section: "RFC 6455 §5.4", Level: Must, Legal: true, Needs: NeedEcho,
			Teaches: "A fragment may end within a code point. A server that checks each fragment alone refuses valid text.",
			Steps: []Step{open(), frames("text without FIN: e2 82; ping; continuation: ac",
				frame(more, wsframe.Text, "\xe2\x82"), frame(fin, wsframe.Ping, "p"), frame(fin, wsframe.Continuation, "\xac")), goodbye()},
			Want: alive("it checks fragments instead of messages", pong("p"), textBack("€"))},
		{ID: "utf8-noncharacter", Title: "U+FFFF and NUL", Section: "RFC 6455 §8.1", Level: Must, Legal: true, Needs: NeedEcho,
			Teaches: "Noncharacters are valid on the wire, and NUL does not end a message.",
			Steps:   []Step{open(), frames("text: ef bf bf 00", text("\uffff\x00")), goodbye()},
			Want:    alive("it refuses valid code points", textBack("\uffff\x00"))},
	})
}
