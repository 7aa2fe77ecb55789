package handshake

import (
	"slices"
	"strings"
	"testing"

	"barewire/httpwire"
)

// req: 6455-4.2.2-h 6455-4.2.2-i 6455-4.2.2-j 6455-4.2.2-k 9110-7.8-d
func TestAcceptAnswersTheExampleOfTheRFCByteForByte(t *testing.T) {
	agreement, err := Accept(parseRequest(t, rfcRequest), rfcPolicy())
	if err != nil {
		t.Fatalf("the example of RFC 6455 §1.2 is refused: %v", err)
	}
	response, err := httpwire.AppendResponse(nil, agreement.Response(), "", "GET")
	if err != nil || string(response) != rfcResponse {
		t.Errorf("error %v, got\n%s\nwant\n%s", err, response, rfcResponse)
	}
	if agreement.Accept != rfcAnswer || agreement.Subprotocol != "chat" {
		t.Errorf("the agreement does not say what is on the wire: %+v", agreement)
	}
}

// The head arrives in pieces: whatever part of it has arrived, nothing is checked
// before the empty line, and then the answer is the same.
func TestAcceptDoesNotCareHowTheHeadWasCut(t *testing.T) {
	whole, err := Accept(parseRequest(t, rfcRequest), rfcPolicy())
	if err != nil {
		t.Fatal(err)
	}
	var r httpwire.Request // one for all, as on a connection
	limits := httpwire.DefaultLimits()
	for cut := range len(rfcRequest) {
		n, err := httpwire.ParseRequest(&r, []byte(rfcRequest[:cut]), &limits)
		if n != 0 || err != nil {
			t.Fatalf("the first %d bytes of a head: n = %d, error %v; want to be asked for more", cut, n, err)
		}
		if n, err = httpwire.ParseRequest(&r, []byte(rfcRequest), &limits); n != len(rfcRequest) || err != nil {
			t.Fatalf("the rest after %d bytes: n = %d, error %v", cut, n, err)
		}
		agreement, err := Accept(&r, rfcPolicy())
		if err != nil || agreement.Accept != whole.Accept || agreement.Subprotocol != whole.Subprotocol {
			t.Fatalf("cut after %d bytes: %+v, error %v; want %+v", cut, agreement, err, whole)
		}
	}
}

// Valid handshakes other than the example: each row edits the request of the example.
func TestAcceptTakes(t *testing.T) {
	tests := []struct{ name, old, new string }{
		// req: 6455-4.2.1-d 9110-7.8-b
		{"websocket in another letter case", "Upgrade: websocket", "Upgrade: WebSocket"},
		{"websocket within a list", "Upgrade: websocket", "Upgrade: h2c , websocket"},
		{"websocket on a second line", "Upgrade: websocket", "Upgrade: h2c\r\nUpgrade: websocket"},
		// req: 6455-4.2.1-e
		{"upgrade in another letter case", "Connection: Upgrade", "Connection: UPGRADE"},
		{"upgrade within a list, as Firefox sends it", "Connection: Upgrade", "Connection: keep-alive, Upgrade"},
		{"upgrade on a second line", "Connection: Upgrade", "Connection: keep-alive\r\nConnection: upgrade"},
		// req: 6455-4.2.1-f
		{"a key with white space around it", rfcKey, " \t" + rfcKey + "\t "},
		{"a key whose pad bits are not zero", rfcKey, "AQIDBAUGBwgJCgsMDQ4PEC=="},
		// req: 6455-4.2.1-g
		{"a query", "/chat", "/chat?room=1"},
		{"an absolute http URI", "/chat", "http://server.example.com/chat"},
		{"an absolute https URI", "/chat", "https://server.example.com/chat"},
		// req: 6455-4.2.1-h
		{"no Origin", "Origin: http://example.com\r\n", ""},
		// req: 9110-7.8-f
		{"content of no bytes, which is none", "", "Content-Length: 0\r\n"},
		{"a later HTTP/1", "HTTP/1.1", "HTTP/1.2"},
		{"fields that it does not know (§4.2.1 item 10)", "", "Cookie: a=b\r\nX-Anything: goes\r\n"},
		{"field names in another letter case", "Sec-WebSocket-Key", "SEC-WEBSOCKET-KEY"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := parseRequest(t, edit(t, rfcRequest, test.old, test.new))
			if !Requested(r) {
				t.Error("Requested does not see the handshake")
			}
			agreement, err := Accept(r, rfcPolicy())
			if err != nil {
				t.Fatalf("refused: %v", err)
			}
			key, _ := r.Fields.Get("Sec-WebSocket-Key")
			if agreement.Accept != AcceptKey(key) {
				t.Errorf("Accept is %q, want %q, the answer to the key as sent", agreement.Accept, AcceptKey(key))
			}
		})
	}
}

