package wsconn

import (
	"errors"

	"barewire/handshake"
	"barewire/internal/bufconn"
	"barewire/internal/deflate"
	"barewire/wsframe"
)

// agreeOnDeflate prepares both directions for what the handshake agreed on (RFC 7692
// §5). Each direction has its own window size, and with or without context takeover.
func (c *Conn) agreeOnDeflate(agreed *handshake.Deflate) { // req: 7692-5-f
	clientTakeover, serverTakeover := !agreed.ClientNoContextTakeover, !agreed.ServerNoContextTakeover
	c.checker.Compression = true
	if c.config.Role == wsframe.Server {
		c.sendWindowBits = agreed.ServerMaxWindowBits                                        // req: 7692-7.2.1-g
		c.compressor = deflate.NewCompressor(c.sendWindowBits, serverTakeover)               // req: 7692-7.2.1-e
		c.decompressor = deflate.NewDecompressor(agreed.ClientMaxWindowBits, clientTakeover) // req: 7692-7.2.2-c
		return
	}
	c.sendWindowBits = agreed.ClientMaxWindowBits                                        // req: 7692-7.2.1-f
	c.compressor = deflate.NewCompressor(c.sendWindowBits, clientTakeover)               // req: 7692-7.1.1.2-a 7692-7.2.1-d
	c.decompressor = deflate.NewDecompressor(agreed.ServerMaxWindowBits, serverTakeover) // req: 7692-7.2.2-b
}

// compresses reports whether a message of ours is sent compressed. It is decided before
// the compressor sees the message: the compressor's window must hold only what the peer
// gets compressed (RFC 7692 §6.1).
//
// req: 7692-6.1-b 7692-7.2.3.2-a
func (c *Conn) compresses(opcode wsframe.Opcode, payload []byte) bool {
	return c.config.Deflate != nil && opcode.IsData() && len(payload) >= c.config.CompressMin
}

// beginCompressed is beginFrame for a message that is sent compressed. The write buffer
// is locked first, so messages leave in the order in which they were compressed: the
// peer's window depends on it. Room is made for what they have been compressed to.
func (c *Conn) beginCompressed(header *wsframe.Header, payload []byte) (out []byte, err error) {
	compressing.take()
	defer compressing.release()
	if out, err = c.beginWrite(wsframe.MaxHeaderSize + min(len(payload), bufconn.Uncharged/2)); err != nil {
		return nil, err
	}
	scratch := bufconn.NewBuffer(len(payload), nil) // in use for a moment, and no more of them than slots
	defer scratch.Release()
	scratch.Bytes = c.compressor.AppendMessage(scratch.Bytes, payload)
	if cap(out)-len(out) < wsframe.MaxHeaderSize+len(scratch.Bytes) {
		larger := c.buf.GrowWrite(wsframe.MaxHeaderSize + len(scratch.Bytes))
		if larger == nil {
			c.compressor.Release() // its window has a message that the peer will not get
			c.buf.EndWrite(out)
			return nil, bufconn.ErrNoMemory
		}
		out = larger
	}
	header.RSV1 = true // req: 6455-5.2-a 7692-6.1-a
	return wsframe.AppendFrame(out, header, scratch.Bytes), nil
}

// inflate returns the message whose compressed payload, joined from all its frames, is
// complete. The inflated message is measured as it grows, so a small payload that would
// inflate to gigabytes costs no more than MaxMessage. It keeps its slot.
func (c *Conn) inflate(f *frame, m *partial, payload []byte) ([]byte, error) {
	inflating.take()
	c.slot.Store(true)
	c.inflated = c.buf.Grow(nil, min(4*len(payload), bufconn.Uncharged))
	message, err := c.decompressor.AppendMessage(c.inflated.Bytes, payload, c.config.MaxMessage) // req: 6455-10.4-b
	c.inflated.Bytes = message
	c.message.Release() // payload, if it was in there, is used up
	c.message, c.inflated = c.inflated, nil

	var corrupt *deflate.Error
	switch {
	case errors.Is(err, deflate.ErrNoMemory):
		return nil, f.broke(noMemory())
	case errors.Is(err, deflate.ErrTooLarge):
		return nil, f.broke(tooBig("payload length", c.config.MaxMessage, "bytes"))
	case errors.Is(err, deflate.ErrFinalBlocks):
		return nil, f.broke(&wsframe.Error{Code: wsframe.PolicyViolation, Field: "payload",
			Rule: "the compressed message has too many blocks with BFINAL=1", Section: "RFC 7692 §7.2.3.4"})
	case errors.As(err, &corrupt):
		return nil, f.broke(&wsframe.Error{Code: wsframe.InvalidPayload, Field: "payload",
			Rule: corrupt.Rule, Section: corrupt.Section})
	}
	return message, checkInflatedText(f, m, message)
}

// growInflated makes room for more of a message that is being inflated. It returns nil
// when there is no memory.
func (c *Conn) growInflated(message []byte) []byte {
	c.inflated.Bytes = message
	larger := c.buf.Grow(c.inflated, max(len(message), 1))
	if larger == nil {
		return nil
	}
	c.inflated = larger
	return larger.Bytes
}

// checkInflatedText checks that a text message is UTF-8 (RFC 6455 §8.1), which could not
// be checked while it was compressed.
//
// req: 6455-5.6-a 7692-6.1-e
func checkInflatedText(f *frame, m *partial, message []byte) error {
	if m.opcode != wsframe.Text { // req: 6455-5.6-c
		return nil
	}
	if _, ok := m.text.Check(message); !ok {
		return f.broke(notUTF8("a text message must be valid UTF-8", 0))
	}
	if !m.text.Complete() {
		return f.broke(notUTF8("a text message must not end inside a code point", 0))
	}
	return nil
}

// releaseCompression releases the memory of both directions. The caller holds the write
// buffer, and no message follows.
func (c *Conn) releaseCompression() {
	if c.compressor != nil {
		c.compressor.Release()
		c.decompressor.Release()
		c.compressor = nil
	}
}
