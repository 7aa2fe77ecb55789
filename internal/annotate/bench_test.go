package annotate

import (
	"testing"

	"barewire/wsframe"
)

// BenchmarkConversation reads along a connection as they are: a handshake, chat
// messages of 32 octets, larger ones of 1 and 16 KiB, each way.
func BenchmarkConversation(b *testing.B) {
	request := client(upgradeRequest + "\n")
	response := server(upgradeResponse + "\n")
	fromClient, fromServer := frames(true), frames(false)
	b.SetBytes(int64(len(request.octets) + len(response.octets) + len(fromClient) + len(fromServer)))
	b.ReportAllocs()
	for b.Loop() {
		c := New(Options{})
		c.Add(ClientToServer, []byte(request.octets))
		c.Add(ServerToClient, []byte(response.octets))
		c.Add(ClientToServer, fromClient)
		c.Add(ServerToClient, fromServer)
	}
}

// BenchmarkChat is the worst of it: nothing but messages of 32 octets, each in a
// call of its own, as -trace sees them.
func BenchmarkChat(b *testing.B) {
	header := wsframe.Header{Fin: true, Opcode: wsframe.Text, Masked: true, Key: wsframe.Key{1, 2, 3, 4}}
	frame := wsframe.AppendFrame(nil, &header, text(32))
	benchmark(b, Options{Frames: true}, piece{ClientToServer, string(frame)})
}

// BenchmarkLarge is the other end: a text and a binary message of 64 KiB each.
func BenchmarkLarge(b *testing.B) {
	header := wsframe.Header{Fin: true, Opcode: wsframe.Text, Masked: true, Key: wsframe.Key{1, 2, 3, 4}}
	octets := wsframe.AppendFrame(nil, &header, text(64<<10))
	header.Opcode = wsframe.Binary
	benchmark(b, Options{Frames: true}, piece{ClientToServer, string(wsframe.AppendFrame(octets, &header, text(64<<10)))})
}

// BenchmarkHTTP is curl and the article's first program.
func BenchmarkHTTP(b *testing.B) {
	benchmark(b, Options{},
		client("GET / HTTP/1.1\nHost: 127.0.0.1:8080\nUser-Agent: curl/8.14.1\nAccept: */*\n\n"),
		server("HTTP/1.1 200 OK\nDate: Sun, 06 Nov 1994 08:49:37 GMT\nContent-Type: text/plain\nContent-Length: 12\n\nHello World!"))
}

// benchmark tells the pieces to one conversation, over and over.
func benchmark(b *testing.B, options Options, pieces ...piece) {
	c := New(options)
	size := 0
	var octets [][]byte
	for _, p := range pieces {
		size += len(p.octets)
		octets = append(octets, []byte(p.octets))
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for i, p := range pieces {
			c.Add(p.direction, octets[i])
		}
	}
}

// frames returns a hundred frames of one side: sixty small ones of text, and
// larger ones of either type.
func frames(masked bool) []byte {
	var octets []byte
	for i := range 100 {
		header := wsframe.Header{Fin: true, Opcode: wsframe.Text, Masked: masked, Key: wsframe.Key{1, 2, 3, 4}}
		size := 32
		if i%10 >= 6 {
			size, header.Opcode = 1<<10, wsframe.Binary
		}
		if i%10 == 9 {
			size, header.Opcode = 16<<10, wsframe.Text
		}
		octets = wsframe.AppendFrame(octets, &header, text(size))
	}
	return octets
}

// text returns size octets of text.
func text(size int) []byte {
	octets := make([]byte, size)
	for i := range octets {
		octets[i] = "and so on "[i%10]
	}
	return octets
}
