package handshake

import (
	"slices"
	"strconv"

	"barewire/httpwire"
)

// StatusError means that the server answered the handshake with an HTTP status other than
// 101: it redirects, asks for a password, or refuses. The caller, which has the Response,
// decides what to do (RFC 6455 §4.1).
type StatusError struct {
	Status int    // the status code, such as 403
	Reason string // the reason phrase as sent, which may be empty
}

// Error returns one line, such as
//
//	the server answered 403 Forbidden, not 101 Switching Protocols (RFC 6455 §4.1)
func (e *StatusError) Error() string {
	status := strconv.Itoa(e.Status)
	if reason := httpwire.StatusText(e.Status); reason != "" {
		status += " " + reason
	} else if e.Reason != "" {
		status += " " + quoted(e.Reason)
	}
	return "the server answered " + status + ", not 101 Switching Protocols (RFC 6455 §4.1)"
}

// responseSteps are the checks of RFC 6455 §4.1 on a 101, in its order, except those
// that also return a result.
var responseSteps = [...]func(*Offer, *httpwire.Response) error{
	verifyStatus,
	verifyUpgrade,
	verifyConnection,
	verifyAccept,
}

// Verify checks the server's response against the offer, in the order of
// RFC 6455 §4.1. If there is no error, the connection is open, and frames follow the
// response's head. After an error, the caller closes the connection without sending
// anything. The error is a [*StatusError] for a status other than 101, else a
// [*ClientError], which describes the server's mistake.
//
// The caller must skip interim responses (1xx other than 101). Verify checks that each
// accepted extension was offered, but not its parameters: see [VerifyDeflate].
func (o *Offer) Verify(resp *httpwire.Response) (Agreement, error) {
	for _, step := range responseSteps {
		if err := step(o, resp); err != nil {
			return Agreement{}, err
		}
	}
	extensions, err := o.verifyExtensions(resp)
	if err != nil {
		return Agreement{}, err
	}
	subprotocol, err := o.verifySubprotocol(resp)
	if err != nil {
		return Agreement{}, err
	}
	accept, _ := resp.Fields.Get(fieldAccept)
	return Agreement{Accept: accept, Subprotocol: subprotocol, Extensions: extensions}, nil
}

// verifyStatus is step 1: the status is 101. By §4.2.2 step 5 its version is HTTP/1.1:
// an HTTP/1.0 response may come through a proxy that does not know Upgrade.
func verifyStatus(_ *Offer, resp *httpwire.Response) error {
	if resp.Status != 101 {
		return &StatusError{Status: resp.Status, Reason: resp.Reason} // req: 6455-4.1-o
	}
	if resp.Minor == 0 {
		return refuseClient(nil, "HTTP-version", "the 101 is in HTTP/1.0, which cannot switch protocols", // req: 6455-4.1-u
			"RFC 6455 §4.2.2")
	}
	return nil
}

// verifyUpgrade is step 2: the value of Upgrade is "websocket", in any letter
// case, and not a list: the server switches to exactly one protocol.
func verifyUpgrade(_ *Offer, resp *httpwire.Response) error {
	upgrade, found := resp.Fields.Get(fieldUpgrade)
	switch {
	case !found:
		return refuseClient(resp.Fields, fieldUpgrade, "the field is missing in the 101", "RFC 6455 §4.1") // req: 6455-4.1-p
	case resp.Fields.Count(fieldUpgrade) > 1:
		return refuseClient(resp.Fields, fieldUpgrade, "the field appears more than once in the 101", "RFC 6455 §4.1")
	case !httpwire.EqualFold(upgrade, protocolName): // req: 6455-4.1-p 9110-7.8-b
		return refuseClient(resp.Fields, fieldUpgrade, "the server switched to "+quoted(upgrade)+", not to websocket",
			"RFC 6455 §4.1")
	}
	return nil
}

// verifyConnection is step 3: Connection contains the option "upgrade", in any
// letter case.
func verifyConnection(_ *Offer, resp *httpwire.Response) error {
	if resp.Fields.HasToken(fieldConnection, "upgrade") {
		return nil
	}
	return refuseClient(resp.Fields, fieldConnection, "the 101 does not name the option upgrade", "RFC 6455 §4.1") // req: 6455-4.1-q
}

// verifyAccept is step 4: Sec-WebSocket-Accept is the answer to our key. It is
// base64, so it is case-sensitive.
func verifyAccept(o *Offer, resp *httpwire.Response) error {
	accept, found := resp.Fields.Get(fieldAccept)
	expected := AcceptKey(o.Key)
	switch {
	case !found:
		return refuseClient(resp.Fields, fieldAccept, "the field is missing in the 101", "RFC 6455 §4.1") // req: 6455-4.1-r
	case resp.Fields.Count(fieldAccept) > 1:
		return refuseClient(resp.Fields, fieldAccept, "the field appears more than once in the 101", "RFC 6455 §11.3.3") // req: 6455-11.3.3-a
	case accept != expected:
		return refuseClient(resp.Fields, fieldAccept, "it is "+quoted(accept)+ // req: 6455-4.1-r
			", but for our key it must be "+quoted(expected), "RFC 6455 §4.1")
	}
	return nil
}

// verifyExtensions is step 5: every extension that the server accepted was offered.
func (o *Offer) verifyExtensions(resp *httpwire.Response) ([]Extension, error) {
	accepted, err := ParseExtensions(resp.Fields) // req: 6455-9.1-b
	if err != nil {
		return nil, asClientError(err)
	}
	for _, extension := range accepted {
		if !offersExtension(o.Extensions, extension.Name) {
			return nil, refuseClient(resp.Fields, fieldExtensions, "the server accepted the extension "+ // req: 6455-4.1-s
				quoted(extension.Name)+", which was not offered", "RFC 6455 §4.1")
		}
	}
	return accepted, nil
}

// verifySubprotocol is step 6: the subprotocol, if there is one, was offered. The server
// may also choose none of the offered ones.
func (o *Offer) verifySubprotocol(resp *httpwire.Response) (string, error) {
	chosen, found := resp.Fields.Get(fieldProtocol)
	switch {
	case !found:
		return "", nil
	case resp.Fields.Count(fieldProtocol) > 1:
		return "", refuseClient(resp.Fields, fieldProtocol, "the field appears more than once in the 101", // req: 6455-11.3.4-a
			"RFC 6455 §11.3.4")
	case !slices.Contains(o.Subprotocols, chosen): // req: 6455-4.1-t
		return "", refuseClient(resp.Fields, fieldProtocol, "the server chose the subprotocol "+quoted(chosen)+
			", which was not offered", "RFC 6455 §4.1")
	}
	return chosen, nil
}
