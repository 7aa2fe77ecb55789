package server

import (
	"barewire/httpwire"
	"barewire/internal/wsconn"
)

// App decides what is served. The server itself answers OPTIONS, unsupported methods, and
// requests that break a rule; it passes all other requests to the App. The methods of an
// App are called concurrently, and must not keep the request.
type App interface {
	// Page returns the response to a GET or HEAD that is not an upgrade, or the error
	// that the client gets instead. The server sends no content in answer to HEAD.
	// It changes neither the response nor the error, so an App may return the same
	// value for many requests.
	Page(*httpwire.Request) (*httpwire.Response, *httpwire.Error)

	// Upgrade returns the handler of the WebSocket that a request asks for, or the
	// error that the client gets instead. The server has already checked the rest of
	// the opening handshake.
	Upgrade(*httpwire.Request) (wsconn.Handler, *httpwire.Error)
}

// allowed lists the methods that every path supports.
const allowed = "GET, HEAD, OPTIONS"

// methods is the answer to OPTIONS, and also to OPTIONS *, which asks about the whole
// server (RFC 9110 §9.3.7).
var methods = &httpwire.Response{Status: 204, Fields: httpwire.Fields{{Name: "Allow", Value: allowed}}} // req: 9110-9.3.7-a

// responseTo returns the response to a request that is not an upgrade, or the error with
// which it is refused.
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
		// RFC 9110 §15.5.6: the answer lists the supported methods.
		refused := failed(405, "method", "this server has "+allowed, "RFC 9110 §15.5.6") // req: 9110-9.1-c
		refused.Fields = methods.Fields                                                  // req: 9110-15.5.6-a
		refused.Close = request.Method == "CONNECT"                                      // RFC 9110 §9.3.6: the bytes that follow may be meant for the tunnel
		return nil, refused
	}
	return nil, failed(501, "method", "this server does not know it", "RFC 9110 §9.1") // req: 9110-9.1-b
}

// checkScheme refuses an absolute-form target whose scheme is not that of the connection.
// An https target must not be served without TLS (RFC 9110 §7.4), and a scheme other than
// http and https is not served at all. An http target may arrive over TLS, because a proxy
// may have added it.
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
