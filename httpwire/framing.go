package httpwire

import (
	"strconv"
	"strings"
)

// Framing is how the end of a message's body is found (RFC 9112 §6.3).
type Framing uint8

const (
	// NoBody means that the message ends with its head.
	NoBody Framing = iota
	// ByLength means that the body has exactly Body.Length bytes.
	ByLength
	// Chunked means that the body consists of chunks, each after its size, and a
	// trailer section.
	Chunked
	// UntilClose means that the body lasts until the connection closes. Only
	// responses can have such a body.
	UntilClose
)

// Body describes how the end of the body after a head is found.
type Body struct {
	Framing Framing // how the end is found
	Length  int64   // size of the body if Framing is ByLength, 0 otherwise
}

// parseBody decides how the end of a request's body is found, after all fields are
// parsed. The method does not matter: a GET can have a body (RFC 9112 §6). The rules
// are numbered as in §6.3; 1, 2, 4 (in part) and 8 are for responses.
func (r *Request) parseBody() *Error { // req: 9112-6-a
	if r.Fields.Count("Transfer-Encoding") == 0 {
		// tour 1.6: no field announces a body, so the next request begins right here (RFC 9112 §6.3)
		return nil // rule 6: parseContentLength has set the length; or rule 7: no body, req: 9112-6.3-i
	}
	coding := readCodings(r.Fields)
	switch {
	case r.Minor == 0:
		return refuse(400, coding.offset, "Transfer-Encoding",
			"HTTP/1.0 has no transfer codings", "RFC 9112 §6.1") // req: 9112-6.1-f
	case r.Body.Framing == ByLength:
		// Rule 3. A program that reads the length and one that reads the chunks
		// see different requests.
		return refuse(400, coding.offset, "Transfer-Encoding",
			"the request also has Content-Length, so its end is ambiguous", "RFC 9112 §6.3") // req: 9112-6.1-e
	case coding.fault != "":
		return refuse(400, coding.offset, "Transfer-Encoding", coding.fault, "RFC 9112 §7")
	case !coding.chunkedLast: // req: 9112-6.3-c
		// Rule 4: if the last coding is not chunked, the end of the request is unknown.
		return refuse(400, coding.offset, "Transfer-Encoding",
			"the last coding of a request must be chunked", "RFC 9112 §6.3")
	case coding.others > 0:
		return refuse(501, coding.offset, "Transfer-Encoding",
			"chunked is the only coding that this server supports", "RFC 9112 §6.1") // req: 9112-6.1-c
	}
	r.Body = Body{Framing: Chunked}
	return nil
}

// parseContentLength stores the length from a Content-Length field.
//
// RFC 9112 §6.3 allows a recipient to accept equal values ("5, 5", or two lines) as one.
// We refuse them like different ones: no well-meaning client sends them.
func (r *Request) parseContentLength(field *Field) *Error {
	if r.Body.Framing == ByLength { // req: 9112-6.3-g
		return refuse(400, field.Offset, "Content-Length", "the field appears more than once", "RFC 9112 §6.3")
	}
	length, e := contentLength(*field)
	if e != nil {
		return e
	}
	r.Body = Body{Framing: ByLength, Length: length}
	return nil
}

// contentLength parses the value of a Content-Length field.
//
//	Content-Length = 1*DIGIT
func contentLength(field Field) (length int64, e *Error) {
	if field.Value == "" {
		return 0, refuse(400, field.Offset, "Content-Length", "the value is empty", "RFC 9112 §6.3") // req: 9112-6.3-e
	}
	if span(field.Value, digit) < len(field.Value) {
		return 0, refuse(400, field.Offset, "Content-Length",
			"the value must be a single decimal number", "RFC 9112 §6.3") // req: 9112-6.3-e 9112-6.3-f
	}
	value, err := strconv.ParseUint(field.Value, 10, 63)
	if err != nil { // req: 9110-8.6-d
		// A number that wraps around allows smuggling: 2^64+1 must not become 1.
		return 0, refuse(413, field.Offset, "Content-Length", "the length does not fit in 63 bits", "RFC 9110 §8.6")
	}
	return int64(value), nil
}

// codings describes the list in all lines of Transfer-Encoding.
type codings struct {
	chunkedLast bool   // the last coding is chunked, so the body itself shows where it ends
	others      int    // number of codings other than chunked
	offset      int    // of the last line
	fault       string // the broken rule, "" if the list is valid
}

// readCodings parses the list of transfer codings.
//
//	Transfer-Encoding = #transfer-coding
//	transfer-coding   = token *( OWS ";" OWS parameter )
func readCodings(fields Fields) (c codings) {
	chunks := 0
	for i := range fields {
		if !EqualFold(fields[i].Name, "Transfer-Encoding") {
			continue
		}
		c.offset = fields[i].Offset
		element, rest := "", fields[i].Value
		for rest != "" {
			element, rest = cutElement(rest)
			if element == "" {
				continue // RFC 9110 §5.6.1.2: ",chunked" is chunked, req: 9110-5.6.1.2-a
			}
			name, _, parameters := strings.Cut(element, ";")
			name = trimOWS(name)
			c.chunkedLast = EqualFold(name, "chunked") // req: 9112-7-a
			switch {
			case !IsToken(name):
				c.fault = "the name of a coding must be a token"
			case c.chunkedLast && parameters:
				c.fault = "chunked must not have parameters" // req: 9112-7.1-c
			case c.chunkedLast && chunks > 0:
				c.fault = "chunked must not be applied twice" // req: 9112-6.1-a
			case c.chunkedLast:
				chunks++
			default:
				c.others++
			}
		}
	}
	return c
}
