package wsconn_test

import (
	"fmt"
	"io"
	"net"

	"barewire/internal/bufconn"
	"barewire/internal/wsconn"
	"barewire/wsframe"
)

// greeter is a handler as the article has it: OnMessage answers through out.
type greeter struct{ wsconn.NopHandler }

func (greeter) OnMessage(out *wsconn.Conn, message wsconn.Message) error {
	return out.Reply(wsframe.Text, append([]byte("Hello, "), message.Payload...))
}

func (greeter) OnClose(_ *wsconn.Conn, code wsframe.CloseCode, reason string) {
	fmt.Printf("closed: %d %v %q\n", code, code, reason)
}

// key is the masking key of RFC 6455's examples.
var key = wsframe.Key{0x37, 0xfa, 0x21, 0x3d}

// masked returns a frame as a client sends it.
func masked(opcode wsframe.Opcode, payload string) []byte {
	return wsframe.AppendFrame(nil, &wsframe.Header{Fin: true, Opcode: opcode, Masked: true, Key: key}, []byte(payload))
}

// A conversation, byte by byte: a message, a Ping, the closing handshake. The
// handler sees the message and the end; the connection itself sends the Pong.
func ExampleConn_Serve() {
	client, far := net.Pipe()
	go func() {
		for _, frame := range [][]byte{
			masked(wsframe.Text, "Ann"), masked(wsframe.Ping, "?"), masked(wsframe.Close, "\x03\xe8bye"),
		} {
			client.Write(frame)
		}
	}()
	conn := wsconn.New(bufconn.New(far), wsconn.Config{})
	served := make(chan error)
	go func() { served <- conn.Serve(greeter{}) }()

	wire, _ := io.ReadAll(client)
	fmt.Println(<-served)
	fmt.Printf("% x\n% x\n% x\n", wire[:12], wire[12:15], wire[15:])
	// Output:
	// closed: 1000 normal closure "bye"
	// connection closed with 1000 (normal closure) "bye"
	// 81 0a 48 65 6c 6c 6f 2c 20 41 6e 6e
	// 8a 01 3f
	// 88 02 03 e8
}

// A frame that breaks a rule never reaches the handler's OnMessage. The peer gets a
// Close frame, whose reason names the section.
func ExampleConn_ReadMessage() {
	client, far := net.Pipe()
	go client.Write([]byte("\x81\x05Hello")) // from a client, and not masked
	conn := wsconn.New(bufconn.New(far), wsconn.Config{})
	failed := make(chan error)
	go func() { _, err := conn.ReadMessage(); failed <- err }()

	wire, _ := io.ReadAll(client)
	fmt.Printf("% x %q\n", wire[:4], wire[4:])
	fmt.Println(<-failed)
	// Output:
	// 88 30 03 ea "RFC 6455 §5.1: a client must mask every frame"
	// connection closed with 1006 (abnormal closure): close 1002 (protocol error): mask bit: a client must mask every frame (RFC 6455 §5.1)
}

// One message for everyone connected: it is framed once.
func ExampleRoom() {
	var room wsconn.Room
	var clients []net.Conn
	for range 2 {
		client, far := net.Pipe()
		conn := wsconn.New(bufconn.New(far), wsconn.Config{})
		room.Join(conn)
		clients = append(clients, client)
	}
	room.Send(wsframe.Text, []byte("Hello"))

	for i, client := range clients {
		frame := make([]byte, 7)
		io.ReadFull(client, frame)
		fmt.Printf("to %d of %d: % x\n", i+1, room.Size(), frame)
	}
	// Output:
	// to 1 of 2: 81 05 48 65 6c 6c 6f
	// to 2 of 2: 81 05 48 65 6c 6c 6f
}
