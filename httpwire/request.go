package httpwire

import "strings"

// Request is the head of a request. All its strings are parts of Head.
type Request struct {
	// Head is the head as it was received, from the first byte of the request line
	// to the empty line at the end. Empty lines in front are not part of it.
	Head string
	// Method is compared with letter case. It need not be a [KnownMethod].
	Method string
	// Target is the request-target as it was sent, in the form that Form says.
	Target string
	Form   TargetForm // see Target
	// Scheme is that of a target in absolute-form, in lower case, else "".
	Scheme string
	// Authority is host[:port] from the target if it has one, else from the
	// Host field, which is ignored otherwise (RFC 9112 §3.2.2). It is "" if
	// Host is empty or, in HTTP/1.0, absent.
	Authority string
	// Path starts with "/" and is as it was sent, percent-encoding included. It is
	// "*" for the asterisk-form, "" for the authority-form, and "/" for an
	// absolute-form without path.
	Path string
	// Query is what follows the first "?" of the target.
	Query string
	// Minor is the second digit of the version, after a 1: 1 for HTTP/1.1.
	Minor int
	// Fields are the header fields in the order they came.
	Fields Fields
	// Body says how the bytes after the head are delimited.
	Body Body
}

// WantsClose reports whether the client wants the connection to close after this
// request (RFC 9112 §9.3): it sent the option close, or it speaks HTTP/1.0 and did
// not send keep-alive.
func (r *Request) WantsClose() bool { // req: 9112-9.3-a
	return r.Fields.HasToken("Connection", "close") ||
		r.Minor == 0 && !r.Fields.HasToken("Connection", "keep-alive")
}

// ExpectsContinue reports whether the client waits for a 100 response before it
// sends the body it announced (RFC 9110 §10.1.1). An HTTP/1.0 client cannot: it
// would not understand the 100.
func (r *Request) ExpectsContinue() bool {
	announced := r.Body.Framing == Chunked || r.Body.Length > 0                    // req: 9110-10.1.1-c
	return announced && r.Minor > 0 && r.Fields.HasToken("Expect", "100-continue") // req: 9110-10.1.1-a 9110-15.2-a
}

// ParseRequest parses the request head at the front of b into r. A nil limits
// means the defaults.
//
// n counts the bytes of the head from the start of b, with the empty lines in front
// (RFC 9112 §2.2) and the one at the end. If n is 0 and err nil, the head is not
// complete: call again with the same bytes and more. What is there is checked all
// the same, so an error shows as soon as its line is complete.
//
// err is always an [*Error] with a Status from 400 up and Close set. r.Method and
// r.Minor still hold what was read of them: an answer to HEAD has no content even
// when it is an error.
//
// b is copied into r.Head, which is the only allocation: r.Fields is used again. So
// nobody else may hold the Fields of a Request that is parsed into again.
//
// A simplification: each call parses the head from its start. A caller that calls
// for every byte of 16 KiB goes over 134 MB; so our server calls again only when
// another line has ended, and a head has 100 fields at most. A bigger program would
// keep the position between calls.
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

// skipEmptyLines counts the bytes of the empty lines in front of a request. Old
// clients send one after the body of a POST (RFC 9112 §2.2). They are bounded, or
// else a peer could keep us busy forever without starting a request.
func skipEmptyLines(b []byte) (skipped int, e *Error) {
	const limit = 8
	for len(b)-skipped >= 2 && b[skipped] == '\r' && b[skipped+1] == '\n' {
		if skipped == 2*limit {
			return 0, refuse(400, skipped, "request line", "more than 8 empty lines in front of it", "RFC 9112 §2.2")
		}
		skipped += 2 // req: 9112-2.2-d
	}
	return skipped, nil
}

// parseHead parses r.Head; if it is not complete, lines are missing at its end.
func (r *Request) parseHead(complete bool, limit *Limits) *Error {
	fieldsAt, e := r.parseRequestLine(limit)
	if e != nil || fieldsAt == 0 {
		return e
	}
	hosts, host, e := r.parseFields(fieldsAt, limit)
	if e != nil || !complete { // req: 9110-5.3-b
		return e
	}
	// RFC 9112 §3.2: Host is a must since HTTP/1.1.
	if hosts == 0 && r.Minor > 0 {
		return refuse(400, len(r.Head), "Host", "the field is missing", "RFC 9112 §3.2") // req: 9112-3.2-c
	}
	// RFC 9112 §3.2.2: an authority in the target comes before that of Host.
	if r.Form == OriginForm || r.Form == AsteriskForm { // req: 9112-3.2.2-b
		r.Authority = host
	}
	return r.parseBody()
}

// parseFields parses the field lines of r.Head from pos on. It checks the fields
// that decide where the request goes and where it ends as their lines come.
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

// checkHost checks one Host field; hosts counts those that came so far.
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
