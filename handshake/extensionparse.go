package handshake

import (
	"strings"

	"barewire/httpwire"
)

// ParseExtensions returns the elements of all Sec-WebSocket-Extensions lines,
// as one list in the order of the wire: where the sender broke the list into
// lines means nothing (RFC 6455 §9.1; in a response too, erratum 3433). Without
// such a line the list is nil.
//
// The grammar (§9.1), with white space allowed around every "," ";" and "=":
//
//	Sec-WebSocket-Extensions = 1#extension
//	extension       = token *( ";" extension-param )
//	extension-param = token [ "=" ( token | quoted-string ) ]
//	                ; what is in the quotes must be a token once unquoted
//
// A line that breaks it gives an [*httpwire.Error] with status 400 and the
// Offset of that line. Names, and values without quotes, are substrings of the
// fields. The head that they came in bounds the work: 16 KiB hold no more than
// 8,192 elements.
func ParseExtensions(fields httpwire.Fields) ([]Extension, error) {
	var list []Extension
	present := false
	for _, line := range fields {
		if !httpwire.EqualFold(line.Name, fieldExtensions) {
			continue
		}
		present = true
		var rule string
		if list, rule = parseExtensionLine(list, line.Value); rule != "" {
			e := refuse(nil, 400, fieldExtensions, rule, "RFC 6455 §9.1")
			e.Offset = line.Offset
			return nil, e
		}
	}
	if present && len(list) == 0 {
		return nil, refuse(fields, 400, fieldExtensions, "the field names none", "RFC 6455 §9.1")
	}
	return list, nil
}

// parseExtensionLine appends the elements of one line to list. The rule that
// the line breaks comes back in words, "" for none.
func parseExtensionLine(list []Extension, text string) ([]Extension, string) {
	s := scanner{rest: text}
	for {
		for s.skip(',') { // empty elements are no elements, RFC 9110 §5.6.1.2
		}
		if s.atEnd() {
			return list, ""
		}
		extension, rule := s.extension()
		if rule != "" {
			return nil, rule
		}
		list = append(list, extension)
		if !s.atEnd() && !s.skip(',') {
			return nil, "a comma or semicolon is missing before " + quoted(s.rest)
		}
	}
}

// scanner walks along the value of one line. Every method skips white space
// before what it looks for.
type scanner struct {
	rest string // what is still to be read
}

// extension reads one element, parameters included.
//
//	extension = token *( ";" extension-param )
func (s *scanner) extension() (e Extension, rule string) {
	if e.Name = s.token(); e.Name == "" {
		return e, "an extension's name is missing before " + quoted(s.rest)
	}
	for s.skip(';') {
		param, rule := s.param()
		if rule != "" {
			return e, rule
		}
		e.Params = append(e.Params, param)
	}
	return e, ""
}

// param reads one parameter.
//
//	extension-param = token [ "=" ( token | quoted-string ) ]
func (s *scanner) param() (p Param, rule string) {
	if p.Name = s.token(); p.Name == "" {
		return p, "a parameter's name is missing before " + quoted(s.rest)
	}
	if !s.skip('=') {
		return p, ""
	}
	p.HasValue = true
	if s.next('"') {
		p.Value, rule = s.quotedToken()
		return p, rule
	}
	if p.Value = s.token(); p.Value == "" {
		return p, "the value of the parameter " + quoted(p.Name) + " is missing"
	}
	return p, ""
}

// quotedToken reads a quoted-string and returns the token in it. A backslash
// stands before an octet to be taken as it is (RFC 9110 §5.6.4): x="1\0" is
// x=10.
func (s *scanner) quotedToken() (value, rule string) {
	end := 1 // behind the opening quote
	for end < len(s.rest) && s.rest[end] != '"' {
		if s.rest[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(s.rest) {
		return "", "the quoted value " + quoted(s.rest) + " has no closing quote"
	}
	text := s.rest[:end+1]
	s.rest = s.rest[end+1:]
	value, valid := httpwire.Unquote(text)
	if !valid || !httpwire.IsToken(value) {
		return "", "the value " + quoted(text) + " is not a token once unquoted"
	}
	return value, ""
}

// token reads a token; "" when there is none.
func (s *scanner) token() string {
	s.skipSpace()
	end := 0
	for end < len(s.rest) && httpwire.IsToken(s.rest[end:end+1]) {
		end++
	}
	token := s.rest[:end]
	s.rest = s.rest[end:]
	return token
}

// skip steps over one octet c, if that is next, and says whether it was.
func (s *scanner) skip(c byte) bool {
	if !s.next(c) {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

// next reports whether the octet c is next.
func (s *scanner) next(c byte) bool {
	s.skipSpace()
	return s.rest != "" && s.rest[0] == c
}

func (s *scanner) atEnd() bool {
	s.skipSpace()
	return s.rest == ""
}

func (s *scanner) skipSpace() {
	s.rest = strings.TrimLeft(s.rest, " \t")
}
