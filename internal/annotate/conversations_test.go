package annotate

import (
	"bytes"
	"compress/flate"
	"encoding/hex"
	"strings"
	"testing"
)

// piece is some bytes of a conversation that passed at once.
type piece struct {
	direction Direction
	data      string
}

// client and server return pieces of text; every line feed becomes CR LF.
func client(text string) piece { return piece{ClientToServer, strings.ReplaceAll(text, "\n", "\r\n")} }
func server(text string) piece { return piece{ServerToClient, strings.ReplaceAll(text, "\n", "\r\n")} }

// clientHex and serverHex make pieces of hexadecimal text with spaces in it.
func clientHex(text string) piece { return piece{ClientToServer, unhex(text)} }
func serverHex(text string) piece { return piece{ServerToClient, unhex(text)} }

func unhex(text string) string {
	data, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		panic(err)
	}
	return string(data)
}

// The handshake of RFC 6455 §1.2, with and without compression.
const (
	upgradeRequest = "GET /chat HTTP/1.1\nHost: server.example.com\nUpgrade: websocket\nConnection: Upgrade\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nOrigin: http://example.com\n" +
		"Sec-WebSocket-Protocol: chat, superchat\nSec-WebSocket-Version: 13\n"
	upgradeResponse = "HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: Upgrade\n" +
		"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\nSec-WebSocket-Protocol: chat\n"
	offersDeflate = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\n"
	takesDeflate  = "Sec-WebSocket-Extensions: permessage-deflate\n"
)

// explainDigest explains the one message of the application below.
func explainDigest(string, []byte) []Note {
	return []Note{
		{Layer: Application, Field: "1. reply", Value: `"Hello"`, Meaning: "process_message's answer to any message", Section: "FIPS 180-4"},
		{Layer: Application, Field: "2. SHA-1", Value: "f7 ff 9e 8b 7b b2 e0 9b 70 93 5a 5d 78 5e 0c c5 d9 d0 ab f0",
			Meaning: "the digest of that text: this payload", Section: "FIPS 180-4"},
	}
}

