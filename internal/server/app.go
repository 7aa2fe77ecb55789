package server

import (
	"barewire/httpwire"
	"barewire/internal/wsconn"
)

// App says what is served. The server answers OPTIONS, methods that it does not
// have, and everything that breaks a rule; the rest is for the App. Its methods
// may be called by any number of goroutines at once, and must not keep the request.
type App interface {
	// Page answers a GET or a HEAD that is not an upgrade, or returns the error
	// that the client gets instead. The server sends no content in answer to HEAD.
	// It changes neither the response nor the error, so an App may return the
	// same one any number of times.
	Page(*httpwire.Request) (*httpwire.Response, *httpwire.Error)

	// Upgrade returns the handler of the WebSocket that a request asks for, or the
	// error that the client gets instead of one. The rest of the opening handshake
	// is known to be right.
	Upgrade(*httpwire.Request) (wsconn.Handler, *httpwire.Error)
}

// allowed is the methods that every path has.
const allowed = "GET, HEAD, OPTIONS"

// methods is the answer to OPTIONS, and to OPTIONS * too, which asks about the
// server as a whole (RFC 9110 §9.3.7).
var methods = &httpwire.Response{Status: 204, Fields: httpwire.Fields{{Name: "Allow", Value: allowed}}} // req: 9110-9.3.7-a

// responseTo returns the response to a request that is not an upgrade, or why it
// is refused.
func (s *Server) responseTo(request *httpwire.Request) (*httpwire.Response, *httpwire.Error) {
	if err := checkScheme(request, s.config.scheme()); err != nil {
		return nil, err
	}
	switch request.Method {
	case "GET", "HEAD": // req: 9110-9.1-a 9110-9.3.2-b
		return s.config.App.Page(request)
	case "OPTIONS":
		return methods, nil // req: 9110-9.3.7-b
	}
	if httpwire.KnownMethod(request.Method) {
		// RFC 9110 §15.5.6: the answer says which methods there are.
		refused := failed(405, "method", "this server has "+allowed, "RFC 9110 §15.5.6") // req: 9110-9.1-c
		refused.Fields = methods.Fields                                                  // req: 9110-15.5.6-a
		refused.Close = request.Method == "CONNECT"                                      // RFC 9110 §9.3.6: what follows may be meant for the tunnel
		return nil, refused
	}
	return nil, failed(501, "method", "this server does not know it", "RFC 9110 §9.1") // req: 9110-9.1-b
}

// checkScheme refuses an absolute-form target with a scheme other than that of the
// connection: what was meant to be secret is not served in the open (RFC 9110
// §7.4), and what is not HTTP is not served at all. What was meant for the open may
// come over TLS: a proxy in between may have put it there.
func checkScheme(request *httpwire.Request, scheme string) *httpwire.Error {
	if request.Form != httpwire.AbsoluteForm || request.Scheme == scheme || request.Scheme == "http" {
		return nil
	}
	rule := "this connection is for " + scheme + ", not for " + request.Scheme
	return failed(421, "request-target", rule, "RFC 9110 §7.4") // req: 9110-7.4-a
}

func failed(status int, field, rule, section string) *httpwire.Error {
	return &httpwire.Error{Status: status, Field: field, Rule: rule, Section: section}
}
