package handshake

import (
	"slices"
	"strconv"

	"barewire/httpwire"
)

// Policy defines which clients a server accepts, and which subprotocols and extensions
// it supports. The zero Policy serves http, accepts pages of the server's own origin and
// clients that are not browsers, and supports no subprotocol and no extension. Accept does
// not change it, so connections may share one.
type Policy struct {
	// Scheme is the scheme that clients use to reach this server, "http" or "https";
	// "" means "http". An Origin equal to Scheme://Authority, with the authority of
	// the request, is accepted.
	Scheme string

	// Origins are further origins to accept, such as "https://example.com" or
	// "http://localhost:3000"; "*" accepts any. [ValidOrigin] reports whether an
	// entry can match at all.
	Origins []string

	// Subprotocols are the names of the supported subprotocols, the preferred one
	// first. The server chooses the first one that the client offers, whatever the
	// client's order is.
	Subprotocols []string

	// Extensions chooses the extensions that the server accepts from the client's
	// offers, which are in the client's order. It returns them with the parameters for
	// the response. If Extensions is nil or returns nothing, none is accepted. It must
	// return only extensions that were offered: Accept checks that. The strings of the
	// offers are substrings of the request's head.
	Extensions func(offers []Extension) []Extension
}

// Agreement is the result of the handshake, known to both sides. Its strings may be
// substrings of a head and keep up to 16 KiB of it in memory: a program that keeps the
// agreements of many connections should clone the strings (strings.Clone).
type Agreement struct {
	Accept      string      // Sec-WebSocket-Accept, the answer to the key
	Subprotocol string      // the agreed one; "" if there is no subprotocol
	Extensions  []Extension // the accepted ones, with the parameters and in the order of the response
}

// Requested reports whether a request asks to switch to WebSocket, so that Accept has to
// check it. All other requests are plain HTTP, including those that ask for another
// protocol in Upgrade (such as h2c), and those in HTTP/1.0, where Upgrade must be ignored
// (RFC 9110 §7.8). It does not allocate.
func Requested(r *httpwire.Request) bool {
	return r.Minor >= 1 && namesWebSocket(r) // req: 6455-4.2.1-c 9110-7.8-a 9110-7.8-e 9110-15.2-a
}

// requestSteps are the requirements of RFC 6455 §4.2.1 that do not depend on the policy,
// in the RFC's order. The first one that is not met ends the handshake.
var requestSteps = [...]func(*httpwire.Request) error{
	checkMethod,
	checkHTTPVersion,
	checkTarget,
	checkNoContent,
	checkHost,
	checkUpgrade,
	checkConnection,
	checkKey,
	checkWebSocketVersion,
}

// Accept checks the opening handshake of a client, in the order of RFC 6455 §4.2.1.
// If there is no error, the caller sends [Agreement.Response], and frames follow. The
// error is always an [*httpwire.Error]:
//
//   - 400: the request breaks the grammar, or a part is missing
//   - 403: p does not accept the Origin
//   - 405: the method is not GET
//   - 426: the requested version is not 13; the answer states our version
//   - 500: p.Extensions returned an extension that was not offered, a mistake of ours
//
// After an error the connection continues with HTTP, unless the error has Close set.
func Accept(r *httpwire.Request, p *Policy) (Agreement, error) {
	for _, step := range requestSteps { // req: 6455-4.2.1-a
		if err := step(r); err != nil {
			return Agreement{}, err
		}
	}
	// tour 2.2: the request has everything that a handshake needs; the next check is its origin (RFC 6455 §4.2.1)
	if err := checkOrigin(r, p); err != nil {
		return Agreement{}, err
	}
	subprotocol, err := chooseSubprotocol(r.Fields, p.Subprotocols)
	if err != nil {
		return Agreement{}, err
	}
	extensions, err := chooseExtensions(r.Fields, p.Extensions)
	if err != nil {
		return Agreement{}, err
	}
	key, _ := r.Fields.Get(fieldKey)
	return Agreement{Accept: AcceptKey(key), Subprotocol: subprotocol, Extensions: extensions}, nil
}

// checkMethod is step 1, "an HTTP/1.1 or higher GET request": the method.
func checkMethod(r *httpwire.Request) error {
	if r.Method == "GET" { // methods are case-sensitive, RFC 9110 §9.1
		return nil
	}
	e := refuse(nil, 405, "method", "a WebSocket handshake must be a GET request", "RFC 6455 §4.2.1") // req: 6455-4.2.1-b
	e.Fields = httpwire.Fields{{Name: "Allow", Value: "GET"}}                                         // req: 9110-15.5.6-a
	return e
}

