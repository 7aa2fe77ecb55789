package fault

import (
	"slices"
	"strconv"
	"strings"

	"barewire/wsframe"
)

// Answer describes one event that may come back.
type Answer struct {
	Kind     Kind
	Statuses []int               // of a Response: one of them
	Opcode   wsframe.Opcode      // of a Message
	Payload  string              // of a Message or Pong
	Codes    []wsframe.CloseCode // of a CloseFrame: one of them
	Except   []int               // of an Answered: none of them

	// Of an Accepted: if Params is not empty, the extension must have one of them;
	// it must not have the parameter named Without.
	Params  []string
	Without string
}

// Outcome is a sequence of answers. An outcome matches these answers, in this
// order, and nothing else.
type Outcome []Answer

// Expectation describes what must come back.
type Expectation struct {
	Pass      []Outcome // what is right
	Tolerated []Outcome // weaker, but no MUST is broken

	// Short says what it means when anything else comes back.
	Short string
}

// Verdict is the result of a fault.
type Verdict string

// The verdicts. NotApplicable and NotRun say nothing about the server.
const (
	Pass          Verdict = "pass"
	Tolerated     Verdict = "tolerated"      // weaker than it could be; no MUST is broken
	Fail          Verdict = "fail"           // the rule of the fault's Level is broken
	NotApplicable Verdict = "not applicable" // the server lacks what the fault needs
	NotRun        Verdict = "not run"        // the connection never got as far as the fault
)

// Judge compares what came back with the expectation.
func (x *Expectation) Judge(got Transcript, target Target) Verdict {
	if !target.Echo {
		got = got.withoutMessages()
	}
	matches := func(outcome Outcome) bool { return outcome.matches(got, target) }
	switch {
	case slices.ContainsFunc(x.Pass, matches):
		return Pass
	case slices.ContainsFunc(x.Tolerated, matches):
		return Tolerated
	}
	return Fail
}

// matches reports whether got is this outcome.
func (o Outcome) matches(got Transcript, target Target) bool {
	if len(o) != len(got) {
		return false
	}
	for i := range o {
		if !o[i].matches(got[i], target) {
			return false
		}
	}
	return true
}

// matches reports whether the event is such an answer.
func (a *Answer) matches(e Event, target Target) bool {
	switch a.Kind {
	case Response:
		return e.Kind == Response && slices.Contains(a.Statuses, e.Status)
	case Refused:
		return e.Kind == Response && e.Status >= 400 && e.Status != target.PlainStatus
	case Served:
		return e.Kind == Response && e.Status == target.PlainStatus
	case Answered:
		return e.Kind == Response && e.Status != 400 && e.Status >= 200 && !slices.Contains(a.Except, e.Status)
	case ErrorStatus:
		return e.Kind == Response && e.Status >= 400
	case AnyResponse:
		return e.Kind == Response
	case Declined:
		return e.Kind == Upgraded && e.Extension == nil
	case Accepted:
		return e.Kind == Upgraded && e.Extension != nil && a.acceptsParams(e.Extension.String())
	case EndOrQuiet:
		return e.Kind == End || e.Kind == Quiet
	case AnyMessage:
		return e.Kind == Message
	case AnyCloseCode:
		return e.Kind == CloseFrame
	case CloseFrame:
		return e.Kind == CloseFrame && slices.Contains(a.Codes, e.Code)
	case Message:
		return e.Kind == Message && e.Opcode == a.Opcode && e.Payload == a.Payload
	case Pong:
		return e.Kind == Pong && e.Payload == a.Payload
	}
	return e.Kind == a.Kind // Upgraded, End, Quiet
}

// acceptsParams checks the parameters of an accepted extension, such as
// "permessage-deflate; server_max_window_bits=10".
func (a *Answer) acceptsParams(extension string) bool {
	parts := strings.Split(extension, "; ")[1:]
	for _, part := range parts {
		name, _, _ := strings.Cut(part, "=")
		if name == a.Without {
			return false
		}
	}
	if len(a.Params) == 0 {
		return true
	}
	return slices.ContainsFunc(parts, func(part string) bool { return slices.Contains(a.Params, part) })
}

// String returns the answer as the report shows it.
func (a Answer) String() string {
	switch a.Kind {
	case Response:
		return joined(a.Statuses, strconv.Itoa)
	case Refused, ErrorStatus:
		return "4xx or 5xx"
	case Served:
		return "the page"
	case Answered:
		return "any answer except " + joined(append([]int{400}, a.Except...), strconv.Itoa)
	case AnyResponse:
		return "a response other than 101"
	case Declined:
		return "101 without permessage-deflate"
	case Accepted:
		return a.acceptedText()
	case EndOrQuiet:
		return "end or not"
	case AnyMessage:
		return "a message"
	case AnyCloseCode:
		return "close with any code"
	case CloseFrame:
		return joined(a.Codes, closeText)
	}
	return Event{Kind: a.Kind, Opcode: a.Opcode, Payload: a.Payload}.String()
}

func (a *Answer) acceptedText() string {
	text := "101 with permessage-deflate"
	if len(a.Params) > 0 {
		text += "; " + a.Params[0]
	}
	if a.Without != "" {
		text += " without " + a.Without
	}
	return text
}

func joined[T any](values []T, text func(T) string) string {
	parts := make([]string, len(values))
	for i, value := range values {
		parts[i] = text(value)
	}
	return strings.Join(parts, " or ")
}

// String returns what is right, such as "close 1002, end".
func (x *Expectation) String() string {
	return joined(x.Pass, Outcome.String)
}

// String returns the answers, separated by commas.
func (o Outcome) String() string { return sequence(o, Answer.String) }
