package httpwire

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// AppendResponse appends a response to dst: the contents of r, a Date field with the
// value date unless that is "", and the Content-Length. requestMethod is the method of
// the request that it answers: the answer to HEAD is that to GET without the content
// (RFC 9110 §9.3.2).
//
//	HTTP/1.1 200 OK CR LF
//	Date: Sun, 06 Nov 1994 08:49:37 GMT CR LF
//	Content-Type: text/plain CR LF            the fields of r, in their order
//	Content-Length: 12 CR LF
//	CR LF
//	Hello World!
//
// A 1xx, a 204 and a 304 end at the empty line and have no Content-Length
// (RFC 9110 §8.6); a 205 has "Content-Length: 0". r.Content is not sent with any of
// them.
//
// AppendResponse returns an [*Error] of status 500, and dst unchanged, for anything that
// would break the message: a status outside 100 to 599; names, values and reasons that
// the grammar does not allow (with CR LF in a value, a peer that chose the value could
// write the rest of our response); Date, Content-Length and Transfer-Encoding among the
// fields; a repeated field that is not a list. (A simplification: a field that this
// package does not know is treated as one that is not a list.)
func AppendResponse(dst []byte, r *Response, date, requestMethod string) ([]byte, error) {
	if r.Status < 100 || r.Status > 599 {
		return dst, refuseToSend("status-code", "it must be a number from 100 to 599", "RFC 9110 §15")
	}
	if !sendable(r.Reason) {
		return dst, refuseToSend("reason-phrase", "it has bytes that must not be sent", "RFC 9112 §4")
	}
	if !sendable(date) {
		return dst, refuseToSend("Date", "the value has bytes that must not be sent", "RFC 9110 §6.6.1")
	}
	if e := checkFields(r.Fields); e != nil {
		return dst, e
	}

	reason := r.Reason
	if reason == "" {
		reason = StatusText(r.Status)
	}
	dst = append(dst, "HTTP/1.1 "...) // req: 9110-6.2-a
	dst = strconv.AppendInt(dst, int64(r.Status), 10)
	dst = append(dst, ' ') // RFC 9112 §4: also without a reason, req: 9112-4-a
	dst = append(dst, reason...)
	dst = append(dst, "\r\n"...)
	if date != "" {
		dst = appendField(dst, "Date", date)
	}
	dst = appendFields(dst, r.Fields)

	content := r.Content
	if r.Status == 205 {
		content = nil // RFC 9110 §15.3.6
	}
	if r.Status < 200 || r.Status == 204 || r.Status == 304 { // req: 9110-6.4.1-a 9110-8.6-b
		return append(dst, "\r\n"...), nil
	}
	dst = append(dst, "Content-Length: "...)              // req: 9112-6.3-k 9110-8.6-c
	dst = strconv.AppendInt(dst, int64(len(content)), 10) // req: 9110-8.6-a
	dst = append(dst, "\r\n\r\n"...)
	if requestMethod == "HEAD" { // req: 9110-9.3.2-a 9110-9.3.2-b
		return dst, nil
	}
	return append(dst, content...), nil
}

// AppendRequest appends the head of a request without a body to dst. The fields must
// include Host exactly once. It returns errors like [AppendResponse].
//
//	GET /chat HTTP/1.1 CR LF
//	Host: example.com CR LF       the fields, in their order
//	CR LF
func AppendRequest(dst []byte, method, target string, fields Fields) ([]byte, error) {
	if !IsToken(method) {
		return dst, refuseToSend("method", "it must be a token", "RFC 9110 §9.1")
	}
	if e := checkTarget(method, target); e != nil {
		return dst, e
	}
	if e := checkFields(fields); e != nil {
		return dst, e
	}
	host, found := fields.Get("Host")
	if _, _, ok := SplitAuthority(host); !found || !ok {
		return dst, refuseToSend("Host", "a request must have this field once, with host[:port]", "RFC 9112 §3.2") // req: 9112-3.2-b
	}

	dst = append(dst, method...)
	dst = append(dst, ' ')
	dst = append(dst, target...)
	dst = append(dst, " HTTP/1.1\r\n"...) // req: 6455-4.1-e
	dst = appendFields(dst, fields)
	return append(dst, "\r\n"...), nil
}

