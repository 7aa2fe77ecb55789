package handshake

import (
	"slices"
	"strings"

	"barewire/httpwire"
)

// Extension is one element of Sec-WebSocket-Extensions: a client's offer, or a server's
// acceptance (RFC 6455 §9.1).
type Extension struct {
	Name   string  // a token, such as "permessage-deflate"
	Params []Param // in the order on the wire; a name may appear twice
}

// Param is one parameter of an Extension. "x=10" and "x" differ, hence HasValue.
type Param struct {
	Name     string // a token
	Value    string // a token too, without quotes; "" if HasValue is false
	HasValue bool   // an equals sign and a value followed the name
}

// String returns the element in its wire form:
// "permessage-deflate; client_max_window_bits=10". Values need no quotes, because they
// are tokens (RFC 6455 §9.1).
func (e Extension) String() string {
	text := e.Name
	for _, param := range e.Params {
		text += "; " + param.Name
		if param.HasValue {
			text += "=" + param.Value
		}
	}
	return text
}

// joinExtensions returns a field value that holds all elements.
func joinExtensions(extensions []Extension) string {
	elements := make([]string, len(extensions))
	for i, extension := range extensions {
		elements[i] = extension.String()
	}
	return strings.Join(elements, ", ")
}

// ParseExtensions returns the elements of all Sec-WebSocket-Extensions lines as one
// list, in the order on the wire: it does not matter where lines are split (RFC 6455
// §9.1; in a response too, erratum 3433). Without such a line the list is nil.
//
// The grammar (§9.1), with white space allowed around every "," ";" and "=":
//
//	Sec-WebSocket-Extensions = 1#extension
//	extension       = token *( ";" extension-param )
//	extension-param = token [ "=" ( token | quoted-string ) ]
//	                ; the unquoted text must be a token
//
// For a line that breaks it, the error is an [*httpwire.Error] with status 400 and the
// Offset of that line. Names, and values without quotes, are substrings of the fields.
func ParseExtensions(fields httpwire.Fields) ([]Extension, error) {
	var list []Extension
	for _, line := range fields {
		if !httpwire.EqualFold(line.Name, fieldExtensions) { // req: 6455-9.1-d
			continue
		}
		var rule string
		if list, rule = parseExtensionLine(list, line.Value); rule != "" {
			e := refuse(nil, 400, fieldExtensions, rule, "RFC 6455 §9.1") // req: 6455-9.1-a
			e.Offset = line.Offset
			return nil, e
		}
	}
	if len(list) == 0 && fields.Count(fieldExtensions) > 0 {
		return nil, refuse(fields, 400, fieldExtensions, "the list is empty", "RFC 6455 §9.1") // req: 6455-9.1-a
	}
	return list, nil
}

// parseExtensionLine appends the elements of one line to list. It also returns the broken
// rule, or "" if the line is valid.
func parseExtensionLine(list []Extension, text string) ([]Extension, string) {
	s := scanner{rest: text}
	for {
		for s.skip(',') { // empty elements are ignored, RFC 9110 §5.6.1.2, req: 9110-5.6.1.2-a
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

// scanner reads the value of one line. Every method skips white space first.
type scanner struct {
	rest string // the part that has not been read
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
	if s.next('"') { // x="1\0" is x=10
		value, rest, ok := httpwire.CutQuoted(s.rest)
		if !ok || !httpwire.IsToken(value) { // req: 6455-9.1-c
			return p, "the quoted value at " + quoted(s.rest) + " is not a token once unquoted"
		}
		p.Value, s.rest = value, rest
		return p, ""
	}
	if p.Value = s.token(); p.Value == "" { // req: 6455-9.1-c
		return p, "the value of the parameter " + quoted(p.Name) + " is missing"
	}
	return p, ""
}

// token reads a token. It returns "" if there is none.
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

// skip skips the byte c if it is next, and reports whether it was.
func (s *scanner) skip(c byte) bool {
	if !s.next(c) {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

// next reports whether the byte c is next.
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

// chooseExtensions is step 9 of RFC 6455 §4.2.1: choose selects some of the client's
// offers. A malformed field is refused even if the server supports no extension.
func chooseExtensions(fields httpwire.Fields, choose func([]Extension) []Extension) ([]Extension, error) {
	offers, err := ParseExtensions(fields)
	if err != nil || choose == nil || len(offers) == 0 {
		return nil, err
	}
	chosen := choose(offers)
	for _, extension := range chosen {
		if !offersExtension(offers, extension.Name) || !extension.isMadeOfTokens() {
			return nil, refuse(fields, 500, fieldExtensions,
				"the server's policy chose "+quoted(extension.String())+", which was not offered", // req: 6455-4.2.2-g
				"RFC 6455 §4.2.2")
		}
	}
	return chosen, nil
}

// offersExtension reports whether one of the offers has the name, which is
// case-sensitive.
func offersExtension(offers []Extension, name string) bool {
	return slices.ContainsFunc(offers, func(offer Extension) bool { return offer.Name == name })
}

// isMadeOfTokens reports whether an element to be sent follows the grammar of §9.1.
func (e Extension) isMadeOfTokens() bool {
	valid := httpwire.IsToken(e.Name)
	for _, param := range e.Params {
		valid = valid && httpwire.IsToken(param.Name) && (httpwire.IsToken(param.Value) || !param.HasValue)
	}
	return valid
}
