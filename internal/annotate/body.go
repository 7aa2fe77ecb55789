package annotate

import "barewire/httpwire"

// beginBody goes on to what follows a head.
func (s *stream) beginBody(body httpwire.Body) {
	switch {
	case body.Framing == httpwire.Chunked:
		s.state = inChunked
		s.chunks = chunking{}
	case body.Framing == httpwire.NoBody, body.Framing == httpwire.ByLength && body.Length == 0:
		s.endMessage()
	default:
		s.state = inBody
		s.body = httpwire.NewBodyDecoder(body, -1, nil)
		s.framing = body
	}
}

// stepBody takes the octets of a body that is not chunked.
func (s *stream) stepBody(b []byte) int {
	if len(b) == 0 {
		return 0
	}
	if s.unit.Length == 0 {
		s.begin(Body, shownOctets)
	}
	_, n, done, _ := s.body.Next(b) // without a bound it cannot fail
	s.take(b[:n])
	if done {
		s.finishBody(false)
		s.endMessage()
	}
	return n
}

// finishBody emits the unit of a body.
func (s *stream) finishBody(incomplete bool) {
	u := &s.unit
	u.Incomplete = incomplete
	u.Title = contentTitle("Body", u.Length, u.Bytes)
	u.Spans = []Span{{Length: u.Length, Layer: Application, Field: "content", Value: contentValue(u.Bytes),
		Meaning: contentMeaning(s.framing), Section: "RFC 9112 §6.3"}}
	s.emit()
}

// flushBody emits what came of a body before the stream ended, which is just how
// a body without a length is meant to end.
func (s *stream) flushBody() {
	if s.unit.Length > 0 {
		s.finishBody(s.framing.Framing == httpwire.ByLength)
	}
}

// endMessage goes on behind a message: to the next one or, if the request asked
// for WebSocket, to whatever the answer makes of it.
func (s *stream) endMessage() {
	s.state = inHead
	s.scanned = 0
	if s.direction == ServerToClient || s.exchange.upgrade == nil {
		return
	}
	switch {
	case s.conversation.options.Alone:
		s.beginFrames(s.assumedDeflate())
	case !s.exchange.answered:
		s.state = held
	case s.exchange.upgrade.granted:
		s.beginFrames(s.exchange.upgrade.deflate)
	}
}

// contentTitle returns "Body, 12 octets: "Hello World!"".
func contentTitle(name string, length int64, octets []byte) string {
	var short [96]byte
	title := append(append(short[:0], name...), ", "...)
	title = appendCount(title, length)
	if len(octets) > 0 && isText(octets) {
		title = append(title, ": "...)
		title = appendQuoted(title, octets, titleOctets)
	}
	return string(title)
}

// contentValue returns content as text if it is, else in hexadecimal.
func contentValue(octets []byte) string {
	if isText(octets) {
		return quoted(octets)
	}
	return hexOctets(octets, valueOctets/4)
}
