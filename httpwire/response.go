package httpwire

import (
	"bytes"
	"strconv"
	"strings"
)

// Response is a response, received or to be sent.
type Response struct {
	// Head is the head as it was received, its folded lines unfolded in place. It
	// is not used in a response to be sent.
	Head string
	// Minor is the second digit of the version received. HTTP/1.1 is always what
	// is sent (RFC 9110 §6.2).
	Minor int
	// Status is the status code, of three digits.
	Status int
	// Reason is the reason phrase. On sending, "" means that of [StatusText].
	Reason string
	// Fields are the header fields. To be sent, they must not hold Date,
	// Content-Length or Transfer-Encoding, which [AppendResponse] sets.
	Fields Fields
	// Content is what is sent after the head. [ParseResponse] leaves it nil.
	Content []byte
	// Constant promises, for a response to be sent, that it is sent many times and never
	// changes: it may be serialized once.
	Constant bool
	// Body says how the body after a received head is delimited.
	Body Body
}

// Class returns the first digit of the status code: a code that a client does not
// know means what the x00 of its class means (RFC 9110 §15). Codes outside 100 to
// 599 count as 5.
func (r *Response) Class() int {
	if r.Status < 100 || r.Status > 599 { // req: 9110-15-b
		return 5
	}
	return r.Status / 100 // req: 9110-15-a
}

// Interim reports whether the response is a 1xx that comes before the final one, and
// that a client skips (RFC 9110 §15.2). 101 is not: the protocol changes after it.
func (r *Response) Interim() bool {
	return r.Class() == 1 && r.Status != 101
}

// ParseResponse parses the response head at the front of b into r.
// requestMethod is the method of the request it answers, which decides where it
// ends. A nil limits means the defaults.
//
// n counts the bytes of the head, empty line included. If n is 0 and err nil, the
// head is not complete: call again with the same bytes and more. An interim response
// (see [Response.Interim]) is followed by another head.
//
// err is always an [*Error] with Status 0: the response must not be used, and the
// connection closes. b is not kept; r.Fields is used again.
func ParseResponse(r *Response, b []byte, requestMethod string, limits *Limits) (n int, err error) {
	limit := limits.orDefault()
	*r = Response{Fields: r.Fields[:0]}
	head, complete := cutHead(b, limit.Head)
	r.Head = unfold(head) // req: 9112-5.2-b

	e := r.parseHead(&limit)
	if e == nil && complete {
		e = r.parseBody(requestMethod)
	}
	if e == nil && !complete && len(b) >= limit.Head {
		if e = refuseHead(string(b[:limit.Head]), limit.Head); e.Status == 414 {
			e.Field, e.Section = "status line", "RFC 9112 §4"
		}
	}
	if e != nil {
		e.Status = 0
		return 0, e
	}
	if !complete {
		return 0, nil
	}
	return len(head), nil
}

// unfold returns head with each fold of a field line turned into as many SP, so
// that no offset moves. Servers must not fold, but a client has to read it
// (RFC 9112 §5.2).
//
//	obs-fold = OWS CRLF RWS
//
//	Server: a CR LF HTAB b    becomes    Server: a SP SP SP b
func unfold(head []byte) string {
	if !bytes.Contains(head, []byte("\n ")) && !bytes.Contains(head, []byte("\n\t")) {
		return string(head)
	}
	text := bytes.Clone(head)
	// The line after the status line cannot be the rest of a field line
	// (RFC 9112 §2.2), so the end of the status line is left alone.
	for i := bytes.IndexByte(text, '\n') + 1; i+2 < len(text); i++ {
		if text[i] != '\r' || text[i+1] != '\n' || !isOWS(text[i+2]) {
			continue
		}
		text[i], text[i+1] = ' ', ' '
		for j := i - 1; isOWS(text[j]); j-- {
			text[j] = ' '
		}
		for j := i + 2; j < len(text) && isOWS(text[j]); j++ {
			text[j] = ' '
		}
	}
	return string(text)
}

// parseHead parses r.Head, of which lines may be missing at the end.
func (r *Response) parseHead(limit *Limits) *Error {
	pos, e := r.parseStatusLine()
	if e != nil || pos == 0 {
		return e
	}
	for pos < len(r.Head) && !strings.HasPrefix(r.Head[pos:], "\r\n") {
		if len(r.Fields) == limit.Fields {
			return refuseFields("header", pos, limit.Fields)
		}
		var used int
		if r.Fields, used, e = appendFieldLine(r.Fields, r.Head, pos); e != nil {
			return e
		}
		pos += used
	}
	return nil
}

