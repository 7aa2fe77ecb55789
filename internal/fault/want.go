package fault

import "barewire/wsframe"

// The words that the catalogue is written in.
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

// textBack is a text message, and binaryBack a binary one.
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

// alive is the answer to something legal, with goodbye behind it: these, and
// then the closing handshake. That a server answers no Close is a fault by
// itself, and counted once.
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

// refused is a request that gets a status, after which the connection has to
// close because nobody can tell where the next request begins.
func refused(short string, statuses ...int) Expectation {
	return exactly(short, status(statuses...), end).or(Outcome{refusal, end}, Outcome{end})
}

// refusedMaybeOpen is a request that gets a status; where its end is beyond
// doubt, to keep the connection open costs nothing.
func refusedMaybeOpen(short string, statuses ...int) Expectation {
	return exactly(short, status(statuses...), either).or(Outcome{refusal, either}, Outcome{end})
}

// failed is a violation in frames: the connection fails (RFC 6455 §7.1.7), with
// one of the codes. That SHOULD have a Close frame, and the code that fits is
// nowhere a MUST.
func failed(short string, codes ...wsframe.CloseCode) Expectation {
	return exactly(short, closes(codes...), end).or(Outcome{anyClose, end}, Outcome{end})
}

// failedAfter is failed behind events that may be there before it: an echo that
// went out before the violation was read, say.
func failedAfter(short string, before Answer, codes ...wsframe.CloseCode) Expectation {
	return Expectation{
		Pass:      []Outcome{{before, closes(codes...), end}},
		Tolerated: []Outcome{{before, anyClose, end}, {before, end}, {anyClose, end}, {end}},
		Short:     short,
	}
}
