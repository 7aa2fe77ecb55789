package handshake

import (
	"slices"
	"strings"

	"barewire/httpwire"
)

// userAgent is the User-Agent of clients of this package (RFC 9110 §10.1.5).
const userAgent = "barewire"

// Offer is a client's side of the handshake. Make one for each connection, send the
// request from AppendRequest, and pass the response to Verify.
type Offer struct {
	URL          URL             // the server and the resource; from ParseURL
	Key          string          // from NewKey, fresh for each connection
	Origin       string          // "" for a client that is not a browser
	Subprotocols []string        // distinct tokens, the preferred one first
	Extensions   []Extension     // the preferred one first; several with one name are alternatives
	Fields       httpwire.Fields // additional fields, such as Authorization or Cookie
}

// AppendRequest appends the request of the handshake to dst (RFC 6455 §4.1): a
// GET in HTTP/1.1 with Host first, the other fields in the order of the RFC's
// example, then User-Agent, unless Fields has one, and Fields.
//
// It returns dst unchanged and a [*ClientError] if the RFC forbids the request: the key
// is not 16 bytes in base64, a subprotocol is not a token or is offered twice, an
// extension is not made of tokens, or Fields has a field that the handshake sets itself
// or that announces content.
func (o *Offer) AppendRequest(dst []byte) ([]byte, error) {
	if err := o.check(); err != nil {
		return dst, err
	}
	fields := httpwire.Fields{
		{Name: fieldHost, Value: o.URL.Host},      // req: 6455-4.1-g 9112-3.2-b 9110-7.2-a
		{Name: fieldUpgrade, Value: protocolName}, // req: 6455-4.1-h
		{Name: fieldConnection, Value: "Upgrade"}, // req: 6455-4.1-i 9110-7.8-d
		{Name: fieldKey, Value: o.Key},
	}
	if o.Origin != "" {
		fields = append(fields, httpwire.Field{Name: fieldOrigin, Value: o.Origin})
	}
	if len(o.Subprotocols) > 0 {
		fields = append(fields, httpwire.Field{Name: fieldProtocol, Value: strings.Join(o.Subprotocols, ", ")})
	}
	fields = append(fields, httpwire.Field{Name: fieldVersion, Value: protocolVersion}) // req: 6455-4.1-l
	if len(o.Extensions) > 0 {
		fields = append(fields, httpwire.Field{Name: fieldExtensions, Value: joinExtensions(o.Extensions)})
	}
	if o.Fields.Count(fieldUserAgent) == 0 { // req: 9110-10.1.5-a
		fields = append(fields, httpwire.Field{Name: fieldUserAgent, Value: userAgent})
	}
	fields = append(fields, o.Fields...)
	request, err := httpwire.AppendRequest(dst, "GET", o.URL.Resource, fields) // req: 6455-4.1-e 6455-4.1-f
	if err != nil {
		return dst, asClientError(err)
	}
	return request, nil
}

// check checks each part of the offer against §4.1, in its order.
func (o *Offer) check() error {
	if o.URL.Host == "" || o.URL.Resource == "" {
		return refuseClient(nil, "URL", "it is missing in the offer", "RFC 6455 §4.1")
	}
	if !isKey(o.Key) {
		return refuseClient(nil, fieldKey, notAKey, "RFC 6455 §4.1") // req: 6455-4.1-j
	}
	for i, name := range o.Subprotocols {
		if !httpwire.IsToken(name) { // req: 6455-4.1-m
			return refuseClient(nil, fieldProtocol, "the subprotocol "+quoted(name)+" is not a token", "RFC 6455 §4.1")
		}
		if slices.Contains(o.Subprotocols[:i], name) { // req: 6455-4.1-m
			return refuseClient(nil, fieldProtocol, "the subprotocol "+quoted(name)+" is offered twice", "RFC 6455 §4.1")
		}
	}
	for _, extension := range o.Extensions {
		if !extension.isMadeOfTokens() {
			return refuseClient(nil, fieldExtensions, "the extension "+quoted(extension.String())+" is not made of tokens",
				"RFC 6455 §9.1")
		}
	}
	for _, field := range o.Fields {
		if isReserved(field.Name) {
			return refuseClient(nil, field.Name, "this field must not be added to a handshake", "RFC 6455 §4.1")
		}
	}
	return nil
}

// isReserved reports whether a caller must not add the field. Reserved are the fields of
// the handshake itself; those that announce content, because the server would wait for it
// while we send frames; and TE, which must be listed in Connection.
func isReserved(name string) bool {
	switch name = strings.ToLower(name); name {
	case "host", "upgrade", "connection", "origin",
		"content-length", "transfer-encoding", "trailer", "expect", "te":
		return true
	}
	return strings.HasPrefix(name, "sec-websocket-")
}
