package wsstream_test

import (
	"fmt"
	"io"
	"net"

	"barewire/internal/bufconn"
	"barewire/internal/wsconn"
	"barewire/internal/wsstream"
	"barewire/wsframe"
)

// Two messages of the peer are one stream for the reader, and a Write is a binary
// frame on the wire.
func ExampleStream() {
	client, far := net.Pipe()
	stream := wsstream.New(wsconn.New(bufconn.New(far), wsconn.Config{Role: wsframe.Server}))
	go func() {
		client.Write(fromClient(wsframe.Binary, "GET "))
		client.Write(fromClient(wsframe.Binary, "/\r\n"))
	}()
	request := make([]byte, 7)
	io.ReadFull(stream, request)
	fmt.Printf("%q\n", request)

	stream.Write([]byte("Hello"))
	stream.CloseWrite()
	frames := make([]byte, 7+4)
	io.ReadFull(client, frames)
	fmt.Printf("% x\n% x\n", frames[:7], frames[7:])
	// Output:
	// "GET /\r\n"
	// 82 05 48 65 6c 6c 6f
	// 88 02 03 e8
}
