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

// BenchmarkChat is the worst of it: nothing but messages of 32 octets.
func BenchmarkChat(b *testing.B) {
	header := wsframe.Header{Fin: true, Opcode: wsframe.Text, Masked: true, Key: wsframe.Key{1, 2, 3, 4}}
	frame := wsframe.AppendFrame(nil, &header, text(32))
	c := New(Options{Frames: true})
	b.SetBytes(int64(len(frame)))
	b.ReportAllocs()
	for b.Loop() {
		c.Add(ClientToServer, frame)
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
