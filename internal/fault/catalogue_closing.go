package fault

import (
	"fmt"
	"strings"

	"barewire/wsframe"
)

// closingFaults is about the closing handshake (RFC 6455 §5.5.1, §7). The payload
// of a Close frame is empty, or a code of two bytes and a reason in UTF-8.
func closingFaults() []Fault {
	return within(Closing, NeedWebSocket, []Fault{
		{ID: "close", Title: "Close 1000", Section: "RFC 6455 §5.5.1", Level: Must, Legal: true,
			Teaches: "A Close is answered with a Close with the same code. Then the server closes TCP.",
			Steps:   closeWith("1000", code(1000)), Want: answeredBy(1000)},
		{ID: "close-empty", Title: "a Close without a code", Section: "RFC 6455 §5.5.1", Level: Must, Legal: true,
			Teaches: "The code is optional. A Close without a code is answered without one.",
			Steps:   closeWith("nothing", ""), Want: answeredBy(uint16(wsframe.NoStatusReceived))},
		{ID: "close-reason", Title: "a reason of 123 bytes", Section: "RFC 6455 §5.5.1", Level: Must, Legal: true,
			Teaches: "With the two bytes of the code it makes 125, the longest control frame.",
			Steps:   closeWith("1000, reason of 123 bytes", code(1000)+strings.Repeat("r", 123)), Want: answeredBy(1000)},
		{ID: "close-one-byte", Title: "a Close of one byte", Section: "RFC 6455 §5.5.1", Level: Should,
			Teaches: "Half a code is no code.",
			Steps:   closeWith("03", "\x03"), Want: badClose(nonsense, 1002)},
		{ID: "close-reason-not-utf8", Title: "a reason that is not UTF-8", Section: "RFC 6455 §5.5.1", Level: Must,
			Teaches: "The reason is text, so the rule for text holds.",
			Steps:   closeWith("1000, ff", code(1000)+"\xff"), Want: badClose(nonsense, 1007, 1002)},
		{ID: "close-too-long", Title: "a reason of 124 bytes", Section: "RFC 6455 §5.5", Level: Must,
			Teaches: "A Close is a control frame: 125 bytes at most, including the code.",
			Steps:   closeWith("1000, reason of 124 bytes", code(1000)+strings.Repeat("r", 124)), Want: badClose(nonsense, 1002)},
		{ID: "close-fragmented", Title: "a Close without FIN", Section: "RFC 6455 §5.5", Level: Must,
			Teaches: "Control frames are never fragmented.",
			Steps:   []Step{open(), frames("Close 1000 without FIN", frame(more, wsframe.Close, code(1000))).closing()},
			Want:    badClose(nonsense, 1002)},
		{ID: "close-then-ping", Title: "a Ping after the Close", Section: "RFC 6455 §1.4", Level: Should,
			Teaches: "After a Close, nothing more is sent, and nothing is answered.",
			Steps:   []Step{open(), frames("Close 1000, ping", goodbye().Bytes, frame(fin, wsframe.Ping, "p")).closing()},
			Want:    exactly("it continues after the Close", closed, end).or(Outcome{anyClose, end}, Outcome{end})},
		{ID: "close-then-text", Title: "a message after the Close", Section: "RFC 6455 §5.5.1", Level: Must, Needs: NeedEcho,
			Teaches: "A server that has answered the Close sends no more messages.",
			Steps:   []Step{open(), frames("Close 1000, text", goodbye().Bytes, text("Hello")).closing()},
			Want:    exactly("it sends messages after its Close", closed, end).or(Outcome{anyClose, end}, Outcome{end})},
		{ID: "close-twice", Title: "two Close frames", Section: "RFC 6455 §5.5.1", Level: Must,
			Teaches: "The second one is not answered: each side sends only one.",
			Steps:   []Step{open(), frames("Close 1000, Close 1001", goodbye().Bytes, frame(fin, wsframe.Close, code(1001))).closing()},
			Want:    exactly("it sends two Close frames", closed, end).or(Outcome{anyClose, end}, Outcome{end})},
		{ID: "close-then-garbage", Title: "garbage after the Close", Section: "RFC 6455 §1.4", Level: Should,
			Teaches: "A server does not read what follows a Close, so it cannot be wrong.",
			Steps:   []Step{open(), frames("Close 1000, an unmasked frame with all bits set", goodbye().Bytes, "\xff\x00").closing()},
			Want:    exactly("it checks bytes that it should not read", closed, end).or(Outcome{anyClose, end}, Outcome{end})},
		{ID: "close-after-message", Title: "a message, and a Close right after it", Section: "RFC 6455 §5.5.1", Level: Must, Legal: true, Needs: NeedEcho,
			Teaches: "The message came first, so its answer comes first.",
			Steps:   []Step{open(), frames("text, Close 1000", text("Hello"), goodbye().Bytes).closing()},
			Want:    alive("the last message is lost", textBack("Hello")).or(Outcome{closed, end})},
		{ID: "close-5000", Title: "the close code 5000", Section: "RFC 6455 §7.4.2", Level: May,
			Teaches: "No range is defined for 5000 and above. A server may refuse such a code.",
			Steps:   closeWith("5000", code(5000)), Want: badClose(nonsense, 1002).or(Outcome{closes(5000), end})},
	})
}

