package servers

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"sync"

	"github.com/gorilla/websocket"
)

// messages is a pool of message buffers, so that a waiting connection holds none.
var messages = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// serveGorilla pools the write buffers and the messages, and reads through the buffer of
// net/http.
func serveGorilla(l net.Listener) error {
	upgrader := websocket.Upgrader{
		WriteBufferPool:   new(sync.Pool),
		EnableCompression: true,
		CheckOrigin:       func(*http.Request) bool { return true },
	}
	chat := new(room[*websocket.Conn])
	echo := func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		for gorillaEcho(conn) == nil {
		}
	}
	return serveUpgrades(l, echo, func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
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
	})
}

// gorillaConn is a connection of gorilla/websocket, or of its fork for fasthttp.
type gorillaConn interface {
	NextReader() (kind int, r io.Reader, err error)
	WriteMessage(kind int, p []byte) error
}

func gorillaEcho(conn gorillaConn) error {
	kind, r, err := conn.NextReader()
	if err != nil {
		return err
	}
	buf := messages.Get().(*bytes.Buffer)
	defer messages.Put(buf)
	buf.Reset()
	if _, err := buf.ReadFrom(r); err != nil {
		return err
	}
	return conn.WriteMessage(kind, buf.Bytes())
}
