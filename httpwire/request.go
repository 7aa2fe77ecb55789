package httpwire

import "strings"

// Request is the head of a request. All its strings are parts of Head.
type Request struct {
	// Head is the head as received, from the first byte of the request line to the
	// empty line at the end. It does not include empty lines before the request line.
	Head string
	// Method is case-sensitive. It need not be a [KnownMethod].
	Method string
	// Target is the request-target as received. Form is its form.
	Target string
	Form   TargetForm
	// Scheme is the scheme of a target in absolute-form, in lower case, else "".
	Scheme string
	// Authority is host[:port], from the target if the target has one, else from the
	// Host field (RFC 9112 §3.2.2). It is "" if Host is empty or, in HTTP/1.0, absent.
	Authority string
	// Path is the path as received, still percent-encoded. It starts with "/", except
	// that it is "*" for the asterisk-form and "" for the authority-form. For an
	// absolute-form without a path it is "/".
	Path string
	// Query is the part of the target after the first "?".
	Query string
	// Minor is the minor version: 1 for HTTP/1.1, 0 for HTTP/1.0.
	Minor int
	// Fields are the header fields in the order received.
	Fields Fields
	// Body describes how the end of the body is found.
	Body Body
}

// WantsClose reports whether the client wants the connection to be closed after this
// request (RFC 9112 §9.3): it sent the option close, or it uses HTTP/1.0 and did not
// send keep-alive.
func (r *Request) WantsClose() bool { // req: 9112-9.3-a
	return r.Fields.HasToken("Connection", "close") ||
		r.Minor == 0 && !r.Fields.HasToken("Connection", "keep-alive")
}

// ExpectsContinue reports whether the client waits for a 100 response before it
// sends the announced body (RFC 9110 §10.1.1). It is always false for HTTP/1.0, whose
// clients do not understand a 100.
func (r *Request) ExpectsContinue() bool {
	announced := r.Body.Framing == Chunked || r.Body.Length > 0                    // req: 9110-10.1.1-c
	return announced && r.Minor > 0 && r.Fields.HasToken("Expect", "100-continue") // req: 9110-10.1.1-a 9110-15.2-a
}

// ParseRequest parses the request head at the start of b into r. A nil limits
// means the defaults.
//
// n is the size of the head, including empty lines before it (RFC 9112 §2.2) and the
// empty line at its end. If n is 0 and err is nil, the head is incomplete: call again
// with the same bytes and more. The lines that have arrived are checked all the same, so
// an error is returned as soon as its line is complete.
//
// err is always an [*Error] with a Status of 400 or more, and with Close set. After an
// error, r.Method and r.Minor are still valid if they were parsed: the answer to a HEAD
// has no content even if it is an error.
//
// ParseRequest copies b to r.Head. That is the only allocation, because it reuses
// r.Fields: nothing else may still use these Fields.
//
// A simplification: each call parses the head from its start. A caller that calls it
// for every byte of a head of 16 KiB makes it parse 134 MB. Our server therefore calls
// it again only when another line is complete, and a head has at most 100 fields. A
// bigger program would keep the position between calls.
func ParseRequest(r *Request, b []byte, limits *Limits) (n int, err error) {
	limit := limits.orDefault()
	*r = Request{Fields: r.Fields[:0]}
	skipped, e := skipEmptyLines(b)
	if e != nil {
		return 0, e
	}
	message := b[skipped:]
	head, complete := cutHead(message, limit.Head)
	r.Head = string(head)

	// tour 1.3: an empty line ends the head, which is one string from here on (RFC 9112 §2.1)
	if e := r.parseHead(complete, &limit); e != nil {
		e.Offset += skipped
		return 0, e
	}
	if complete {
		return skipped + len(head), nil
	}
	if len(message) >= limit.Head {
		e := refuseHead(string(message[:limit.Head]), limit.Head)
		e.Offset += skipped
		return 0, e
	}
	return 0, nil
}

// skipEmptyLines returns the size of the empty lines before a request. Old clients send
// one after the body of a POST (RFC 9112 §2.2). Their number is limited, because a peer
// could otherwise keep us busy forever without starting a request.
func skipEmptyLines(b []byte) (skipped int, e *Error) {
	const limit = 8
	for len(b)-skipped >= 2 && b[skipped] == '\r' && b[skipped+1] == '\n' {
		if skipped == 2*limit {
			return 0, refuse(400, skipped, "request line", "more than 8 empty lines before it", "RFC 9112 §2.2")
		}
		skipped += 2 // req: 9112-2.2-d
	}
	return skipped, nil
}

// parseHead parses r.Head. If it is not complete, its last lines are missing.
func (r *Request) parseHead(complete bool, limit *Limits) *Error {
	fieldsAt, e := r.parseRequestLine(limit)
	if e != nil || fieldsAt == 0 {
		return e
	}
	hosts, host, e := r.parseFields(fieldsAt, limit)
	if e != nil || !complete { // req: 9110-5.3-b
		return e
	}
	// RFC 9112 §3.2: HTTP/1.1 requires Host.
	if hosts == 0 && r.Minor > 0 {
		return refuse(400, len(r.Head), "Host", "the field is missing", "RFC 9112 §3.2") // req: 9112-3.2-c
	}
	// RFC 9112 §3.2.2: an authority in the target takes precedence over Host.
	if r.Form == OriginForm || r.Form == AsteriskForm { // req: 9112-3.2.2-b
		r.Authority = host
	}
	return r.parseBody()
}

// parseFields parses the field lines of r.Head from pos on. It checks immediately the
// fields that decide where the request goes and where it ends.
func (r *Request) parseFields(pos int, limit *Limits) (hosts int, host string, e *Error) {
	for pos < len(r.Head) && !strings.HasPrefix(r.Head[pos:], "\r\n") {
		if len(r.Fields) == limit.Fields {
			return 0, "", refuseFields("header", pos, limit.Fields)
		}
		var used int
		if r.Fields, used, e = appendFieldLine(r.Fields, r.Head, pos); e != nil { // req: 9110-5.1-b
			return 0, "", e
		}
		field := &r.Fields[len(r.Fields)-1]
		switch {
		case EqualFold(field.Name, "Host"):
			hosts++
			host = field.Value
			e = checkHost(field, hosts)
		case EqualFold(field.Name, "Content-Length"):
			e = r.parseContentLength(field)
		}
		if e != nil {
			return 0, "", e
		}
		// tour 1.5: a field line: a name, a colon, and a value without the whitespace around it (RFC 9112 §5)
		pos += used
	}
	return hosts, host, nil
}

// checkHost checks one Host field; hosts is the number of Host fields so far.
//
//	Host = uri-host [ ":" port ]
func checkHost(field *Field, hosts int) *Error {
	if hosts > 1 {
		return refuse(400, field.Offset, "Host", "the field appears more than once", "RFC 9112 §3.2") // req: 9112-3.2-d
	}
	if _, _, ok := SplitAuthority(field.Value); !ok {
		return refuse(400, field.Offset, "Host", "the value is not host[:port]", "RFC 9112 §3.2") // req: 9112-3.2-e
	}
	return nil
}
