package handshake

import (
	"slices"

	"barewire/httpwire"
)

// chooseSubprotocol is step 8 of RFC 6455 §4.2.1: it checks what the client
// offered and returns the first of spoken that is among it, "" for none.
//
// The names are compared octet by octet: "Chat" is not "chat".
func chooseSubprotocol(fields httpwire.Fields, spoken []string) (string, error) {
	offered, err := parseSubprotocols(fields)
	if err != nil {
		return "", err
	}
	for _, name := range spoken {
		if slices.Contains(offered, name) {
			return name, nil
		}
	}
	return "", nil
}

// parseSubprotocols returns the elements of all Sec-WebSocket-Protocol lines of
// a request, in order (RFC 6455 §4.3):
//
//	Sec-WebSocket-Protocol-Client = 1#token
//
// Empty elements, as in "a,,b", are skipped, which RFC 9110 §5.6.1.2 asks for;
// a list with nothing else is no list.
func parseSubprotocols(fields httpwire.Fields) ([]string, error) {
	if fields.Count(fieldProtocol) == 0 {
		return nil, nil
	}
	names := fields.List(fieldProtocol)
	if len(names) == 0 {
		return nil, refuse(fields, 400, fieldProtocol, "the field names none", "RFC 6455 §4.3")
	}
	for _, name := range names {
		if !httpwire.IsToken(name) {
			return nil, refuse(fields, 400, fieldProtocol, "the subprotocol "+quoted(name)+" is not a token",
				"RFC 6455 §4.3")
		}
	}
	return names, nil
}
