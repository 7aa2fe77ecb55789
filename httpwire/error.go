package httpwire

import (
	"strconv"
	"strings"
)

// Error says what is wrong with a message, and how a server answers it.
type Error struct {
	// Status is the status code to answer with. It is 0 in an error of
	// [ParseResponse]: nobody answers a response.
	Status int
	// Offset counts the bytes from the start of what was parsed to what was
	// wrong: from the start of the message in a head, from the start of the
	// body in a body.
	Offset int
	// Field is what was being read: "method", "request-target", "field line",
	// or a field's name.
	Field string
	// Rule says what was wrong in plain words: one line of ASCII without a period
	// at its end, to be read after Field and a colon.
	Rule string
	// Section is the clause that the message offends, as "RFC 9112 §5.1".
	Section string
	// Close means that the connection must close after the answer, because it is
	// unclear where the next request starts.
	Close bool
	// Fields are fields that the answer carries beside the usual ones, such as
	// Allow in a 405.
	Fields Fields
}

// refuse makes the usual error of a parser: after it, the connection closes.
func refuse(status, offset int, field, rule, section string) *Error { // req: 9112-2.2-f
	return &Error{Status: status, Offset: offset, Field: field, Rule: rule, Section: section, Close: true}
}

// Error returns all of it on one line; zero members are left out:
//
//	400 Bad Request: Host: the value is not host[:port] (RFC 9112 §3.2, octet 27)
func (e *Error) Error() string {
	text := e.fieldAndRule() + " ("
	if e.Status != 0 {
		text = statusPhrase(e.Status) + ": " + text
	}
	if e.Section != "" {
		text += e.Section + ", "
	}
	return text + "octet " + strconv.Itoa(e.Offset) + ")"
}

// Response returns the answer that e calls for: its status, its fields,
// "Connection: close" if the connection must close, and one line of text for
// the person at the other end. A Status of 0 becomes 500.
//
//	400 Bad Request: Host: the value is not host[:port] (RFC 9112 §3.2)
//
// req: 9110-15.5-a 9110-15.6-a
func (e *Error) Response() *Response {
	status := e.Status
	if status == 0 {
		status = 500
	}
	text := statusPhrase(status) + ": " + e.fieldAndRule()
	if e.Section != "" {
		text += " (" + e.Section + ")"
	}
	fields := Fields{
		{Name: "Content-Type", Value: "text/plain; charset=utf-8"}, // req: 9110-8.3-a
		{Name: "X-Content-Type-Options", Value: "nosniff"},         // the text quotes what the peer sent, and is no HTML
	}
	fields = append(fields, e.Fields...)
	if e.Close && !fields.HasToken("Connection", "close") {
		fields = append(fields, Field{Name: "Connection", Value: "close"})
	}
	return &Response{Minor: 1, Status: status, Fields: fields, Content: []byte(text + "\n")}
}

// fieldAndRule returns both as in "Host: the field is missing".
func (e *Error) fieldAndRule() string {
	if e.Field == "" {
		return e.Rule
	}
	return e.Field + ": " + e.Rule
}

// statusPhrase returns a status as people name it: "404 Not Found".
func statusPhrase(status int) string {
	return strings.TrimSuffix(strconv.Itoa(status)+" "+StatusText(status), " ")
}

// clip shortens a name that a peer chose, so that an error stays a readable line.
func clip(name string) string {
	const longest = 64
	if len(name) > longest {
		return name[:longest] + "..."
	}
	return name
}
