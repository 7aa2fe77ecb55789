package server

import (
	"barewire/httpwire"
)

// What is served where:
//
//	GET, HEAD  any path     Hello World!, as in the article
//	GET, HEAD  /lab         the lab's page, if Config.Page has it; else 404
//	OPTIONS    any path, *  204 and the methods
//	upgrade    /echo        what comes goes back
//	upgrade    /chat        text goes to all who are there
//	upgrade    other paths  the handler that Config.NewHandler makes: the digest
//	other methods           405 if HTTP knows them, 501 if not
//
// routeFor, below, is for requests; handlerFor, in websocket.go, for upgrades.

// route is what a request brings about: a response, or an error.
type route struct {
	status   int
	fields   httpwire.Fields
	content  []byte
	prepared bool // answerHello may answer it
	err      *httpwire.Error
}

// allowed is the methods that every path here has.
const allowed = "GET, HEAD, OPTIONS"

// The routes of the successful requests. They are shared: nobody changes them.
var (
	helloRoute = route{
		status:   200,
		fields:   httpwire.Fields{{Name: "Content-Type", Value: "text/plain"}},
		content:  []byte("Hello World!"),
		prepared: true,
	}
	optionsRoute = route{
		status: 204,
		fields: httpwire.Fields{{Name: "Allow", Value: allowed}},
	}
)

// routeFor decides what a request that is no upgrade gets.
func (s *Server) routeFor(request *httpwire.Request) route {
	if err := checkScheme(request, s.config.scheme()); err != nil {
		return route{err: err}
	}
	switch request.Method {
	case "GET", "HEAD":
		if s.config.Page != nil {
			if page := s.config.Page(request); page != nil {
				return route{status: page.Status, fields: page.Fields, content: page.Content}
			}
		}
		if request.Path == "/lab" {
			return failed(404, "request-target", "there is no page here", "RFC 9110 §15.5.5")
		}
		return helloRoute
	case "OPTIONS":
		return optionsRoute // for * too, which asks about the server as a whole (RFC 9110 §9.3.7)
	}
	if httpwire.KnownMethod(request.Method) {
		// RFC 9110 §15.5.6: the answer says which methods there are.
		refused := failed(405, "method", "this server has "+allowed, "RFC 9110 §15.5.6")
		refused.err.Fields = httpwire.Fields{{Name: "Allow", Value: allowed}}
		return refused
	}
	return failed(501, "method", "this server does not know it", "RFC 9110 §9.1")
}

// checkScheme refuses an absolute-form target that names another scheme than
// that of the connection: what was meant to be secret is not served in the open
// (RFC 9110 §7.4), and what is no HTTP, not at all. What was meant for the open may
// come over TLS: a proxy in between may have put it there.
func checkScheme(request *httpwire.Request, scheme string) *httpwire.Error {
	if request.Form != httpwire.AbsoluteForm || request.Scheme == scheme || request.Scheme == "http" {
		return nil
	}
	rule := "this connection is for " + scheme + ", not for " + request.Scheme
	return failed(421, "request-target", rule, "RFC 9110 §7.4").err
}

func failed(status int, field, rule, section string) route {
	return route{err: &httpwire.Error{Status: status, Field: field, Rule: rule, Section: section}}
}
