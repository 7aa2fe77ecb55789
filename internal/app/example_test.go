package app_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"barewire/internal/app"
	"barewire/internal/server"
)

// Both of the article's programs on one connection: a request, and then a WebSocket
// whose one message is answered with the digest of Hello.
func Example() {
	config := server.DefaultConfig()
	config.App = new(app.App)
	config.Clock = func() time.Time { return time.Date(1994, time.November, 6, 8, 49, 37, 0, time.UTC) }
	client, far := net.Pipe()
	go server.New(config).ServeConn(far)
	go io.WriteString(client, "GET / HTTP/1.1\r\n"+
		"Host: localhost\r\n"+
		"\r\n"+
		"GET / HTTP/1.1\r\n"+
		"Host: localhost\r\n"+
		"Upgrade: websocket\r\n"+
		"Connection: Upgrade\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"+
		"Sec-WebSocket-Version: 13\r\n"+
		"\r\n"+
		"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"+ // Text, "Hello"
		"\x88\x82\x37\xfa\x21\x3d\x34\x12") // Close, 1000
	answer, _ := io.ReadAll(client)

	hello, rest, _ := strings.Cut(string(answer), "HTTP/1.1 101")
	_, frames, _ := strings.Cut(rest, "\r\n\r\n")
	fmt.Println(strings.ReplaceAll(hello, "\r\n", " CRLF\n"))
	fmt.Printf("%x\n%x\n", frames[:22], frames[22:]) // Binary, 20 bytes; Close, 1000
	// Output:
	// HTTP/1.1 200 OK CRLF
	// Date: Sun, 06 Nov 1994 08:49:37 GMT CRLF
	// Content-Type: text/plain CRLF
	// Content-Length: 12 CRLF
	//  CRLF
	// Hello World!
	// 8214f7ff9e8b7bb2e09b70935a5d785e0cc5d9d0abf0
	// 880203e8
}