const (
	keyLine     = "Sec-WebSocket-Key: " + rfcKey
	versionLine = "Sec-WebSocket-Version: 13"
)

// Invalid handshakes: each row edits the request of the example.
var refused = []struct {
	name, old, new string
	status         int
	says           string
}{
	// req: 6455-4.2.1-b
	{"POST", "GET", "POST", 405, "RFC 6455 §4.2.1"},
	{"HEAD", "GET", "HEAD", 405, "RFC 6455 §4.2.1"},
	{"get, as methods have letter case", "GET", "get", 405, "GET"},
	// req: 6455-4.2.1-c 9110-7.8-e
	{"HTTP/1.0", "HTTP/1.1", "HTTP/1.0", 400, "HTTP/1.1"},
	{"an absolute URI of another scheme", "/chat", "ftp://server.example.com/chat", 400, "request-target"},
	// req: 9110-7.8-f
	{"content by length", "", "Content-Length: 6\r\n", 400, "RFC 9110 §7.8"},
	{"content in chunks", "", "Transfer-Encoding: chunked\r\n", 400, "RFC 9110 §7.8"},
	{"an empty Host", "Host: server.example.com", "Host:", 400, "Host"},
	// req: 6455-4.2.1-d 9110-7.8-a 9110-7.8-c
	{"no Upgrade", "Upgrade: websocket\r\n", "", 400, "Upgrade"},
	{"an empty Upgrade", "Upgrade: websocket", "Upgrade:", 400, "Upgrade"},
	{"another protocol", "Upgrade: websocket", "Upgrade: h2c", 400, "Upgrade"},
	{"a protocol whose name holds websocket", "Upgrade: websocket", "Upgrade: websockets", 400, "Upgrade"},
	{"the old spelling web-socket", "Upgrade: websocket", "Upgrade: web-socket", 400, "Upgrade"},
	{"a version of a protocol we do not know", "Upgrade: websocket", "Upgrade: websocket/13", 400, "Upgrade"},
	{"Unicode's long s, which folds to s", "Upgrade: websocket", "Upgrade: web\u017focket", 400, "Upgrade"},
	// req: 6455-4.2.1-e
	{"no Connection", "Connection: Upgrade\r\n", "", 400, "Connection"},
	{"a Connection without upgrade", "Connection: Upgrade", "Connection: keep-alive", 400, "Connection"},
	{"upgrade as part of another option", "Connection: Upgrade", "Connection: Upgraded", 400, "Connection"},
	// req: 6455-4.2.1-f
	{"no key", keyLine + "\r\n", "", 400, "Sec-WebSocket-Key: the field is missing"},
	{"an empty key", keyLine, "Sec-WebSocket-Key:", 400, "24 characters"},
	{"a key of 15 bytes", rfcKey, "AAAAAAAAAAAAAAAAAAAA", 400, "24 characters"},
	{"a key of 17 bytes", rfcKey, "AAAAAAAAAAAAAAAAAAAAAAA=", 400, "24 characters"},
	{"a key that is not base64", rfcKey, "the sample nonce, 16 oct", 400, "24 characters"},
	// req: 6455-11.3.1-a
	{"two keys", "", keyLine + "\r\n", 400, "RFC 6455 §11.3.1"},
	// req: 6455-4.2.2-c 6455-4.4-a 9110-15.5.22-a
	{"no version", versionLine + "\r\n", "", 426, "13"},
	{"version 8 of a draft", versionLine, "Sec-WebSocket-Version: 8", 426, "RFC 6455 §4.4"},
	{"a version to come", versionLine, "Sec-WebSocket-Version: 14", 426, "RFC 6455 §4.4"},
	{"version 0", versionLine, "Sec-WebSocket-Version: 0", 426, "RFC 6455 §4.4"},
	{"the greatest version there can be", versionLine, "Sec-WebSocket-Version: 255", 426, "RFC 6455 §4.4"},
	// req: 6455-4.3-a
	{"a leading zero", versionLine, "Sec-WebSocket-Version: 013", 400, "RFC 6455 §4.3"},
	{"a list of versions", versionLine, "Sec-WebSocket-Version: 13, 8", 400, "RFC 6455 §4.3"},
	{"no number", versionLine, "Sec-WebSocket-Version: x", 400, "RFC 6455 §4.3"},
	{"an empty version", versionLine, "Sec-WebSocket-Version:", 400, "RFC 6455 §4.3"},
	{"a signed number", versionLine, "Sec-WebSocket-Version: +13", 400, "RFC 6455 §4.3"},
	{"more than a byte holds", versionLine, "Sec-WebSocket-Version: 256", 400, "RFC 6455 §4.3"},
	{"a number too long to count", versionLine, "Sec-WebSocket-Version: 99999999999999999999", 400, "RFC 6455 §4.3"},
	// req: 6455-11.3.5-a
	{"two versions", "", versionLine + "\r\n", 400, "RFC 6455 §11.3.5"},
	// req: 6455-4.2.2-b 6455-10.2-a
	{"a foreign Origin", "http://example.com", "http://evil.example", 403, "RFC 6455 §10.2"},
	{"two Origins", "", "Origin: http://example.com\r\n", 400, "RFC 6454 §7.3"},
	// req: 6455-4.3-b
	{"an empty list of subprotocols", "chat, superchat", "", 400, "RFC 6455 §4.3"},
	// req: 6455-9.1-a
	{"malformed extensions", "", "Sec-WebSocket-Extensions: ;\r\n", 400, "RFC 6455 §9.1"},
}

