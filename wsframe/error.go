package wsframe

import (
	"fmt"
	"unicode/utf8"
)

// Error is a violation of the protocol by the peer. It means that the connection must
// be failed: send a Close frame with Code and Reason, then close TCP (RFC 6455 §7.1.7).
type Error struct {
	Code CloseCode // for the Close frame

	// Offset is the position of the wrong frame or, if it is known, of the wrong byte,
	// counted from the first byte after the opening handshake. This package sees no
	// stream and leaves it at 0; the caller fills it in.
	Offset int64

	Field   string // the part of the frame that is wrong, such as "RSV2" or "payload length"
	Rule    string // the broken rule, in plain words
	Section string // the source of the rule, such as "RFC 6455 §5.1"
}

// violation returns an Error with the most common code, 1002.
func violation(field, rule, section string) error {
	return &Error{Code: ProtocolError, Field: field, Rule: rule, Section: section}
}

// Error returns the whole error on one line, the offset only if it is above zero:
//
//	close 1002 (protocol error) at byte 42: mask bit: a client must mask every frame (RFC 6455 §5.1)
func (e *Error) Error() string {
	at := ""
	if e.Offset > 0 {
		at = fmt.Sprintf(" at byte %d", e.Offset)
	}
	return fmt.Sprintf("close %d (%v)%s: %s: %s (%s)", e.Code, e.Code, at, e.Field, e.Rule, e.Section)
}

// Reason returns section and rule as the reason of a Close frame, cut between two
// code points to at most maxCloseReason bytes:
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
