package handshake

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"barewire/httpwire"
)

func TestVerifyTakesTheExampleOfTheRFC(t *testing.T) {
	agreement, err := rfcOffer().Verify(parseResponse(t, rfcResponse))
	if err != nil {
		t.Fatalf("the example of RFC 6455 §1.2 fails: %v", err)
	}
	want := Agreement{Accept: rfcAnswer, Subprotocol: "chat"}
	if !reflect.DeepEqual(agreement, want) {
		t.Errorf("got %+v, want %+v", agreement, want)
	}
}

// The head arrives in pieces: whatever part of it has arrived, nothing is checked
// before the empty line, and then the outcome is the same.
func TestVerifyDoesNotCareHowTheHeadWasCut(t *testing.T) {
	limits := httpwire.DefaultLimits()
	for cut := range len(rfcResponse) {
		var r httpwire.Response
		n, err := httpwire.ParseResponse(&r, []byte(rfcResponse[:cut]), "GET", &limits)
		if n != 0 || err != nil {
			t.Fatalf("the first %d bytes of a head: n = %d, error %v; want to be asked for more", cut, n, err)
		}
		// The first frame may come in the same packet: it is not the head's.
		n, err = httpwire.ParseResponse(&r, []byte(rfcResponse+"\x81\x05Hello"), "GET", &limits)
		if n != len(rfcResponse) || err != nil {
			t.Fatalf("the rest after %d bytes: n = %d, error %v; want %d", cut, n, err, len(rfcResponse))
		}
		if _, err := rfcOffer().Verify(&r); err != nil {
			t.Fatalf("cut after %d bytes: %v", cut, err)
		}
	}
}

// Valid answers other than the example: each row edits the response of the example.
func TestVerifyTakes(t *testing.T) {
	tests := []struct{ name, old, new string }{
		// req: 6455-4.1-p 9110-7.8-b
		{"websocket in another letter case", "Upgrade: websocket", "Upgrade: WebSocket"},
		// req: 6455-4.1-q
		{"upgrade in another letter case", "Connection: Upgrade", "Connection: UPGRADE"},
		{"upgrade within a list", "Connection: Upgrade", "Connection: keep-alive , upgrade"},
		{"upgrade on a second line", "Connection: Upgrade", "Connection: x\r\nConnection: upgrade"},
		// req: 6455-4.1-r
		{"white space around the accept value", rfcAnswer, " \t" + rfcAnswer + " \t"},
		// req: 6455-4.1-t
		{"no subprotocol, though some were offered", "Sec-WebSocket-Protocol: chat\r\n", ""},
		{"the second choice", "Protocol: chat", "Protocol: superchat"},
		{"another reason phrase", "Switching Protocols", "Welcome"},
		{"no reason phrase", "Switching Protocols", ""},
		{"fields that it does not know", "", "Server: x\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"},
		// req: 6455-4.1-s
		{"extensions that were offered", "", "Sec-WebSocket-Extensions: b; x=1, a\r\n"},
		// req: 6455-9.1-d
		{"extensions on two lines", "", "Sec-WebSocket-Extensions: b; x=1\r\nSec-WebSocket-Extensions: a\r\n"},
		// req: 6455-9.1-c
		{"a quoted value", "", "Sec-WebSocket-Extensions: b; x=\"1\", a\r\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			offer := rfcOffer()
			offer.Extensions = []Extension{{Name: "a"}, {Name: "b"}}
			agreement, err := offer.Verify(parseResponse(t, edit(t, rfcResponse, test.old, test.new)))
			if err != nil {
				t.Fatalf("it fails: %v", err)
			}
			if strings.Contains(test.new, "Extensions") && joinExtensions(agreement.Extensions) != "b; x=1, a" {
				t.Errorf("agreed on %q, want %q", joinExtensions(agreement.Extensions), "b; x=1, a")
			}
		})
	}
}

