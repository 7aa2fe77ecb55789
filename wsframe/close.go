package wsframe

import (
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf8"
)

// closeCodeSize is what the code takes of the payload of a Close frame.
const closeCodeSize = 2

// MaxCloseReason is the longest reason of a Close frame, in octets: what the
// code leaves of the payload of a control frame.
const MaxCloseReason = MaxControlPayload - closeCodeSize

// ParseClose parses the payload of a Close frame, already unmasked:
//
//	+-------------------+----------------------------------+
//	| code, 2 octets,   | reason: UTF-8, 0 to 123 octets   |
//	| network order     |                                  |
//	+-------------------+----------------------------------+
//
// The whole of it may be missing: then the code is NoStatusReceived. A payload
// that breaks RFC 6455 §5.5.1 or §7.4 gives an *Error, and no code or reason.
// The reason is a copy; payload stays the caller's. It was written by the peer
// and is meant for a log, not for the eyes of a user (§5.5.1).
func ParseClose(payload []byte) (code CloseCode, reason string, err error) {
	code, ok := StatedCloseCode(payload)
	switch {
	case len(payload) == 0:
		return NoStatusReceived, "", nil
	case !ok:
		return 0, "", violation("payload", "a Close payload is empty or begins with a code of 2 octets", "RFC 6455 §5.5.1")
	case !code.Receivable():
		rule := fmt.Sprintf("%d (%v) must not stand in a Close frame", code, code)
		return 0, "", violation("close code", rule, "RFC 6455 §7.4")
	}

	text := payload[closeCodeSize:]
	if !utf8.Valid(text) {
		return 0, "", &Error{
			Code: InvalidPayload, Field: "payload",
			Rule: "a close reason must be valid UTF-8", Section: "RFC 6455 §5.5.1",
		}
	}
	return code, string(text), nil
}

// StatedCloseCode returns the code that the payload of a Close frame begins with,
// whether it may stand there or not; ok is false if the payload is too short to
// hold one. It is for those who show what came; to act on it, use ParseClose.
func StatedCloseCode(payload []byte) (code CloseCode, ok bool) {
	if len(payload) < closeCodeSize {
		return 0, false
	}
	return CloseCode(binary.BigEndian.Uint16(payload)), true
}

// AppendClose appends the payload of a Close frame to dst and returns the
// extended slice. NoStatusReceived stands for an empty payload, which has no
// room for a reason either. Any other code that is not Sendable is refused
// with an error, and dst returned as it was.
//
// The reason always fits: octets of it that are not UTF-8 are replaced by
// U+FFFD, and what is beyond MaxCloseReason octets is cut off at a code point
// border. A Close frame that says a little less is better than none.
func AppendClose(dst []byte, code CloseCode, reason string) ([]byte, error) {
	if code == NoStatusReceived {
		return dst, nil
	}
	if !code.Sendable() {
		return dst, fmt.Errorf("wsframe: close code %d (%v) must not be sent (RFC 6455 §7.4)", code, code)
	}
	reason = cut(strings.ToValidUTF8(reason, "\uFFFD"), MaxCloseReason)
	dst = binary.BigEndian.AppendUint16(dst, uint16(code))
	return append(dst, reason...), nil
}
