package wsconn

import (
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"barewire/wsframe"
)

// errNotText refuses our own text that is not UTF-8 (RFC 6455 §5.6): nothing of
// it is sent.
var errNotText = errors.New("wsconn: a text message must be valid UTF-8 (RFC 6455 §5.6)")

// maxUnsent is how many octets of replies may wait in the write buffer before
// they are sent although more requests are there. Without it, a peer that sends
// without reading would make us buffer an answer to all that it sends.
const maxUnsent = 64 << 10

// Reply appends a message to the write buffer, for a handler that answers. It
// leaves when all messages that have already arrived are handled: a burst of
// requests gets its answers with one write. A handler that works for long and
// wants its client to see something meanwhile calls Send instead.
//
// The payload is copied: the caller may change it afterwards.
func (c *Conn) Reply(opcode wsframe.Opcode, payload []byte) error {
	if err := checkText(opcode, payload); err != nil {
		return err
	}
	return c.reply(opcode, payload)
}

// Echo is Reply with a message as it came from this connection. Its text was
// checked on its way in, and is not checked again; so a handler that has changed
// the payload must not send it with Echo.
func (c *Conn) Echo(message Message) error { return c.reply(message.Opcode, message.Payload) }

// reply is Reply for a payload that was checked.
func (c *Conn) reply(opcode wsframe.Opcode, payload []byte) error {
	if c.isLarge(payload) {
		return c.sendLarge(opcode, payload)
	}
	unsent, _, _, err := c.appendFrame(opcode, payload)
	if err == nil && unsent > maxUnsent {
		err = c.flush()
	}
	return err
}

// ReplyBinary is Reply with a binary message.
func (c *Conn) ReplyBinary(payload []byte) error { return c.Reply(wsframe.Binary, payload) }

// Send sends a message at once, from any goroutine. It returns when the message
// has been handed to the kernel, or with an error when it could not be within
// the write time-out; then the connection is of no more use.
func (c *Conn) Send(opcode wsframe.Opcode, payload []byte) error {
	if err := checkText(opcode, payload); err != nil {
		return err
	}
	if c.isLarge(payload) {
		return c.sendLarge(opcode, payload)
	}
	out, _, err := c.beginFrame(opcode, payload)
	if err != nil {
		return err
	}
	return c.given(c.buf.EndWriteAndFlush(out))
}

// largeMessage is from how many octets on copying a message costs more than
// handing the kernel two pieces of memory.
const largeMessage = 16 << 10

// isLarge tells whether a payload is for sendLarge: it is large, and goes out as
// it is, neither masked nor compressed.
func (c *Conn) isLarge(payload []byte) bool {
	return len(payload) >= largeMessage && !c.config.Role.Masks() && c.config.Deflate == nil
}

// sendLarge sends a message from the caller's memory, without copying it.
func (c *Conn) sendLarge(opcode wsframe.Opcode, payload []byte) error {
	header := wsframe.Header{Fin: true, Opcode: opcode, Length: uint64(len(payload))}
	out, err := c.beginWrite(wsframe.MaxHeaderSize)
	if err != nil {
		return err
	}
	return c.given(c.buf.EndWriteAndSend(wsframe.AppendHeader(out, &header), payload))
}

// SendFragments is Send with one frame for each part (RFC 6455 §5.4). No frame
// of another message comes between them. It goes uncompressed, so that the frames
// carry what the parts say.
func (c *Conn) SendFragments(opcode wsframe.Opcode, parts ...[]byte) error {
	if len(parts) == 0 {
		parts = [][]byte{nil}
	}
	size := 0
	var text wsframe.UTF8Validator
	for _, part := range parts {
		size += wsframe.MaxHeaderSize + len(part)
		text.Check(part)
	}
	if opcode == wsframe.Text && !text.Complete() {
		return errNotText
	}
	headers, err := c.fragmentHeaders(opcode, len(parts))
	if err != nil {
		return err
	}
	out, err := c.beginWrite(size)
	if err != nil {
		return err
	}
	for i, part := range parts {
		out = wsframe.AppendFrame(out, &headers[i], part)
	}
	return c.given(c.buf.EndWriteAndFlush(out))
}

// fragmentHeaders returns the headers of a message in count frames.
func (c *Conn) fragmentHeaders(opcode wsframe.Opcode, count int) ([]wsframe.Header, error) {
	headers := make([]wsframe.Header, count)
	for i := range headers {
		if err := c.setHeader(&headers[i], opcode); err != nil {
			return nil, err
		}
		headers[i].Fin = i == count-1
		opcode = wsframe.Continuation
	}
	return headers, nil
}

