package annotate

import (
	"bytes"
	"strings"

	"barewire/httpwire"
)

// labels collects the spans of a head, from left to right. The parser has found the
// parts; labels finds their positions.
type labels struct {
	spans []Span
	depth uint8
	at    int64 // where the next leaf begins
}

// The usual number of spans in a head: the first line has six parts and there is an
// empty line; each field has five parts.
const (
	lineSpans  = 8
	fieldSpans = 6
)

// leaf labels the next length bytes.
func (l *labels) leaf(length int, field, value, meaning, section string) {
	if length == 0 {
		return
	}
	l.spans = append(l.spans, Span{Offset: l.at, Length: int64(length), Depth: l.depth, Layer: HTTP,
		Field: field, Value: value, Meaning: meaning, Section: section})
	l.at += int64(length)
}

// open begins a span whose parts are the leaves up to close.
func (l *labels) open(field, value string) (index int) {
	l.spans = append(l.spans, Span{Offset: l.at, Depth: l.depth, Layer: HTTP, Field: field, Value: value})
	l.depth++
	return len(l.spans) - 1
}

// close ends the span that open began.
func (l *labels) close(index int) {
	l.depth--
	l.spans[index].Length = l.at - l.spans[index].Offset
}

func (l *labels) space()   { l.leaf(1, "SP", "", "", "RFC 9112 §3") }
func (l *labels) lineEnd() { l.leaf(2, "CRLF", "", "the end of the line", "RFC 9112 §2.2") }

// requestSpans labels the head of a request, as far as r describes it.
func requestSpans(r *httpwire.Request, head []byte, e *httpwire.Error, incomplete bool) []Span {
	l := labels{spans: make([]Span, 0, lineSpans+fieldSpans*len(r.Fields))}
	for bytes.HasPrefix(head[l.at:], []byte("\r\n")) {
		l.leaf(2, "empty line", "", "skipped: old clients send one after a body", "RFC 9112 §2.2")
	}
	skipped := int(l.at)
	if startLineIsSound(head, skipped, e) {
		l.requestLine(r)
	}
	l.fields(r.Fields, r.Head, skipped)
	l.rest(head, e, incomplete)
	return l.spans
}

// startLineIsSound reports whether the line at offset start of a head is complete,
// and e, the rule that the head breaks, is broken after it.
func startLineIsSound(head []byte, start int, e *httpwire.Error) bool {
	end := bytes.IndexByte(head[start:], '\n')
	return end >= 0 && (e == nil || e.Offset > start+end)
}

// requestLine labels "GET /where?q=now HTTP/1.1 CR LF".
func (l *labels) requestLine(r *httpwire.Request) {
	line, _, _ := strings.Cut(r.Head, "\r\n")
	group := l.open("request line", printable(line))
	l.leaf(len(r.Method), "method", printable(r.Method), methodMeaning(r.Method), "RFC 9110 §9")
	l.space()
	l.target(r)
	l.space()
	l.leaf(len("HTTP/1.1"), "HTTP-version", line[len(line)-len("HTTP/1.1"):], versionMeaning(r.Minor), "RFC 9112 §2.3")
	l.lineEnd()
	l.close(group)
}

// target labels the request-target, and its parts if there are several.
func (l *labels) target(r *httpwire.Request) {
	rest := r.Target
	if r.Form != httpwire.AbsoluteForm && !strings.Contains(rest, "?") {
		l.leaf(len(rest), "request-target", printable(rest), targetMeaning(r), "RFC 9112 §3.2")
		return
	}
	group := l.open("request-target", printable(rest))
	if r.Form == httpwire.AbsoluteForm {
		l.leaf(len(r.Scheme), "scheme", r.Scheme, "", "RFC 3986 §3.1")
		l.leaf(len("://"), "delimiter", "://", "", "RFC 3986 §3")
		l.leaf(len(r.Authority), "authority", r.Authority, "host and port: these win over Host", "RFC 9112 §3.2.2")
		rest = rest[len(r.Scheme)+len("://")+len(r.Authority):]
	}
	path, query, found := strings.Cut(rest, "?")
	l.leaf(len(path), "path", printable(path), targetMeaning(r), "RFC 3986 §3.3")
	if found {
		l.leaf(1, "delimiter", "?", "the query follows", "RFC 3986 §3.4")
		l.leaf(len(query), "query", printable(query), "the question to the resource", "RFC 3986 §3.4")
	}
	l.close(group)
}

