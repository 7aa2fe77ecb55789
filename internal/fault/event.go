package fault

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"barewire/handshake"
	"barewire/wsframe"
)

// Kind is the kind of an event.
type Kind uint8

// The kinds. The first group is observed; the second appears only in expectations.
const (
	Response   Kind = iota // a response head and its body
	Upgraded               // a 101 with the right Sec-WebSocket-Accept
	Message                // a text or binary message
	Pong                   // a Pong
	CloseFrame             // a Close frame
	End                    // the end of the connection, orderly or reset
	Quiet                  // the connection is open, and nothing more came
	Broken                 // bytes that no server may send

	Refused      // a response of 400 to 599, other than what a plain GET gets
	Served       // the response that a plain GET gets
	Answered     // any response except 400
	ErrorStatus  // a response of 400 to 599
	AnyResponse  // any response except 101
	Declined     // a 101 without permessage-deflate
	Accepted     // a 101 with permessage-deflate
	EndOrQuiet   // End or Quiet
	AnyMessage   // any message
	AnyCloseCode // a Close frame with any code
)

// Event is one thing that came back.
type Event struct {
	Kind      Kind
	Status    int                  // of a Response
	Opcode    wsframe.Opcode       // of a Message
	Payload   string               // of a Message or Pong
	Code      wsframe.CloseCode    // of a CloseFrame
	Reason    string               // of a CloseFrame; of Broken and End: what happened
	Extension *handshake.Extension // of an Upgraded: permessage-deflate, or nil
}

// String returns the event as the report shows it, such as `text "Hello"`.
func (e Event) String() string {
	switch e.Kind {
	case Response:
		return strconv.Itoa(e.Status)
	case Upgraded:
		if e.Extension != nil {
			return "101 with " + e.Extension.String()
		}
		return "101"
	case Message:
		return e.Opcode.String() + " " + shown(e.Payload)
	case Pong:
		return "pong " + shown(e.Payload)
	case CloseFrame:
		return closeText(e.Code)
	case End:
		return "end"
	case Quiet:
		return "still open"
	}
	return "broken: " + e.Reason
}

func closeText(code wsframe.CloseCode) string {
	if code == wsframe.NoStatusReceived {
		return "close without code"
	}
	return fmt.Sprintf("close %d", code)
}

// maxShown is how many bytes of a payload a report shows.
const maxShown = 24

// shown returns a payload for a report: short text is quoted, other short payloads
// are in hex.
func shown(payload string) string {
	if len(payload) > maxShown {
		return fmt.Sprintf("of %d bytes", len(payload))
	}
	if utf8.ValidString(payload) {
		return strconv.Quote(payload)
	}
	return fmt.Sprintf("% x", payload)
}

// Transcript is everything that came back, in order.
type Transcript []Event

// String returns the events, separated by commas, such as
// "close 1002, end".
func (t Transcript) String() string { return sequence(t, Event.String) }

// sequence lists the values; a value that repeats is listed once, with its count.
func sequence[T any](values []T, text func(T) string) string {
	var parts []string
	for i := 0; i < len(values); {
		first, times := text(values[i]), 0
		for ; i < len(values) && text(values[i]) == first; i++ {
			times++
		}
		if times > 1 {
			first = fmt.Sprintf("%d × %s", times, first)
		}
		parts = append(parts, first)
	}
	return strings.Join(parts, ", ")
}

// withoutMessages is used for a server that does not echo: the messages that it
// sends on its own are no answers.
func (t Transcript) withoutMessages() Transcript {
	var rest Transcript
	for _, event := range t {
		if event.Kind != Message {
			rest = append(rest, event)
		}
	}
	return rest
}
