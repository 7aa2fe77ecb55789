package annotate

import (
	"errors"
	"strconv"

	"barewire/internal/deflate"
	"barewire/wsframe"
)

// message is the state of the message that is in progress in one direction, or of
// the last one.
type message struct {
	number   int // messages of this direction so far
	fragment int // frames of this message so far

	opcode     wsframe.Opcode // Text or Binary
	compressed bool
	length     int64  // bytes of payload in all its frames so far
	gathered   []byte // the first of them: at most shownBytes, or maxCompressed if compressed

	text    wsframe.UTF8Validator
	badAt   int64 // the first byte of the current frame that is not UTF-8, or -1
	spoiled bool  // the message is known not to be UTF-8
}

// beginFrame records the header of a frame that breaks no rule. compression reports
// whether RSV1 may be set.
func (m *message) beginFrame(h wsframe.Header, compression bool) {
	m.badAt = -1
	switch {
	case h.Opcode.IsControl():
	case h.Opcode == wsframe.Continuation:
		m.fragment++
	default:
		*m = message{number: m.number + 1, fragment: 1, opcode: h.Opcode, badAt: -1,
			compressed: compression && h.RSV1, gathered: m.gathered[:0]}
	}
}

// judges reports whether all of a frame's payload is needed, and not only the part
// that is shown.
func (m *message) judges(h wsframe.Header) bool {
	if h.Opcode.IsControl() {
		return false
	}
	return m.compressed || m.opcode == wsframe.Text || m.fragment > 1 || !h.Fin
}

// add takes a piece of payload, which begins at position in its frame.
func (m *message) add(piece []byte, position int64) {
	limit := shownBytes
	if m.compressed {
		limit = maxCompressed
	}
	if room := limit - len(m.gathered); room > 0 {
		m.gathered = append(m.gathered, piece[:min(room, len(piece))]...)
	}
	m.length += int64(len(piece))
	if m.compressed || m.opcode != wsframe.Text || m.spoiled {
		return
	}
	if n, ok := m.text.Check(piece); !ok {
		m.badAt = position + int64(n)
		m.spoiled = true
	}
}

// numberFrame sets the numbers of the message and of the fragment in the unit.
func (s *stream) numberFrame(h wsframe.Header) {
	if !h.Opcode.IsControl() {
		s.unit.Message, s.unit.Fragment = s.frames.message.number, s.frames.message.fragment
	}
}

// noteMessage adds notes about the message that a frame belongs to and, at its end,
// about the message's content.
func (s *stream) noteMessage() {
	f := &s.frames
	m := &f.message
	if f.header.Opcode.IsControl() {
		if f.checker.Open() {
			s.addNote(WebSocket, "between fragments", "of message "+strconv.Itoa(m.number),
				"a control frame may come here; the message continues after it", "RFC 6455 §5.4")
		}
		return
	}
	if !f.header.Fin || m.fragment > 1 {
		s.noteFragment()
	}
	if !f.header.Fin || s.unit.Incomplete {
		return
	}
	if m.compressed {
		s.noteInflated()
	}
	if cap(m.gathered) > shownBytes {
		m.gathered = nil // an idle connection holds no buffer
	}
	explain := s.conversation.options.Explain
	if explain != nil && s.direction == ServerToClient && f.header.Opcode == wsframe.Binary {
		s.unit.Notes = append(s.unit.Notes, explain(s.conversation.path, s.unit.Payload)...)
	}
}

// noteFragment adds a note about which part of a message a frame is; after the last
// one it adds the whole message.
func (s *stream) noteFragment() {
	f := &s.frames
	m := &f.message
	value := strconv.Itoa(m.fragment) + " of message " + strconv.Itoa(m.number)
	meaning := "the message continues in the next frame with opcode 0"
	if f.header.Fin {
		meaning = "the last one: the message is complete, " + byteCount(m.length)
	}
	s.addNote(WebSocket, "fragment", value, meaning, "RFC 6455 §5.4")
	if f.header.Fin && !m.compressed && !s.unit.Incomplete {
		s.addNote(Application, "message", contentValue(m.gathered), "assembled from its fragments", "RFC 6455 §5.4")
	}
}

// noteInflated inflates a message, and adds a note about its content and its length.
func (s *stream) noteInflated() {
	f := &s.frames
	m := &f.message
	switch {
	case f.lost != "":
		s.addNote(Deflate, "inflated", "", f.lost, "RFC 7692 §7.2.2")
		return
	case m.length > maxCompressed:
		s.loseWindow("an earlier message is longer than the limit of " + byteCount(maxCompressed))
		s.addNote(Deflate, "inflated", "", "too long to inflate here", "RFC 7692 §7.2.2")
		return
	}
	inflated, err := f.inflate.AppendMessage(nil, m.gathered, maxInflated)
	var e *deflate.Error
	switch {
	case errors.Is(err, deflate.ErrTooLarge):
		s.loseWindow("an earlier message was not inflated to its end")
		s.addNote(Deflate, "inflated", "more than "+byteCount(maxInflated),
			"perhaps a bomb: more than "+ratio(int64(len(inflated)), m.length)+" times its size", "RFC 6455 §10.4")
		return
	case errors.As(err, &e):
		s.loseWindow("an earlier message could not be inflated")
		s.unit.breakField(&wsframe.Error{Field: "payload", Rule: e.Rule, Section: e.Section})
		return
	}
	s.addNote(Deflate, "inflated", contentValue(inflated[:min(len(inflated), shownBytes)]),
		byteCount(m.length)+" on the wire, "+byteCount(int64(len(inflated)))+" inflated: "+
			ratio(int64(len(inflated)), m.length)+" times as many", "RFC 7692 §7.2.2")
	note := &s.unit.Notes[len(s.unit.Notes)-1]
	note.Wire, note.Plain = m.length, int64(len(inflated))
	if m.opcode == wsframe.Text {
		if _, ok := m.text.Check(inflated); !ok || !m.text.Complete() {
			note.Broken = broken("a text message must be valid UTF-8", "RFC 6455 §8.1")
		}
	}
}

// loseWindow gives up the decompressor, because its window now differs from the
// sender's. Without context takeover the next message does not need the window.
func (s *stream) loseWindow(reason string) {
	f := &s.frames
	bits, takeover := s.window()
	if takeover {
		f.lost = "cannot be inflated: the window of earlier messages is lost, because " + reason
	}
	f.inflate = deflate.NewDecompressor(bits, takeover)
}

// ratio returns a divided by b, with one decimal.
func ratio(a, b int64) string {
	return strconv.FormatFloat(float64(a)/float64(max(b, 1)), 'f', 1, 64)
}
