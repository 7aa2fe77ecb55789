package httpwire

import (
	"bytes"
	"strconv"
	"strings"
)

// Response is a response, received or to be sent.
type Response struct {
	// Head is the head as received, with folded lines unfolded. A response to be
	// sent does not use it.
	Head string
	// Minor is the minor version received. A response is always sent as HTTP/1.1
	// (RFC 9110 §6.2).
	Minor int
	// Status is the status code, of three digits.
	Status int
	// Reason is the reason phrase. If it is "", [StatusText] is sent instead.
	Reason string
	// Fields are the header fields. In a response to be sent they must not include
	// Date, Content-Length or Transfer-Encoding, which [AppendResponse] sets.
	Fields Fields
	// Content is sent after the head. [ParseResponse] leaves it nil.
	Content []byte
	// Constant promises that this response never changes and is sent many times, so
	// that a server may serialize it once.
	Constant bool
	// Body describes how the end of the body after a received head is found.
	Body Body
}

// Class returns the first digit of the status code. A client treats a code that it does
// not know like the x00 of its class (RFC 9110 §15). Codes outside 100 to 599 count
// as 5.
func (r *Response) Class() int {
	if r.Status < 100 || r.Status > 599 { // req: 9110-15-b
		return 5
	}
	return r.Status / 100 // req: 9110-15-a
}

// Interim reports whether the response is a 1xx that comes before the final response,
// so that a client skips it (RFC 9110 §15.2). 101 is final: the protocol changes after it.
func (r *Response) Interim() bool {
	return r.Class() == 1 && r.Status != 101
}

// ParseResponse parses the response head at the start of b into r.
// requestMethod is the method of the request that it answers; the end of the response
// depends on it. A nil limits means the defaults.
//
// n is the size of the head, including the empty line. If n is 0 and err is nil, the
// head is incomplete: call again with the same bytes and more. An interim response
// (see [Response.Interim]) is followed by another head.
//
// err is always an [*Error] with Status 0: the caller must not use the response and must
// close the connection. ParseResponse does not keep b; it reuses r.Fields.
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

// unfold returns head with each fold in a field line replaced by the same number of SP,
// so that offsets stay valid. Servers must not fold lines, but a client must accept
// folded ones (RFC 9112 §5.2).
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
	// (RFC 9112 §2.2), so the end of the status line is not changed.
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

// parseHead parses r.Head, whose last lines may be missing.
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
// line after it, or 0 if the end of the first line has not arrived.
//
//	status-line = HTTP-version SP status-code SP [ reason-phrase ]
//
//	HTTP/1.1 101 Switching Protocols CR LF
//	|------| |-| |-----------------|
//
// A sender must write the SP after the code. A line without it is accepted, because it
// is not ambiguous.
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

// parseBody decides how the end of a response's body is found, by the rules of
// RFC 9112 §6.3.
func (r *Response) parseBody(requestMethod string) *Error {
	switch {
	case requestMethod == "HEAD", r.Class() == 1, r.Status == 204, r.Status == 304: // req: 9112-6.3-a
		return nil // rule 1: there is no body, whatever the fields announce
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
			r.Body = Body{Framing: Chunked} // rules 3 and 4: Content-Length is ignored, req: 9112-6.3-b
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
