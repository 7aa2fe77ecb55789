package annotate

import (
	"bytes"

	"barewire/httpwire"
)

// state says what the next octets of a stream belong to.
type state uint8

const (
	inHead    state = iota // the head of a request or a response
	inBody                 // a body by length, or until the end
	inChunked              // a chunked body
	held                   // whatever it is, an answer has to come first
	inHeader               // the header of a frame
	inPayload              // its payload
	inRaw                  // nothing that anybody understands
)

// stream is one direction of a conversation.
type stream struct {
	conversation *Conversation
	direction    Direction

	state     state
	ended     bool
	offset    int64  // octets in the units that are complete
	pending   []byte // octets that have come, and are in no unit yet
	scanned   int    // octets of pending in which no head ends
	rawReason string // why nothing is understood

	unit Unit // the one being put together, with Length octets so far
	keep int  // how many octets its Bytes may have

	request  httpwire.Request  // the present one; only its memory outlives it
	response httpwire.Response // likewise
	last     bool              // the request says that no other one follows
	exchange *exchange         // the request, or the one that the response answers
	body     httpwire.BodyDecoder
	framing  httpwire.Body // what body was made of
	chunks   chunking
	frames   framing
}

// feed takes the next octets, and does with them whatever can be done now.
func (s *stream) feed(octets []byte) {
	if len(s.pending) > 0 {
		s.pending = append(s.pending, octets...)
		octets = s.pending
	}
	for {
		before := s.state
		n := s.step(octets)
		if n == 0 && s.state == before {
			break
		}
		octets = octets[n:]
	}
	s.pending = append(s.pending[:0], octets...)
}

// step takes the next part from the front of b, and returns how many octets it
// has. 0 means that more octets are needed, unless the state has changed.
func (s *stream) step(b []byte) int {
	switch s.state {
	case inHead:
		return s.stepHead(b)
	case inBody:
		return s.stepBody(b)
	case inChunked:
		return s.stepChunked(b)
	case inHeader:
		return s.stepHeader(b)
	case inPayload:
		return s.stepPayload(b)
	case held:
		if len(b) > heldOctets {
			s.raw("more octets than are held back behind a request to upgrade, for its answer")
		}
		return 0
	default:
		return s.stepRaw(b)
	}
}

// begin starts a unit of which keep octets are kept.
func (s *stream) begin(kind Kind, keep int) {
	s.unit = Unit{Kind: kind, Direction: s.direction, Offset: s.offset}
	s.keep = keep
	if s.exchange != nil && kind != Frame && kind != Raw {
		s.unit.Exchange = s.exchange.number
	}
}

// take adds octets to the unit.
func (s *stream) take(b []byte) {
	s.unit.Length += int64(len(b))
	if room := s.keep - len(s.unit.Bytes); room > 0 {
		s.unit.Bytes = append(s.unit.Bytes, b[:min(room, len(b))]...)
	}
}

// emit completes the unit.
func (s *stream) emit() {
	c := s.conversation
	c.number++
	s.unit.Number = c.number
	s.unit.Missing = s.unit.Length - int64(len(s.unit.Bytes))
	s.offset += s.unit.Length
	c.units = append(c.units, s.unit)
	s.unit = Unit{}
}

// raw gives the stream up: whatever follows is shown and not explained.
func (s *stream) raw(reason string) {
	s.state = inRaw
	s.rawReason = reason
}

// stepRaw collects what nobody understands into one unit, which ends with the
// stream.
func (s *stream) stepRaw(b []byte) int {
	if len(b) == 0 {
		return 0
	}
	if s.unit.Length == 0 {
		s.begin(Raw, shownOctets)
	}
	s.take(b)
	return len(b)
}

// flushUnlessHeld ends the stream, unless an answer has to come first.
func (s *stream) flushUnlessHeld() {
	if s.state != held {
		s.flush()
	}
}

// flush emits what is left at the end of the stream.
func (s *stream) flush() {
	rest := bytes.Clone(s.pending)
	s.pending = nil
	switch s.state {
	case inHead:
		s.flushHead(rest)
	case inBody:
		s.flushBody()
	case inChunked:
		s.flushChunked(rest)
	case inHeader:
		s.flushHeader(rest)
	case inPayload:
		s.finishFrame(true)
	case inRaw:
		s.flushRaw()
	}
	s.state = inRaw
}

// flushRaw emits the unit of octets that nobody understands.
func (s *stream) flushRaw() {
	if s.unit.Length == 0 {
		return
	}
	u := &s.unit
	u.Title = "Octets that are not understood, " + octetCount(u.Length)
	u.Spans = []Span{{Length: u.Length, Layer: Unknown, Field: "octets",
		Value: quoted(u.Bytes), Meaning: s.rawReason}}
	s.emit()
}
