package handshake

import (
	"errors"
	"fmt"
	"strconv"

	"barewire/httpwire"
)

// The header fields of the handshake, spelled as we send them.
const (
	fieldHost       = "Host"
	fieldUpgrade    = "Upgrade"
	fieldConnection = "Connection"
	fieldOrigin     = "Origin"
	fieldUserAgent  = "User-Agent"
	fieldKey        = "Sec-WebSocket-Key"
	fieldAccept     = "Sec-WebSocket-Accept"
	fieldVersion    = "Sec-WebSocket-Version"
	fieldProtocol   = "Sec-WebSocket-Protocol"
	fieldExtensions = "Sec-WebSocket-Extensions"
)

const (
	// protocolName is the name of the protocol in Upgrade fields (RFC 6455 §11.2).
	// We send it in lower case, as all common peers do.
	protocolName = "websocket"
	// protocolVersion is the version that RFC 6455 defines (§4.1, item 9).
	protocolVersion = "13"
)

// ClientError describes why a client's handshake failed: a URL that cannot be dialed, an
// offer that must not be sent, or a response that breaks a rule.
type ClientError struct {
	Offset  int    // of the wrong field line in the response's head, else 0
	Field   string // what is wrong: "URL", "HTTP-version", or a field's name
	Rule    string // the rule it breaks, in plain words: one line of ASCII
	Section string // the source of the rule, such as "RFC 6455 §4.1"
}

// Error returns one line, such as
//
//	Sec-WebSocket-Accept: the field is missing in the 101 (RFC 6455 §4.1)
func (e *ClientError) Error() string {
	at := ""
	if e.Offset > 0 {
		at = ", byte " + strconv.Itoa(e.Offset)
	}
	return fmt.Sprintf("%s: %s (%s%s)", e.Field, e.Rule, e.Section, at)
}

// refuseClient returns the error of a client. Its Offset is that of the field line,
// if the named field is among fields.
func refuseClient(fields httpwire.Fields, name, rule, section string) *ClientError {
	return &ClientError{Offset: offsetOf(fields, name), Field: name, Rule: rule, Section: section}
}

// asClientError returns the error of httpwire or of the server's side as a client's.
func asClientError(err error) error {
	var refusal *httpwire.Error
	if !errors.As(err, &refusal) {
		return err
	}
	return &ClientError{Offset: refusal.Offset, Field: refusal.Field, Rule: refusal.Rule, Section: refusal.Section}
}

// refuse returns the error of a server that does not upgrade, with the Offset of
// the field line, if the named field is among fields.
func refuse(fields httpwire.Fields, status int, name, rule, section string) *httpwire.Error {
	return &httpwire.Error{Status: status, Offset: offsetOf(fields, name), Field: name, Rule: rule, Section: section}
}

// offsetOf returns the offset of the first field line with the name, or 0.
func offsetOf(fields httpwire.Fields, name string) int {
	for _, field := range fields {
		if httpwire.EqualFold(field.Name, name) {
			return field.Offset
		}
	}
	return 0
}

// maxQuoted is how many bytes of a peer's text an error quotes. A value may have up to
// 16 KiB: without this limit, so could each line of the log.
const maxQuoted = 80

// quoted returns text from a peer in a form that is safe in an error: printable ASCII, in
// quotes, and cut if it is long.
func quoted(text string) string {
	if len(text) > maxQuoted {
		return strconv.QuoteToASCII(text[:maxQuoted]) + " (and so on)"
	}
	return strconv.QuoteToASCII(text)
}
