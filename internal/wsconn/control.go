package wsconn

import (
	"barewire/wsframe"
)

// maxUnsent is how many octets of replies may wait in the write buffer before
// Reply sends them although more requests are there. Without it, a peer that
// sends without reading would make us buffer an answer to all that it sends.
const maxUnsent = 64 << 10

// readControl reads the rest of a control frame and handles it. Its payload is
// at most 125 octets (the Checker saw to that), so it is always taken whole.
func (c *Conn) readControl() error {
	for uint64(len(c.buf.Buffered())) < c.left {
		if err := c.wait(); err != nil {
			return err
		}
	}
	payload := c.buf.Buffered()[:c.left]
	if c.header.Masked {
		wsframe.Mask(payload, c.header.Key, 0)
	}
	c.buf.Discard(len(payload))
	c.offset += int64(len(payload))
	c.left, c.inFrame = 0, false

	switch c.header.Opcode {
	case wsframe.Ping:
		return c.pong(payload)
	case wsframe.Close:
		return c.closeReceived(payload)
	default: // Pong: that it came at all was its message (RFC 6455 §5.5.3)
		return nil
	}
}

// pong answers a Ping with the octets it carried (RFC 6455 §5.5.3). The Pong
// stays in the write buffer until the next read has to wait, so a burst of forty
// Pings that came together is answered with forty Pongs in one write.
func (c *Conn) pong(payload []byte) error {
	if c.streaming {
		return c.pongBehind(payload)
	}
	if unsent := c.appendControl(wsframe.Pong, payload); unsent > maxUnsent {
		return c.buf.Flush()
	}
	return nil
}

// closeReceived answers the peer's Close, unless it is itself the answer to
// ours, with the code that the peer gave (RFC 6455 §5.5.1).
func (c *Conn) closeReceived(payload []byte) error {
	code, reason, err := wsframe.ParseClose(payload)
	if err != nil {
		return c.at(err)
	}
	c.appendClose(code, "")
	return &CloseError{Code: code, Reason: reason, Clean: true}
}

// appendControl appends a Ping or Pong to the write buffer and returns how many
// octets now wait there.
func (c *Conn) appendControl(opcode wsframe.Opcode, payload []byte) (unsent int) {
	out := c.buf.BeginWrite(wsframe.MaxHeaderSize + len(payload))
	out = wsframe.AppendFrame(out, c.newHeader(opcode), payload)
	unsent, _ = c.buf.EndWrite(out)
	return unsent
}

// appendClose appends our Close frame to the write buffer, unless one was
// appended before: there is never a second one (RFC 6455 §7.1.2).
func (c *Conn) appendClose(code wsframe.CloseCode, reason string) (first bool) {
	payload, err := wsframe.AppendClose(make([]byte, 0, wsframe.MaxControlPayload), code, reason)
	if err != nil {
		payload, _ = wsframe.AppendClose(payload, wsframe.InternalError, err.Error())
	}
	out := c.buf.BeginWrite(wsframe.MaxHeaderSize + len(payload))
	first = !c.closeSent
	if first {
		out = wsframe.AppendFrame(out, c.newHeader(wsframe.Close), payload)
		c.closeSent = true
	}
	c.buf.EndWrite(out)
	return first
}
