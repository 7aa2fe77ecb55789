package deflate

import (
	"errors"
	"strconv"
)

// ErrTooLarge says that a message would be longer, inflated, than the limit. It is
// what errors.Is finds; the close code for it is 1009 (RFC 6455 §7.4.1).
var ErrTooLarge = errors.New("the message is larger, once inflated, than the limit (RFC 6455 §10.4)")

// Error is a compressed payload that cannot be inflated. The connection has to be
// failed (RFC 7692 §7.2.2); the RFC names no close code, and 1007, data that does
// not fit the type of the message, is the usual one.
type Error struct {
	// Offset is how many octets of the payload had been read when it was noticed.
	Offset int

	// Rule is what is wrong, in plain words.
	Rule string

	// Section is where the rule stands, as in "RFC 7692 §7.2.2".
	Section string
}

// Error returns all that is known on one line, as in
//
//	octet 6 of the payload: the compressed message is cut short (RFC 7692 §7.2.2)
func (e *Error) Error() string {
	return "octet " + strconv.Itoa(e.Offset) + " of the payload: " + e.Rule + " (" + e.Section + ")"
}