// closeCodeFaults is about the codes that are not allowed in a Close frame, and those
// that are (RFC 6455 §7.4).
func closeCodeFaults() []Fault {
	var faults []Fault
	for _, invalid := range []struct {
		code             uint16
		level            Level // no keyword binds the receiver; a sender of 1005, 1006 or 1015 breaks a MUST
		teaches, section string
	}{
		{0, Should, "The codes begin at 1000.", "RFC 6455 §7.4.2"},
		{999, Should, "The codes begin at 1000.", "RFC 6455 §7.4.2"},
		{1004, Quality, "1004 is reserved, with no meaning defined.", "RFC 6455 §7.4.1"},
		{1005, Must, "A program uses 1005 internally for \"no code came\". Sent in a Close, it contradicts itself, and must not be sent back.", "RFC 6455 §7.4.1"},
		{1006, Must, "A program uses 1006 internally for \"no Close came\". Sent in a Close, it contradicts itself, and must not be sent back.", "RFC 6455 §7.4.1"},
		{1015, Must, "A program uses 1015 internally for \"TLS failed\". Then there is no connection on which it could be sent, or sent back.", "RFC 6455 §7.4.1"},
		{1016, Quality, "1016 to 2999 are reserved for later versions of the protocol.", "RFC 6455 §7.4.2"},
		{2999, Quality, "1016 to 2999 are reserved for later versions of the protocol.", "RFC 6455 §7.4.2"},
	} {
		want := badClose(nonsense, 1002)
		if invalid.level == Must {
			want = want.or(Outcome{closes(1000, wsframe.NoStatusReceived), end})
		}
		faults = append(faults, Fault{ID: fmt.Sprintf("close-%d", invalid.code), Title: fmt.Sprintf("the close code %d", invalid.code),
			Section: invalid.section, Level: invalid.level, Teaches: invalid.teaches,
			Steps: closeWith(fmt.Sprint(invalid.code), code(invalid.code)), Want: want})
	}
	for _, valid := range []struct {
		code    uint16
		teaches string
	}{
		{1001, "A browser sends 1001 when the user leaves the page."},
		{1003, "The client got data that it cannot accept, such as text instead of binary."},
		{1007, "The client got text that is not UTF-8."},
		{1010, "The client needs an extension that the server did not agree to."},
		{1012, "Registered after the RFC: service restart."},
		{1014, "Registered after the RFC: a gateway got an invalid answer."},
		{3000, "3000 to 3999 are registered for libraries and frameworks."},
		{4999, "4000 to 4999 are free for applications."},
	} {
		faults = append(faults, Fault{ID: fmt.Sprintf("close-%d", valid.code), Title: fmt.Sprintf("the close code %d", valid.code),
			Section: "RFC 6455 §7.4", Level: Should, Legal: true, Teaches: valid.teaches,
			Steps: closeWith(fmt.Sprint(valid.code), code(valid.code)), Want: answeredBy(valid.code)})
	}
	return within(Closing, NeedWebSocket, faults)
}

// nonsense is what it means to accept an invalid Close.
const nonsense = "it accepts a Close that is not valid"

// closeWith sends one Close frame.
func closeWith(note, payload string) []Step {
	return []Step{open(), frames("Close: "+note, frame(fin, wsframe.Close, payload)).closing()}
}

// answeredBy expects a Close as the answer. It SHOULD have the code that came.
func answeredBy(c uint16) Expectation {
	return exactly("the Close is not answered", closes(wsframe.CloseCode(c)), end).or(Outcome{anyClose, end})
}

// badClose is failed for a Close frame that breaks a rule. An answer that repeats
// 1000, or that has no code at all, shows that the server noticed nothing.
func badClose(short string, codes ...wsframe.CloseCode) Expectation {
	noticed := closes(1002, 1003, 1007, 1008, 1009, 1011)
	return exactly(short, closes(codes...), end).or(Outcome{noticed, end}, Outcome{end})
}
