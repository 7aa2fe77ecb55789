package wsconn

import (
	"errors"

	"barewire/handshake"
	"barewire/internal/bufconn"
	"barewire/internal/deflate"
	"barewire/wsframe"
)

// agreeOnDeflate sets both directions up as the handshake's response said (RFC
// 7692 §5): each has its own window, and its own word on context takeover.
func (c *Conn) agreeOnDeflate(agreed *handshake.Deflate) {
	clientTakeover, serverTakeover := !agreed.ClientNoContextTakeover, !agreed.ServerNoContextTakeover
	c.checker.Compression = true
	if c.config.Role == wsframe.Server {
		c.sendWindowBits = agreed.ServerMaxWindowBits
		c.compressor = deflate.NewCompressor(c.sendWindowBits, serverTakeover)
		c.decompressor = deflate.NewDecompressor(agreed.ClientMaxWindowBits, clientTakeover)
		return
	}
	c.sendWindowBits = agreed.ClientMaxWindowBits
	c.compressor = deflate.NewCompressor(c.sendWindowBits, clientTakeover)
	c.decompressor = deflate.NewDecompressor(agreed.ServerMaxWindowBits, serverTakeover)
}

// compresses tells whether a message of ours goes compressed. That is decided
// before an octet of it enters the compressor, whose window must hold nothing
// that the peer does not get compressed (RFC 7692 §6.1).
func (c *Conn) compresses(payload []byte) bool {
	return c.compressor != nil && !c.streaming && len(payload) >= c.config.CompressMin
}

// appendCompressed appends a message as a compressed frame. The caller holds the
// write buffer: messages leave in the order in which they entered the
// compressor, on which the peer's window depends.
func (c *Conn) appendCompressed(out []byte, header *wsframe.Header, payload []byte) []byte {
	scratch := bufconn.NewBuffer(len(payload))
	scratch.Bytes = c.compressor.AppendMessage(scratch.Bytes, payload)
	header.RSV1 = true
	out = wsframe.AppendFrame(out, header, scratch.Bytes)
	scratch.Release()
	return out
}

// inflate returns the message whose compressed payload, joined from all its
// frames, has come. MaxMessage bounds it while it is being inflated, so that a
// bomb costs no more than the limit.
func (c *Conn) inflate(payload []byte) ([]byte, error) {
	inflated := bufconn.NewBuffer(min(4*len(payload), c.config.MaxMessage))
	message, err := c.decompressor.AppendMessage(inflated.Bytes, payload, c.config.MaxMessage)
	inflated.Bytes = message
	c.message.Release() // payload was in it, or in the read buffer
	c.message = inflated

	var corrupt *deflate.Error
	switch {
	case errors.Is(err, deflate.ErrTooLarge):
		return nil, c.atFrame(tooBig(c.config.MaxMessage))
	case errors.As(err, &corrupt):
		return nil, c.atFrame(&wsframe.Error{Code: wsframe.InvalidPayload, Field: "payload",
			Rule: corrupt.Rule, Section: corrupt.Section})
	}
	return message, c.checkInflatedText(message)
}

// checkInflatedText checks that a text message is UTF-8, now that there is text
// to look at (RFC 6455 §8.1).
func (c *Conn) checkInflatedText(message []byte) error {
	if c.opcode != wsframe.Text {
		return nil
	}
	if _, ok := c.text.Check(message); !ok {
		return c.atFrame(notUTF8("a text message must be valid UTF-8"))
	}
	if !c.text.Complete() {
		return c.atFrame(notUTF8("a text message must not end inside a code point"))
	}
	return nil
}

// releaseCompression gives back what the two directions hold. The caller holds
// the write buffer, and no message follows.
func (c *Conn) releaseCompression() {
	if c.compressor != nil {
		c.compressor.Release()
		c.decompressor.Release()
		c.compressor = nil
	}
}
