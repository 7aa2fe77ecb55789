package annotate

import (
	"bytes"
	"errors"
	"sort"
	"strings"

	"barewire/handshake"
	"barewire/httpwire"
)

// headLimit is how many octets of a head are waited for; behind them ParseRequest
// and ParseResponse fail.
var headLimit = httpwire.DefaultLimits().Head

// stepHead takes a head, if it is all there.
func (s *stream) stepHead(b []byte) int {
	if !s.worthParsing(b) {
		return 0
	}
	if s.direction == ClientToServer {
		return s.stepRequest(b)
	}
	return s.stepResponse(b)
}

// worthParsing reports whether parsing b can tell more than it did the last
// time: another line has ended, or the first one, behind empty lines, has not.
// Otherwise a head that comes octet by octet would be parsed 16,384 times.
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

// finishRequest emits the unit of a request's head, and goes on to what follows.
// e is what is wrong with it, or nil.
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
		u.breakRule(behindClose)
	}
	if e != nil || incomplete {
		s.emit()
		s.raw("the request in front of it is broken, so nobody can tell where the next one starts")
		return
	}
	s.last = r.Fields.HasToken("Connection", "close")
	s.checkUpgrade(r)
	s.emit()
	s.beginBody(r.Body)
}

// behindClose is what is wrong with a request behind one that said close: no server
// acts on it.
var behindClose = &httpwire.Error{Field: "method", Rule: "no request may follow one with Connection: close", Section: "RFC 9112 §9.6"}

// requestTitle returns the request line, as far as there is one.
func requestTitle(r *httpwire.Request, incomplete bool) string {
	switch {
	case r.Target != "":
		line, _, _ := strings.Cut(r.Head, "\r\n")
		return printable(line)
	case incomplete:
		return "The beginning of a request"
	}
	return "Something that is no request"
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

// finishResponse emits the unit of a response's head, and goes on to what
// follows: a body, the final response behind an interim one, or frames.
func (s *stream) finishResponse(r *httpwire.Response, head []byte, e *httpwire.Error, incomplete bool) {
	c := s.conversation
	s.begin(Response, len(head))
	s.take(head)
	u := &s.unit
	u.Incomplete = incomplete
	u.Title = "Something that is no response"
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
			Meaning: "none was seen that this could answer", Section: "RFC 9112 §9.2"})
	}
	switch {
	case e != nil || incomplete:
		s.emit()
		s.raw("the response in front of it is broken, so nobody can tell where the next one starts")
	case r.Status == 101:
		s.switchProtocols(r)
	case r.Interim():
		s.emit() // the same exchange goes on
	default:
		s.emit()
		s.beginBody(r.Body)
		c.answered(false)
	}
}

// flushHead emits what came of a head before the stream ended.
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

// shortest returns the smallest n up to length for which fails holds; what fails
// once fails with more octets, too. The parsers see an error as soon as its line
// is in, so how much they are given decides how much is behind it: with the
// smallest n it is the same for every way in which the octets come.
func shortest(length int, fails func(n int) bool) int {
	return sort.Search(length, fails)
}

// fault returns what the parsers of HTTP and the checks of the handshake fail
// with, in one form, or nil.
func fault(err error) *httpwire.Error {
	var e *httpwire.Error
	var client *handshake.ClientError
	if errors.As(err, &client) {
		return &httpwire.Error{Offset: client.Offset, Field: client.Field, Rule: client.Rule, Section: client.Section}
	}
	errors.As(err, &e)
	return e
}