// req: 6455-4.2.1-a
func TestAcceptRefuses(t *testing.T) {
	for _, test := range refused {
		t.Run(test.name, func(t *testing.T) {
			r := parseRequest(t, edit(t, rfcRequest, test.old, test.new))
			agreement, err := Accept(r, rfcPolicy())
			wantRefusal(t, err, test.status, test.says)
			if agreement.Accept != "" {
				t.Errorf("a refused handshake has an answer: %+v", agreement)
			}
		})
	}
}

// Errors are found in the order of §4.2.1: if everything is wrong, the answer is about
// the method, and after the method is corrected, about the next step.
func TestAcceptChecksInTheOrderOfTheRFC(t *testing.T) {
	head := "POST ftp://h/ HTTP/1.0\r\n" +
		"Content-Length: 1\r\nHost: h\r\nUpgrade: x\r\nConnection: x\r\nSec-WebSocket-Key: x\r\n" +
		"Sec-WebSocket-Version: x\r\nOrigin: x\r\nSec-WebSocket-Protocol: ,\r\n" +
		"Sec-WebSocket-Extensions: ,\r\n\r\n"
	steps := []struct{ field, old, new string }{
		{"method", "POST", "GET"},
		{"HTTP-version", "HTTP/1.0", "HTTP/1.1"},
		{"request-target", "ftp://h/", "/"},
		{"content", "Content-Length: 1\r\n", ""},
		{"Upgrade", "Upgrade: x", "Upgrade: websocket"},
		{"Connection", "Connection: x", "Connection: upgrade"},
		{"Sec-WebSocket-Key", "Key: x", "Key: " + rfcKey},
		{"Sec-WebSocket-Version", "Version: x", "Version: 13"},
		{"Origin", "Origin: x", "Origin: http://h"},
		{"Sec-WebSocket-Protocol", "Protocol: ,", "Protocol: a"},
		{"Sec-WebSocket-Extensions", "Extensions: ,", "Extensions: a"},
	}
	for _, step := range steps {
		r := parseRequest(t, head)
		_, err := Accept(r, &Policy{})
		refusal, _ := err.(*httpwire.Error)
		if refusal == nil || refusal.Field != step.field {
			t.Fatalf("got %v, want the error of %s, as all before it is in order", err, step.field)
		}
		if line := r.Head[refusal.Offset:]; r.Fields.Count(step.field) > 0 && !strings.HasPrefix(line, step.field) {
			t.Errorf("the offset %d of the error leads to %.20q, not to %s", refusal.Offset, line, step.field)
		}
		head = edit(t, head, step.old, step.new)
	}
	if _, err := Accept(parseRequest(t, head), &Policy{}); err != nil {
		t.Errorf("all was mended, and still: %v", err)
	}
}

