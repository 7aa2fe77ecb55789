package annotate

import (
	"strconv"

	"barewire/wsframe"
)

// stepPayload takes part of a payload.
func (s *stream) stepPayload(b []byte) int {
	f := &s.frames
	piece := b[:min(uint64(len(b)), f.left)]
	if len(piece) > 0 {
		s.take(piece)
		s.readPayload(piece)
		f.left -= uint64(len(piece))
	}
	if f.left == 0 {
		s.finishFrame(false)
	}
	return len(piece)
}

// readPayload unmasks a piece of payload if it is needed: what comes after the first
// shownBytes is only counted, unless it is text or compressed.
func (s *stream) readPayload(piece []byte) {
	f := &s.frames
	position := f.header.Length - f.left
	kept := len(s.unit.Payload)
	judged := !f.wrong && f.message.judges(f.header)
	if kept == shownBytes && !judged {
		return
	}
	if f.header.Masked {
		c := s.conversation
		c.scratch = append(c.scratch[:0], piece...)
		piece = c.scratch
		wsframe.Mask(piece, f.header.Key, position)
	}
	s.unit.Payload = append(s.unit.Payload, piece[:min(len(piece), shownBytes-kept)]...)
	if judged {
		f.message.add(piece, int64(position))
	}
}

// finishFrame emits the unit of a frame, and continues with what follows it.
func (s *stream) finishFrame(incomplete bool) {
	f := &s.frames
	u := &s.unit
	u.Incomplete = incomplete
	s.labelPayload(u.Length - int64(f.size))
	if incomplete {
		s.addNote(WebSocket, "incomplete", "", "the stream ended before the payload: "+
			strconv.FormatUint(f.left, 10)+" more bytes were announced", "RFC 6455 §5.2")
	}
	if !f.wrong {
		s.judgePayload()
		s.noteMessage()
	}
	u.Title = frameTitle(f.header, u.Payload, s.compressedFrame(), &s.conversation.texts)
	if f.header.Opcode == wsframe.Close {
		f.closed = true
	}
	s.emit()
	s.state = inHeader
	if f.wrong {
		s.raw("the frame before it breaks a rule, and nothing after such a frame is read (RFC 6455 §7.1.7)")
	}
}

// compressedFrame reports whether the payload is a piece of a compressed message.
func (s *stream) compressedFrame() bool {
	f := &s.frames
	return !f.wrong && !f.header.Opcode.IsControl() && f.message.compressed
}

// labelPayload labels length bytes of payload.
func (s *stream) labelPayload(length int64) {
	f := &s.frames
	u := &s.unit
	if length == 0 {
		return
	}
	span := Span{Offset: int64(f.size), Length: length, Layer: Application, Field: "payload", Section: "RFC 6455 §5.2"}
	switch {
	case f.header.Opcode == wsframe.Close && !f.wrong && length >= 2:
		s.labelClose(length)
		return
	case s.compressedFrame():
		span.Layer, span.Field, span.Value = Deflate, "compressed", hexBytes(u.Payload, valueBytes/4)
		span.Meaning, span.Section = "DEFLATE, without its last bytes 00 00 ff ff", "RFC 7692 §7.2.1"
	case s.isText():
		var short [64]byte
		value := appendQuoted(short[:0], u.Payload, valueBytes)
		span.Field, span.Value, span.Section = "text", s.conversation.texts.keep(value), "RFC 6455 §5.6"
	case f.header.Opcode == wsframe.Ping || f.header.Opcode == wsframe.Pong:
		span.Field, span.Value, span.Section = "application data", contentValue(u.Payload), "RFC 6455 §5.5.2"
	default:
		span.Value = contentValue(u.Payload)
	}
	if f.header.Masked {
		span.Meaning = s.unmasking(span.Meaning)
	}
	u.Spans = append(u.Spans, span)
}

