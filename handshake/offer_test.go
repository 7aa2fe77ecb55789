package handshake

import (
	"strings"
	"testing"

	"barewire/httpwire"
)

// requestOf returns the bytes of an offer's request, which must be one.
func requestOf(t *testing.T, o *Offer) string {
	t.Helper()
	request, err := o.AppendRequest(nil)
	if err != nil {
		t.Fatalf("the offer cannot be sent: %v", err)
	}
	return string(request)
}

// req: 6455-4.1-e 6455-4.1-f 6455-4.1-g 6455-4.1-h 6455-4.1-i 6455-4.1-j 6455-4.1-l 6455-4.1-m
// req: 9110-7.2-a 9110-7.8-d 9110-10.1.5-a 9112-3.2-b
func TestAppendRequestSendsTheExampleOfTheRFC(t *testing.T) {
	request := requestOf(t, rfcOffer())
	want := edit(t, rfcRequest, "", "User-Agent: barewire\r\n") // the one field that the example lacks
	if request != want {
		t.Errorf("got\n%s\nwant\n%s", request, want)
	}
}

// The least and the most that a request may hold, byte for byte.
func TestAppendRequest(t *testing.T) {
	tests := []struct {
		name  string
		offer Offer
		want  string
	}{
		{
			"no more than must be",
			Offer{URL: URL{Host: "h", Resource: "/"}, Key: rfcKey},
			"GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
				"Sec-WebSocket-Key: " + rfcKey + "\r\nSec-WebSocket-Version: 13\r\n" +
				"User-Agent: barewire\r\n\r\n",
		},
		{
			"all there is",
			Offer{
				URL: URL{Host: "[::1]:8080", Resource: "/p?q"}, Key: rfcKey, Origin: "null",
				Subprotocols: []string{"b", "a"},
				Extensions:   []Extension{{"x", []Param{{"y", "1", true}, {"z", "", false}}}, {Name: "x"}},
				Fields:       httpwire.Fields{{Name: "Cookie", Value: "a=b"}, {Name: "user-agent", Value: "test/1"}},
			},
			"GET /p?q HTTP/1.1\r\nHost: [::1]:8080\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
				"Sec-WebSocket-Key: " + rfcKey + "\r\nOrigin: null\r\nSec-WebSocket-Protocol: b, a\r\n" +
				"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: x; y=1; z, x\r\n" +
				"Cookie: a=b\r\nuser-agent: test/1\r\n\r\n",
		},
	}
	for _, test := range tests {
		if request := requestOf(t, &test.offer); request != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.name, request, test.want)
		}
	}
}

// From the text of a URL to the request line and Host.
//
// req: 6455-3-c 6455-4.1-f 6455-4.1-g 6455-11.1.1-a 9110-4.2.4-a 9112-3.2-b 9112-3.2.1-a
func TestAppendRequestForURL(t *testing.T) {
	tests := []struct{ text, start string }{
		{"ws://h", "GET / HTTP/1.1\r\nHost: h\r\n"},
		{"ws://h:80/p?", "GET /p HTTP/1.1\r\nHost: h\r\n"},
		{"wss://h:80/p?q", "GET /p?q HTTP/1.1\r\nHost: h:80\r\n"},
		{"ws://me:secret@h:81/\u00fc", "GET /%C3%BC HTTP/1.1\r\nHost: h:81\r\n"},
		{"ws://[fe80::1%25eth0]/", "GET / HTTP/1.1\r\nHost: [fe80::1]\r\n"},
	}
	for _, test := range tests {
		u, err := ParseURL(test.text)
		if err != nil {
			t.Errorf("ParseURL(%q) fails: %v", test.text, err)
			continue
		}
		request := requestOf(t, &Offer{URL: u, Key: rfcKey})
		if !strings.HasPrefix(request, test.start) || strings.Contains(request, "secret") {
			t.Errorf("for %q got\n%s\nwant it to begin with\n%s", test.text, request, test.start)
		}
	}
}

