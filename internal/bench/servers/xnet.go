package servers

import (
	"net"

	"golang.org/x/net/websocket"
)

// xnetMessage keeps a message's type, which the package's own codecs lose.
type xnetMessage struct {
	kind byte
	data []byte
}

var xnetCodec = websocket.Codec{
	Marshal: func(v any) ([]byte, byte, error) {
		m := v.(*xnetMessage)
		return m.data, m.kind, nil
	},
	Unmarshal: func(data []byte, kind byte, v any) error {
		*v.(*xnetMessage) = xnetMessage{kind, data}
		return nil
	},
}

func serveXNet(l net.Listener) error {
	chat := new(room[*websocket.Conn])
	echo := websocket.Server{Handler: func(conn *websocket.Conn) {
		defer conn.Close() // sends the Close frame
		var m xnetMessage
		for xnetCodec.Receive(conn, &m) == nil && xnetCodec.Send(conn, &m) == nil {
		}
	}}
	rooms := websocket.Server{Handler: func(conn *websocket.Conn) {
		defer conn.Close()
		chat.join(conn)
		defer chat.leave(conn)
		var m xnetMessage
		for xnetCodec.Receive(conn, &m) == nil {
			chat.each(func(c *websocket.Conn) { xnetCodec.Send(c, &m) })
		}
	}}
	return serveUpgrades(l, echo.ServeHTTP, rooms.ServeHTTP)
}