// Ping sends a Ping with up to 125 octets of payload, from any goroutine.
func (c *Conn) Ping(payload []byte) error {
	if len(payload) > wsframe.MaxControlPayload {
		return errors.New("wsconn: a Ping carries at most 125 octets (RFC 6455 §5.5)")
	}
	out, _, err := c.beginFrame(wsframe.Ping, payload)
	if err != nil {
		return err
	}
	return c.given(c.buf.EndWriteAndFlush(out))
}

// flush sends what is in the write buffer.
func (c *Conn) flush() error { return c.given(c.buf.Flush()) }

// given returns what became of a write. A peer that does not take it within the
// write time-out is given up: the connection is closed, and the reading
// goroutine reports why. A Stream's deadlines are its program's, which may try
// again.
func (c *Conn) given(err error) error {
	if err == nil || c.streaming {
		return err
	}
	lost := err // a variable of its own: err would be put on the heap with every flush
	c.lost.CompareAndSwap(nil, &lost)
	c.buf.Close()
	return fmt.Errorf("%w: %w", ErrClosed, err)
}

// flushInBackground sends what is in the write buffer from a goroutine of its
// own, of which there is never more than one: for those who must not wait for
// this connection's peer, a Stream's Read or a Room.
func (c *Conn) flushInBackground() {
	if c.flushing.CompareAndSwap(false, true) {
		go c.flushUntilEmpty()
	}
}

func (c *Conn) flushUntilEmpty() {
	for {
		err := c.flush()
		c.flushing.Store(false)
		// Octets that were appended while the flag still stood are ours to send.
		if err != nil || c.buf.Unsent() == 0 || !c.flushing.CompareAndSwap(false, true) {
			return
		}
	}
}

// checkText refuses a text message of our own that is not text.
func checkText(opcode wsframe.Opcode, payload []byte) error {
	if opcode == wsframe.Text && !utf8.Valid(payload) {
		return errNotText
	}
	return nil
}

// appendFrame appends a frame, and also tells where it begins and ends, counted
// from the first octet that was ever appended.
func (c *Conn) appendFrame(opcode wsframe.Opcode, payload []byte) (unsent int, start, end uint64, err error) {
	out, size, err := c.beginFrame(opcode, payload)
	if err != nil {
		return 0, 0, 0, err
	}
	unsent, end = c.buf.EndWrite(out)
	return unsent, end - uint64(size), end, nil
}

// beginWrite locks the write buffer, for size more octets, unless our Close frame is
// in it or has left: no message follows that (RFC 6455 §5.5.1).
func (c *Conn) beginWrite(size int) (out []byte, err error) {
	out = c.buf.BeginWrite(size)
	if c.closeSent {
		c.buf.EndWrite(out)
		return nil, ErrClosed
	}
	return out, nil
}

// beginFrame locks the write buffer and appends a frame to it, whose size it
// returns too. The caller ends the write.
func (c *Conn) beginFrame(opcode wsframe.Opcode, payload []byte) (out []byte, size int, err error) {
	var header wsframe.Header
	if err := c.setHeader(&header, opcode); err != nil {
		return nil, 0, err
	}
	if out, err = c.beginWrite(wsframe.MaxHeaderSize + len(payload)); err != nil {
		return nil, 0, err
	}
	before := len(out)
	if opcode.IsData() && c.compresses(payload) {
		out = c.appendCompressed(out, &header, payload)
	} else {
		out = wsframe.AppendFrame(out, &header, payload)
	}
	// tour 3.8: the answer: 82 is FIN and Binary, 14 a length of 20; a server masks nothing (RFC 6455 §5.1)
	//	header.Opcode = Binary (2), header.Masked = false, out[0:6] = 82 14 f7 ff 9e 8b
	return out, len(out) - before, nil
}

// setHeader makes h the header of an unfragmented frame of ours. A client masks
// every frame with a key of its own (RFC 6455 §5.3). crypto/rand never fails; if
// another source does, nothing can be sent, for its keys would be predictable.
func (c *Conn) setHeader(h *wsframe.Header, opcode wsframe.Opcode) (err error) {
	h.Fin, h.Opcode = true, opcode
	if c.config.Role.Masks() {
		h.Masked = true
		h.Key, err = c.newKey()
	}
	return err
}

func (c *Conn) newKey() (key wsframe.Key, err error) {
	if _, err = io.ReadFull(c.config.Random, key[:]); err != nil {
		err = fmt.Errorf("wsconn: no randomness for a masking key: %w", err)
	}
	return key, err
}
