package servers

import (
	"bufio"
	"io"
	"net"

	"github.com/gobwas/ws"
)

// serveGobwas upgrades the raw connection, reads frames through a buffer, joins fragments,
// and flushes its answers when no more input is buffered. The library leaves all this to
// its users.
func serveGobwas(l net.Listener) error {
	chat := new(room[net.Conn])
	for {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer conn.Close()
			c := gobwasConn{Conn: conn, room: chat}
			upgrader := ws.Upgrader{OnRequest: func(uri []byte) error {
				c.chat = string(uri) == "/chat"
				return nil
			}}
			if _, err := upgrader.Upgrade(conn); err != nil {
				return
			}
			c.serve()
		}()
	}
}

type gobwasConn struct {
	net.Conn
	room    *room[net.Conn]
	chat    bool
	r       *bufio.Reader
	w       *bufio.Writer
	state   ws.State
	kind    ws.OpCode
	message []byte
}

func (c *gobwasConn) serve() {
	c.r, c.w = bufio.NewReader(c.Conn), bufio.NewWriter(c.Conn)
	if c.chat {
		c.room.join(c.Conn)
		defer c.room.leave(c.Conn)
	}
	for c.frame() == nil {
		if c.r.Buffered() == 0 && c.w.Flush() != nil {
			return
		}
	}
}

// frame handles one frame. It returns an error when the conversation is over.
func (c *gobwasConn) frame() error {
	h, err := ws.ReadHeader(c.r)
	if err != nil {
		return err
	}
	if err := ws.CheckHeader(h, c.state|ws.StateServerSide); err != nil {
		return err
	}
	if h.Length > int64(maxMessage-len(c.message)) {
		return ws.ErrHeaderLengthUnexpected
	}
	start := len(c.message)
	c.message = grow(c.message, int(h.Length))
	payload := c.message[start:]
	if _, err := io.ReadFull(c.r, payload); err != nil {
		return err
	}
	ws.Cipher(payload, h.Mask, 0)
	if h.OpCode.IsControl() {
		c.message = c.message[:start]
		return c.control(h.OpCode, payload)
	}
	if h.OpCode != ws.OpContinuation {
		c.kind = h.OpCode
	}
	if !h.Fin {
		c.state = c.state.Set(ws.StateFragmented)
		return nil
	}
	c.state = c.state.Clear(ws.StateFragmented)
	err = c.answer()
	c.message = c.message[:0]
	return err
}

func (c *gobwasConn) answer() error {
	if c.chat {
		frame, err := ws.CompileFrame(ws.NewFrame(c.kind, true, c.message))
		if err != nil {
			return err
		}
		c.room.each(func(conn net.Conn) { conn.Write(frame) })
		return nil
	}
	return ws.WriteFrame(c.w, ws.NewFrame(c.kind, true, c.message))
}

func (c *gobwasConn) control(op ws.OpCode, payload []byte) error {
	switch op {
	case ws.OpPing:
		return ws.WriteFrame(c.w, ws.NewPongFrame(payload))
	case ws.OpClose:
		ws.WriteFrame(c.w, ws.NewCloseFrame(payload))
		c.w.Flush()
		return io.EOF
	}
	return nil
}

// grow extends p by n bytes with any content.
func grow(p []byte, n int) []byte {
	if cap(p)-len(p) >= n {
		return p[:len(p)+n]
	}
	return append(p, make([]byte, n)...)
}
