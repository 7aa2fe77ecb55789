package httpwire

import "strings"

// Field is one field line: a name and a value without the whitespace around it.
type Field struct {
	// Name is the field name as received. Names are compared with [EqualFold].
	Name string
	// Value is the field value without the SP and HTAB around it. It may hold the
	// bytes 80 to FF, which mean nothing to HTTP.
	Value string
	// Offset is the position of the field line in the head, 0 if it was not parsed.
	Offset int
}

// Fields is a field section: its lines in the order received.
type Fields []Field

// Get returns the value of the first line with the name, in any letter case.
func (f Fields) Get(name string) (value string, found bool) {
	for i := range f {
		if EqualFold(f[i].Name, name) {
			return f[i].Value, true
		}
	}
	return "", false
}

// Count returns the number of lines with the name.
func (f Fields) Count(name string) int {
	count := 0
	for i := range f {
		if EqualFold(f[i].Name, name) {
			count++
		}
	}
	return count
}

// HasToken reports whether the list in all lines with the name (RFC 9110 §5.3)
// has token as one of its elements, in any letter case. It does not allocate.
//
// Every comma splits: a quote means nothing in lists of tokens such as Connection and
// Upgrade (RFC 9110 §7.6.1, §7.8). If quotes counted, a single one would hide the rest of
// the line from us, but not from other programs:
//
//	Connection: "x, close
//
// req: 9110-5.2-a 9110-7.6.1-a
func (f Fields) HasToken(name, token string) bool {
	for i := range f {
		if !EqualFold(f[i].Name, name) {
			continue
		}
		element, rest, more := "", f[i].Value, true
		for more {
			element, rest, more = strings.Cut(rest, ",")
			if EqualFold(trimOWS(element), token) { // req: 9110-7.8-b
				return true
			}
		}
	}
	return false
}

// List returns the elements of the list in all lines with the name, in their order
// (RFC 9110 §5.3), without the whitespace around them. Empty elements are left out
// (§5.6.1.2). A comma inside a quoted string does not split.
func (f Fields) List(name string) []string { // req: 9110-5.2-a
	var elements []string
	for i := range f {
		if !EqualFold(f[i].Name, name) {
			continue
		}
		element, rest := "", f[i].Value
		for rest != "" {
			element, rest = cutElement(rest)
			if element != "" { // req: 9110-5.6.1.2-a
				elements = append(elements, element)
			}
		}
	}
	return elements
}

// cutElement splits a list after its first element, at a comma that is not
// inside a quoted-string. The element may be empty: by RFC 9110 §5.6.1.2 a
// recipient reads ", ,b" as "b".
//
//	list      permessage-deflate; a="x,y" , mux
//	element   permessage-deflate; a="x,y"
//	rest                                   mux (and the SP before it)
func cutElement(list string) (element, rest string) {
	quoted := false
	for i := 0; i < len(list); i++ {
		switch {
		case list[i] == '"':
			quoted = !quoted
		case quoted && list[i] == '\\': // req: 9110-5.6.4-a
			i++ // a quoted-pair: the byte after the backslash stands for itself
		case list[i] == ',' && !quoted:
			return trimOWS(list[:i]), list[i+1:]
		}
	}
	return trimOWS(list), ""
}

// CutQuoted cuts a quoted-string from the start of s (RFC 9110 §5.6.4). text is its
// value: the bytes between the quotes, with each quoted-pair replaced by the byte after
// its backslash. ok is false if s does not start with a quoted-string.
//
//	quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE
//	quoted-pair   = "\" ( HTAB / SP / VCHAR / obs-text )
func CutQuoted(s string) (text, rest string, ok bool) { // req: 9110-5.6.4-a
	if s == "" || s[0] != '"' {
		return "", s, false
	}
	var plain []byte
	for i := 1; i < len(s); i++ {
		if s[i] == '"' {
			return string(plain), s[i+1:], true
		}
		if s[i] == '\\' {
			i++
		}
		if i == len(s) || classes[s[i]]&fieldByte == 0 {
			break
		}
		plain = append(plain, s[i])
	}
	return "", s, false
}