// conversations are pieces, in the order in which they passed. testdata has the
// resulting units of each, as text and as JSON.
var conversations = []struct {
	name    string
	options Options
	pieces  []piece
}{
	{"the RFC's handshake and frames", Options{}, []piece{
		client(upgradeRequest + "\n"),
		server(upgradeResponse + "\n"),
		clientHex("81 85 37fa213d 7f9f4d5158"), // "Hello", masked (RFC 6455 §5.7)
		serverHex("01 03 48656c 89 05 48656c6c6f 80 02 6c6f"),
		clientHex("8a 85 37fa213d 7f9f4d5158"),
		serverHex("82 7e 0100" + strings.Repeat("00", 256)),
		clientHex("88 85 00000000 03e8 627965"), // a key of zeros is legal
		serverHex("88 02 03e8"),
	}},
	{"the article's digest", Options{Explain: explainDigest}, []piece{
		client("GET / HTTP/1.1\nHost: a\nUpgrade: websocket\nConnection: keep-alive, Upgrade\n" +
			"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Version: 13\n\n"),
		server(strings.Replace(upgradeResponse, "Sec-WebSocket-Protocol: chat\n", "", 1) + "\n"),
		clientHex("81 82 01020304 696b"), // "hi"
		serverHex("82 14 f7ff9e8b7bb2e09b70935a5d785e0cc5d9d0abf0"),
	}},
	{"compressed messages", Options{}, []piece{
		client(upgradeRequest + offersDeflate + "\n"),
		server(upgradeResponse + takesDeflate + "\n"),
		serverHex("c1 07 f248cdc9c90700"),                         // "Hello" (RFC 7692 §7.2.3.1)
		serverHex("41 03 f20011 89 00 80 02 0000"),                // again, over the window, in fragments
		clientHex("c1 87 00000000 f248cdc9c90700 81 80 00000000"), // masked; then an empty text
	}},
	{"requests in a pipeline", Options{}, []piece{
		client("GET / HTTP/1.1\nHost: a\n\nHEAD /x?y=z HTTP/1.1\nHost: a\n\n\nPOST http://a:80/b?c HTTP/1.1\nHost: a\n" +
			"Expect: 100-continue\nContent-Length: 5\n\nhello"),
		server("HTTP/1.1 200 OK\nDate: Sun, 06 Nov 1994 08:49:37 GMT\nContent-Type: text/plain\nContent-Length: 12\n\nHello World!" +
			"HTTP/1.1 200 OK\nContent-Length: 12\n\nHTTP/1.1 100 Continue\n\nHTTP/1.1 204 No Content\n\n"),
	}},
	{"chunks", Options{}, []piece{
		client("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n5;name=value\nhello\n1\n\x00\n0\nDigest: x\nA:\t\n\n" +
			"GET / HTTP/1.0\n\n"),
		server("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nabc\n0\n\nHTTP/1.0 404 \n\nuntil the end"),
	}},
	{"a folded line, which only a response may have", Options{}, []piece{
		server("HTTP/1.1 200\nA: b\n  c\nContent-Length: 0\n\nHTTP/1.1 304 Not Modified\nContent-Length: 9\n\n"),
	}},
	{"a refused upgrade", Options{}, []piece{
		client(upgradeRequest + "\n" + "GET /2 HTTP/1.1\nHost: a\n\n"),
		server("HTTP/1.1 403 Forbidden\nContent-Length: 0\n\nHTTP/1.1 200 OK\nContent-Length: 0\n\n"),
	}},
	{"a wrong accept key", Options{}, []piece{
		client(upgradeRequest + "\n"),
		server(strings.Replace(upgradeResponse, "s3pP", "s3pp", 1) + "\n"),
		serverHex("81 01 41"),
	}},
	{"only the server's half", Options{Alone: true}, []piece{
		server(upgradeResponse + takesDeflate + "\n"),
		serverHex("c1 07 f248cdc9c90700"),
	}},
	{"only the client's half", Options{Alone: true}, []piece{
		client(upgradeRequest + offersDeflate + "\n"),
		clientHex("c1 87 00000000 f248cdc9c90700"),
	}},
	{"frames from the start", Options{Frames: true}, []piece{
		clientHex("81 85 37fa213d 7f9f4d5158"),
		serverHex("81 05 48656c6c6f"),
	}},
	{"invalid text, and broken rules in frames", Options{Frames: true}, []piece{
		clientHex("81 84 00000000 41 42 c0 80 01 81 00000000 ce 80 80 00000000"),
		clientHex("88 83 00000000 03ed 41 81 81 00000000 41"), // 1005, and a frame after Close
		serverHex("91 02 4142 ffff"),                          // RSV3, and bytes that are not read
	}},
	{"ends in the middle", Options{Frames: true}, []piece{
		clientHex("82 fe 01"),
		serverHex("81 05 4865"),
	}},
	{"not HTTP", Options{}, []piece{
		clientHex("16 0301 00a5 01 00"),
		server("SSH-2.0-x\n"),
	}},
	{"empty lines, and then no token", Options{}, []piece{
		client("\n\n"), clientHex("82 00"),
	}},
	{"a broken header line", Options{}, []piece{
		client("GET / HTTP/1.1\nHost: a\nContent-Length : 5\nX: y\n\nhello"),
		server("HTTP/1.1 400 Bad Request\nContent-Length: 2\n\nhi"),
	}},
}

// unitsFor returns the units of a conversation whose pieces are first split by cut.
func unitsFor(options Options, pieces []piece, cut func(data string) []string) []Unit {
	c := New(options)
	var units []Unit
	for _, p := range pieces {
		for _, part := range cut(p.data) {
			data := []byte(part)
			units = append(units, c.Add(p.direction, data)...)
			clear(data) // Add must not keep them
		}
	}
	return append(units, c.Finish()...)
}

func whole(data string) []string { return []string{data} }

func singly(data string) []string {
	parts := make([]string, len(data))
	for i := range parts {
		parts[i] = data[i : i+1]
	}
	return parts
}

// zeros returns n zeros, compressed as the payload of one message.
func zeros(t testing.TB, n int) []byte {
	var compressed bytes.Buffer
	w, err := flate.NewWriter(&compressed, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(make([]byte, n))
	w.Flush()
	return bytes.TrimSuffix(compressed.Bytes(), []byte{0, 0, 0xff, 0xff})
}
