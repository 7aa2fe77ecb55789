package wsconn

import "barewire/wsframe"

// readControl reads the rest of a control frame and handles it. Its payload is at most
// 125 bytes (the Checker saw to that), so it is always taken whole.
func (c *Conn) readControl(f *frame) error {
	for uint64(len(c.buf.Buffered())) < f.Length {
		if err := c.wait(false); err != nil {
			return err
		}
	}
	payload := c.buf.Buffered()[:f.Length] // req: 6455-5.5.2-c
	if f.Masked {
		wsframe.Mask(payload, f.Key, 0) // req: 6455-6.2-c
	}
	c.buf.Discard(len(payload))
	c.received += int64(len(payload))

	switch f.Opcode {
	case wsframe.Ping:
		return c.pong(payload) // req: 6455-5.5.2-a
	case wsframe.Close:
		return c.answerClose(f, payload)
	default: // Pong: that it came at all was its message (RFC 6455 §5.5.3), req: 6455-5.5.3-b
		return nil
	}
}

// pong answers a Ping with the bytes it carried (RFC 6455 §5.5.3). The Pong stays in
// the write buffer until the next read has to wait, so a burst of forty Pings is
// answered with forty Pongs in one write.
func (c *Conn) pong(payload []byte) error { // req: 6455-5.5.2-b
	full, err := c.appendControl(wsframe.Pong, payload) // req: 6455-5.5.3-a
	if full {
		c.flush() // if it fails, the peer's last frames may still be there to read
	}
	return err
}

// appendControl appends a Ping or Pong to the write buffer and reports whether much is
// unsent now.
func (c *Conn) appendControl(opcode wsframe.Opcode, payload []byte) (full bool, err error) {
	header := wsframe.Header{Fin: true, Opcode: opcode}
	if err := c.addKey(&header); err != nil {
		return false, err
	}
	out := c.buf.BeginWrite(wsframe.MaxHeaderSize + len(payload))
	return c.buf.EndWrite(wsframe.AppendFrame(out, &header, payload)), nil
}
