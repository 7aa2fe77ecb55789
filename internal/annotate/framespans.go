package annotate

import (
	"strconv"

	"barewire/wsframe"
)

// headerSpans labels the size bytes of a frame header, and their bits where they have
// their own meaning (RFC 6455 §5.2).
//
//	   +------+------+------+------+---------------------------+
//	0  | FIN  | RSV1 | RSV2 | RSV3 |          opcode           |
//	   +------+------+------+------+---------------------------+
//	1  | mask |                payload length                  |
//	   +------+------------------------------------------------+
//	   | extended length, 0, 2 or 8 bytes                      |
//	   | masking key, 0 or 4 bytes                             |
//	   +-------------------------------------------------------+
func headerSpans(h wsframe.Header, size int, strings *texts) []Span {
	const section = "RFC 6455 §5.2"
	opcode := &opcodes[h.Opcode]
	spans := make([]Span, 0, spanCount(h))
	spans = append(spans,
		bitSpan(0, 0, 1, "FIN", digit(h.Fin), finMeaning(h), "RFC 6455 §5.4"),
		bitSpan(0, 1, 1, "RSV1", digit(h.RSV1), rsv1Meaning(h), "RFC 7692 §6"),
		bitSpan(0, 2, 1, "RSV2", digit(h.RSV2), "reserved", section),
		bitSpan(0, 3, 1, "RSV3", digit(h.RSV3), "reserved", section),
		bitSpan(0, 4, 4, "opcode", opcode.value, opcode.meaning, opcode.section),
		bitSpan(1, 0, 1, "mask bit", digit(h.Masked), maskMeaning(h), "RFC 6455 §5.1"))

	length := strconv.FormatUint(h.Length, 10)
	switch h.LengthForm {
	case wsframe.Length7:
		spans = append(spans, bitSpan(1, 1, 7, "payload length", length, "bytes of payload", section))
	case wsframe.Length16:
		spans = append(spans, bitSpan(1, 1, 7, "payload length", "126", "see the next 2 bytes", section),
			byteSpan(2, 2, "extended length", length, "bytes of payload", section))
	case wsframe.Length64:
		spans = append(spans, bitSpan(1, 1, 7, "payload length", "127", "see the next 8 bytes", section),
			byteSpan(2, 8, "extended length", length, "bytes of payload", section))
	}
	if h.Masked {
		var key [3 * len(h.Key)]byte
		spans = append(spans, byteSpan(size-len(h.Key), len(h.Key), "masking key",
			strings.keep(appendHex(key[:0], h.Key[:], len(h.Key))), "byte i XOR key byte i mod 4", "RFC 6455 §5.3"))
	}
	return spans
}

// spanCount returns how many spans a frame has that breaks no rule: those from FIN to
// the payload length, and those after it.
func spanCount(h wsframe.Header) int {
	count := 7
	if h.LengthForm != wsframe.Length7 {
		count++ // extended length
	}
	if h.Masked {
		count++ // masking key
	}
	if h.Length > 0 {
		count++ // payload
	}
	if h.Length > 2 && h.Opcode == wsframe.Close {
		count++ // close code and close reason
	}
	return count
}

// bitSpan labels bits of one byte of a header.
func bitSpan(offset int64, first, bits uint8, field, value, meaning, section string) Span {
	return Span{Offset: offset, Length: 1, Bit: first, Bits: bits, Layer: WebSocket,
		Field: field, Value: value, Meaning: meaning, Section: section}
}

// byteSpan labels whole bytes of a header.
func byteSpan(offset, length int, field, value, meaning, section string) Span {
	return Span{Offset: int64(offset), Length: int64(length), Layer: WebSocket,
		Field: field, Value: value, Meaning: meaning, Section: section}
}

func digit(bit bool) string {
	if bit {
		return "1"
	}
	return "0"
}

func finMeaning(h wsframe.Header) string {
	switch {
	case !h.Fin:
		return "more frames of this message follow"
	case h.Opcode.IsControl():
		return "a control frame is never fragmented"
	}
	return "the last frame of its message"
}

func rsv1Meaning(h wsframe.Header) string {
	if h.RSV1 {
		return "this message is compressed"
	}
	return "1 would mark a compressed message"
}

