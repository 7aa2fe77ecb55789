package server

import (
	"strings"
	"testing"
	"testing/synctest"

	"barewire/wsframe"
)

const closeFrame = "\x88\x82\x01\x02\x03\x04\x02\xea" // 1000, masked with 01020304

// TestUpgrade: the article's second program, with the handshake of RFC 6455 §1.3 and
// frames after it.
//
// req: 6455-4.1-v 9110-3.3-a
func TestUpgrade(t *testing.T) {
	tests := []struct {
		name string // the rule
		in   string
		out  string // the end of the answer
		head []string
	}{
		{
			name: "a frame that came with the request is not lost",
			in:   upgradeRequest("/echo") + frame(wsframe.Text, "Hello") + closeFrame,
			out:  "\r\n\r\n\x81\x05Hello\x88\x02\x03\xe8",
			head: []string{"HTTP/1.1 101 Switching Protocols\r\n", "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"},
		},
		{
			name: "the answers to earlier requests come before the 101", // req: 9110-3.3-a
			in:   "GET / HTTP/1.1\r\nHost: x\r\n\r\n" + upgradeRequest("/echo") + closeFrame,
			out:  "\r\n\r\n\x88\x02\x03\xe8",
			head: []string{"HTTP/1.1 200 OK\r\n", "Hello World!HTTP/1.1 101 Switching Protocols\r\n"},
		},
		{
			name: "a handshake that fails leaves the connection to HTTP",
			in:   strings.Replace(upgradeRequest("/echo"), "Version: 13", "Version: 8", 1) + last,
			out:  "Hello World!",
			head: []string{"HTTP/1.1 426 ", "Sec-WebSocket-Version: 13\r\n"},
		},
		{
			name: "an upgrade in HTTP/1.0 is a plain request",
			in:   strings.Replace(upgradeRequest("/echo"), "HTTP/1.1", "HTTP/1.0", 1),
			out:  "Hello World!",
		},
		{
			name: "an upgrade to an unsupported protocol is a plain request",
			in:   "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade, close\r\n\r\n",
			out:  "Hello World!",
		},
		{
			name: "a resource that has no WebSocket", // req: 6455-4.2.2-d
			in:   upgradeRequest("/nowhere") + last,
			out:  "Hello World!",
			head: []string{"HTTP/1.1 404 "},
		},
		{
			name: "a client that expects a 100 gets it before the 101", // req: 9110-7.8-g
			in:   strings.Replace(upgradeRequest("/echo"), "\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n", 1) + closeFrame,
			out:  "\r\n\r\n\x88\x02\x03\xe8",
			head: []string{"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 101 "},
		},
		{
			name: "a client that expects a 100 gets none before a refusal", // req: 9110-7.8-g
			in:   strings.Replace(upgradeRequest("/nowhere"), "\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n", 1) + last,
			out:  "Hello World!",
			head: []string{"HTTP/1.1 404 "},
		},
		{
			name: "a handshake with a body is refused, and the body is not read as frames",
			in:   strings.Replace(upgradeRequest("/echo"), "\r\n\r\n", "\r\nContent-Length: 11\r\n\r\n", 1) + frame(wsframe.Text, "Hello"),
			head: []string{"HTTP/1.1 400 ", "Connection: close"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := exchangeCut(t, testConfig(), test.in)
			if !strings.HasSuffix(got, test.out) {
				t.Errorf("got %q, which does not end with %q", got, test.out)
			}
			contains(t, "the answer", got, test.head...)
			if strings.Contains(got, "HTTP/1.1 404 ") && strings.Contains(got, " 100 ") {
				t.Errorf("got %q: a refusal after a 100", got)
			}
		})
	}
}

// TestViolationIsLogged: the server logs why it failed a connection.
//
// req: 6455-7.1.7-d
func TestViolationIsLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := new(syncBuffer)
		config := testConfig()
		config.Logger = logTo(log)
		exchange(t, config, upgradeRequest("/echo"), "\x81\x05Hello")
		synctest.Wait()
		contains(t, "the log", log.String(), "websocket failed", "a client must mask every frame", "RFC 6455 §5.1")
	})
}

// TestOriginPolicy: the server accepts its own origin, requests without an origin, and the
// origins of the configuration.
func TestOriginPolicy(t *testing.T) {
	config := testConfig()
	config.Origins = []string{"https://friend.example", "file://"}
	for origin, status := range map[string]string{
		"http://x":               "101",
		"https://friend.example": "101",
		"file://":                "101",
		"file://x":               "403",
		"https://evil.example":   "403",
	} {
		in := strings.Replace(upgradeRequest("/echo"), "\r\n\r\n", "\r\nOrigin: "+origin+"\r\n\r\n", 1)
		got := exchange(t, config, in, last, closeFrame)
		contains(t, "the answer to "+origin, got, "HTTP/1.1 "+status+" ")
	}
}

// TestSubprotocolPolicy: the server chooses the best subprotocol of its configuration that
// the client asked for.
//
// req: 6455-4.2.2-e 6455-4.2.2-f
func TestSubprotocolPolicy(t *testing.T) {
	config := testConfig()
	config.Subprotocols = []string{"mqtt", "chat"}
	for asked, answer := range map[string]string{
		"chat, mqtt":     "Sec-WebSocket-Protocol: mqtt\r\n",
		"Chat, soap":     "\r\n\r\n",
		"soap, x , chat": "Sec-WebSocket-Protocol: chat\r\n",
	} {
		in := strings.Replace(upgradeRequest("/echo"), "\r\n\r\n", "\r\nSec-WebSocket-Protocol: "+asked+"\r\n\r\n", 1)
		got := exchange(t, config, in, closeFrame)
		contains(t, "the answer to "+asked, got, "HTTP/1.1 101 ", answer)
		if strings.Count(got, "-Protocol: ") != strings.Count(answer, "-Protocol: ") {
			t.Errorf("asked for %s, got %q", asked, got)
		}
	}
}