// checkHTTPVersion is step 1: the version. It never fails in a server that calls Requested
// first.
func checkHTTPVersion(r *httpwire.Request) error {
	if r.Minor >= 1 {
		return nil
	}
	return refuse(nil, 400, "HTTP-version", "a WebSocket handshake needs HTTP/1.1", "RFC 6455 §4.2.1") // req: 6455-4.2.1-c
}

// checkTarget is step 1: the request-target is the resource name in
// origin-form, or an absolute http or https URI that holds it.
func checkTarget(r *httpwire.Request) error {
	switch r.Form {
	case httpwire.OriginForm:
		return nil
	case httpwire.AbsoluteForm:
		if r.Scheme == "http" || r.Scheme == "https" {
			return nil
		}
	}
	return refuse(nil, 400, "request-target",
		"a handshake must ask for a path, or for an absolute http or https URI", "RFC 6455 §4.2.1") // req: 6455-4.2.1-g
}

// checkNoContent refuses a handshake with content. A server parses the bytes after the
// 101 as frames. If a script in a page could choose them as the body of its request, it
// could write frames without the masking that protects against it.
func checkNoContent(r *httpwire.Request) error {
	if r.Body.Framing != httpwire.Chunked && r.Body.Length == 0 {
		return nil
	}
	e := refuse(nil, 400, "content", "a WebSocket handshake must not have any", "RFC 9110 §7.8") // req: 9110-7.8-f 9110-7.8-g
	e.Close = true
	return e
}

// checkHost is step 2: Host holds the server's authority. httpwire has checked the
// grammar; it allows an empty Host, which names no server.
func checkHost(r *httpwire.Request) error {
	if r.Authority != "" {
		return nil
	}
	return refuse(r.Fields, 400, fieldHost, "the value is empty, so it names no server", "RFC 6455 §4.2.1")
}

// checkUpgrade is step 3: Upgrade contains "websocket", in any letter case.
func checkUpgrade(r *httpwire.Request) error {
	if namesWebSocket(r) {
		return nil
	}
	return refuse(r.Fields, 400, fieldUpgrade, "the list must contain websocket", "RFC 6455 §4.2.1") // req: 9110-7.8-c
}

// namesWebSocket reports whether the list in the Upgrade fields contains websocket. With
// a version, as in "websocket/13", it would be another protocol.
func namesWebSocket(r *httpwire.Request) bool {
	return r.Fields.HasToken(fieldUpgrade, protocolName) // req: 6455-4.2.1-d
}

// checkConnection is step 4: Connection contains the option "upgrade", in any
// letter case, often with others: browsers send "keep-alive, Upgrade".
func checkConnection(r *httpwire.Request) error {
	if r.Fields.HasToken(fieldConnection, "upgrade") { // req: 6455-4.2.1-e
		return nil
	}
	return refuse(r.Fields, 400, fieldConnection, "the option upgrade is missing, so Upgrade is not for this hop",
		"RFC 6455 §4.2.1")
}

// checkKey is step 5: one Sec-WebSocket-Key, base64 of 16 bytes.
func checkKey(r *httpwire.Request) error {
	key, found := r.Fields.Get(fieldKey)
	switch {
	case !found:
		return refuse(r.Fields, 400, fieldKey, "the field is missing", "RFC 6455 §4.2.1")
	case r.Fields.Count(fieldKey) > 1:
		return refuse(r.Fields, 400, fieldKey, "the field appears more than once", "RFC 6455 §11.3.1") // req: 6455-11.3.1-a
	case !isKey(key):
		return refuse(r.Fields, 400, fieldKey, notAKey, "RFC 6455 §4.2.1") // req: 6455-4.2.1-f
	}
	return nil
}

