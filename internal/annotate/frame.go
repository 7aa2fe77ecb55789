package annotate

import (
	"bytes"
	"errors"

	"barewire/handshake"
	"barewire/internal/deflate"
	"barewire/wsframe"
)

// framing is the part of a stream that reads frames.
type framing struct {
	checker wsframe.Checker
	closed  bool // a Close frame has passed

	header wsframe.Header // of the current frame
	size   int            // bytes of that header
	left   uint64         // bytes of payload still to come
	wrong  bool           // the header breaks a rule, so nothing after it can be read

	message message
	deflate *handshake.Deflate // nil if messages are not compressed
	inflate *deflate.Decompressor
	lost    string // why compressed messages can no longer be read
}

// beginFrames switches from HTTP to frames.
func (s *stream) beginFrames(agreed *handshake.Deflate) {
	s.state = inHeader
	f := &s.frames
	f.checker.Role = wsframe.Server
	if s.direction == ServerToClient {
		f.checker.Role = wsframe.Client
	}
	f.deflate = agreed
	f.checker.Compression = agreed != nil
	if agreed != nil {
		f.inflate = deflate.NewDecompressor(s.window())
	}
}

// window returns the parameters of this direction's compression.
func (s *stream) window() (bits int, takeover bool) {
	agreed := s.frames.deflate
	if s.direction == ClientToServer {
		return agreed.ClientMaxWindowBits, !agreed.ClientNoContextTakeover
	}
	return agreed.ServerMaxWindowBits, !agreed.ServerNoContextTakeover
}

// stepHeader takes the header of a frame.
func (s *stream) stepHeader(b []byte) int {
	var h wsframe.Header
	n := wsframe.ParseHeader(&h, b)
	if n == 0 {
		return 0
	}
	f := &s.frames
	f.header, f.size, f.left = h, n, h.Length
	s.begin(Frame, n+shownBytes)
	shown := int(min(h.Length, shownBytes))
	data := make([]byte, n+2*shown) // the bytes on the wire, then the payload unmasked
	s.unit.Bytes, s.unit.Payload = data[:0:n+shown], data[n+shown:n+shown]
	s.take(b[:n])
	s.unit.Spans = headerSpans(h, n, &s.conversation.texts)
	s.checkHeader(h)
	if !f.wrong {
		f.message.beginFrame(h, f.inflate != nil)
		s.numberFrame(h)
	}
	if h.Length>>63 != 0 {
		s.finishFrame(false) // that many bytes will never come
		return n
	}
	s.state = inPayload
	return n
}

// checkHeader checks a header against the rules, and marks the field that breaks
// one. The payload of such a frame is still shown, because the length says where it
// ends; nothing after it is read, as in a server.
func (s *stream) checkHeader(h wsframe.Header) {
	f := &s.frames
	if err := f.checker.Check(&h); err != nil {
		f.wrong = true
		s.unit.breakField(violation(err))
		return
	}
	if f.closed && !h.Opcode.IsControl() {
		s.unit.breakField(&wsframe.Error{Field: "opcode", Rule: "no data frame may follow a Close frame",
			Section: "RFC 6455 §5.5.1"})
	}
}

// violation returns err as a *wsframe.Error, the only type that wsframe's checks
// return.
func violation(err error) *wsframe.Error {
	var e *wsframe.Error
	errors.As(err, &e)
	return e
}

// flushHeader emits the beginning of a header.
func (s *stream) flushHeader(rest []byte) {
	if len(rest) == 0 {
		return
	}
	// ParseHeader needs a whole header: zeros replace the missing bytes, and
	// the spans of these zeros are left out.
	var h wsframe.Header
	n := wsframe.ParseHeader(&h, append(bytes.Clone(rest), make([]byte, wsframe.MaxHeaderSize)...))
	s.begin(Frame, len(rest))
	s.take(rest)
	u := &s.unit
	u.Incomplete = true
	u.Title = "The beginning of a frame's header"
	for _, span := range headerSpans(h, n, &s.conversation.texts) {
		if span.Offset >= u.Length {
			break
		}
		if span.Offset+span.Length > u.Length {
			span.Length = u.Length - span.Offset
			span.Value, span.Meaning = "", "the stream ends in the middle of this field"
		}
		u.Spans = append(u.Spans, span)
	}
	s.emit()
}
