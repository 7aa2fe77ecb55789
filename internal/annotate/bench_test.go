package annotate

import (
	"testing"

	"barewire/wsframe"
)

// BenchmarkConversation annotates a typical connection: a handshake, chat messages of
// 32 bytes, and larger messages of 1 and 16 KiB, in both directions.
func BenchmarkConversation(b *testing.B) {
	request := client(upgradeRequest + "\n")
	response := server(upgradeResponse + "\n")
	fromClient, fromServer := frames(true), frames(false)
	b.SetBytes(int64(len(request.data) + len(response.data) + len(fromClient) + len(fromServer)))
	b.ReportAllocs()
	for b.Loop() {
		c := New(Options{})
		c.Add(ClientToServer, []byte(request.data))
		c.Add(ServerToClient, []byte(response.data))
		c.Add(ClientToServer, fromClient)
		c.Add(ServerToClient, fromServer)
	}
}

// BenchmarkChat is the worst case: only messages of 32 bytes, each in its own call, as
// with -trace.
func BenchmarkChat(b *testing.B) {
	header := wsframe.Header{Fin: true, Opcode: wsframe.Text, Masked: true, Key: wsframe.Key{1, 2, 3, 4}}
	frame := wsframe.AppendFrame(nil, &header, text(32))
	benchmark(b, Options{Frames: true}, piece{ClientToServer, string(frame)})
}

// BenchmarkLarge is the opposite case: a text and a binary message of 64 KiB each.
func BenchmarkLarge(b *testing.B) {
	header := wsframe.Header{Fin: true, Opcode: wsframe.Text, Masked: true, Key: wsframe.Key{1, 2, 3, 4}}
	data := wsframe.AppendFrame(nil, &header, text(64<<10))
	header.Opcode = wsframe.Binary
	benchmark(b, Options{Frames: true}, piece{ClientToServer, string(wsframe.AppendFrame(data, &header, text(64<<10)))})
}

// BenchmarkHTTP is a request from curl to the article's first program.
func BenchmarkHTTP(b *testing.B) {
	benchmark(b, Options{},
		client("GET / HTTP/1.1\nHost: 127.0.0.1:8080\nUser-Agent: curl/8.14.1\nAccept: */*\n\n"),
		server("HTTP/1.1 200 OK\nDate: Sun, 06 Nov 1994 08:49:37 GMT\nContent-Type: text/plain\nContent-Length: 12\n\nHello World!"))
}

// benchmark adds the pieces to one conversation, again and again.
func benchmark(b *testing.B, options Options, pieces ...piece) {
	c := New(options)
	size := 0
	var data [][]byte
	for _, p := range pieces {
		size += len(p.data)
		data = append(data, []byte(p.data))
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for i, p := range pieces {
			c.Add(p.direction, data[i])
		}
	}
}

// frames returns a hundred frames of one side: sixty short text frames, and forty
// larger text and binary frames.
func frames(masked bool) []byte {
	var data []byte
	for i := range 100 {
		header := wsframe.Header{Fin: true, Opcode: wsframe.Text, Masked: masked, Key: wsframe.Key{1, 2, 3, 4}}
		size := 32
		if i%10 >= 6 {
			size, header.Opcode = 1<<10, wsframe.Binary
		}
		if i%10 == 9 {
			size, header.Opcode = 16<<10, wsframe.Text
		}
		data = wsframe.AppendFrame(data, &header, text(size))
	}
	return data
}

// text returns size bytes of text.
func text(size int) []byte {
	data := make([]byte, size)
	for i := range data {
		data[i] = "and so on "[i%10]
	}
	return data
}
