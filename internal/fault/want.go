package fault

import "barewire/wsframe"

// The vocabulary of the catalogue's expectations.
var (
	end        = Answer{Kind: End}
	quiet      = Answer{Kind: Quiet}
	either     = Answer{Kind: EndOrQuiet}
	refusal    = Answer{Kind: Refused}
	httpError  = Answer{Kind: ErrorStatus}
	response   = Answer{Kind: AnyResponse}
	served     = Answer{Kind: Served}
	answered   = Answer{Kind: Answered}
	upgraded   = Answer{Kind: Upgraded}
	declined   = Answer{Kind: Declined}
	accepted   = Answer{Kind: Accepted}
	anyMessage = Answer{Kind: AnyMessage}
	anyClose   = Answer{Kind: AnyCloseCode}
	closed     = closes(wsframe.NormalClosure) // the answer to goodbye
)

// status is a response with one of the codes.
func status(codes ...int) Answer { return Answer{Kind: Response, Statuses: codes} }

// closes is a Close frame with one of the codes.
func closes(codes ...wsframe.CloseCode) Answer { return Answer{Kind: CloseFrame, Codes: codes} }

// textBack is a text message with the payload, and binaryBack a binary one.
func textBack(payload string) Answer {
	return Answer{Kind: Message, Opcode: wsframe.Text, Payload: payload}
}

func binaryBack(payload string) Answer {
	return Answer{Kind: Message, Opcode: wsframe.Binary, Payload: payload}
}

func pong(payload string) Answer { return Answer{Kind: Pong, Payload: payload} }

// exactly is the expectation of one outcome and no other.
func exactly(short string, answers ...Answer) Expectation {
	return Expectation{Pass: []Outcome{answers}, Short: short}
}

// alive expects these answers to something legal that is followed by goodbye, and
// then the closing handshake. A server that does not answer the Close is tolerated
// here: another fault counts that.
func alive(short string, answers ...Answer) Expectation {
	x := exactly(short, append(answers[:len(answers):len(answers)], closed, end)...)
	if len(answers) > 0 {
		x.Tolerated = []Outcome{append(answers[:len(answers):len(answers)], end)}
	}
	return x
}

// or adds outcomes that are tolerated.
func (x Expectation) or(outcomes ...Outcome) Expectation {
	x.Tolerated = append(x.Tolerated, outcomes...)
	return x
}

// refused expects a status, after which the connection must close because the
// start of the next request is unknown.
func refused(short string, statuses ...int) Expectation {
	return exactly(short, status(statuses...), end).or(Outcome{refusal, end}, Outcome{end})
}

// refusedMaybeOpen expects a status. The end of the request is known, so keeping
// the connection open is safe.
func refusedMaybeOpen(short string, statuses ...int) Expectation {
	return exactly(short, status(statuses...), either).or(Outcome{refusal, either}, Outcome{end})
}

// failed expects the connection to fail because of a violation in frames (RFC 6455
// §7.1.7), with one of the codes. The Close frame is only a SHOULD, and no MUST
// demands the code that fits.
func failed(short string, codes ...wsframe.CloseCode) Expectation {
	return exactly(short, closes(codes...), end).or(Outcome{anyClose, end}, Outcome{end})
}

// failedAfter is failed with an event that may come first, such as the echo of a
// message that the server read before the violation.
func failedAfter(short string, before Answer, codes ...wsframe.CloseCode) Expectation {
	return Expectation{
		Pass:      []Outcome{{before, closes(codes...), end}},
		Tolerated: []Outcome{{before, anyClose, end}, {before, end}, {anyClose, end}, {end}},
		Short:     short,
	}
}
