package handshake

import (
	"errors"
	"strings"
	"testing"

	"barewire/httpwire"
)

// The key of RFC 6455 §1.3, the base64 of "the sample nonce", and the answer to
// it.
const (
	rfcKey    = "dGhlIHNhbXBsZSBub25jZQ=="
	rfcAnswer = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
)

// The request and the response of RFC 6455 §1.2.
const (
	rfcRequest = "GET /chat HTTP/1.1\r\n" +
		"Host: server.example.com\r\n" +
		"Upgrade: websocket\r\n" +
		"Connection: Upgrade\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
		"Origin: http://example.com\r\n" +
		"Sec-WebSocket-Protocol: chat, superchat\r\n" +
		"Sec-WebSocket-Version: 13\r\n" +
		"\r\n"
	rfcResponse = "HTTP/1.1 101 Switching Protocols\r\n" +
		"Upgrade: websocket\r\n" +
		"Connection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" +
		"Sec-WebSocket-Protocol: chat\r\n" +
		"\r\n"
)

// rfcPolicy returns the policy of a server that would give the answer of §1.2.
func rfcPolicy() *Policy {
	return &Policy{Origins: []string{"http://example.com"}, Subprotocols: []string{"chat"}}
}

// rfcOffer returns the offer of a client that would send the request of §1.2.
func rfcOffer() *Offer {
	return &Offer{
		URL:          URL{Host: "server.example.com", Resource: "/chat"},
		Key:          rfcKey,
		Origin:       "http://example.com",
		Subprotocols: []string{"chat", "superchat"},
	}
}

// edit replaces old in a head, where "" stands for the empty line at its end:
// the new line goes there.
func edit(t *testing.T, head, old, new string) string {
	t.Helper()
	if old == "" {
		return strings.TrimSuffix(head, "\r\n") + new + "\r\n"
	}
	if !strings.Contains(head, old) {
		t.Fatalf("the test is wrong: %q is not in the head that it wants to edit", old)
	}
	return strings.Replace(head, old, new, 1)
}

// parseRequest parses a head that must be sound HTTP.
func parseRequest(t *testing.T, head string) *httpwire.Request {
	t.Helper()
	limits := httpwire.DefaultLimits()
	var r httpwire.Request
	n, err := httpwire.ParseRequest(&r, []byte(head), &limits)
	if err != nil || n != len(head) {
		t.Fatalf("ParseRequest took %d of %d bytes, error %v, of\n%s", n, len(head), err, head)
	}
	return &r
}

// parseResponse parses a head that must be sound HTTP.
func parseResponse(t *testing.T, head string) *httpwire.Response {
	t.Helper()
	limits := httpwire.DefaultLimits()
	var r httpwire.Response
	n, err := httpwire.ParseResponse(&r, []byte(head), "GET", &limits)
	if err != nil || n != len(head) {
		t.Fatalf("ParseResponse took %d of %d bytes, error %v, of\n%s", n, len(head), err, head)
	}
	return &r
}

// wantRefusal checks that err is a server's refusal with the status, and that its
// text holds says, which is a section or a word of the rule.
func wantRefusal(t *testing.T, err error, status int, says string) *httpwire.Error {
	t.Helper()
	var refusal *httpwire.Error
	if !errors.As(err, &refusal) {
		t.Fatalf("got the error %v, want an *httpwire.Error with status %d that says %q", err, status, says)
	}
	if refusal.Status != status {
		t.Errorf("got status %d, want %d, with %v", refusal.Status, status, err)
	}
	wantText(t, err, refusal.Field, refusal.Rule, refusal.Section, says)
	return refusal
}

// wantClientError checks that err is a client's error whose text holds says.
func wantClientError(t *testing.T, err error, says string) {
	t.Helper()
	var failed *ClientError
	if !errors.As(err, &failed) {
		t.Fatalf("got the error %v, want a *ClientError that says %q", err, says)
	}
	wantText(t, err, failed.Field, failed.Rule, failed.Section, says)
}

func wantText(t *testing.T, err error, field, rule, section, says string) {
	t.Helper()
	if !strings.Contains(err.Error(), says) {
		t.Errorf("the error does not say %q: %v", says, err)
	}
	for _, c := range []byte(rule) {
		if c < ' ' || c > '~' {
			t.Errorf("the rule is not one line of ASCII: %q", rule)
		}
	}
	if field == "" || !strings.HasPrefix(section, "RFC ") {
		t.Errorf("the error lacks its field or section: %+v", err)
	}
}
