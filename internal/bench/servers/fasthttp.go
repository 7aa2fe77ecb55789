package servers

import (
	"net"
	"sync"

	"github.com/fasthttp/websocket"
	"github.com/valyala/fasthttp"
)

// serveFastHTTP runs fasthttp, with the fork of gorilla/websocket that upgrades its
// connections.
func serveFastHTTP(l net.Listener) error {
	upgrader := websocket.FastHTTPUpgrader{
		WriteBufferPool:   new(sync.Pool),
		EnableCompression: true,
		CheckOrigin:       func(*fasthttp.RequestCtx) bool { return true },
	}
	chat := new(room[*websocket.Conn])
	server := fasthttp.Server{Handler: func(ctx *fasthttp.RequestCtx) {
		switch string(ctx.Path()) {
		case "/echo":
			upgrader.Upgrade(ctx, func(conn *websocket.Conn) {
				for gorillaEcho(conn) == nil {
				}
			})
		case "/chat":
			upgrader.Upgrade(ctx, func(conn *websocket.Conn) { fastChat(conn, chat) })
		default:
			ctx.SetContentType("text/plain")
			ctx.SetBodyString(hello)
		}
	}}
	return server.Serve(l)
}

func fastChat(conn *websocket.Conn, chat *room[*websocket.Conn]) {
	chat.join(conn)
	defer chat.leave(conn)
	for {
		kind, p, err := conn.ReadMessage()
		if err != nil {
			return
		}
		message, err := websocket.NewPreparedMessage(kind, p)
		if err != nil {
			return
		}
		chat.each(func(c *websocket.Conn) { c.WritePreparedMessage(message) })
	}
}