// parseStatusLine parses the first line of r.Head and returns the offset of the
// line after it, or 0 while the first line has no end.
//
//	status-line = HTTP-version SP status-code SP [ reason-phrase ]
//
//	HTTP/1.1 101 Switching Protocols CR LF
//	|------| |-| |-----------------|
//
// The SP after the code must be sent; a line without it is accepted, as it cannot be
// taken for anything else.
func (r *Response) parseStatusLine() (fieldsAt int, e *Error) {
	line, _, whole := strings.Cut(r.Head, "\n")
	const protocol = "HTTP/"
	if !strings.HasPrefix(protocol, line[:min(len(line), len(protocol))]) {
		return 0, refuse(0, 0, "status line", "this is not HTTP: a response starts with HTTP/1.1", "RFC 9112 §4")
	}
	if !whole {
		return 0, nil
	}
	if e := checkLineEnd(line, 0); e != nil {
		return 0, e
	}
	line = line[:len(line)-1]
	major, minor, ok := cutVersion(line)
	if !ok || major != 1 {
		return 0, refuse(0, 0, "HTTP-version", "it must be HTTP/1.1 or HTTP/1.0", "RFC 9112 §2.3") // req: 9112-2.3-a 9112-4-b
	}

	const codeAt, codeEnd = versionLength + 1, versionLength + 4
	if len(line) < codeEnd || line[codeAt-1] != ' ' {
		return 0, refuse(0, versionLength, "status-code", "it is missing after the version", "RFC 9112 §4") // req: 9112-4-b
	}
	code, after := line[codeAt:codeEnd], line[codeEnd:]
	if digits := span(code, digit); digits < len(code) || after != "" && after[0] != ' ' {
		return 0, refuse(0, codeAt+digits, "status-code", "it must have three digits", "RFC 9112 §4") // req: 9112-4-b
	}
	status, _ := strconv.Atoi(code)
	reason := strings.TrimPrefix(after, " ")
	if end := span(reason, fieldByte); end < len(reason) {
		return 0, refuse(0, codeEnd+1+end, "reason-phrase",
			"it has the byte "+hexByte(reason[end])+", a control character", "RFC 9112 §4")
	}
	r.Minor, r.Status, r.Reason = minor, status, reason
	return len(line) + len("\r\n"), nil
}

// parseBody decides how the body of a response is delimited; the rules are
// those of RFC 9112 §6.3.
func (r *Response) parseBody(requestMethod string) *Error {
	switch {
	case requestMethod == "HEAD", r.Class() == 1, r.Status == 204, r.Status == 304: // req: 9112-6.3-a
		return nil // rule 1: the empty line ends it, whatever the fields say
	case requestMethod == "CONNECT" && r.Class() == 2:
		return nil // rule 2: a tunnel begins
	}

	if r.Fields.Count("Transfer-Encoding") > 0 {
		coding := readCodings(r.Fields)
		switch {
		case r.Minor == 0: // req: 9112-6.1-f
			return refuse(0, coding.offset, "Transfer-Encoding", "HTTP/1.0 has no transfer codings", "RFC 9112 §6.1")
		case coding.fault != "":
			return refuse(0, coding.offset, "Transfer-Encoding", coding.fault, "RFC 9112 §7")
		case coding.chunkedLast:
			r.Body = Body{Framing: Chunked} // rules 3 and 4: Content-Length does not count, req: 9112-6.3-b
		default:
			r.Body = Body{Framing: UntilClose} // rule 4, req: 9112-6.3-d
		}
		return nil
	}

	r.Body = Body{Framing: UntilClose} // rule 8, unless there is a length, req: 9112-6.3-j
	for _, field := range r.Fields {
		if !EqualFold(field.Name, "Content-Length") {
			continue
		}
		if r.Body.Framing == ByLength {
			return refuse(0, field.Offset, "Content-Length", "the field appears more than once", "RFC 9112 §6.3")
		}
		length, e := contentLength(field)
		if e != nil {
			return e // rule 5, req: 9112-6.3-f
		}
		r.Body = Body{Framing: ByLength, Length: length} // rule 6
	}
	return nil
}
