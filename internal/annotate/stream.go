package annotate

import (
	"bytes"

	"barewire/httpwire"
)

// state is what the next bytes of a stream belong to.
type state uint8

const (
	inHead    state = iota // the head of a request or a response
	inBody                 // a body with a length, or until the end
	inChunked              // a chunked body
	held                   // not known before the response to a request to upgrade
	inHeader               // the header of a frame
	inPayload              // its payload
	inRaw                  // bytes that cannot be explained
)

// stream is one direction of a conversation.
type stream struct {
	conversation *Conversation
	direction    Direction

	state     state
	ended     bool
	offset    int64  // bytes in the units that are complete
	pending   []byte // bytes that have arrived and are not in a unit yet
	scanned   int    // how many bytes of pending are known not to end a head
	rawReason string // why the bytes cannot be explained

	unit Unit // the unit in progress, with Length bytes so far
	keep int  // the maximum length of its Bytes

	request  httpwire.Request  // the current one; only its memory is used again
	response httpwire.Response // the same
	last     bool              // the request said that no other request follows
	exchange *exchange         // the request, or the request that the response answers
	body     httpwire.BodyDecoder
	framing  httpwire.Body // what body was created from
	chunks   chunking
	frames   framing
}

// feed takes the next bytes, and processes as many of them as it can.
func (s *stream) feed(data []byte) {
	if len(s.pending) > 0 {
		s.pending = append(s.pending, data...)
		data = s.pending
	}
	for {
		before := s.state
		n := s.step(data)
		if n == 0 && s.state == before {
			break
		}
		data = data[n:]
	}
	s.pending = append(s.pending[:0], data...)
}

// step takes the next part from the start of b, and returns its length. If it
// returns 0 and has not changed the state, it needs more bytes.
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
		if len(b) > heldBytes {
			s.raw("too many bytes came between a request to upgrade and its response")
		}
		return 0
	default:
		return s.stepRaw(b)
	}
}

// begin starts a unit that keeps at most keep bytes.
func (s *stream) begin(kind Kind, keep int) {
	s.unit = Unit{Kind: kind, Direction: s.direction, Offset: s.offset}
	s.keep = keep
	if s.exchange != nil && kind != Frame && kind != Raw {
		s.unit.Exchange = s.exchange.number
	}
}

// take adds bytes to the unit.
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

// raw gives up the stream: everything that follows is shown without explanation.
func (s *stream) raw(reason string) {
	s.state = inRaw
	s.rawReason = reason
}

// stepRaw collects bytes that cannot be explained in one unit, which ends with the
// stream.
func (s *stream) stepRaw(b []byte) int {
	if len(b) == 0 {
		return 0
	}
	if s.unit.Length == 0 {
		s.begin(Raw, shownBytes)
	}
	s.take(b)
	return len(b)
}

// flushUnlessHeld ends the stream, unless it waits for a response.
func (s *stream) flushUnlessHeld() {
	if s.state != held {
		s.flush()
	}
}

// flush emits what remains at the end of the stream.
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

// flushRaw emits the unit of bytes that cannot be explained.
func (s *stream) flushRaw() {
	if s.unit.Length == 0 {
		return
	}
	u := &s.unit
	u.Title = "Bytes that cannot be explained, " + byteCount(u.Length)
	u.Spans = []Span{{Length: u.Length, Layer: Unknown, Field: "bytes",
		Value: quoted(u.Bytes), Meaning: s.rawReason}}
	s.emit()
}