func TestAppendRequestRefuses(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(o *Offer)
		says  string
	}{
		{"no URL", func(o *Offer) { o.URL = URL{} }, "URL: it is missing in the offer"},
		// req: 6455-4.1-j
		{"no key", func(o *Offer) { o.Key = "" }, "24 characters"},
		{"a key that is none", func(o *Offer) { o.Key = "0123456789" }, "24 characters"},
		// req: 6455-4.1-m
		{"an empty subprotocol", func(o *Offer) { o.Subprotocols = []string{"a", ""} }, "not a token"},
		{"two in one", func(o *Offer) { o.Subprotocols = []string{"a, b"} }, "not a token"},
		{"a subprotocol beyond ASCII", func(o *Offer) { o.Subprotocols = []string{"\u00fc"} }, "not a token"},
		{"a repeated subprotocol", func(o *Offer) { o.Subprotocols = []string{"a", "b", "a"} }, "twice"},
		{"an extension without a name", func(o *Offer) { o.Extensions = []Extension{{}} }, "RFC 6455 §9.1"},
		{"a value that needs quotes", func(o *Offer) {
			o.Extensions = []Extension{{"x", []Param{{"y", "a b", true}}}}
		}, "RFC 6455 §9.1"},
		{"an empty value", func(o *Offer) {
			o.Extensions = []Extension{{"x", []Param{{"y", "", true}}}}
		}, "RFC 6455 §9.1"},
		{"Host by hand", func(o *Offer) { o.Fields = httpwire.Fields{{Name: "host", Value: "h"}} }, "must not be added"},
		{"a key by hand", func(o *Offer) { o.Fields = httpwire.Fields{{Name: "SEC-websocket-key", Value: rfcKey}} }, "must not be added"},
		{"content", func(o *Offer) { o.Fields = httpwire.Fields{{Name: "Content-Length", Value: "1"}} }, "must not be added"},
		{"a line end in a field", func(o *Offer) { o.Fields = httpwire.Fields{{Name: "A", Value: "b\r\nC: d"}} }, ""},
		{"a line end in the origin", func(o *Offer) { o.Origin = "http://h\r\nC: d" }, ""},
		{"a space in the target", func(o *Offer) { o.URL.Resource = "/a b" }, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			offer := rfcOffer()
			test.spoil(offer)
			dst, err := offer.AppendRequest([]byte("before"))
			wantClientError(t, err, test.says)
			if string(dst) != "before" {
				t.Errorf("an error, and still bytes to send: %q", dst)
			}
		})
	}
}

// What the client sends, the server of this package accepts, and the client
// accepts what comes back.
func TestBothSidesAgree(t *testing.T) {
	offer := &Offer{
		URL: URL{Host: "h:8080", Resource: "/p?q"}, Key: rfcKey, Origin: "http://h:8080",
		Subprotocols: []string{"chat", "superchat"},
		Extensions:   []Extension{{"x", []Param{{"y", "1", true}}}, {Name: "z"}},
	}
	policy := &Policy{
		Subprotocols: []string{"superchat"},
		Extensions:   func(offers []Extension) []Extension { return offers[:1] },
	}
	server, err := Accept(parseRequest(t, requestOf(t, offer)), policy)
	if err != nil {
		t.Fatalf("the server refuses what the client sends: %v", err)
	}
	response, err := httpwire.AppendResponse(nil, server.Response(), "", "GET")
	if err != nil {
		t.Fatal(err)
	}
	client, err := offer.Verify(parseResponse(t, string(response)))
	if err != nil {
		t.Fatalf("the client refuses what the server answers: %v", err)
	}
	if client.Accept != server.Accept || client.Subprotocol != "superchat" || server.Subprotocol != "superchat" ||
		joinExtensions(client.Extensions) != "x; y=1" || joinExtensions(server.Extensions) != "x; y=1" {
		t.Errorf("the two do not agree:\nclient %+v\nserver %+v", client, server)
	}
}
