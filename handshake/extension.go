package handshake

import (
	"strings"

	"barewire/httpwire"
)

// Extension is one element of Sec-WebSocket-Extensions: the offer of a client
// or the acceptance by a server (RFC 6455 §9.1).
type Extension struct {
	Name   string  // a token, such as "permessage-deflate"
	Params []Param // in the order on the wire; a name may stand there twice
}

// Param is one parameter of an Extension. "x=10" and "x" differ, hence
// HasValue.
type Param struct {
	Name     string // a token
	Value    string // a token too, without the quotes it may have had; "" without HasValue
	HasValue bool   // an equals sign and a value followed the name
}

// String returns the element as it stands on the wire, in the shortest form:
// "permessage-deflate; client_max_window_bits=10". Values need no quotes, as
// what may stand between quotes is a token (RFC 6455 §9.1).
func (e Extension) String() string {
	var text strings.Builder
	text.WriteString(e.Name)
	for _, param := range e.Params {
		text.WriteString("; ")
		text.WriteString(param.Name)
		if param.HasValue {
			text.WriteString("=")
			text.WriteString(param.Value)
		}
	}
	return text.String()
}

// joinExtensions returns the value of one field that holds all of the elements.
func joinExtensions(extensions []Extension) string {
	elements := make([]string, len(extensions))
	for i, extension := range extensions {
		elements[i] = extension.String()
	}
	return strings.Join(elements, ", ")
}

// chooseExtensions is step 9 of RFC 6455 §4.2.1: it lets choose pick from what
// the client offers and holds it to that. The header is checked even if the
// server speaks no extension: a malformed one is refused by any server.
func chooseExtensions(fields httpwire.Fields, choose func([]Extension) []Extension) ([]Extension, error) {
	offers, err := ParseExtensions(fields)
	if err != nil || choose == nil || len(offers) == 0 {
		return nil, err
	}
	chosen := choose(offers)
	for _, extension := range chosen {
		if !offersExtension(offers, extension.Name) || checkExtension(extension) != nil {
			return nil, refuse(fields, 500, fieldExtensions,
				"the server's policy chose "+quoted(extension.String())+", which was not offered",
				"RFC 6455 §4.2.2")
		}
	}
	return chosen, nil
}

// offersExtension reports whether one of the offers has the name. Names are
// compared octet by octet; all that are registered are in lower case.
func offersExtension(offers []Extension, name string) bool {
	for _, offer := range offers {
		if offer.Name == name {
			return true
		}
	}
	return false
}

// checkExtension holds an element that we are to send to the grammar of §9.1.
func checkExtension(e Extension) error {
	valid := httpwire.IsToken(e.Name)
	for _, param := range e.Params {
		valid = valid && httpwire.IsToken(param.Name) && (httpwire.IsToken(param.Value) || !param.HasValue)
	}
	if !valid {
		return refuseSilently(nil, fieldExtensions, "the extension "+quoted(e.String())+" is not made of tokens",
			"RFC 6455 §9.1")
	}
	return nil
}