// Invalid answers: each row edits the response of the example.
func TestVerifyFails(t *testing.T) {
	accept := "Sec-WebSocket-Accept: " + rfcAnswer
	tests := []struct{ name, old, new, says string }{
		// req: 6455-4.1-u
		{"HTTP/1.0", "HTTP/1.1", "HTTP/1.0", "HTTP/1.0"},
		// req: 6455-4.1-p
		{"no Upgrade", "Upgrade: websocket\r\n", "", "Upgrade: the field is missing in the 101"},
		{"another protocol", "Upgrade: websocket", "Upgrade: h2c", "h2c"},
		{"a list of protocols", "Upgrade: websocket", "Upgrade: websocket, h2c", "not to websocket"},
		{"an empty Upgrade", "Upgrade: websocket", "Upgrade:", "not to websocket"},
		{"two Upgrades", "", "Upgrade: websocket\r\n", "Upgrade: the field appears more than once in the 101"},
		{"Unicode's long s", "Upgrade: websocket", "Upgrade: web\u017focket", "not to websocket"},
		// req: 6455-4.1-q
		{"no Connection", "Connection: Upgrade\r\n", "", "Connection"},
		{"a Connection without upgrade", "Connection: Upgrade", "Connection: keep-alive", "Connection"},
		// req: 6455-4.1-r
		{"no accept value", accept + "\r\n", "", "Sec-WebSocket-Accept: the field is missing in the 101"},
		{"an empty one", accept, "Sec-WebSocket-Accept:", rfcAnswer},
		{"the key itself", rfcAnswer, rfcKey, rfcAnswer},
		{"the answer to another key", rfcAnswer, "ICX+Yqv66kxgM0FcWaLWlFLwTAI=", rfcAnswer},
		{"another letter case", rfcAnswer, strings.ToLower(rfcAnswer), rfcAnswer},
		{"without its padding", rfcAnswer, strings.TrimSuffix(rfcAnswer, "="), rfcAnswer},
		// req: 6455-11.3.3-a
		{"two accept values", "", accept + "\r\n", "RFC 6455 §11.3.3"},
		// req: 6455-4.1-s
		{"an extension that was not offered", "", "Sec-WebSocket-Extensions: mux\r\n", "not offered"},
		{"one offered, one not", "", "Sec-WebSocket-Extensions: a, mux\r\n", "not offered"},
		{"one in another letter case", "", "Sec-WebSocket-Extensions: A\r\n", "not offered"},
		// req: 6455-9.1-b
		{"malformed extensions", "", "Sec-WebSocket-Extensions: a;\r\n", "RFC 6455 §9.1"},
		{"an empty list of extensions", "", "Sec-WebSocket-Extensions:\r\n", "RFC 6455 §9.1"},
		// req: 6455-9.1-c
		{"a quoted value that is no token", "", "Sec-WebSocket-Extensions: a; x=\"a b\"\r\n", "RFC 6455 §9.1"},
		// req: 6455-4.1-t
		{"a subprotocol that was not offered", "Protocol: chat", "Protocol: mqtt", "not offered"},
		{"one in another letter case", "Protocol: chat", "Protocol: Chat", "not offered"},
		{"an empty one", "Protocol: chat", "Protocol:", "not offered"},
		{"two in a list", "Protocol: chat", "Protocol: chat, superchat", "not offered"},
		// req: 6455-11.3.4-a
		{"two lines of subprotocols", "", "Sec-WebSocket-Protocol: superchat\r\n", "RFC 6455 §11.3.4"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			offer := rfcOffer()
			offer.Extensions = []Extension{{Name: "a"}}
			agreement, err := offer.Verify(parseResponse(t, edit(t, rfcResponse, test.old, test.new)))
			wantClientError(t, err, test.says)
			if agreement.Accept != "" {
				t.Errorf("a failed handshake has an agreement: %+v", agreement)
			}
		})
	}
}

// A head that is not HTTP never gets to Verify.
//
// req: 6455-4.1-u
func TestAHeadThatDoesNotParseFails(t *testing.T) {
	limits := httpwire.DefaultLimits()
	for _, edited := range []struct{ name, old, new string }{
		{"another protocol's version", "HTTP/1.1", "HTTP/2.0"},
		{"a status of two digits", "101", "10"},
		{"a space before the colon", "Upgrade:", "Upgrade :"},
		{"a line without a colon", "", "Server\r\n"},
	} {
		var r httpwire.Response
		head := edit(t, rfcResponse, edited.old, edited.new)
		if n, err := httpwire.ParseResponse(&r, []byte(head), "GET", &limits); err == nil {
			t.Errorf("%s: %d bytes were taken for a head", edited.name, n)
		}
	}
}

// req: 6455-4.1-o
func TestAnyStatusBut101IsReturnedToTheCaller(t *testing.T) {
	tests := []struct {
		line   string
		status int
		says   string
	}{
		{"200 OK", 200, "200 OK, not 101"},
		{"301 Moved Permanently", 301, "301 Moved Permanently, not 101"},
		{"401 Unauthorized", 401, "401 Unauthorized, not 101"},
		{"403 Go away", 403, "403 Forbidden, not 101"},
		{"426 Upgrade Required", 426, "426 Upgrade Required, not 101"},
		{"299 Fine \xe9", 299, `299 "Fine \xe9", not 101`},
		{"599 ", 599, "answered 599, not 101"},
		{"100 Continue", 100, "100 Continue, not 101"}, // the caller skips these before
	}
	for _, test := range tests {
		// Everything else is as in a 101: the status alone decides.
		head := edit(t, rfcResponse, "101 Switching Protocols", test.line)
		_, err := rfcOffer().Verify(parseResponse(t, head))
		var status *StatusError
		if !errors.As(err, &status) || status.Status != test.status {
			t.Errorf("%q gives the error %v, want a *StatusError with %d", test.line, err, test.status)
		} else if !strings.Contains(err.Error(), test.says) {
			t.Errorf("%q gives %q, want it to say %q", test.line, err, test.says)
		}
	}
}