func maskMeaning(h wsframe.Header) string {
	if h.Masked {
		return "masked: a key follows"
	}
	return "not masked: no key"
}

// opcodes has the value, meaning and section of each opcode.
var opcodes = [16]struct{ value, meaning, section string }{
	wsframe.Continuation: {"0 continuation", "the message continues", "RFC 6455 §5.4"},
	wsframe.Text:         {"1 text", "a text message begins", "RFC 6455 §5.6"},
	wsframe.Binary:       {"2 binary", "a binary message begins", "RFC 6455 §5.6"},
	0x3:                  {"3", reservedData, reservedSection},
	0x4:                  {"4", reservedData, reservedSection},
	0x5:                  {"5", reservedData, reservedSection},
	0x6:                  {"6", reservedData, reservedSection},
	0x7:                  {"7", reservedData, reservedSection},
	wsframe.Close:        {"8 close", "starts or answers the closing handshake", "RFC 6455 §5.5.1"},
	wsframe.Ping:         {"9 ping", "asks for a pong with the same payload", "RFC 6455 §5.5.2"},
	wsframe.Pong:         {"a pong", "answers a ping, or is a sign of life", "RFC 6455 §5.5.3"},
	0xB:                  {"b", reservedControl, reservedSection},
	0xC:                  {"c", reservedControl, reservedSection},
	0xD:                  {"d", reservedControl, reservedSection},
	0xE:                  {"e", reservedControl, reservedSection},
	0xF:                  {"f", reservedControl, reservedSection},
}

const (
	reservedData    = "reserved for future data frames"
	reservedControl = "reserved for future control frames"
	reservedSection = "RFC 6455 §5.2"
)

// breakField marks the last span of the field that a rule of WebSocket names. A
// payload length may have two spans; the extended length is the last one.
func (u *Unit) breakField(e *wsframe.Error) {
	index := len(u.Spans) - 1
	for i := range u.Spans {
		field := u.Spans[i].Field
		if field == e.Field || e.Field == "payload length" && field == "extended length" {
			index = i
		}
	}
	u.Spans[index].Broken = broken(e.Field+": "+e.Rule, e.Section)
}

// frameTitle returns "Text, FIN, 5 bytes, masked: "Hello"".
func frameTitle(h wsframe.Header, payload []byte, compressed bool, strings *texts) string {
	var short [96]byte
	title := append(short[:0], titleNames[h.Opcode]...)
	if h.Fin {
		title = append(title, ", FIN"...)
	}
	title = append(title, ", "...)
	title = strconv.AppendUint(title, h.Length, 10)
	title = append(title, " bytes"...)
	if h.Length == 1 {
		title = title[:len(title)-1]
	}
	if compressed {
		title = append(title, ", compressed"...)
	}
	if h.Masked {
		title = append(title, ", masked"...)
	}
	if len(payload) == 0 {
		return strings.keep(title)
	}
	title = append(title, ": "...)
	switch {
	case h.Opcode == wsframe.Close && len(payload) >= 2:
		title = appendClose(title, payload)
	case !compressed && h.Opcode != wsframe.Binary && isText(payload[:min(len(payload), titleBytes)]):
		title = appendQuoted(title, payload, titleBytes)
	default:
		title = appendHex(title, payload, titleBytes/4)
	}
	return strings.keep(title)
}

// titleNames are the first words of a frame's title.
var titleNames = [16]string{
	"Continuation", "Text", "Binary", "Reserved opcode 3", "Reserved opcode 4", "Reserved opcode 5",
	"Reserved opcode 6", "Reserved opcode 7", "Close", "Ping", "Pong", "Reserved opcode b",
	"Reserved opcode c", "Reserved opcode d", "Reserved opcode e", "Reserved opcode f",
}

// appendClose appends `1000 normal closure, "bye"`.
func appendClose(dst, payload []byte) []byte {
	code, _ := wsframe.StatedCloseCode(payload)
	dst = strconv.AppendUint(dst, uint64(code), 10)
	dst = append(dst, ' ')
	dst = append(dst, code.String()...)
	if len(payload) > 2 {
		dst = append(dst, ", "...)
		dst = appendQuoted(dst, payload[2:], titleBytes)
	}
	return dst
}
