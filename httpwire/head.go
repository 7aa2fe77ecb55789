package httpwire

import (
	"bytes"
	"strconv"
	"strings"
)

// cutHead returns the part of b that can be parsed now: the whole head including the
// empty line, if it ends within max bytes; else the complete lines; else the beginning
// of the first line.
//
//	GET / HTTP/1.1 CR LF Host: a CR LF CR LF GET /next ...
//	|------------------ head --------------|
func cutHead(b []byte, max int) (head []byte, complete bool) {
	if len(b) > max {
		b = b[:max]
	}
	if i := bytes.Index(b, []byte("\r\n\r\n")); i >= 0 { // req: 9112-2.2-a
		return b[:i+4], true
	}
	if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
		return b[:i+1], false
	}
	return b, false
}

// checkLineEnd refuses a line that ends in LF alone. RFC 9112 §2.2 allows us to accept
// it. But if one program sees a line end where another one does not, an attacker can
// smuggle a field past one of them.
func checkLineEnd(line string, offset int) *Error {
	if strings.HasSuffix(line, "\r") {
		return nil
	}
	return refuse(400, offset+len(line), "line end",
		"a line must end in CR LF, not in LF alone (typing by hand? nc -C sends CR LF)", "RFC 9112 §2.2") // req: 9112-2.2-b
}

// appendFieldLine parses the field line at pos in s, which must contain its LF, and
// appends the field to fields. used is the size of the line with its line end. After an
// error, parsed is fields unchanged.
//
//	field-line = field-name ":" OWS field-value OWS
//
//	Host:  example.com  CR LF
//	|--|   |---------|
//	name   value
func appendFieldLine(fields Fields, s string, pos int) (parsed Fields, used int, e *Error) {
	rest := s[pos:] // this line and the next ones; span stops at the CR LF at the latest
	colon := span(rest, tchar)
	if colon == 0 || rest[colon] != ':' { // req: 9112-5.1-b
		line, _, _ := strings.Cut(rest, "\n")
		return fields, 0, refuseName(line, colon, pos)
	}
	name := rest[:colon]
	end := colon + 1 + span(rest[colon+1:], fieldByte) // req: 9110-5.5-b
	if !strings.HasPrefix(rest[end:], "\r\n") {
		line, _, _ := strings.Cut(rest, "\n")
		if e := checkLineEnd(line, pos); e != nil {
			return fields, 0, e
		}
		return fields, 0, refuseValue(name, rest[end], pos+end)
	}
	value := trimOWS(rest[colon+1 : end]) // req: 9110-5.5-a
	return append(fields, Field{Name: name, Value: value, Offset: pos}), end + len("\r\n"), nil
}

// refuseName returns the error for a line that starts with a token of length bytes that
// is not followed by a colon.
func refuseName(line string, length, pos int) *Error {
	if line == "" {
		return checkLineEnd(line, pos)
	}
	at := pos + length
	if rest := line[length:]; rest == "" || rest == "\r" {
		return refuse(400, at, "field line", "there is no colon", "RFC 9112 §5")
	}
	switch c := line[length]; {
	case c == '\r':
		return refuse(400, at, "field line", "a CR must be followed by LF", "RFC 9112 §2.2") // req: 9112-2.2-c
	case length == 0 && c == ':':
		return refuse(400, at, "field line", "the name is empty", "RFC 9112 §5")
	case length == 0 && (c == ' ' || c == '\t'): // req: 9112-2.2-e 9112-5.2-a
		return refuse(400, at, "field line",
			"it starts with whitespace, like the continuation of a folded line", "RFC 9112 §2.2 and §5.2")
	case c == ' ' || c == '\t':
		return refuse(400, at, clip(line[:length]),
			"whitespace inside the name or between it and the colon", "RFC 9112 §5.1") // req: 9112-5.1-a
	default:
		return refuse(400, at, "field line",
			"the name has the byte "+hexByte(c)+", which is not allowed in a token", "RFC 9110 §5.1")
	}
}

// refuseValue returns the error for the byte c in a field value.
func refuseValue(name string, c byte, offset int) *Error {
	if c == '\r' {
		return refuse(400, offset, clip(name), "a CR must be followed by LF", "RFC 9112 §2.2") // req: 9112-2.2-c
	}
	return refuse(400, offset, clip(name),
		"the value has the byte "+hexByte(c)+", a control character", "RFC 9110 §5.5") // req: 9110-5.5-c
}

// refuseHead returns the error for a head over the limit: 414 if the first line alone is
// too long, else 431, which names the largest field (RFC 6585 §5).
func refuseHead(head string, max int) *Error {
	line, _, whole := strings.Cut(head, "\n")
	if !whole {
		return refuse(414, max, "request-target",
			"the first line has more than "+strconv.Itoa(max)+" bytes", "RFC 9112 §3") // req: 9112-3-c
	}
	largest, size := "", 0
	for pos := len(line) + 1; pos < len(head); pos += len(line) + 1 {
		line, _, _ = strings.Cut(head[pos:], "\n")
		if len(line) > size {
			largest, size = line, len(line)
		}
	}
	name := clip(largest[:span(largest, tchar)])
	if name == "" {
		name = "none"
	}
	return refuse(431, max, "header", "the head has more than "+strconv.Itoa(max)+ // req: 9110-5.4-a
		" bytes; its largest field: "+name, "RFC 6585 §5") // req: 6585-5-a
}

// refuseFields returns the error for a header or trailer with too many fields.
func refuseFields(section string, offset, max int) *Error {
	return refuse(431, offset, section, "more than "+strconv.Itoa(max)+" fields", "RFC 6585 §5") // req: 9110-5.4-a
}

// hexByte formats a byte as the errors of this package do: 0x0B.
func hexByte(c byte) string {
	const digits = "0123456789ABCDEF"
	return "0x" + string([]byte{digits[c>>4], digits[c&15]})
}
