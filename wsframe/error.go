package wsframe

import (
	"fmt"
	"unicode/utf8"
)

// Error is a violation of the protocol by the peer. It means that the connection must
// be failed: send a Close frame with Code and Reason, then close TCP (RFC 6455 §7.1.7).
type Error struct {
	Code CloseCode // for the Close frame

	// Offset is where the frame at fault begins, or the byte at fault if it is
	// known, counted from the first byte after the opening handshake. This package
	// sees no stream and leaves it at 0; the caller fills it in.
	Offset int64

	Field   string // the part of the frame that is wrong, such as "RSV2" or "payload length"
	Rule    string // the rule that was broken, in plain words
	Section string // where the rule stands, as in "RFC 6455 §5.1"
}

// violation returns an Error with the code of most of them, 1002.
func violation(field, rule, section string) error {
	return &Error{Code: ProtocolError, Field: field, Rule: rule, Section: section}
}

// Error returns all of it on one line, the offset only if it is above zero, as in
//
//	close 1002 (protocol error) at byte 42: mask bit: a client must mask every frame (RFC 6455 §5.1)
func (e *Error) Error() string {
	at := ""
	if e.Offset > 0 {
		at = fmt.Sprintf(" at byte %d", e.Offset)
	}
	return fmt.Sprintf("close %d (%v)%s: %s: %s (%s)", e.Code, e.Code, at, e.Field, e.Rule, e.Section)
}

// Reason returns the section and the rule for the reason of a Close frame, cut
// to maxCloseReason bytes at a code point border, as in
//
//	RFC 6455 §5.1: a client must mask every frame
func (e *Error) Reason() string {
	return cut(e.Section+": "+e.Rule, maxCloseReason)
}

// cut returns as many whole code points of s, which is valid UTF-8, as fit in limit
// bytes.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}
