package annotate

import "barewire/httpwire"

// beginBody continues with what follows a head.
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

// stepBody takes the bytes of a body that is not chunked.
func (s *stream) stepBody(b []byte) int {
	if len(b) == 0 {
		return 0
	}
	if s.unit.Length == 0 {
		s.begin(Body, shownBytes)
	}
	_, n, done, _ := s.body.Next(b) // it cannot fail, because it has no limit
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

// flushBody emits the part of a body that came before the stream ended. A body
// without a length is complete there.
func (s *stream) flushBody() {
	if s.unit.Length > 0 {
		s.finishBody(s.framing.Framing == httpwire.ByLength)
	}
}

// endMessage continues after a message: with the next message or, if the request
// asked for WebSocket, as its response decides.
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

// contentTitle returns "Body, 12 bytes: "Hello World!"".
func contentTitle(name string, length int64, data []byte) string {
	var short [96]byte
	title := append(append(short[:0], name...), ", "...)
	title = appendCount(title, length)
	if len(data) > 0 && isText(data) {
		title = append(title, ": "...)
		title = appendQuoted(title, data, titleBytes)
	}
	return string(title)
}

// contentValue returns content as text if it is text, and otherwise in hexadecimal.
func contentValue(data []byte) string {
	if isText(data) {
		return quoted(data)
	}
	return hexBytes(data, valueBytes/4)
}