// responseSpans labels the head of a response, as far as r describes it.
func responseSpans(r *httpwire.Response, head []byte, e *httpwire.Error, incomplete bool) []Span {
	l := labels{spans: make([]Span, 0, lineSpans+fieldSpans*len(r.Fields))}
	if startLineIsSound(head, 0, e) {
		l.statusLine(r)
	}
	l.fields(r.Fields, r.Head, 0)
	l.rest(head, e, incomplete)
	return l.spans
}

// statusLine labels "HTTP/1.1 101 Switching Protocols CR LF".
func (l *labels) statusLine(r *httpwire.Response) {
	line, _, _ := strings.Cut(r.Head, "\r\n")
	group := l.open("status line", printable(line))
	l.leaf(len("HTTP/1.1"), "HTTP-version", line[:len("HTTP/1.1")], versionMeaning(r.Minor), "RFC 9112 §2.3")
	l.space()
	l.leaf(3, "status-code", line[len("HTTP/1.1 "):len("HTTP/1.1 101")], statusMeaning(r), "RFC 9110 §15")
	if len(line) > len("HTTP/1.1 101") {
		l.space()
		l.leaf(len(r.Reason), "reason-phrase", printable(r.Reason), "for people to read", "RFC 9112 §4")
	}
	l.lineEnd()
	l.close(group)
}

// fields labels field lines, and the empty line if it follows them. Field offsets
// count from the start of head, which comes after skipped bytes.
func (l *labels) fields(fields httpwire.Fields, head string, skipped int) {
	for _, field := range fields {
		l.field(field, head[field.Offset:])
	}
	if strings.HasPrefix(head[min(len(head), int(l.at)-skipped):], "\r\n") && l.at > int64(skipped) {
		l.leaf(2, "CRLF", "", "the empty line: the head ends here", "RFC 9112 §2.1")
	}
}

// field labels one field line; text begins with it.
//
//	Host: example.com CR LF
func (l *labels) field(field httpwire.Field, text string) {
	known := knownField(field.Name)
	group := l.open(printable(field.Name), printable(field.Value))
	span := &l.spans[group]
	span.Layer, span.Meaning, span.Section = known.layer, known.meaning, known.section
	first := len(l.spans)

	line := text[:strings.IndexByte(text, '\n')-1]
	l.leaf(len(field.Name), "field-name", printable(field.Name), "", "RFC 9110 §5.1")
	l.leaf(1, "colon", ":", "", "RFC 9112 §5")
	after := line[len(field.Name)+1:]
	front := len(after) - len(strings.TrimLeft(after, " \t"))
	l.leaf(front, "OWS", "", "whitespace without a meaning", "RFC 9110 §5.6.3")
	l.leaf(len(field.Value), "field-value", printable(field.Value), known.meaning, known.section)
	l.leaf(len(after)-front-len(field.Value), "OWS", "", "whitespace without a meaning", "RFC 9110 §5.6.3")
	l.lineEnd()

	for i := first; i < len(l.spans); i++ {
		l.spans[i].Layer = known.layer
	}
	l.close(group)
}

// rest labels what the parser did not reach: the line that breaks a rule, cut where
// it breaks it, or the line in which the stream ended.
func (l *labels) rest(head []byte, e *httpwire.Error, incomplete bool) {
	if e != nil && int64(e.Offset) > l.at && e.Offset < len(head) {
		sound := head[l.at:e.Offset]
		l.leaf(len(sound), "sound so far", printable(string(sound)), "", "")
	}
	left := head[l.at:]
	switch {
	case e != nil:
		l.leaf(len(left), "broken", printable(string(left)), "", "")
	case incomplete:
		l.leaf(len(left), "incomplete", printable(string(left)), "the stream ends in the middle of this line", "")
	}
}

// breakRule marks the span that breaks a rule of HTTP: the span that the rule names,
// otherwise the value of the field that it names, otherwise the leaf at the offset of
// the error, otherwise the last span.
func (u *Unit) breakRule(e *httpwire.Error) {
	index := len(u.Spans) - 1
	inside := false // the spans are parts of the named field
	for i := range u.Spans {
		span := &u.Spans[i]
		if span.Depth == 0 {
			inside = span.Offset == int64(e.Offset) && httpwire.EqualFold(span.Field, e.Field)
		}
		if span.Field == e.Field && span.Depth > 0 || inside && span.Field == "field-value" {
			index = i
			break
		}
		if u.Leaf(i) && e.Offset > 0 && span.Offset <= int64(e.Offset) && int64(e.Offset) < span.Offset+span.Length {
			index = i
		}
	}
	u.Spans[index].Broken = broken(e.Field+": "+e.Rule, e.Section)
}
