package wsconn

import (
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"barewire/internal/bufconn"
	"barewire/wsframe"
)

// errNotText refuses our own text that is not UTF-8 (RFC 6455 §5.6): nothing of it is
// sent.
var errNotText = errors.New("a text message must be valid UTF-8 (RFC 6455 §5.6)")

// Reply appends a message to the write buffer, for a handler that answers. It leaves
// when all messages that have already arrived are handled: a burst of messages gets
// its answers with one write. A handler that works for long and wants its client to
// see something meanwhile calls Send instead.
//
// The payload is copied: the caller may change it afterwards.
func (c *Conn) Reply(opcode wsframe.Opcode, payload []byte) error {
	if err := checkText(opcode, payload); err != nil {
		return err
	}
	return c.write(opcode, payload, false)
}

// Echo is Reply with a message as it came from this connection. Its text was checked
// when it arrived and is not checked again, so a handler that has changed the payload
// must use Reply.
func (c *Conn) Echo(message Message) error { return c.write(message.Opcode, message.Payload, false) }

// Send sends a message at once, from any goroutine. It returns when the kernel has
// accepted the message, or with an error, ErrClosed among its causes, when it could not
// be sent.
func (c *Conn) Send(opcode wsframe.Opcode, payload []byte) error {
	if err := checkText(opcode, payload); err != nil {
		return err
	}
	return c.write(opcode, payload, true)
}

// largeMessage is the size, in bytes, from which on copying a message costs more than
// passing the kernel two pieces of memory.
const largeMessage = 16 << 10

// write appends a frame to the write buffer, and sends it if that is to be done at once
// or much is unsent. A large message that leaves as it is, neither masked nor compressed,
// is sent at once too.
func (c *Conn) write(opcode wsframe.Opcode, payload []byte, atOnce bool) error {
	if len(payload) >= largeMessage && !c.config.Role.Masks() && c.config.Deflate == nil {
		return c.sendLarge(opcode, payload)
	}
	out, err := c.beginFrame(opcode, payload)
	if err != nil {
		return c.refused(err)
	}
	if atOnce {
		c.ReleaseSlot()
		return c.sent(c.buf.EndWriteAndFlush(out, nil))
	}
	if c.buf.EndWrite(out) { // much is unsent
		return c.flush()
	}
	return nil
}

// sendLarge sends a message from the caller's memory, without copying it.
func (c *Conn) sendLarge(opcode wsframe.Opcode, payload []byte) error {
	header := wsframe.Header{Fin: true, Opcode: opcode, Length: uint64(len(payload))} // req: 6455-5.1-c
	c.ReleaseSlot()
	out := c.buf.BeginLarge(wsframe.MaxHeaderSize)
	if c.state != open { // req: 6455-5.5.1-d
		c.buf.EndWrite(out)
		return ErrClosed
	}
	return c.sent(c.buf.EndWriteAndFlush(wsframe.AppendHeader(out, &header), payload))
}

// SendFragments is Send with one frame for each part (RFC 6455 §5.4). No frame of
// another message comes between them. They are not compressed, so that each frame
// carries its part as it is.
func (c *Conn) SendFragments(opcode wsframe.Opcode, parts ...[]byte) error { // req: 6455-5.4-e
	if len(parts) == 0 {
		parts = [][]byte{nil}
	}
	size := 0
	var text wsframe.UTF8Validator
	headers := make([]wsframe.Header, len(parts))
	for i, part := range parts {
		size += wsframe.MaxHeaderSize + len(part)
		text.Check(part)
		headers[i] = wsframe.Header{Fin: i == len(parts)-1, Opcode: wsframe.Continuation} // req: 6455-5.4-a
		if i == 0 {
			headers[i].Opcode = opcode
		}
		if err := c.addKey(&headers[i]); err != nil {
			return err
		}
	}
	if opcode == wsframe.Text && !text.Complete() {
		return errNotText
	}
	out, err := c.beginWrite(size)
	if err != nil {
		return c.refused(err)
	}
	for i, part := range parts {
		out = wsframe.AppendFrame(out, &headers[i], part)
	}
	c.ReleaseSlot()
	return c.sent(c.buf.EndWriteAndFlush(out, nil))
}

