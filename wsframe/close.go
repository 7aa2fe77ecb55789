package wsframe

import (
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	closeCodeSize = 2
	// maxCloseReason is the size of a control frame's payload minus that of the code.
	maxCloseReason = MaxControlPayload - closeCodeSize
)

// ParseClose parses the payload of a Close frame, already unmasked:
//
//	+-------------------+----------------------------------+
//	| code, 2 bytes,    | reason: UTF-8, 0 to 123 bytes    |
//	| network order     |                                  |
//	+-------------------+----------------------------------+
//
// The payload may be empty: the code is then NoStatusReceived. If the payload breaks
// RFC 6455 §5.5.1 or §7.4, the error is an *Error. The reason is a copy; ParseClose does
// not keep payload. The peer wrote the reason for a log, not for a user (§5.5.1).
func ParseClose(payload []byte) (code CloseCode, reason string, err error) {
	code, ok := StatedCloseCode(payload)
	switch {
	case len(payload) == 0:
		return NoStatusReceived, "", nil // req: 6455-7.1.5-b
	case !ok: // req: 6455-5.5.1-b
		return 0, "", violation("payload", "a Close payload must be empty or begin with a code of 2 bytes", "RFC 6455 §5.5.1")
	case !code.ValidOnWire(): // req: 6455-7.4.1-b 6455-7.4.2-a 6455-7.4.2-b
		rule := fmt.Sprintf("%d (%v) must not be sent in a Close frame", code, code)
		return 0, "", violation("close code", rule, "RFC 6455 §7.4")
	}

	text := payload[closeCodeSize:]
	if !utf8.Valid(text) {
		return 0, "", &Error{
			Code: InvalidPayload, Field: "payload",
			Rule: "a close reason must be valid UTF-8", Section: "RFC 6455 §5.5.1", // req: 6455-5.5.1-c
		}
	}
	return code, string(text), nil
}

// StatedCloseCode returns the code that the payload of a Close frame begins with, valid
// or not; ok is false if the payload is too short. It is for programs that display a
// frame; to act on a Close frame, use ParseClose.
func StatedCloseCode(payload []byte) (code CloseCode, ok bool) {
	if len(payload) < closeCodeSize {
		return 0, false
	}
	return CloseCode(binary.BigEndian.Uint16(payload)), true
}

// AppendClose appends the payload of a Close frame to dst and returns the extended
// slice. For NoStatusReceived the payload is empty, without a reason. For any other code
// that is not ValidOnWire it returns an error, and dst unchanged.
//
// The reason always fits: AppendClose replaces bytes that are not UTF-8 by U+FFFD, and
// cuts the text between two code points. A Close frame with less text is better than no
// Close frame.
func AppendClose(dst []byte, code CloseCode, reason string) ([]byte, error) {
	if code == NoStatusReceived {
		return dst, nil
	}
	if !code.ValidOnWire() { // req: 6455-7.4.1-a 6455-7.4.2-a 6455-7.4.2-b
		return dst, fmt.Errorf("wsframe: close code %d (%v) must not be sent (RFC 6455 §7.4)", code, code)
	}
	reason = cut(strings.ToValidUTF8(reason, "\uFFFD"), maxCloseReason) // req: 6455-5.5-a
	dst = binary.BigEndian.AppendUint16(dst, uint16(code))              // req: 6455-5.5.1-a
	return append(dst, reason...), nil
}

// CloseCode is the cause of a close, as a number (RFC 6455 §7.4).
type CloseCode uint16

