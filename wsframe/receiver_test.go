package wsframe

import (
	"errors"
	"fmt"
)

// receiver is the smallest program that uses all of this package: it is fed
// bytes as they come and lists what happens. The tests of whole streams run
// on it. A real one (internal/wsconn) has limits, a connection and a handler.
type receiver struct {
	checker Checker
	offset  int64 // bytes of the stream that are done with

	// The frame at hand.
	head      []byte // bytes of a header that is not whole yet
	header    Header
	inPayload bool
	pos       uint64 // bytes of its payload that have come
	payload   []byte // these bytes, unmasked

	// The message at hand.
	kind    Opcode
	text    UTF8Validator
	message []byte

	// What came of it.
	events []string
	frames []receivedFrame
	ended  bool // by a Close frame or a violation: what follows is dropped
}

// receivedFrame is a frame that was accepted whole.
type receivedFrame struct {
	header  Header
	payload []byte
}

// feed takes the next bytes of the stream. It masks them in place.
func (r *receiver) feed(b []byte) {
	for !r.ended {
		if !r.inPayload {
			var more bool
			if b, more = r.readHeader(b); !more {
				return
			}
		}
		n := min(uint64(len(b)), r.header.Length-r.pos)
		r.readPayload(b[:n])
		b = b[n:]
		if r.ended || r.pos < r.header.Length {
			return
		}
		r.endFrame()
	}
}

// readHeader takes bytes from b until a header is whole, and returns the rest
// of b and whether it is.
func (r *receiver) readHeader(b []byte) (rest []byte, whole bool) {
	for {
		var h Header
		n := ParseHeader(&h, r.head)
		if n > 0 {
			r.head = r.head[:0]
			r.header, r.pos, r.payload, r.inPayload = h, 0, nil, true
			if err := r.checker.Check(&h); err != nil {
				r.fail(err, r.offset)
				return b, false
			}
			r.offset += int64(n)
			if h.Opcode.IsData() { // a new message: nothing of the last one is left
				r.kind, r.text, r.message = h.Opcode, UTF8Validator{}, nil
			}
			return b, true
		}
		if len(b) == 0 {
			return nil, false
		}
		r.head = append(r.head, b[0])
		b = b[1:]
	}
}

// readPayload takes the next bytes of the payload.
func (r *receiver) readPayload(b []byte) {
	if r.header.Masked {
		Mask(b, r.header.Key, r.pos)
	}
	r.payload = append(r.payload, b...)
	if !r.header.Opcode.IsControl() && r.kind == Text {
		if n, ok := r.text.Check(b); !ok {
			r.fail(notUTF8(), r.offset+int64(n))
			return
		}
	}
	r.pos += uint64(len(b))
	r.offset += int64(len(b))
}

// endFrame acts on a frame that is whole.
func (r *receiver) endFrame() {
	h := r.header
	r.inPayload = false
	switch {
	case h.Opcode == Close:
		code, reason, err := ParseClose(r.payload)
		if err != nil {
			r.fail(err, r.offset)
			return
		}
		r.event("close %d %q", code, reason)
		r.ended = true
	case h.Opcode.IsControl():
		r.event("%v %q", h.Opcode, r.payload)
	default:
		r.message = append(r.message, r.payload...)
		if !h.Fin {
			break
		}
		if r.kind == Text && !r.text.Complete() {
			r.fail(notUTF8(), r.offset)
			return
		}
		r.event("%v %q", r.kind, r.message)
	}
	r.frames = append(r.frames, receivedFrame{h, r.payload})
}

func (r *receiver) event(format string, args ...any) {
	r.events = append(r.events, fmt.Sprintf(format, args...))
}

// fail ends the stream with a violation, found at offset.
func (r *receiver) fail(err error, offset int64) {
	var violation *Error
	if !errors.As(err, &violation) {
		panic("every violation is an *Error")
	}
	violation.Offset = offset
	r.event("fail %d at %d: %s", violation.Code, violation.Offset, violation.Field)
	r.ended = true
}

func notUTF8() error {
	return &Error{
		Code: InvalidPayload, Field: "payload",
		Rule: "a text message must be valid UTF-8", Section: "RFC 6455 §8.1",
	}
}
