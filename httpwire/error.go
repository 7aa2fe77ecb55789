package httpwire

import "strconv"

// Error says what is wrong with a message, and how a server answers it. All
// functions of this package that read or write messages fail with an *Error,
// and package handshake does too.
type Error struct {
	// Status is the status code to answer with. It is 0 in an error of
	// [ParseResponse], as nobody answers a response.
	Status int
	// Offset counts the octets from the start of what was parsed to what was
	// wrong: from the start of the message in a head, from the start of the
	// body in a body.
	Offset int
	// Field is what was being read: "method", "request-target", "field line",
	// or a field's name.
	Field string
	// Rule says what was wrong in plain words: one line of ASCII without a
	// period at its end. It is read behind Field and a colon, so it does not
	// name the field again.
	Rule string
	// Section is the clause that the message offends, as "RFC 9112 §5.1".
	Section string
	// Close says that the connection has to close after the answer, because
	// nobody can tell any more where the next request starts.
	Close bool
	// Fields are fields that the answer carries beside the usual ones, such as
	// Allow in a 405.
	Fields Fields
}

// refuse makes the usual error of a parser: after it, the connection closes.
func refuse(status, offset int, field, rule, section string) *Error {
	return &Error{Status: status, Offset: offset, Field: field, Rule: rule, Section: section, Close: true}
}

// Error returns the whole story on one line, without its Status, Field or
// Section if there is none:
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
func (e *Error) Response() *Response {
	status := e.Status
	if status == 0 {
		status = 500
	}
	text := statusPhrase(status) + ": " + e.fieldAndRule()
	if e.Section != "" {
		text += " (" + e.Section + ")"
	}
	fields := Fields{{Name: "Content-Type", Value: "text/plain; charset=utf-8"}}
	fields = append(fields, e.Fields...)
	if e.Close && !fields.HasToken("Connection", "close") {
		fields = append(fields, Field{Name: "Connection", Value: "close"})
	}
	return &Response{Minor: 1, Status: status, Fields: fields, Content: []byte(text + "\n")}
}

// fieldAndRule says what is wrong, and with what: "Host: the field is missing".
func (e *Error) fieldAndRule() string {
	if e.Field == "" {
		return e.Rule
	}
	return e.Field + ": " + e.Rule
}

// statusPhrase returns a status as people name it: "404 Not Found".
func statusPhrase(status int) string {
	phrase := strconv.Itoa(status)
	if reason := StatusText(status); reason != "" {
		phrase += " " + reason
	}
	return phrase
}

// clip shortens a name that a peer chose, so that an error text stays one
// readable line.
func clip(name string) string {
	const longest = 64
	if len(name) > longest {
		return name[:longest] + "..."
	}
	return name
}