// checkWebSocketVersion is step 6: one Sec-WebSocket-Version, and it is 13. Anything
// other than a version number is malformed (400). If there is another number or no
// field, we do not support the protocol (426). Both answers state our version (§4.4).
func checkWebSocketVersion(r *httpwire.Request) error {
	version, found := r.Fields.Get(fieldVersion)
	switch {
	case !found: // req: 6455-4.2.2-c
		return refuseVersion(r.Fields, 426, "the field is missing: it must be "+protocolVersion, "RFC 6455 §4.2.2")
	case r.Fields.Count(fieldVersion) > 1:
		return refuseVersion(r.Fields, 400, "the field appears more than once", "RFC 6455 §11.3.5") // req: 6455-11.3.5-a
	case !isVersion(version):
		return refuseVersion(r.Fields, 400, "it must be one number from 0 to 255, not "+quoted(version), // req: 6455-4.3-a
			"RFC 6455 §4.3")
	case version != protocolVersion:
		return refuseVersion(r.Fields, 426, "version "+version+" is not supported: it must be "+protocolVersion, // req: 6455-4.2.2-c
			"RFC 6455 §4.4")
	}
	return nil
}

// refuseVersion returns the error for a version, with our version (§4.4). A 426 also
// names the protocol to upgrade to (RFC 9110 §15.5.22).
func refuseVersion(fields httpwire.Fields, status int, rule, section string) error {
	e := refuse(fields, status, fieldVersion, rule, section)
	e.Fields = httpwire.Fields{{Name: fieldVersion, Value: protocolVersion}} // req: 6455-4.4-a
	if status == 426 {
		e.Fields = append(e.Fields, upgradeFields()...) // req: 9110-15.5.22-a
	}
	return e
}

// upgradeFields returns the fields that name the protocol to switch to. Upgrade is
// for one hop, so it is always sent with Connection: upgrade (RFC 9110 §7.8).
func upgradeFields() httpwire.Fields {
	return httpwire.Fields{
		{Name: fieldUpgrade, Value: protocolName}, // req: 6455-4.2.2-i
		{Name: fieldConnection, Value: "Upgrade"}, // req: 6455-4.2.2-j 9110-7.8-d
	}
}

// isVersion reports whether text is a version of RFC 6455 §4.3:
//
//	version = DIGIT | (NZDIGIT DIGIT) | ("1" DIGIT DIGIT) | ("2" DIGIT DIGIT)
//	          ; limited to 0-255, without leading zeros
func isVersion(text string) bool {
	number, err := strconv.ParseUint(text, 10, 8)
	return err == nil && strconv.FormatUint(number, 10) == text
}

// chooseSubprotocol is step 8 of RFC 6455 §4.2.1: it checks the client's offer, and
// returns the first of supported that the client offers, or "" if it offers none of
// them. The names are case-sensitive: "Chat" is not "chat".
//
//	Sec-WebSocket-Protocol-Client = 1#token
//
// Empty elements, as in "a,,b", are skipped (RFC 9110 §5.6.1.2); a list without any
// other element is malformed.
func chooseSubprotocol(fields httpwire.Fields, supported []string) (string, error) {
	if fields.Count(fieldProtocol) == 0 {
		return "", nil
	}
	offered := fields.List(fieldProtocol)
	if len(offered) == 0 {
		return "", refuse(fields, 400, fieldProtocol, "the list is empty", "RFC 6455 §4.3") // req: 6455-4.3-b
	}
	for _, name := range offered {
		if !httpwire.IsToken(name) {
			return "", refuse(fields, 400, fieldProtocol, "the subprotocol "+quoted(name)+" is not a token", // req: 6455-4.3-b
				"RFC 6455 §4.3")
		}
	}
	for _, name := range supported {
		if slices.Contains(offered, name) { // req: 6455-4.2.2-e
			return name, nil
		}
	}
	return "", nil
}

// Response returns the 101 that concludes the handshake on the server's side
// (RFC 6455 §4.2.2, step 5), its fields in the order of the RFC's example.
// It has Sec-WebSocket-Protocol and Sec-WebSocket-Extensions only if something was
// agreed, because an empty field would be malformed.
func (a *Agreement) Response() *httpwire.Response {
	fields := append(upgradeFields(), httpwire.Field{Name: fieldAccept, Value: a.Accept}) // req: 6455-4.2.2-k
	if a.Subprotocol != "" {
		fields = append(fields, httpwire.Field{Name: fieldProtocol, Value: a.Subprotocol}) // req: 6455-4.2.2-f
	}
	if len(a.Extensions) > 0 {
		fields = append(fields, httpwire.Field{Name: fieldExtensions, Value: joinExtensions(a.Extensions)})
	}
	return &httpwire.Response{Status: 101, Fields: fields} // req: 6455-4.2.2-h
}
