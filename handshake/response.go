package handshake

import "barewire/httpwire"

// Response returns the 101 that concludes the handshake on the server's side
// (RFC 6455 §4.2.2, step 5). After its empty line the connection speaks frames.
// The fields stand in the order of the RFC's example; Sec-WebSocket-Protocol
// and Sec-WebSocket-Extensions are there only if something was agreed, as an
// empty field would be malformed.
func (a *Agreement) Response() *httpwire.Response {
	fields := httpwire.Fields{
		{Name: fieldUpgrade, Value: protocolName},
		{Name: fieldConnection, Value: "Upgrade"},
		{Name: fieldAccept, Value: a.Accept},
	}
	if a.Subprotocol != "" {
		fields = append(fields, httpwire.Field{Name: fieldProtocol, Value: a.Subprotocol})
	}
	if len(a.Extensions) > 0 {
		fields = append(fields, httpwire.Field{Name: fieldExtensions, Value: joinExtensions(a.Extensions)})
	}
	return &httpwire.Response{Minor: 1, Status: 101, Fields: fields}
}
