package app

import (
	"barewire/digest"
	"barewire/internal/wsconn"
	"barewire/wsframe"
)

// digester connects the article's program, package digest, to one connection.
type digester struct {
	wsconn.NopHandler
	program digest.Server
}

// OnOpen gives the program its out.
func (d *digester) OnOpen(out *wsconn.Conn) error {
	d.program.Out = binary{out}
	d.program.OnOpen()
	return nil
}

// OnMessage hands the message to the program, which replies through its out.
func (d *digester) OnMessage(_ *wsconn.Conn, message wsconn.Message) error {
	return d.program.OnMessage(message.Payload)
}

// binary is the program's out: it replies with binary messages.
type binary struct{ *wsconn.Conn }

func (out binary) ReplyBinary(payload []byte) error { return out.Reply(wsframe.Binary, payload) }

// echo sends every message back.
type echo struct{ wsconn.NopHandler }

func (echo) OnMessage(out *wsconn.Conn, message wsconn.Message) error {
	return out.Echo(message)
}

// member is a connection in the chat room: each text message goes to everyone
// connected, its sender included.
type member struct {
	wsconn.NopHandler
	room *wsconn.Room
}

func (m member) OnOpen(out *wsconn.Conn) error {
	m.room.Join(out)
	return nil
}

func (m member) OnMessage(out *wsconn.Conn, message wsconn.Message) error {
	if message.Opcode != wsframe.Text {
		return out.Close(wsframe.UnsupportedData, "this chat room accepts text only") // req: 6455-7.4.1-d
	}
	return m.room.Send(message.Opcode, message.Payload)
}

func (m member) OnClose(out *wsconn.Conn, _ wsframe.CloseCode, _ string) {
	m.room.Leave(out)
}
