package handshake

import "testing"

// The subprotocol chosen from the client's list and the server's list.
//
// req: 6455-4.2.2-e 6455-4.2.2-f 6455-4.3-b
func TestSubprotocolNegotiation(t *testing.T) {
	tests := []struct {
		name      string
		lines     string // the Sec-WebSocket-Protocol lines of the request
		supported []string
		agreed    string
	}{
		{"the one in common", "Sec-WebSocket-Protocol: a, b\r\n", []string{"b"}, "b"},
		{"of several, the server's favourite", "Sec-WebSocket-Protocol: a, b\r\n", []string{"b", "a"}, "b"},
		{"a list on two lines", "Sec-WebSocket-Protocol: a\r\nSec-WebSocket-Protocol: b\r\n", []string{"b"}, "b"},
		{"empty elements are skipped", "Sec-WebSocket-Protocol: ,a,, b ,\r\n", []string{"b"}, "b"},
		{"no space after the comma", "Sec-WebSocket-Protocol: a,b\r\n", []string{"b"}, "b"},
		{"every mark of a token", "Sec-WebSocket-Protocol: !#$%&'*+-.^_`|~1\r\n", []string{"!#$%&'*+-.^_`|~1"}, "!#$%&'*+-.^_`|~1"},
		{"none in common: the handshake goes on without", "Sec-WebSocket-Protocol: a\r\n", []string{"b"}, ""},
		{"letter case counts", "Sec-WebSocket-Protocol: Chat\r\n", []string{"chat"}, ""},
		{"the server supports none", "Sec-WebSocket-Protocol: a\r\n", nil, ""},
		{"the client asks for none", "", []string{"a"}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			head := edit(t, rfcRequest, "Sec-WebSocket-Protocol: chat, superchat\r\n", test.lines)
			agreement, err := Accept(parseRequest(t, head), &Policy{Origins: []string{"*"}, Subprotocols: test.supported})
			if err != nil || agreement.Subprotocol != test.agreed {
				t.Fatalf("agreed on %q, error %v; want %q", agreement.Subprotocol, err, test.agreed)
			}
			value, found := agreement.Response().Fields.Get("Sec-WebSocket-Protocol")
			if found != (test.agreed != "") || value != test.agreed {
				t.Errorf("the 101 has Sec-WebSocket-Protocol %q (found: %t), want %q", value, found, test.agreed)
			}
		})
	}
}

// req: 6455-4.3-b
func TestMalformedSubprotocolsAreRefused(t *testing.T) {
	tests := []struct{ name, lines string }{
		{"nothing", "Sec-WebSocket-Protocol:\r\n"},
		{"nothing but commas", "Sec-WebSocket-Protocol: , ,\r\n"},
		{"a space inside", "Sec-WebSocket-Protocol: a b\r\n"},
		{"a separator", "Sec-WebSocket-Protocol: a/b\r\n"},
		{"a parameter", "Sec-WebSocket-Protocol: a;q=1\r\n"},
		{"a quoted string", "Sec-WebSocket-Protocol: \"a, b\"\r\n"},
		{"not ASCII", "Sec-WebSocket-Protocol: \u00fc\r\n"},
		{"on the second line", "Sec-WebSocket-Protocol: a\r\nSec-WebSocket-Protocol: b@c\r\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			head := edit(t, rfcRequest, "Sec-WebSocket-Protocol: chat, superchat\r\n", test.lines)
			_, err := Accept(parseRequest(t, head), rfcPolicy())
			wantRefusal(t, err, 400, "RFC 6455 §4.3")
		})
	}
}
