package handshake

import (
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"

	"barewire/httpwire"
)

// Whatever head arrives: it is accepted only if it is a handshake, what comes
// back is a 101 that the client who sent it would take, and a refusal can
// always be sent.
func FuzzAccept(f *testing.F) {
	f.Add([]byte(rfcRequest))
	f.Add([]byte(strings.Replace(rfcRequest, "13", "8", 1)))
	f.Add([]byte(strings.Replace(rfcRequest, "GET", "POST", 1)))
	f.Add([]byte(strings.Replace(rfcRequest, "Upgrade: websocket", "Upgrade: h2c,\tWebSocket", 1)))
	f.Add([]byte(strings.Replace(rfcRequest, "chat, superchat", "chat\r\nSec-WebSocket-Extensions: a; b=\"1\", c", 1)))
	f.Add([]byte(strings.Replace(rfcRequest, "http://example.com", "http://evil.example", 1)))
	f.Fuzz(func(t *testing.T, head []byte) {
		limits := httpwire.DefaultLimits()
		var r httpwire.Request
		n, err := httpwire.ParseRequest(&r, head, &limits)
		if n == 0 || err != nil {
			return // httpwire's own fuzz tests check this
		}
		policy := rfcPolicy()
		policy.Extensions = func(offers []Extension) []Extension { return offers[:1] }
		agreement, err := Accept(&r, policy)
		if err != nil {
			mustBeAnswerable(t, err)
			return
		}
		key, _ := r.Fields.Get("Sec-WebSocket-Key")
		nonce, err := base64.StdEncoding.DecodeString(key)
		if err != nil || len(nonce) != 16 || agreement.Accept != AcceptKey(key) {
			t.Fatalf("accepted with the key %q and the answer %q", key, agreement.Accept)
		}
		if r.Method != "GET" || r.Minor < 1 || !Requested(&r) || r.Body.Length != 0 || r.Body.Framing == httpwire.Chunked {
			t.Fatalf("accepted, and is no handshake: %q", r.Head)
		}
		if origin, found := r.Fields.Get("Origin"); found && !sameOrigin(origin, "http://example.com") &&
			!sameOrigin(origin, "http://"+r.Authority) {
			t.Fatalf("the Origin %q was let in, asking for the host %q", origin, r.Authority)
		}
		response, err := httpwire.AppendResponse(nil, agreement.Response(), "", "GET")
		if err != nil {
			t.Fatalf("the 101 cannot be sent: %v", err)
		}
		offers, _ := ParseExtensions(r.Fields)
		client := Offer{Key: key, Subprotocols: r.Fields.List("Sec-WebSocket-Protocol"), Extensions: offers}
		if _, err := client.Verify(parseResponse(t, string(response))); err != nil {
			t.Fatalf("the client who sent %q would not take %q: %v", r.Head, response, err)
		}
	})
}

// mustBeAnswerable checks that err is a refusal with a status of Accept's, and
// that its answer can be sent, whatever of the request is quoted in it.
func mustBeAnswerable(t *testing.T, err error) {
	t.Helper()
	var refusal *httpwire.Error
	if !errors.As(err, &refusal) || !slices.Contains([]int{400, 403, 405, 426}, refusal.Status) {
		t.Fatalf("refused with %v, which has none of the statuses of a refusal", err)
	}
	if _, err := httpwire.AppendResponse(nil, refusal.Response(), "", "GET"); err != nil {
		t.Fatalf("the refusal %v cannot be sent: %v", refusal, err)
	}
	if len(refusal.Rule) > 1000 || strings.ContainsAny(refusal.Rule, "\r\n") {
		t.Fatalf("the refusal is not a short line: %q", refusal.Rule)
	}
}

// Whatever answer arrives: the connection opens only on a 101 with our accept
// value, and with nothing that was not offered.
func FuzzVerify(f *testing.F) {
	f.Add([]byte(rfcResponse))
	f.Add([]byte(strings.Replace(rfcResponse, "chat", "superchat\r\nSec-WebSocket-Extensions: a; b=1, a", 1)))
	f.Add([]byte(strings.Replace(rfcResponse, "101", "200", 1)))
	f.Add([]byte(strings.Replace(rfcResponse, "s3p", "S3P", 1)))
	f.Add([]byte(strings.Replace(rfcResponse, "chat", "mqtt", 1)))
	f.Fuzz(func(t *testing.T, head []byte) {
		limits := httpwire.DefaultLimits()
		var r httpwire.Response
		n, err := httpwire.ParseResponse(&r, head, "GET", &limits)
		if n == 0 || err != nil {
			return // httpwire's own fuzz tests check this
		}
		offer := rfcOffer()
		offer.Extensions = []Extension{{Name: "a"}}
		agreement, err := offer.Verify(&r)
		if err != nil {
			var status *StatusError
			if errors.As(err, &status) != (r.Status != 101) || strings.ContainsAny(err.Error(), "\r\n") {
				t.Fatalf("status %d gives the error %q", r.Status, err)
			}
			return
		}
		if r.Status != 101 || r.Minor < 1 || agreement.Accept != rfcAnswer {
			t.Fatalf("the connection opened on %q: %+v", head[:n], agreement)
		}
		if agreement.Subprotocol != "" && !slices.Contains(offer.Subprotocols, agreement.Subprotocol) {
			t.Fatalf("agreed on the subprotocol %q, which was not offered", agreement.Subprotocol)
		}
		for _, extension := range agreement.Extensions {
			if extension.Name != "a" {
				t.Fatalf("agreed on the extension %v, which was not offered", extension)
			}
		}
	})
}
