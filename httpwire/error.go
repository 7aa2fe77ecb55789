package httpwire

import (
	"strconv"
	"strings"
)

// Error describes what is wrong with a message, and how a server answers it.
type Error struct {
	// Status is the status code to answer with. It is 0 in an error of
	// [ParseResponse]: nobody answers a response.
	Status int
	// Offset is the position of the mistake in bytes: from the start of the
	// message for a head, from the start of the body for a body.
	Offset int
	// Field is what was being read: "method", "request-target", "field line",
	// or a field's name.
	Field string
	// Rule describes the mistake in plain words: one line of ASCII without a period
	// at its end, to be read after Field and a colon.
	Rule string
	// Section is the clause that the message breaks, such as "RFC 9112 §5.1".
	Section string
	// Close means that the connection must be closed after the answer, because it
	// is unclear where the next request starts.
	Close bool
	// Fields are additional fields of the answer, such as Allow in a 405.
	Fields Fields
}

// refuse returns the usual error of a parser: one that closes the connection.
func refuse(status, offset int, field, rule, section string) *Error { // req: 9112-2.2-f
	return &Error{Status: status, Offset: offset, Field: field, Rule: rule, Section: section, Close: true}
}

// Error returns the whole error on one line, without members that are zero:
//
//	400 Bad Request: Host: the value is not host[:port] (RFC 9112 §3.2, byte 27)
func (e *Error) Error() string {
	text := e.fieldAndRule() + " ("
	if e.Status != 0 {
		text = statusPhrase(e.Status) + ": " + text
	}
	if e.Section != "" {
		text += e.Section + ", "
	}
	return text + "byte " + strconv.Itoa(e.Offset) + ")"
}

// Response returns the answer that e calls for: its status, its fields,
// "Connection: close" if the connection must be closed, and one line of text for
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
		{Name: "X-Content-Type-Options", Value: "nosniff"},         // the text quotes what the peer sent, and is not HTML
	}
	fields = append(fields, e.Fields...)
	if e.Close && !fields.HasToken("Connection", "close") {
		fields = append(fields, Field{Name: "Connection", Value: "close"})
	}
	return &Response{Minor: 1, Status: status, Fields: fields, Content: []byte(text + "\n")}
}

// fieldAndRule returns Field and Rule, as in "Host: the field is missing".
func (e *Error) fieldAndRule() string {
	if e.Field == "" {
		return e.Rule
	}
	return e.Field + ": " + e.Rule
}

// statusPhrase returns a status code with its reason phrase: "404 Not Found".
func statusPhrase(status int) string {
	return strings.TrimSuffix(strconv.Itoa(status)+" "+StatusText(status), " ")
}

// clip shortens a name that the peer chose, to keep the error readable.
func clip(name string) string {
	const longest = 64
	if len(name) > longest {
		return name[:longest] + "..."
	}
	return name
}
