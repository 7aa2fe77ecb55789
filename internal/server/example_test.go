package server_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"barewire/httpwire"
	"barewire/internal/server"
	"barewire/internal/wsconn"
)

// hello is a small App: every page is a greeting, every WebSocket an echo.
type hello struct{ wsconn.NopHandler }

func (hello) Page(*httpwire.Request) (*httpwire.Response, *httpwire.Error) {
	return &httpwire.Response{
		Status:  200,
		Fields:  httpwire.Fields{{Name: "Content-Type", Value: "text/plain"}},
		Content: []byte("Hello World!"),
	}, nil
}

func (h hello) Upgrade(*httpwire.Request) (wsconn.Handler, *httpwire.Error) { return h, nil }

func (hello) OnMessage(out *wsconn.Conn, message wsconn.Message) error { return out.Echo(message) }

// talk sends bytes to a server over a pipe, and returns everything that the server sends.
func talk(in string) string {
	config := server.DefaultConfig()
	config.App = hello{}
	config.Clock = func() time.Time { return time.Date(1994, time.November, 6, 8, 49, 37, 0, time.UTC) }
	client, far := net.Pipe()
	go server.New(config).ServeConn(far)
	go client.Write([]byte(in))
	answer, _ := io.ReadAll(client)
	return string(answer)
}

// The article's first program: bytes in, bytes out. The clock stands still, so the Date is
// always the same.
func ExampleServer_ServeConn() {
	answer := talk("GET / HTTP/1.1\r\n" +
		"Host: localhost\r\n" +
		"Connection: close\r\n" +
		"\r\n")
	fmt.Println(strings.ReplaceAll(answer, "\r\n", " CRLF\n"))
	// Output:
	// HTTP/1.1 200 OK CRLF
	// Date: Sun, 06 Nov 1994 08:49:37 GMT CRLF
	// Content-Type: text/plain CRLF
	// Connection: close CRLF
	// Content-Length: 12 CRLF
	//  CRLF
	// Hello World!
}

// The article's second program on the same port. The bytes after the empty line of the
// request are frames: here a message and a Close frame, both masked. The server answers
// each of them.
func ExampleServer_ServeConn_webSocket() {
	answer := talk("GET /echo HTTP/1.1\r\n" +
		"Host: localhost\r\n" +
		"Upgrade: websocket\r\n" +
		"Connection: Upgrade\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
		"Sec-WebSocket-Version: 13\r\n" +
		"\r\n" +
		"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58" + // Text, "Hello"
		"\x88\x82\x37\xfa\x21\x3d\x34\x12") // Close, 1000
	head, frames, _ := strings.Cut(answer, "\r\n\r\n")
	fmt.Println(strings.ReplaceAll(head, "\r\n", " CRLF\n"))
	fmt.Printf("% x\n", frames)
	// Output:
	// HTTP/1.1 101 Switching Protocols CRLF
	// Date: Sun, 06 Nov 1994 08:49:37 GMT CRLF
	// Upgrade: websocket CRLF
	// Connection: Upgrade CRLF
	// Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
	// 81 05 48 65 6c 6c 6f 88 02 03 e8
}

// Two heads that a proxy or another server could read differently. The answer names the
// broken rule. Then the server closes the connection, because nobody knows where the next
// request would begin.
func ExampleServer_ServeConn_refused() {
	for _, head := range []string{
		"GET / HTTP/1.1\nHost: localhost\n\n",
		"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
	} {
		_, content, _ := strings.Cut(talk(head), "\r\n\r\n")
		fmt.Print(content)
	}
	// Output:
	// 400 Bad Request: line end: a line must end in CR LF, not in LF alone (typing by hand? nc -C sends CR LF) (RFC 9112 §2.2)
	// 400 Bad Request: Transfer-Encoding: the request also has Content-Length, so its end is ambiguous (RFC 9112 §6.3)
}
