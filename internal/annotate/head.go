package annotate

import (
	"bytes"
	"errors"
	"sort"
	"strings"

	"barewire/handshake"
	"barewire/httpwire"
)

// headLimit is how many bytes of a head are collected; with more, ParseRequest and
// ParseResponse return an error.
var headLimit = httpwire.DefaultLimits().Head

// stepHead takes a head, once all of it has arrived.
func (s *stream) stepHead(b []byte) int {
	if !s.worthParsing(b) {
		return 0
	}
	if s.direction == ClientToServer {
		return s.stepRequest(b)
	}
	return s.stepResponse(b)
}

// worthParsing reports whether parsing b may have a new result: another line is
// complete, or the first line after any empty lines is not. Without it, a head that
// arrives byte by byte would be parsed 16,384 times.
func (s *stream) worthParsing(b []byte) bool {
	if len(b) == 0 {
		return false
	}
	known := min(s.scanned, len(b))
	s.scanned = len(b)
	return bytes.IndexByte(b[known:], '\n') >= 0 ||
		bytes.IndexByte(bytes.TrimLeft(b, "\r\n"), '\n') < 0 ||
		len(b) >= headLimit
}

// stepRequest takes the head of a request.
func (s *stream) stepRequest(b []byte) int {
	r := &s.request
	n, err := httpwire.ParseRequest(r, b, nil)
	if err != nil {
		n = shortest(len(b), func(n int) bool {
			_, err := httpwire.ParseRequest(r, b[:n], nil)
			return err != nil
		})
		_, err = httpwire.ParseRequest(r, b[:n], nil)
	}
	if n > 0 {
		s.scanned = 0
		s.finishRequest(r, b[:n], fault(err), false)
	}
	return n
}

// finishRequest emits the unit of a request's head, and continues with what follows
// it. e is the rule that the head breaks, or nil.
func (s *stream) finishRequest(r *httpwire.Request, head []byte, e *httpwire.Error, incomplete bool) {
	c := s.conversation
	c.requests++
	s.exchange = &exchange{number: c.requests, method: strings.Clone(r.Method)}
	c.asked(s.exchange)

	s.begin(Request, len(head))
	s.take(head)
	u := &s.unit
	u.Incomplete = incomplete
	u.Title = requestTitle(r, incomplete)
	u.Spans = requestSpans(r, head, e, incomplete)
	switch {
	case e != nil:
		u.breakRule(e)
	case s.last:
		u.breakRule(afterClose)
	}
	if e != nil || incomplete {
		s.emit()
		s.raw("the request before it is broken, so the start of the next request is unknown")
		return
	}
	s.last = r.Fields.HasToken("Connection", "close")
	s.checkUpgrade(r)
	s.emit()
	s.beginBody(r.Body)
}

// afterClose is the error of a request that follows one with Connection: close. No
// server answers it.
var afterClose = &httpwire.Error{Field: "method", Rule: "no request may follow one with Connection: close", Section: "RFC 9112 §9.6"}

// requestTitle returns the request line, as far as it is known.
func requestTitle(r *httpwire.Request, incomplete bool) string {
	switch {
	case r.Target != "":
		line, _, _ := strings.Cut(r.Head, "\r\n")
		return printable(line)
	case incomplete:
		return "The beginning of a request"
	}
	return "Not a request"
}

// stepResponse takes the head of a response.
func (s *stream) stepResponse(b []byte) int {
	s.exchange = s.conversation.oldest()
	method := ""
	if s.exchange != nil {
		method = s.exchange.method
	}
	r := &s.response
	n, err := httpwire.ParseResponse(r, b, method, nil)
	if err != nil {
		n = shortest(len(b), func(n int) bool {
			_, err := httpwire.ParseResponse(r, b[:n], method, nil)
			return err != nil
		})
		_, err = httpwire.ParseResponse(r, b[:n], method, nil)
	}
	if n > 0 {
		s.scanned = 0
		s.finishResponse(r, b[:n], fault(err), false)
	}
	return n
}

// finishResponse emits the unit of a response's head, and continues with what
// follows it: a body, the final response after an interim one, or frames.
func (s *stream) finishResponse(r *httpwire.Response, head []byte, e *httpwire.Error, incomplete bool) {
	c := s.conversation
	s.begin(Response, len(head))
	s.take(head)
	u := &s.unit
	u.Incomplete = incomplete
	u.Title = "Not a response"
	if startLineIsSound(head, 0, e) {
		line, _, _ := strings.Cut(r.Head, "\r\n")
		u.Title = printable(line)
	} else if incomplete {
		u.Title = "The beginning of a response"
	}
	u.Spans = responseSpans(r, head, e, incomplete)
	if e != nil {
		u.breakRule(e)
	}
	if s.exchange == nil && e == nil && !incomplete && !c.options.Alone {
		u.Notes = append(u.Notes, Note{Layer: HTTP, Field: "request",
			Meaning: "the request for this response was not seen", Section: "RFC 9112 §9.2"})
	}
	switch {
	case e != nil || incomplete:
		s.emit()
		s.raw("the response before it is broken, so the start of the next response is unknown")
	case r.Status == 101:
		s.switchProtocols(r)
	case r.Interim():
		s.emit() // the final response belongs to the same exchange
	default:
		s.emit()
		s.beginBody(r.Body)
		c.answered(false)
	}
}

// flushHead emits the part of a head that came before the stream ended.
func (s *stream) flushHead(rest []byte) {
	if len(rest) == 0 {
		return
	}
	if s.direction == ClientToServer {
		r := new(httpwire.Request)
		_, err := httpwire.ParseRequest(r, rest, nil)
		s.finishRequest(r, rest, fault(err), true)
		return
	}
	s.exchange = s.conversation.oldest()
	r := new(httpwire.Response)
	_, err := httpwire.ParseResponse(r, rest, "", nil)
	s.finishResponse(r, rest, fault(err), true)
}

// shortest returns the smallest n up to length for which fails returns true; if it
// does for some n, it does for every larger one. The parsers return an error as soon
// as the broken line is complete, so the length of the broken unit would depend on
// how much they are given. With the smallest n, it does not depend on how the bytes
// arrive.
func shortest(length int, fails func(n int) bool) int {
	return sort.Search(length, fails)
}

// fault converts an error of the HTTP parsers or of the handshake's checks to one
// type. It returns nil for nil.
func fault(err error) *httpwire.Error {
	var e *httpwire.Error
	var client *handshake.ClientError
	if errors.As(err, &client) {
		return &httpwire.Error{Offset: client.Offset, Field: client.Field, Rule: client.Rule, Section: client.Section}
	}
	errors.As(err, &e)
	return e
}
