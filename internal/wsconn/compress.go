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
// gets compressed (RFC 7692 §6.1). The caller holds the write buffer.
//
// req: 7692-6.1-b 7692-7.2.3.2-a
func (c *Conn) compresses(payload []byte) bool {
	return c.compressor != nil && len(payload) >= c.config.CompressMin
}

// appendCompressed appends a message as a compressed frame. The caller holds the write
// buffer, so messages leave in the order in which they were compressed: the peer's
// window depends on it.
func (c *Conn) appendCompressed(out []byte, header *wsframe.Header, payload []byte) []byte {
	scratch := bufconn.NewBuffer(len(payload))
	scratch.Bytes = c.compressor.AppendMessage(scratch.Bytes, payload)
	header.RSV1 = true // req: 6455-5.2-a 7692-6.1-a
	out = wsframe.AppendFrame(out, header, scratch.Bytes)
	scratch.Release()
	return out
}

// inflate returns the message whose compressed payload, joined from all its frames, is
// complete. The inflated message is measured as it grows, so a small payload that would
// inflate to gigabytes costs no more than MaxMessage.
func (c *Conn) inflate(f *frame, m *partial, payload []byte) ([]byte, error) {
	inflated := bufconn.NewBuffer(min(4*len(payload), c.config.MaxMessage))
	message, err := c.decompressor.AppendMessage(inflated.Bytes, payload, c.config.MaxMessage) // req: 6455-10.4-b
	inflated.Bytes = message
	c.message.Release() // payload, if it was in there, is used up
	c.message = inflated

	var corrupt *deflate.Error
	switch {
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