// Ping sends a Ping with up to 125 bytes of payload, from any goroutine.
func (c *Conn) Ping(payload []byte) error { // req: 6455-5.5.2-c
	if len(payload) > wsframe.MaxControlPayload {
		return errors.New("a Ping carries at most 125 bytes (RFC 6455 §5.5)") // req: 6455-5.5-a
	}
	return c.write(wsframe.Ping, payload, true)
}

// flush sends what is in the write buffer.
func (c *Conn) flush() error {
	c.ReleaseSlot()
	return c.sent(c.buf.Flush())
}

// sent returns the outcome of a write. A peer that does not accept it within the write
// timeout is given up. After any other failure the peer has gone, but what it sent
// before may still be there to read: the reading goroutine finds the end.
func (c *Conn) sent(err error) error {
	if err == nil {
		return nil
	}
	if bufconn.IsTimeout(err) {
		c.giveUp(err)
	}
	return fmt.Errorf("%w: %w", ErrClosed, err)
}

// giveUp closes the connection underneath. The reading goroutine reports why.
func (c *Conn) giveUp(reason error) {
	c.lost.CompareAndSwap(nil, &reason)
	c.buf.Close(bufconn.AtOnce, 0)
}

// refused returns why a message of ours was not appended. If the budget of all connections
// has nothing left for it, the connection is closed: the peer would miss the message.
func (c *Conn) refused(err error) error {
	if err == bufconn.ErrNoMemory {
		c.Close(wsframe.TryAgainLater, noMemory().Reason())
		return fmt.Errorf("%w: %w", ErrClosed, err)
	}
	return err
}

// checkText refuses a text message of our own that is not text.
func checkText(opcode wsframe.Opcode, payload []byte) error { // req: 6455-5.6-b
	if opcode == wsframe.Text && !utf8.Valid(payload) {
		return errNotText
	}
	return nil
}

// beginWrite locks the write buffer, for size more bytes, unless a Close frame is in it
// or has left: no message follows that (RFC 6455 §5.5.1).
func (c *Conn) beginWrite(size int) (out []byte, err error) {
	if out = c.buf.BeginWrite(size); out == nil {
		return nil, bufconn.ErrNoMemory
	}
	if c.state != open { // req: 6455-5.5.1-d 6455-6.1-a
		c.buf.EndWrite(out)
		return nil, ErrClosed
	}
	return out, nil
}

// beginFrame locks the write buffer and appends a frame to it. The caller ends the
// write.
func (c *Conn) beginFrame(opcode wsframe.Opcode, payload []byte) (out []byte, err error) {
	header := wsframe.Header{Fin: true, Opcode: opcode} // req: 6455-5.2-a 6455-5.5-c
	if c.config.Role.Masks() {
		if err := c.addKey(&header); err != nil {
			return nil, err
		}
	}
	if c.config.Deflate != nil && c.compresses(opcode, payload) { // req: 7692-6.1-a 7692-6.1-b
		return c.beginCompressed(&header, payload)
	}
	if out, err = c.beginWrite(wsframe.MaxHeaderSize + len(payload)); err != nil {
		return nil, err
	}
	out = wsframe.AppendFrame(out, &header, payload)
	// tour 3.8: the answer, header and payload; a server masks nothing (RFC 6455 §5.1)
	return out, nil
}

// addKey gives a frame of a client its masking key, a new one each time (RFC 6455 §5.3).
func (c *Conn) addKey(h *wsframe.Header) (err error) {
	if c.config.Role.Masks() { // req: 6455-5.1-a 6455-5.1-c
		h.Masked = true
		h.Key, err = c.newKey()
	}
	return err
}

// newKey draws a masking key. (What a Reader fills moves to the heap: here the key does,
// and no header.) If the source fails, nothing can be sent: its keys would be predictable.
func (c *Conn) newKey() (key wsframe.Key, err error) { // req: 6455-5.3-a 6455-5.3-b
	if _, err = io.ReadFull(c.config.Random, key[:]); err != nil {
		err = fmt.Errorf("no randomness for a masking key: %w", err)
	}
	return key, err
}