// The answers that need further fields, byte for byte.
//
// req: 6455-4.2.1-b 6455-4.2.2-c 6455-4.4-a 9110-7.8-d 9110-7.8-f 9110-15.5.22-a
func TestRefusalsCarryTheirFields(t *testing.T) {
	tests := []struct {
		name, old, new string
		fields         []string // that must be in the answer
		not            []string // that must not
	}{
		{"405 says what is allowed", "GET", "PUT",
			[]string{"Allow: GET"}, []string{"Connection: close"}},
		{"426 says which version, and to what to upgrade", "Version: 13", "Version: 7",
			[]string{"Sec-WebSocket-Version: 13", "Upgrade: websocket", "Connection: Upgrade"}, nil},
		{"a malformed version is told the right one too", "Version: 13", "Version: 13, 8",
			[]string{"Sec-WebSocket-Version: 13"}, []string{"Upgrade: "}},
		{"a body closes the connection: its bytes must not be taken for frames", "", "Content-Length: 6\r\n",
			[]string{"Connection: close"}, nil},
		{"a 403 leaves the connection open: nothing is in doubt", "http://example.com", "http://evil.example",
			nil, []string{"Connection: close"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Accept(parseRequest(t, edit(t, rfcRequest, test.old, test.new)), rfcPolicy())
			refusal, _ := err.(*httpwire.Error)
			if refusal == nil {
				t.Fatalf("got the error %v, want an *httpwire.Error", err)
			}
			answer, err := httpwire.AppendResponse(nil, refusal.Response(), "", "GET")
			if err != nil {
				t.Fatalf("the answer cannot be sent: %v", err)
			}
			lines := strings.Split(string(answer), "\r\n")
			for _, field := range test.fields {
				if !slices.Contains(lines, field) {
					t.Errorf("the answer lacks %q:\n%s", field, answer)
				}
			}
			for _, field := range test.not {
				if strings.Contains(string(answer), field) {
					t.Errorf("the answer has %q:\n%s", field, answer)
				}
			}
		})
	}
}

// Requested distinguishes handshakes from plain HTTP. A request for which it returns false
// never gets to Accept: it is answered as HTTP, whatever else is wrong with it.
func TestRequested(t *testing.T) {
	tests := []struct {
		name, old, new string
		requested      bool
	}{
		{"the example of §1.2", "GET", "GET", true},
		{"a broken handshake is one still, to be answered with an error", rfcKey, "x", true},
		{"even with another method", "GET", "POST", true},
		// req: 9110-7.8-b
		{"in another letter case", "Upgrade: websocket", "Upgrade: WEBSOCKET", true},
		// req: 9110-7.8-a
		{"HTTP/2 in the clear", "Upgrade: websocket", "Upgrade: h2c", false},
		{"TLS within HTTP", "Upgrade: websocket", "Upgrade: TLS/1.0", false},
		{"no Upgrade at all", "Upgrade: websocket\r\n", "", false},
		// req: 9110-7.8-e
		{"HTTP/1.0", "HTTP/1.1", "HTTP/1.0", false},
	}
	for _, test := range tests {
		r := parseRequest(t, edit(t, rfcRequest, test.old, test.new))
		if requested := Requested(r); requested != test.requested {
			t.Errorf("%s: Requested = %t, want %t", test.name, requested, test.requested)
		}
	}
}

func TestRequestedAllocatesNothing(t *testing.T) {
	r := parseRequest(t, rfcRequest)
	if allocations := testing.AllocsPerRun(100, func() { Requested(r) }); allocations != 0 {
		t.Errorf("Requested makes %v allocations; every plain request pays for them", allocations)
	}
}

// The 101 names no subprotocol and no extension unless there is one: an empty
// field would be malformed.
//
// req: 6455-4.2.2-f 6455-4.2.2-g
func TestResponseHasNoEmptyFields(t *testing.T) {
	agreement := Agreement{Accept: rfcAnswer}
	response, err := httpwire.AppendResponse(nil, agreement.Response(), "", "GET")
	want := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: " + rfcAnswer + "\r\n\r\n"
	if err != nil || string(response) != want {
		t.Errorf("error %v, got\n%s\nwant\n%s", err, response, want)
	}
}