func appendFields(dst []byte, fields Fields) []byte {
	for i := range fields {
		dst = appendField(dst, fields[i].Name, fields[i].Value)
	}
	return dst
}

func appendField(dst []byte, name, value string) []byte {
	dst = append(dst, name...)
	dst = append(dst, ": "...)
	dst = append(dst, value...)
	return append(dst, "\r\n"...)
}

// checkTarget checks a target to be sent, with the rules of the parser.
func checkTarget(method, target string) *Error {
	if target == "" || span(target, targetByte) < len(target) {
		return refuseToSend("request-target", "it is empty or has bytes that need percent-encoding", "RFC 9112 §3.2")
	}
	probe := Request{Method: method, Target: target}
	if e := probe.parseTarget(0); e != nil {
		return refuseToSend(e.Field, e.Rule, e.Section)
	}
	return nil
}

// checkFields returns an error if one of the fields must not be sent.
func checkFields(fields Fields) *Error { // req: 9110-2.2-a
	for i := range fields {
		name, value := fields[i].Name, fields[i].Value
		switch {
		case !IsToken(name):
			return refuseToSend("field line", "the name is not a token", "RFC 9110 §5.1")
		case !sendable(value):
			return refuseToSend(name, "the value has bytes that must not be sent, or whitespace around it", "RFC 9110 §5.5")
		case EqualFold(name, "Content-Length"), EqualFold(name, "Transfer-Encoding"), EqualFold(name, "Date"):
			// req: 9112-6.1-a 9112-6.1-b 9112-6.1-d 9112-6.2-a
			return refuseToSend(name, "the writer sets this field itself", "RFC 9112 §6.2")
		case fields[:i].Count(name) > 0 && !isList(name):
			return refuseToSend(name, "the field appears more than once, and is not a list", "RFC 9110 §5.3") // req: 9110-5.3-a
		case hasEmptyElement(value) && isList(name):
			return refuseToSend(name, "the list has an empty element", "RFC 9110 §5.6.1.1") // req: 9110-2.2-a
		}
	}
	return nil
}

// sendable reports whether s can be sent as a field value or reason: visible ASCII,
// with SP and HTAB only inside. The bytes 80 to FF are accepted from old peers, but not
// sent.
func sendable(s string) bool { // req: 9110-2.2-a
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 || classes[s[i]]&fieldByte == 0 {
			return false
		}
	}
	return trimOWS(s) == s
}

// isList reports whether the field is a list, which may be sent in several lines.
// Set-Cookie is not a list, but may be sent in several lines too (RFC 9110 §5.3).
func isList(name string) bool {
	return slices.ContainsFunc(listFields[:], func(list string) bool { return EqualFold(list, name) })
}

var listFields = [...]string{
	"Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Accept-Ranges", "Allow",
	"Cache-Control", "Connection", "Content-Encoding", "Content-Language", "Expect", "If-Match",
	"If-None-Match", "Link", "Pragma", "Proxy-Authenticate", "Sec-WebSocket-Extensions",
	"Sec-WebSocket-Protocol", "Sec-WebSocket-Version", "Set-Cookie", "TE", "Trailer", "Upgrade",
	"Vary", "Via", "WWW-Authenticate",
}

// hasEmptyElement reports whether an element of a list is empty. An empty list has no
// elements.
func hasEmptyElement(list string) bool {
	if !strings.Contains(list, ",") { // as in most values
		return false
	}
	element, rest := "", list
	for rest != "" {
		if element, rest = cutElement(rest); element == "" {
			return true
		}
	}
	return strings.HasSuffix(list, ",")
}

// refuseToSend returns the error for a message that must not be sent: a mistake of ours.
func refuseToSend(field, rule, section string) *Error {
	return &Error{Status: 500, Field: clip(field), Rule: rule, Section: section, Close: true}
}

// AppendDate appends t as an IMF-fixdate, the only form of a time that HTTP/1.1
// sends (RFC 9110 §5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT", always 29 bytes.
func AppendDate(dst []byte, t time.Time) []byte {
	return t.UTC().AppendFormat(dst, "Mon, 02 Jan 2006 15:04:05 GMT") // req: 9110-5.6.7-a
}
