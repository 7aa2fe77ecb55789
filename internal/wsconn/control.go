package wsconn

import (
	"barewire/wsframe"
)

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
		return c.pongForStream(payload)
	}
	unsent, err := c.appendControl(wsframe.Pong, payload)
	if err == nil && unsent > maxUnsent {
		err = c.flush()
	}
	return err
}

// pongForStream is pong for a Stream, whose Read must wait for nothing but its
// peer's octets: another goroutine sends the answer. A peer that pings without
// reading gets no more answers than fit in maxUnsent; to answer only the last
// Pings is allowed (RFC 6455 §5.5.3).
func (c *Conn) pongForStream(payload []byte) error {
	if c.buf.Unsent() >= maxUnsent {
		return nil
	}
	_, err := c.appendControl(wsframe.Pong, payload)
	c.flushInBackground()
	return err
}

// appendControl appends a Ping or Pong to the write buffer and returns how many
// octets now wait there.
func (c *Conn) appendControl(opcode wsframe.Opcode, payload []byte) (unsent int, err error) {
	var header wsframe.Header
	if err := c.setHeader(&header, opcode); err != nil {
		return 0, err
	}
	out := c.buf.BeginWrite(wsframe.MaxHeaderSize + len(payload))
	out = wsframe.AppendFrame(out, &header, payload)
	unsent, _ = c.buf.EndWrite(out)
	return unsent, nil
}