// The close codes of RFC 6455 §7.4.1, and 1012 to 1014, which IANA has
// registered since.
const (
	NormalClosure      CloseCode = 1000 // the purpose is fulfilled
	GoingAway          CloseCode = 1001 // the server shuts down, the page was left
	ProtocolError      CloseCode = 1002 // the peer broke a rule of the protocol
	UnsupportedData    CloseCode = 1003 // text where only binary is understood, or the reverse
	NoStatusReceived   CloseCode = 1005 // local only: a Close frame without a code came
	AbnormalClosure    CloseCode = 1006 // local only: TCP ended without a Close frame
	InvalidPayload     CloseCode = 1007 // the data does not fit its type: text that is not UTF-8
	PolicyViolation    CloseCode = 1008 // refused, for a reason that no other code covers
	MessageTooBig      CloseCode = 1009 // above a limit of the receiver
	MandatoryExtension CloseCode = 1010 // from clients only: the server lacks an extension
	InternalError      CloseCode = 1011 // the sender of the code failed
	ServiceRestart     CloseCode = 1012 // the client may reconnect in a moment
	TryAgainLater      CloseCode = 1013 // overload
	BadGateway         CloseCode = 1014 // a server that this one depends on failed
	TLSHandshake       CloseCode = 1015 // local only: TLS could not be set up
)

// firstCode is the lowest code; those below it are not used (§7.4.2).
const firstCode = 1000

// closeCodes has a row for each code from 1000 to 1015: its name, and whether a Close
// frame may hold it. The codes that are not on the wire are for the application: they
// describe how its connection ended.
var closeCodes = [...]struct {
	name   string
	onWire bool
}{
	NormalClosure - firstCode:      {"normal closure", true},
	GoingAway - firstCode:          {"going away", true},
	ProtocolError - firstCode:      {"protocol error", true},
	UnsupportedData - firstCode:    {"unsupported data", true},
	1004 - firstCode:               {"reserved", false},           // §7.4.1: might be defined one day, req: 6455-7.4.1-b
	NoStatusReceived - firstCode:   {"no status received", false}, // req: 6455-7.4.1-a 6455-7.4.1-b
	AbnormalClosure - firstCode:    {"abnormal closure", false},   // req: 6455-7.4.1-a 6455-7.4.1-b
	InvalidPayload - firstCode:     {"invalid payload", true},
	PolicyViolation - firstCode:    {"policy violation", true},
	MessageTooBig - firstCode:      {"message too big", true},
	MandatoryExtension - firstCode: {"mandatory extension", true}, // req: 6455-7.4.1-f
	InternalError - firstCode:      {"internal error", true},
	ServiceRestart - firstCode:     {"service restart", true},
	TryAgainLater - firstCode:      {"try again later", true},
	BadGateway - firstCode:         {"bad gateway", true},
	TLSHandshake - firstCode:       {"TLS handshake", false}, // req: 6455-7.4.1-a 6455-7.4.1-b
}

// lookup returns the name of c and whether a Close frame may hold it, by the ranges of
// RFC 6455 §7.4.2 and the table.
func (c CloseCode) lookup() (name string, onWire bool) {
	switch {
	case c < firstCode: // req: 6455-7.4.2-a
		return "unused code", false
	case int(c-firstCode) < len(closeCodes):
		row := closeCodes[c-firstCode]
		return row.name, row.onWire // req: 6455-7.4.2-c
	case c < 3000: // req: 6455-7.4.2-b
		return "unassigned code", false // for future versions of the protocol
	case c < 4000: // req: 6455-7.4.2-c
		return "registered code", true // for libraries and frameworks, from IANA
	case c < 5000: // req: 6455-7.4.2-c
		return "private code", true // for applications, by agreement
	default:
		return "undefined code", false // above all ranges, req: 6455-7.4.2-d
	}
}

// String returns the name of c, such as "protocol error", or else that of its range.
func (c CloseCode) String() string {
	name, _ := c.lookup()
	return name
}

// ValidOnWire reports whether a Close frame may hold c: 1000-1003, 1007-1014 and
// 3000-4999 (RFC 6455 §7.4). A server does not send MandatoryExtension, which
// is for clients.
func (c CloseCode) ValidOnWire() bool {
	_, onWire := c.lookup()
	return onWire
}
