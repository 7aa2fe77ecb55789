package fault

import (
	"fmt"
	"strings"

	"barewire/wsframe"
)

// closingFaults is about the closing handshake (RFC 6455 §5.5.1, §7). The payload
// of a Close frame is empty, or a code of two octets and a reason in UTF-8.
func closingFaults() []Fault {
	return within(Closing, NeedWebSocket, []Fault{
		{ID: "close", Title: "Close 1000", Section: "RFC 6455 §5.5.1", Level: Must, Legal: true,
			Teaches: "A Close is answered with a Close, of the same code, and then the server ends TCP.",
			Steps:   closeWith("1000", code(1000)), Want: answeredBy(1000)},
		{ID: "close-empty", Title: "a Close without code", Section: "RFC 6455 §5.5.1", Level: Must, Legal: true,
			Teaches: "The code is optional. The answer to none has none.",
			Steps:   closeWith("nothing", ""), Want: answeredBy(uint16(wsframe.NoStatusReceived))},
		{ID: "close-reason", Title: "a reason of 123 octets", Section: "RFC 6455 §5.5.1", Level: Must, Legal: true,
			Teaches: "With the code that makes 125, the most a control frame can hold.",
			Steps:   closeWith("1000, reason of 123 octets", code(1000)+strings.Repeat("r", 123)), Want: answeredBy(1000)},
		{ID: "close-one-octet", Title: "a Close with one octet", Section: "RFC 6455 §5.5.1", Level: Should,
			Teaches: "Half a code is none.",
			Steps:   closeWith("03", "\x03"), Want: badClose(nonsense, 1002)},
		{ID: "close-reason-not-utf8", Title: "a reason that is not UTF-8", Section: "RFC 6455 §5.5.1", Level: Must,
			Teaches: "The reason is text, under the rule that holds for text.",
			Steps:   closeWith("1000, ff", code(1000)+"\xff"), Want: badClose(nonsense, 1007, 1002)},
		{ID: "close-too-long", Title: "a reason of 124 octets", Section: "RFC 6455 §5.5", Level: Must,
			Teaches: "A Close is a control frame: 125 octets, the code included.",
			Steps:   closeWith("1000, reason of 124 octets", code(1000)+strings.Repeat("r", 124)), Want: badClose(nonsense, 1002)},
		{ID: "close-fragmented", Title: "a Close without FIN", Section: "RFC 6455 §5.5", Level: Must,
			Teaches: "Control frames are never fragmented.",
			Steps:   []Step{open(), frames("Close 1000 without FIN", frame(more, wsframe.Close, code(1000))).closing()},
			Want:    badClose(nonsense, 1002)},
		{ID: "close-then-ping", Title: "a Ping behind the Close", Section: "RFC 6455 §1.4", Level: Should,
			Teaches: "Behind a Close nothing is said any more, and nothing answered.",
			Steps:   []Step{open(), frames("Close 1000, ping", goodbye().Octets, frame(fin, wsframe.Ping, "p")).closing()},
			Want:    exactly("it goes on after the end", closed, end).or(Outcome{anyClose, end}, Outcome{end})},
		{ID: "close-then-text", Title: "a message behind the Close", Section: "RFC 6455 §5.5.1", Level: Must, Needs: NeedEcho,
			Teaches: "Once it has answered the Close a server sends no message any more.",
			Steps:   []Step{open(), frames("Close 1000, text", goodbye().Octets, text("Hello")).closing()},
			Want:    exactly("it sends messages behind its Close", closed, end).or(Outcome{anyClose, end}, Outcome{end})},
		{ID: "close-twice", Title: "two Close frames", Section: "RFC 6455 §5.5.1", Level: Must,
			Teaches: "The second one is not answered: each side sends one.",
			Steps:   []Step{open(), frames("Close 1000, Close 1001", goodbye().Octets, frame(fin, wsframe.Close, code(1001))).closing()},
			Want:    exactly("it sends two Close frames", closed, end).or(Outcome{anyClose, end}, Outcome{end})},
		{ID: "close-then-garbage", Title: "garbage behind the Close", Section: "RFC 6455 §1.4", Level: Should,
			Teaches: "What comes behind a Close is not read, so it cannot be wrong.",
			Steps:   []Step{open(), frames("Close 1000, an unmasked frame with all bits set", goodbye().Octets, "\xff\x00").closing()},
			Want:    exactly("it judges what it should not have read", closed, end).or(Outcome{anyClose, end}, Outcome{end})},
		{ID: "close-behind-message", Title: "a message, and the Close right behind it", Section: "RFC 6455 §5.5.1", Level: Must, Legal: true, Needs: NeedEcho,
			Teaches: "The message came first, so its answer goes first.",
			Steps:   []Step{open(), frames("text, Close 1000", text("Hello"), goodbye().Octets).closing()},
			Want:    alive("the last message is lost", textBack("Hello")).or(Outcome{closed, end})},
		{ID: "close-5000", Title: "the close code 5000", Section: "RFC 6455 §7.4.2", Level: May,
			Teaches: "Nobody says what 5000 and above mean; a server may refuse them.",
			Steps:   closeWith("5000", code(5000)), Want: badClose(nonsense, 1002).or(Outcome{closes(5000), end})},
	})
}

