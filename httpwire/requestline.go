package httpwire

import "strings"

// parseRequestLine parses the first line of r.Head and returns the offset of the
// line after it. If the end of the line has not arrived, the part that has arrived is
// checked, and the offset is 0. (A TLS client waits for our answer to its first record,
// which need not contain an LF.)
//
//	request-line = method SP request-target SP HTTP-version
//
//	GET /where?q=now HTTP/1.1 CR LF
//	|-| |----------| |------|
func (r *Request) parseRequestLine(limit *Limits) (fieldsAt int, e *Error) {
	line, _, whole := strings.Cut(r.Head, "\n") // with its CR, req: 9112-2.2-a
	text := strings.TrimSuffix(line, "\r")
	if !whole { // after a CR wait for the next byte: it may be the LF
		text, _, _ = strings.Cut(line, "\r")
	}

	methodEnd := span(text, tchar)
	if e := checkMethod(text, methodEnd, limit.Method); e != nil {
		return 0, e
	}
	if methodEnd == len(text) {
		return 0, refuseShort(line, whole, methodEnd, "it must be a method, a target and a version, with one SP between them")
	}
	r.Method = text[:methodEnd]

	targetAt := methodEnd + 1
	targetEnd := targetAt + span(text[targetAt:], targetByte)
	if e := checkTargetEnd(text, targetAt, targetEnd); e != nil {
		return 0, e
	}
	if targetEnd == len(text) || !whole {
		return 0, refuseShort(line, whole, targetEnd, "no version after the target: HTTP/0.9 is not supported")
	}
	r.Target = text[targetAt:targetEnd]

	if e := checkLineEnd(line, 0); e != nil {
		return 0, e
	}
	versionAt := targetEnd + 1
	version := text[versionAt:]
	if e := r.parseVersion(version, versionAt); e != nil {
		return 0, e
	}
	if e := r.parseTarget(targetAt); e != nil {
		return 0, e
	}
	// tour 1.4: method, target and version are parts of that string (RFC 9112 §3)
	return len(line) + 1, nil
}

// refuseShort returns the error for a request line whose last part ends at end, or nil
// if the end of the line has not arrived yet.
func refuseShort(line string, whole bool, end int, rule string) *Error {
	if !whole {
		return nil
	}
	if e := checkLineEnd(line, 0); e != nil {
		return e
	}
	return refuse(400, end, "request line", rule, "RFC 9112 §3")
}

// checkMethod checks the method, which is the token of length bytes at the start of line.
// A line that ends after the method is left to the caller.
func checkMethod(line string, length, longest int) *Error {
	// RFC 9112 §3: a method longer than any the server knows is not implemented.
	// It is refused before its end arrives; otherwise it could be as long as a head.
	if length > longest {
		return refuse(501, longest, "method", "it is longer than any known method", "RFC 9112 §3") // req: 9112-3-b
	}
	if length == len(line) {
		return nil
	}
	c := line[length]
	switch {
	case isProxyProtocol(line):
		return refuse(400, 0, "method",
			"this looks like the PROXY protocol, and this port speaks plain HTTP: turn it off in the proxy", "RFC 9112 §3")
	case c == ' ' && length > 0: // req: 9112-3-a
		return nil
	case c == 0x16 && length == 0:
		// 16 03 01 is the start of a TLS handshake record (RFC 8446 §5.1).
		return refuse(400, 0, "method",
			"this looks like TLS (a ClientHello), and this port speaks plain HTTP: use http:// or ws://", "RFC 9112 §3")
	case c == '\r':
		return refuse(400, length, "method", "a CR must be followed by LF", "RFC 9112 §2.2") // req: 9112-2.2-c
	default:
		return refuse(400, length, "method",
			"it must be a token, and "+hexByte(c)+" is not a token character", "RFC 9110 §9.1") // req: 9112-3.1-a
	}
}

// isProxyProtocol reports whether a line is a header of the PROXY protocol, with which a
// load balancer announces its client. Version 2 is binary: CR LF CR LF, which
// skipEmptyLines has skipped, and then NUL.
func isProxyProtocol(line string) bool {
	source, found := strings.CutPrefix(line, "PROXY ")
	return line[0] == 0 || found && (strings.HasPrefix(source, "TCP") || strings.HasPrefix(source, "UNKNOWN"))
}

// checkTargetEnd checks that an SP follows the target. A line that ends after the target
// is left to the caller.
func checkTargetEnd(line string, start, end int) *Error {
	if end == len(line) {
		return nil
	}
	switch c := line[end]; {
	case c == ' ' && end > start:
		return nil
	case c == ' ':
		return refuse(400, end, "request-target",
			"it is empty: the method must be followed by one SP, not two", "RFC 9112 §3") // req: 9112-3-a
	case c == '\r':
		return refuse(400, end, "request-target", "a CR must be followed by LF", "RFC 9112 §2.2") // req: 9112-2.2-c
	default:
		return refuse(400, end, "request-target",
			"the byte "+hexByte(c)+" must be percent-encoded", "RFC 9112 §3.2") // req: 9112-3.2-a
	}
}

// parseVersion parses the version, which is the last part of a request line.
func (r *Request) parseVersion(version string, offset int) *Error {
	if cr := strings.IndexByte(version, '\r'); cr >= 0 {
		return refuse(400, offset+cr, "HTTP-version", "a CR must be followed by LF", "RFC 9112 §2.2") // req: 9112-2.2-c
	}
	if strings.Contains(version, " ") {
		return refuse(400, offset, "request line",
			"more than two SP: whitespace in a target must be percent-encoded", "RFC 9112 §3.2") // req: 9112-3-a 9112-3.2-a
	}
	major, minor, ok := cutVersion(version)
	if !ok || len(version) != versionLength {
		return refuse(400, offset, "HTTP-version", // req: 9112-2.3-a
			"the request line must end in a version such as HTTP/1.1, in upper case and with nothing after it", "RFC 9112 §2.3")
	}
	// RFC 9110 §15.6.6: the answer names the supported versions. "PRI * HTTP/2.0", the
	// first line of a client that uses HTTP/2 without negotiation, ends here too.
	if major != 1 {
		return refuse(505, offset, "HTTP-version",
			"this server speaks HTTP/1.1 and HTTP/1.0, not "+version, "RFC 9110 §15.6.6") // req: 9110-6.2-c 9110-15.6.6-a
	}
	// RFC 9110 §6.2: HTTP/1.2 to 1.9 are served like HTTP/1.1.
	r.Minor = minor // req: 9110-6.2-b
	return nil
}

const versionLength = len("HTTP/1.1")

// cutVersion parses the version at the start of s.
//
//	HTTP-version = "HTTP" "/" DIGIT "." DIGIT
func cutVersion(s string) (major, minor int, ok bool) {
	if len(s) < versionLength || s[:5] != "HTTP/" || s[6] != '.' { // req: 9112-2.3-a
		return 0, 0, false
	}
	major, minor = int(s[5])-'0', int(s[7])-'0'
	if major < 0 || major > 9 || minor < 0 || minor > 9 {
		return 0, 0, false
	}
	return major, minor, true
}
