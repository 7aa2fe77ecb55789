package servers

import (
	"bufio"
	"net"
	"net/http"

	"github.com/lxzan/gws"
)

// serveGws runs gws with its own server, a goroutine per connection, and messages that
// return to its pool.
func serveGws(l net.Listener) error {
	chat := new(gwsChat)
	options := &gws.ServerOption{
		ReadMaxPayloadSize: maxMessage,
		PermessageDeflate:  gws.PermessageDeflate{Enabled: true, Threshold: compressMin},
	}
	echoes, rooms := gws.NewUpgrader(new(gwsEcho), options), gws.NewUpgrader(chat, options)
	server := gws.NewServer(new(gwsEcho), options)
	server.OnError = func(net.Conn, error) {}
	server.OnRequest = func(conn net.Conn, br *bufio.Reader, r *http.Request) {
		upgrader := echoes
		if r.URL.Path == "/chat" {
			upgrader = rooms
		}
		socket, err := upgrader.UpgradeFromConn(conn, br, r)
		if err == nil {
			go socket.ReadLoop() // a new goroutine, without the deep stack of the handshake
		}
	}
	return server.RunListener(l)
}

type gwsEcho struct{ gws.BuiltinEventHandler }

func (*gwsEcho) OnMessage(socket *gws.Conn, message *gws.Message) {
	defer message.Close()
	socket.WriteMessage(message.Opcode, message.Bytes())
}

type gwsChat struct {
	gws.BuiltinEventHandler
	room room[*gws.Conn]
}

func (c *gwsChat) OnOpen(socket *gws.Conn)           { c.room.join(socket) }
func (c *gwsChat) OnClose(socket *gws.Conn, _ error) { c.room.leave(socket) }

func (c *gwsChat) OnMessage(_ *gws.Conn, message *gws.Message) {
	defer message.Close()
	broadcast := gws.NewBroadcaster(message.Opcode, message.Bytes())
	defer broadcast.Close()
	c.room.each(func(socket *gws.Conn) { broadcast.Broadcast(socket) })
}