// closeCodeFaults is about the codes that may not, and those that may, stand in a
// Close frame (RFC 6455 §7.4).
func closeCodeFaults() []Fault {
	var faults []Fault
	for _, invalid := range []struct {
		code             uint16
		level            Level // no keyword binds who receives it; who sends 1005, 1006 or 1015 breaks a MUST
		teaches, section string
	}{
		{0, Should, "Codes begin at 1000.", "RFC 6455 §7.4.2"},
		{999, Should, "Codes begin at 1000.", "RFC 6455 §7.4.2"},
		{1004, Quality, "1004 is reserved, and nobody knows for what.", "RFC 6455 §7.4.1"},
		{1005, Must, "1005 stands for \"no code came\" inside a program; on the wire it contradicts itself, and must not come back.", "RFC 6455 §7.4.1"},
		{1006, Must, "1006 stands for \"no Close came\" inside a program; in a Close it contradicts itself, and must not come back.", "RFC 6455 §7.4.1"},
		{1015, Must, "1015 stands for \"TLS failed\" inside a program: then there was no connection to send it on, or back.", "RFC 6455 §7.4.1"},
		{1016, Quality, "1016 to 2999 are for later versions of the protocol.", "RFC 6455 §7.4.2"},
		{2999, Quality, "1016 to 2999 are for later versions of the protocol.", "RFC 6455 §7.4.2"},
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
		{1001, "A page that is left says so."},
		{1003, "The client got what it cannot take: text, say, where it wants octets."},
		{1007, "The client got text that is not UTF-8."},
		{1010, "The client wanted an extension that the server does not have."},
		{1012, "Registered after the RFC: service restart."},
		{1014, "Registered after the RFC: a gateway got no sound answer."},
		{3000, "3000 to 3999 are registered by libraries."},
		{4999, "4000 to 4999 are for applications to use as they like."},
	} {
		faults = append(faults, Fault{ID: fmt.Sprintf("close-%d", valid.code), Title: fmt.Sprintf("the close code %d", valid.code),
			Section: "RFC 6455 §7.4", Level: Should, Legal: true, Teaches: valid.teaches,
			Steps: closeWith(fmt.Sprint(valid.code), code(valid.code)), Want: answeredBy(valid.code)})
	}
	return within(Closing, NeedWebSocket, faults)
}

// nonsense is what it means to accept a Close that cannot be.
const nonsense = "it takes what cannot be a reason for one"

// closeWith sends one Close frame.
func closeWith(note, payload string) []Step {
	return []Step{open(), frames("Close: "+note, frame(fin, wsframe.Close, payload)).closing()}
}

// answeredBy is a Close that is answered. The answer SHOULD have the code that came.
func answeredBy(c uint16) Expectation {
	return exactly("the Close is not answered", closes(wsframe.CloseCode(c)), end).or(Outcome{anyClose, end})
}

// badClose is a Close frame that breaks a rule: failed, but an answer that
// repeats 1000, or has no code at all, shows that nothing was noticed.
func badClose(short string, codes ...wsframe.CloseCode) Expectation {
	noticed := closes(1002, 1003, 1007, 1008, 1009, 1011)
	return exactly(short, closes(codes...), end).or(Outcome{noticed, end}, Outcome{end})
}
