// Package load is the load generator: one thread, non-blocking sockets, requests that are
// built in advance, and a check of every byte that comes back.
package load

import (
	"bytes"
	"fmt"
	"strings"
)

// Kind is the way a scenario is run.
type Kind int

// The kinds of scenarios.
const (
	Exchange  Kind = iota // each connection sends a batch, waits for the answers, sends the next
	Broadcast             // one connection sends, and all wait for the message
	OpenClose             // connect, handshake, closing handshake, again and again
	Idle                  // the memory of connections at rest
)

// Scenario is one line of the table.
type Scenario struct {
	Name  string
	Title string
	Kind  Kind
	Conns int
	Batch int // requests or messages in flight on one connection

	Path      string // the path of the WebSocket; empty for HTTP
	Fields    string // HTTP: the field lines of a request after Host
	Text      bool
	Message   []byte
	Fragments int // 0 for none
	Deflate   bool
	UsedOnly  bool // Idle: measure only after the message, in half the time
}

// WebSocket reports whether the scenario uses WebSocket instead of HTTP.
func (s Scenario) WebSocket() bool { return s.Path != "" }

// Scenarios returns the lines of the table.
func Scenarios() []Scenario {
	small, mid := pattern(64), pattern(128)
	return []Scenario{
		{Name: "http", Title: "HTTP, one at a time", Conns: 64, Batch: 1},
		{Name: "http-16", Title: "HTTP, 16 pipelined", Conns: 64, Batch: 16},
		{Name: "head", Title: "HTTP, a browser's head", Conns: 64, Batch: 1, Fields: browserFields},
		{Name: "head-16", Title: "HTTP, a browser's head, 16 pipelined", Conns: 64, Batch: 16, Fields: browserFields},
		{Name: "echo-64", Title: "echo, 64 bytes", Path: "/echo", Conns: 64, Batch: 1, Message: small},
		{Name: "echo-32x128", Title: "echo, 128 bytes, 32 in flight", Path: "/echo", Conns: 16, Batch: 32, Message: mid},
		{Name: "echo-64k", Title: "echo, 64 KiB", Path: "/echo", Conns: 8, Batch: 1, Message: pattern(64 << 10)},
		{Name: "text-64k", Title: "echo, 64 KiB of mixed text", Path: "/echo", Conns: 8, Batch: 1, Text: true, Message: mixedText(64 << 10)},
		{Name: "echo-1m", Title: "echo, 1 MiB", Path: "/echo", Conns: 4, Batch: 1, Message: pattern(1 << 20)},
		{Name: "fragments", Title: "echo, 1 KiB in 16 fragments", Path: "/echo", Conns: 16, Batch: 1, Fragments: 16, Message: pattern(1 << 10)},
		{Name: "open", Title: "open and close", Kind: OpenClose, Path: "/echo", Conns: 16, Batch: 1},
		{Name: "deflate", Title: "echo, 1 KiB of text, compressed", Path: "/echo", Conns: 16, Batch: 1, Text: true, Deflate: true, Message: jsonText(1 << 10)},
		{Name: "broadcast", Title: "broadcast to 1,000", Kind: Broadcast, Path: "/chat", Conns: 1000, Batch: 1, Text: true, Message: []byte(strings.Repeat("all of you ", 6)[:64])},
		{Name: "idle", Title: "memory of an idle connection", Kind: Idle, Path: "/echo", Conns: 10000, Batch: 1, Message: pattern(1 << 10)},
	}
}

// browserFields bring a request's head to about 500 bytes.
const browserFields = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n" +
	"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n" +
	"Accept-Language: en-US,en;q=0.5\r\n" +
	"Accept-Encoding: gzip, deflate, br, zstd\r\n" +
	"Connection: keep-alive\r\n" +
	"Upgrade-Insecure-Requests: 1\r\n" +
	"Sec-Fetch-Dest: document\r\n" +
	"Sec-Fetch-Mode: navigate\r\n" +
	"Sec-Fetch-Site: none\r\n" +
	"Sec-Fetch-User: ?1\r\n" +
	"Priority: u=0, i\r\n" +
	"Cookie: session=8a1f0c52d4e94b1f; theme=dark; consent=1\r\n"

// requests returns the bytes that one connection sends for a batch.
func (s Scenario) requests() ([]byte, error) {
	if !s.WebSocket() {
		return bytes.Repeat([]byte("GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"+s.Fields+"\r\n"), s.Batch), nil
	}
	message, err := maskedMessage(s)
	return bytes.Repeat(message, s.Batch), err
}

// pattern returns n binary bytes that do not repeat at a power of two.
func pattern(n int) []byte {
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(i*131 + i>>8)
	}
	return p
}

// mixedText returns n bytes of UTF-8, with characters of one to four bytes.
func mixedText(n int) []byte {
	const words = "A plain sentence first. Grüße aus Köln, déjà vu; Привет, мир! 你好，世界。 🙂 and so on, "
	p := []byte(strings.Repeat(words, n/len(words)+1))[:n]
	for i := n - 4; i < n; i++ {
		p[i] = '.'
	}
	return bytes.ToValidUTF8(append(p[:n-8], "........"...), []byte("..."))[:n]
}

// jsonText returns n bytes of JSON, as an application might send them.
func jsonText(n int) []byte {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, `{"id":%d,"user":"u%d","price":%d.%02d,"tags":["a","bb"],"ok":true},`, i*7919, i*31, i*13, i%100)
	}
	return []byte(b.String()[:n])
}
