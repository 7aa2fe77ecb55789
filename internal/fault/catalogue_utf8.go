package fault

import "barewire/wsframe"

// textFaults is about UTF-8 in text messages (RFC 6455 §8.1, RFC 3629). What a
// code point looks like, x being the bits of its number:
//
//	0xxxxxxx                               to U+007F
//	110xxxxx 10xxxxxx                      to U+07FF
//	1110xxxx 10xxxxxx 10xxxxxx             to U+FFFF, without D800-DFFF
//	11110xxx 10xxxxxx 10xxxxxx 10xxxxxx    to U+10FFFF
func textFaults() []Fault {
	const garbage = "octets that are no text reach a program that counts on text"
	invalid := func(octets, note string) []Step { return []Step{open(), frames("text: "+note, text(octets))} }
	return within(Text, NeedWebSocket, []Fault{
		{ID: "utf8-ff", Title: "the octets FF FE", Section: "RFC 6455 §8.1", Level: Must,
			Teaches: "Neither can be in any UTF-8 text. They are a byte order mark of another encoding.",
			Steps:   invalid("\xff\xfe", "ff fe"), Want: failed(garbage, 1007)},
		{ID: "utf8-overlong", Title: "a slash in two octets", Section: "RFC 6455 §8.1", Level: Must,
			Teaches: "C0 AF is a slash that a filter for slashes does not find. Only the shortest form is valid.",
			Steps:   invalid("..\xc0\xaf", "c0 af"), Want: failed(garbage, 1007)},
		{ID: "utf8-surrogate", Title: "half of a surrogate pair", Section: "RFC 6455 §8.1", Level: Must,
			Teaches: "D800 to DFFF are no code points but a trick of UTF-16.",
			Steps:   invalid("\xed\xa0\x80", "ed a0 80, U+D800"), Want: failed(garbage, 1007)},
		{ID: "utf8-too-high", Title: "a code point above U+10FFFF", Section: "RFC 6455 §8.1", Level: Must,
			Teaches: "Unicode ends there.",
			Steps:   invalid("\xf4\x90\x80\x80", "f4 90 80 80, U+110000"), Want: failed(garbage, 1007)},
		{ID: "utf8-five-octets", Title: "a code point of five octets", Section: "RFC 6455 §8.1", Level: Must,
			Teaches: "UTF-8 once had forms of five and six octets; RFC 3629 took them away.",
			Steps:   invalid("\xf8\x88\x80\x80\x80", "f8 88 80 80 80"), Want: failed(garbage, 1007)},
		{ID: "utf8-continuation-alone", Title: "an octet that continues nothing", Section: "RFC 6455 §8.1", Level: Must,
			Teaches: "10xxxxxx goes on with a code point; here none has begun.",
			Steps:   invalid("a\x80b", "61 80 62"), Want: failed(garbage, 1007)},
		{ID: "utf8-cut-short", Title: "a text that ends within a code point", Section: "RFC 6455 §8.1", Level: Must,
			Teaches: "Every octet is in order, and the text is not.",
			Steps:   invalid("\xe2\x82", "e2 82, without ac"), Want: failed(garbage, 1007)},
		{ID: "utf8-cut-short-fragments", Title: "a code point begun, and an empty last frame", Section: "RFC 6455 §8.1", Level: Must,
			Teaches: "The end of the message counts, also where its frame has no octets.",
			Steps: []Step{open(), frames("text without FIN: e2 82; empty continuation",
				frame(more, wsframe.Text, "\xe2\x82"), frame(fin, wsframe.Continuation, ""))},
			Want: failed(garbage, 1007)},
		{ID: "utf8-second-fragment", Title: "the fault is in the second fragment", Section: "RFC 6455 §8.1", Level: Must,
			Teaches: "The text is checked as a whole, however many frames it came in.",
			Steps: []Step{open(), frames("text without FIN: e2; continuation: 28",
				frame(more, wsframe.Text, "\xe2"), frame(fin, wsframe.Continuation, "\x28"))},
			Want: failed(garbage, 1007)},
		{ID: "utf8-fail-fast", Title: "FF in a message that is not finished", Section: "RFC 6455 §8.1", Level: May,
			Teaches: "Nothing that follows can make it valid: a server may fail now and save itself the rest.",
			Steps:   []Step{open(), frames("text without FIN: ff", frame(more, wsframe.Text, "\xff"))},
			Want:    failed("it answers what is no text", 1007).or(Outcome{quiet})},
		{ID: "utf8-fail-fast-in-frame", Title: "FF in a frame that is not finished", Section: "RFC 6455 §8.1", Level: May,
			Teaches: "The same, of a frame: it may announce a gigabyte that is never to come.",
			Steps:   []Step{open(), frames("a header for 10 octets, and ff", text("\xff123456789")[:7])},
			Want:    failed("it answers what is no text", 1007).or(Outcome{quiet})},
		{ID: "utf8-valid", Title: "code points of one to four octets", Section: "RFC 6455 §8.1", Level: Must, Legal: true, Needs: NeedEcho,
			Teaches: "Lengths count octets, not characters.",
			Steps:   []Step{open(), frames("text: aé€𝄞", text("aé€𝄞")), goodbye()},
			Want:    alive("it does not take all of Unicode", textBack("aé€𝄞"))},
		{ID: "utf8-split", Title: "a code point cut by a fragment", Section: "RFC 6455 §5.4", Level: Must, Legal: true, Needs: NeedEcho,
			Teaches: "A fragment may end within a code point: who checks each by itself refuses what is in order.",
			Steps: []Step{open(), frames("text without FIN: e2 82; ping; continuation: ac",
				frame(more, wsframe.Text, "\xe2\x82"), frame(fin, wsframe.Ping, "p"), frame(fin, wsframe.Continuation, "\xac")), goodbye()},
			Want: alive("it checks fragments instead of messages", pong("p"), textBack("€"))},
		{ID: "utf8-noncharacter", Title: "U+FFFF and NUL", Section: "RFC 6455 §8.1", Level: Must, Legal: true, Needs: NeedEcho,
			Teaches: "Noncharacters are code points as good as any on the wire, and NUL ends nothing.",
			Steps:   []Step{open(), frames("text: ef bf bf 00", text("\uffff\x00")), goodbye()},
			Want:    alive("it refuses code points that it does not like", textBack("\uffff\x00"))},
	})
}
