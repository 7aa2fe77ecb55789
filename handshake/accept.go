package handshake

import (
	"slices"
	"strconv"

	"barewire/httpwire"
)

// Policy is what a server lets in and what it speaks. The zero Policy serves http,
// lets in clients that are not browsers and pages of its own origin, and speaks no
// subprotocol and no extension. Accept only reads it, so connections may share one.
type Policy struct {
	// Scheme is the scheme under which this server is reached, "http" or
	// "https"; "" means "http". An Origin equal to Scheme://Authority, with the
	// authority of the request, is let in.
	Scheme string

	// Origins are further origins to let in, such as "https://example.com" or
	// "http://localhost:3000"; "*" lets in any. [ValidOrigin] reports whether an
	// entry can match at all.
	Origins []string

	// Subprotocols are the names that the server speaks, the best first: the first
	// that the client offered too is chosen, whatever the client's order is.
	Subprotocols []string

	// Extensions chooses, from the client's offers in the client's order, what the
	// server accepts, with the parameters that the response states. Nil, or an
	// empty result, accepts none. The result must name nothing that was not
	// offered: Accept checks that. The strings of the offers are substrings of the
	// request's head.
	Extensions func(offers []Extension) []Extension
}

// Agreement is what both sides know after the handshake. Its strings may be substrings
// of the head they came in, and keep its 16 KiB in memory: a program that keeps one for
// each of many connections clones them (strings.Clone).
type Agreement struct {
	Accept      string      // Sec-WebSocket-Accept, the answer to the key
	Subprotocol string      // the one agreed; "" for none
	Extensions  []Extension // those accepted, with the response's parameters, in its order
}

// Requested reports whether a request asks for the switch to WebSocket, so that
// Accept has to judge it. Any other request is plain HTTP: one that names other
// protocols in Upgrade (h2c, say), and one in HTTP/1.0, whose Upgrade must be
// ignored (RFC 9110 §7.8). It does not allocate.
func Requested(r *httpwire.Request) bool {
	return r.Minor >= 1 && namesWebSocket(r) // req: 6455-4.2.1-c 9110-7.8-a 9110-7.8-e 9110-15.2-a
}

// requestSteps are the demands of RFC 6455 §4.2.1 that need no policy, in its order.
// The first one that is not met ends the handshake.
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

// Accept judges the opening handshake of a client, in the order of RFC 6455 §4.2.1.
// Without an error the caller sends [Agreement.Response], and frames follow. The
// error is always an [*httpwire.Error]:
//
//   - 400: the request breaks the grammar or lacks something
//   - 403: the Origin is not one that p lets in
//   - 405: the method is not GET
//   - 426: the version asked for is not 13; the answer states the one we speak
//   - 500: p.Extensions chose what was not offered, a fault of ours
//
// After an error the connection goes on with HTTP, unless the error says Close.
func Accept(r *httpwire.Request, p *Policy) (Agreement, error) {
	for _, step := range requestSteps { // req: 6455-4.2.1-a
		if err := step(r); err != nil {
			return Agreement{}, err
		}
	}
	// tour 2.2: the request has all that a handshake needs; next: is it welcome here? (RFC 6455 §4.2.1)
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

// checkHTTPVersion is step 1: the version. A server that calls Requested first never
// gets here with HTTP/1.0.
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

// checkNoContent refuses a handshake with content. After the 101 the next bytes are
// taken for frames, and those of a body may be chosen by a script in a page: it would
// write frames without the masking that the protocol forces on it.
func checkNoContent(r *httpwire.Request) error {
	if r.Body.Framing != httpwire.Chunked && r.Body.Length == 0 {
		return nil
	}
	e := refuse(nil, 400, "content", "a WebSocket handshake must not have any", "RFC 9110 §7.8") // req: 9110-7.8-f 9110-7.8-g
	e.Close = true
	return e
}

// checkHost is step 2: Host holds the server's authority. httpwire has checked the
// grammar; an empty Host is legal there, but names no server.
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

// namesWebSocket reports whether websocket is in the list of the Upgrade fields. With
// a version, as in "websocket/13", it is another protocol: ours has none there.
func namesWebSocket(r *httpwire.Request) bool {
	return r.Fields.HasToken(fieldUpgrade, protocolName) // req: 6455-4.2.1-d
}

// checkConnection is step 4: Connection contains the option "upgrade", in any
// letter case, often beside others: browsers send "keep-alive, Upgrade".
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
// but a version number is malformed (400); another number, or none, asks for a
// protocol that we do not speak (426). Either answer states our version (§4.4).
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

// refuseVersion refuses a version with the answer of §4.4. A 426 names the protocol
// to upgrade to (RFC 9110 §15.5.22).
func refuseVersion(fields httpwire.Fields, status int, rule, section string) error {
	e := refuse(fields, status, fieldVersion, rule, section)
	e.Fields = httpwire.Fields{{Name: fieldVersion, Value: protocolVersion}} // req: 6455-4.4-a
	if status == 426 {
		e.Fields = append(e.Fields, upgradeFields()...) // req: 9110-15.5.22-a
	}
	return e
}

// upgradeFields returns the fields that name the protocol to switch to. Upgrade is
// for one hop, so it never goes without Connection: upgrade (RFC 9110 §7.8).
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

// chooseSubprotocol is step 8 of RFC 6455 §4.2.1: it checks what the client
// offered, and returns the first of spoken that is among it, "" for none. The
// names are compared byte by byte: "Chat" is not "chat".
//
//	Sec-WebSocket-Protocol-Client = 1#token
//
// Empty elements, as in "a,,b", are skipped, as RFC 9110 §5.6.1.2 demands; a list
// of nothing else is malformed.
func chooseSubprotocol(fields httpwire.Fields, spoken []string) (string, error) {
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
	for _, name := range spoken {
		if slices.Contains(offered, name) { // req: 6455-4.2.2-e
			return name, nil
		}
	}
	return "", nil
}

// Response returns the 101 that concludes the handshake on the server's side
// (RFC 6455 §4.2.2, step 5), its fields in the order of the RFC's example.
// Sec-WebSocket-Protocol and Sec-WebSocket-Extensions are there only if something
// was agreed, as an empty field would be malformed.
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
