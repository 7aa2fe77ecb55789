package handshake

import (
	"errors"
	"strconv"

	"barewire/httpwire"
)

// The header fields of the handshake. Only letter case of the names is free
// (RFC 9110 §5.1); these spellings are the ones we send.
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

// protocolName is the name of the protocol in Upgrade fields (RFC 6455 §11.2).
// We send it in lower case, as every deployed peer does.
const protocolName = "websocket"

// protocolVersion is the one that RFC 6455 defines (§4.1, item 9), and that we
// speak.
const protocolVersion = "13"

// refuse makes the error of a server that does not upgrade. Its Offset is that
// of the field line, if the named field is among fields.
func refuse(fields httpwire.Fields, status int, name, rule, section string) *httpwire.Error {
	e := &httpwire.Error{Status: status, Field: name, Rule: rule, Section: section}
	for _, field := range fields {
		if httpwire.EqualFold(field.Name, name) {
			e.Offset = field.Offset
			break
		}
	}
	return e
}

// refuseSilently makes the error of a client: nothing is answered, so there is
// no status.
func refuseSilently(fields httpwire.Fields, name, rule, section string) *httpwire.Error {
	return refuse(fields, 0, name, rule, section)
}

// withoutStatus makes a client's error of one that carries a status to answer
// with.
func withoutStatus(err error) error {
	var failed *httpwire.Error
	if !errors.As(err, &failed) {
		return err
	}
	silent := *failed
	silent.Status, silent.Close = 0, false
	return &silent
}

// shownOctets is how much of a peer's text a message quotes. A head may hold
// 16 KiB of one value: without this bound, so would each line of the log.
const shownOctets = 80

// quoted makes what a peer sent fit for a message: printable ASCII, in quotes,
// cut where it gets long.
func quoted(text string) string {
	if len(text) > shownOctets {
		return strconv.QuoteToASCII(text[:shownOctets]) + " (and so on)"
	}
	return strconv.QuoteToASCII(text)
}