// isText reports whether the payload is part of a text message.
func (s *stream) isText() bool {
	f := &s.frames
	if f.header.Opcode == wsframe.Continuation && !f.wrong {
		return f.message.opcode == wsframe.Text
	}
	return f.header.Opcode == wsframe.Text
}

// unmasking returns how the first byte is unmasked, followed by meaning:
// 7f XOR 37 = 48 'H'.
func (s *stream) unmasking(meaning string) string {
	u, f := &s.unit, &s.frames
	var short [64]byte
	text := append(short[:0], "unmasked: "...)
	text = appendHex(text, u.Bytes[f.size:f.size+1], 1)
	text = append(text, " XOR "...)
	text = appendHex(text, f.header.Key[:1], 1)
	text = append(text, " = "...)
	text = appendHex(text, u.Payload[:1], 1)
	if c := u.Payload[0]; ' ' < c && c <= '~' {
		text = append(text, " '"...)
		text = append(text, c, '\'')
	}
	if meaning != "" {
		text = append(text, "; "...)
		text = append(text, meaning...)
	}
	return s.conversation.texts.keep(text)
}

// labelClose labels the payload of a Close frame.
//
//	code, 2 bytes      reason, UTF-8
func (s *stream) labelClose(length int64) {
	u, f := &s.unit, &s.frames
	code, _ := wsframe.StatedCloseCode(u.Payload)
	meaning := code.String()
	if f.header.Masked {
		meaning = s.unmasking(meaning)
	}
	u.Spans = append(u.Spans, Span{Offset: int64(f.size), Length: 2, Layer: WebSocket, Field: "close code",
		Value: strconv.Itoa(int(code)), Meaning: meaning, Section: "RFC 6455 §7.4"})
	if length > 2 {
		u.Spans = append(u.Spans, Span{Offset: int64(f.size) + 2, Length: length - 2, Layer: WebSocket,
			Field: "close reason", Value: quoted(u.Payload[2:]), Meaning: "for people who read the log", Section: "RFC 6455 §7.1.6"})
	}
}

// judgePayload marks what is broken in a payload: the payload of a Close frame, or
// text that is not UTF-8.
func (s *stream) judgePayload() {
	f := &s.frames
	if f.header.Opcode == wsframe.Close && !s.unit.Incomplete {
		if _, _, err := wsframe.ParseClose(s.unit.Payload); err != nil {
			s.unit.breakField(violation(err))
		}
	}
	if f.header.Opcode.IsControl() || f.message.compressed || f.message.opcode != wsframe.Text {
		return
	}
	if f.message.badAt >= 0 {
		s.unit.breakText(f.message.badAt)
		return
	}
	if f.header.Fin && !s.unit.Incomplete && !f.message.spoiled && !f.message.text.Complete() {
		s.unit.breakField(endsInsideCodePoint)
	}
}

var (
	notUTF8 = &wsframe.Error{Field: "text", Rule: "a text message must be valid UTF-8, and these bytes are not",
		Section: "RFC 6455 §8.1"}
	endsInsideCodePoint = &wsframe.Error{Field: "text", Rule: "a text message must not end inside a code point",
		Section: "RFC 6455 §8.1"}
)

// breakText splits the last span of a unit, which is text, at its first invalid byte:
// badAt bytes before it are valid.
func (u *Unit) breakText(badAt int64) {
	whole := &u.Spans[len(u.Spans)-1]
	if badAt > 0 {
		rest := *whole
		rest.Offset, rest.Length = whole.Offset+badAt, whole.Length-badAt
		kept := min(badAt, int64(len(u.Payload)))
		whole.Length, whole.Value = badAt, quoted(u.Payload[:kept])
		rest.Value, rest.Meaning = hexBytes(u.Payload[kept:], valueBytes/4), "not text"
		u.Spans = append(u.Spans, rest)
	}
	u.Spans[len(u.Spans)-1].Broken = broken(notUTF8.Rule, notUTF8.Section)
}
