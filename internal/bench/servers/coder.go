package servers

import (
	"bytes"
	"context"
	"net"
	"net/http"

	"github.com/coder/websocket"
)

// serveCoder runs coder/websocket with pooled messages.
func serveCoder(l net.Listener) error {
	options := &websocket.AcceptOptions{
		InsecureSkipVerify:   true,
		CompressionMode:      websocket.CompressionNoContextTakeover,
		CompressionThreshold: compressMin,
	}
	accept := func(w http.ResponseWriter, r *http.Request) *websocket.Conn {
		conn, err := websocket.Accept(w, r, options)
		if err != nil {
			return nil
		}
		conn.SetReadLimit(maxMessage)
		return conn
	}
	chat := new(room[*websocket.Conn])
	echo := func(w http.ResponseWriter, r *http.Request) {
		conn := accept(w, r)
		if conn == nil {
			return
		}
		defer conn.CloseNow()
		for coderEcho(conn) == nil {
		}
	}
	return serveUpgrades(l, echo, func(w http.ResponseWriter, r *http.Request) {
		conn := accept(w, r)
		if conn == nil {
			return
		}
		defer conn.CloseNow()
		chat.join(conn)
		defer chat.leave(conn)
		for {
			kind, p, err := conn.Read(context.Background())
			if err != nil {
				return
			}
			chat.each(func(c *websocket.Conn) { c.Write(context.Background(), kind, p) })
		}
	})
}

func coderEcho(conn *websocket.Conn) error {
	kind, r, err := conn.Reader(context.Background())
	if err != nil {
		return err
	}
	buf := messages.Get().(*bytes.Buffer)
	defer messages.Put(buf)
	buf.Reset()
	if _, err := buf.ReadFrom(r); err != nil {
		return err
	}
	return conn.Write(context.Background(), kind, buf.Bytes())
}
