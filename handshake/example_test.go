package handshake_test

import (
	"fmt"
	"strings"

	"barewire/handshake"
	"barewire/httpwire"
)

// The server's side of RFC 6455 §1.2: bytes in, bytes out.
func ExampleAccept() {
	received := "GET /chat HTTP/1.1\r\n" +
		"Host: server.example.com\r\n" +
		"Upgrade: websocket\r\n" +
		"Connection: Upgrade\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
		"Origin: http://example.com\r\n" +
		"Sec-WebSocket-Protocol: chat, superchat\r\n" +
		"Sec-WebSocket-Version: 13\r\n" +
		"\r\n"
	limits := httpwire.DefaultLimits()
	var request httpwire.Request
	if _, err := httpwire.ParseRequest(&request, []byte(received), &limits); err != nil {
		fmt.Println(err)
		return
	}

	// tour 0.2: a request for a WebSocket, which the server checks step by step (RFC 6455 §4.2.1)
	agreement, err := handshake.Accept(&request, &handshake.Policy{
		Origins:      []string{"http://example.com"},
		Subprotocols: []string{"chat"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	sent, _ := httpwire.AppendResponse(nil, agreement.Response(), "", "GET")
	fmt.Print(strings.ReplaceAll(string(sent), "\r\n", " CRLF\n"))
	// Output:
	// HTTP/1.1 101 Switching Protocols CRLF
	// Upgrade: websocket CRLF
	// Connection: Upgrade CRLF
	// Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo= CRLF
	// Sec-WebSocket-Protocol: chat CRLF
	//  CRLF
}

// A page of another site: the refusal tells its operator what to do, if the
// page is welcome.
func ExampleAccept_foreignOrigin() {
	received := "GET / HTTP/1.1\r\nHost: localhost:8080\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
		"Origin: https://example.com\r\n\r\n"
	limits := httpwire.DefaultLimits()
	var request httpwire.Request
	if _, err := httpwire.ParseRequest(&request, []byte(received), &limits); err != nil {
		fmt.Println(err)
		return
	}
	_, err := handshake.Accept(&request, &handshake.Policy{})
	refusal := err.(*httpwire.Error)
	fmt.Println(refusal.Status, refusal.Section)
	fmt.Println(refusal.Rule)
	// Output:
	// 403 RFC 6455 §10.2
	// the page is from "https://example.com" and not from this server, "http://localhost:8080"; to accept it, start the server with -origin https://example.com
}

// The client's side of RFC 6455 §1.2. A real client takes its key from NewKey.
func ExampleOffer() {
	u, err := handshake.ParseURL("ws://server.example.com/chat")
	if err != nil {
		fmt.Println(err)
		return
	}
	offer := handshake.Offer{
		URL:          u,
		Key:          "dGhlIHNhbXBsZSBub25jZQ==",
		Origin:       "http://example.com",
		Subprotocols: []string{"chat", "superchat"},
	}
	sent, err := offer.AppendRequest(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(strings.ReplaceAll(string(sent), "\r\n", " CRLF\n"))

	received := "HTTP/1.1 101 Switching Protocols\r\n" +
		"Upgrade: websocket\r\n" +
		"Connection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" +
		"Sec-WebSocket-Protocol: chat\r\n" +
		"\r\n"
	limits := httpwire.DefaultLimits()
	var response httpwire.Response
	if _, err := httpwire.ParseResponse(&response, []byte(received), "GET", &limits); err != nil {
		fmt.Println(err)
		return
	}
	agreement, err := offer.Verify(&response)
	fmt.Println("agreed on", agreement.Subprotocol, err)
	// Output:
	// GET /chat HTTP/1.1 CRLF
	// Host: server.example.com CRLF
	// Upgrade: websocket CRLF
	// Connection: Upgrade CRLF
	// Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ== CRLF
	// Origin: http://example.com CRLF
	// Sec-WebSocket-Protocol: chat, superchat CRLF
	// Sec-WebSocket-Version: 13 CRLF
	// User-Agent: barewire CRLF
	//  CRLF
	// agreed on chat <nil>
}
