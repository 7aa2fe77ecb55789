package wsconn

import "barewire/wsframe"

// readControl reads the rest of a control frame and handles it. The Checker has made sure
// that the payload has at most 125 bytes, so readControl waits for all of it.
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
	default: // Pong: only its arrival matters (RFC 6455 §5.5.3), req: 6455-5.5.3-b
		return nil
	}
}

// pong answers a Ping with the bytes it carried (RFC 6455 §5.5.3). The Pong stays in
// the write buffer until the next read must wait, so forty Pings that arrive together are
// answered with forty Pongs in one write.
func (c *Conn) pong(payload []byte) error { // req: 6455-5.5.2-b
	full, err := c.appendControl(wsframe.Pong, payload) // req: 6455-5.5.3-a
	if full {
		c.flush() // if it fails, we may still be able to read the peer's last frames
	}
	return err
}

// appendControl appends a Ping or Pong to the write buffer, and reports whether the buffer
// is full.
func (c *Conn) appendControl(opcode wsframe.Opcode, payload []byte) (full bool, err error) {
	header := wsframe.Header{Fin: true, Opcode: opcode}
	if err := c.addKey(&header); err != nil {
		return false, err
	}
	out := c.buf.BeginWrite(wsframe.MaxHeaderSize + len(payload))
	return c.buf.EndWrite(wsframe.AppendFrame(out, &header, payload)), nil
}
