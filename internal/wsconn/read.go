package wsconn

import (
	"fmt"
	"net"
	"slices"
	"time"

	"barewire/internal/bufconn"
	"barewire/wsframe"
)

// frame is the frame that is being read.
type frame struct {
	wsframe.Header
	start int64 // its offset, in bytes since the end of the handshake
}

// partial is the message that is being joined from its frames.
type partial struct {
	opcode     wsframe.Opcode // the opcode of its first frame
	compressed bool           // RSV1 of its first frame
	fragments  int            // frames so far
	length     int            // its bytes in Conn.message so far
	text       wsframe.UTF8Validator
}

// ReadMessage returns the next message. Until it arrives, ReadMessage answers Pings and
// drops Pongs. The payload is valid until the next call. A handler that Serve calls must
// not call ReadMessage.
//
// When the connection has ended, ReadMessage returns a *CloseError, and the same one from
// then on. Our Close frame has then been sent, and the connection below is closed.
func (c *Conn) ReadMessage() (Message, error) {
	if c.ended != nil {
		return Message{}, c.ended
	}
	c.start()
	message, err := c.readMessage()
	if err != nil {
		return Message{}, c.end(err)
	}
	c.ReleaseSlot()
	return message, nil
}

// readMessage reads frame after frame until a message is complete: header, check,
// payload. It returns bufconn.ErrIdle if the connection may be parked, which is possible
// only before the first byte of a message.
func (c *Conn) readMessage() (Message, error) {
	c.message.Release() // the previous message
	c.message, c.pieceDue = nil, time.Time{}
	var m partial // req: 6455-6.2-b
	for {
		if c.lost.Load() != nil { // checked here because frames that are already buffered would hide the closed socket
			return Message{}, net.ErrClosed
		}
		var f frame
		if err := c.readHeader(&f, &m); err != nil {
			return Message{}, err
		}
		if f.Opcode.IsControl() { // req: 6455-5.4-d
			if err := c.readControl(&f); err != nil {
				return Message{}, err
			}
			continue
		}
		payload, err := c.readPayload(&f, &m)
		switch {
		case err != nil:
			return Message{}, err
		case !f.Fin: // req: 6455-5.4-g
			continue
		case m.compressed: // req: 7692-6.2-b 7692-7.2.3.2-a
			if payload, err = c.inflate(&f, &m, payload); err != nil { // req: 7692-6.2-a
				return Message{}, err
			}
		}
		return Message{m.opcode, payload}, nil
	}
}

// readHeader parses and checks the header of the next frame. An invalid frame is refused
// here, before any of its payload is read.
func (c *Conn) readHeader(f *frame, m *partial) error { // req: 6455-6.2-a
	n := wsframe.ParseHeader(&f.Header, c.buf.Buffered())
	for n == 0 {
		betweenMessages := m.fragments == 0 && len(c.buf.Buffered()) == 0
		if err := c.wait(betweenMessages); err != nil {
			return err
		}
		n = wsframe.ParseHeader(&f.Header, c.buf.Buffered())
	}
	f.start = c.received
	if err := c.checker.Check(&f.Header); err != nil {
		return f.broke(err)
	}
	if f.Opcode.IsData() {
		m.opcode, m.compressed = f.Opcode, f.RSV1 // req: 6455-5.4-a
	}
	if !f.Opcode.IsControl() {
		m.fragments++
		if err := c.checkLimits(f, m); err != nil {
			return f.broke(err)
		}
	}
	c.buf.Discard(n)
	c.received += int64(n)
	return nil
}

// broke adds the offset of the frame to a violation.
func (f *frame) broke(err error) error {
	if violation, ok := err.(*wsframe.Error); ok {
		// tour 4.2: the error says it all: the close code, the rule, its section (RFC 6455 §7.4.1)
		violation.Offset = f.start
	}
	return err
}

// checkLimits checks a data frame against the limits of its message.
func (c *Conn) checkLimits(f *frame, m *partial) error { // req: 6455-5.4-f
	limit := c.config.MaxMessage
	if m.compressed {
		// Incompressible data grows, by at most zlib's bound for a compressor with little
		// memory. The size of the inflated message is checked while it is inflated.
		limit += limit/8 + limit/64 + 64
	}
	// RFC 6455 §10.4. A header may announce 2^63-1 bytes: the frame is refused because of
	// its header, and costs no memory.
	if f.Length > uint64(limit-m.length) { // req: 6455-10.4-a
		return tooBig("payload length", c.config.MaxMessage, "bytes")
	}
	if m.fragments > c.config.MaxFragments {
		return tooBig("FIN", c.config.MaxFragments, "fragments")
	}
	return nil
}

// noMemory returns the error for a message if the budget of all connections is used up.
func noMemory() *wsframe.Error {
	return &wsframe.Error{Code: wsframe.TryAgainLater, Field: "payload length", Section: "RFC 6455 §10.4",
		Rule: "there is no memory left here for a large message: try again later"}
}

func tooBig(field string, limit int, unit string) error {
	return &wsframe.Error{Code: wsframe.MessageTooBig, Field: field, Section: "RFC 6455 §10.4",
		Rule: fmt.Sprintf("a message may have at most %d %s here", limit, unit)}
}

// readPayload reads the payload of a data frame, unmasks it and checks it. It returns the
// message so far, which is complete after the last frame.
func (c *Conn) readPayload(f *frame, m *partial) ([]byte, error) {
	whole := f.Fin && c.message == nil
	arrived := f.Length <= uint64(len(c.buf.Buffered()))
	if whole && (arrived || f.Length <= bufconn.MaxRead && c.buf.Reserve(int(f.Length))) {
		return c.readInPlace(f, m)
	}
	return c.readAndJoin(f, m)
}

// readInPlace is readPayload for the usual case: the message is one frame, and stays
// in the read buffer.
func (c *Conn) readInPlace(f *frame, m *partial) ([]byte, error) {
	for decoded := 0; ; {
		payload := c.buf.Buffered()
		if uint64(len(payload)) > f.Length {
			payload = payload[:f.Length]
		}
		piece := payload[decoded:]
		// tour 3.3: the payload, still masked, stays where it arrived (RFC 6455 §6.2)
		if err := c.decode(f, m, piece, uint64(decoded)); err != nil {
			return nil, err
		}
		decoded = len(payload)
		if uint64(decoded) == f.Length {
			c.buf.Discard(decoded)
			return slices.Clip(payload), nil // the next frame follows it in the buffer
		}
		if err := c.wait(false); err != nil {
			return nil, err
		}
	}
}

// readAndJoin is readPayload for fragments and large messages, which are joined in a
// separate buffer.
func (c *Conn) readAndJoin(f *frame, m *partial) ([]byte, error) { // req: 6455-5.2-i
	if f.Length == 0 {
		if c.message == nil {
			c.message = c.buf.Grow(nil, 0)
		}
		return c.message.Bytes, c.decode(f, m, nil, 0)
	}
	for position := uint64(0); position < f.Length; {
		free := c.growMessage(m.length, f.Length-position)
		if free == nil {
			return nil, f.broke(noMemory())
		}
		n, err := c.readPiece(free)
		if err != nil {
			return nil, err
		}
		piece := free[:n]
		if m.length += n; m.length/pieceSize > (m.length-n)/pieceSize {
			c.pieceDue = time.Time{}
		}
		c.message.Bytes = c.message.Bytes[:m.length]
		if err := c.decode(f, m, piece, position); err != nil {
			return nil, err
		}
		position += uint64(n)
	}
	return c.message.Bytes, nil
}

// growMessage returns memory for the next bytes of the message: have bytes of the message
// are there, left bytes of this frame are not. It returns nil if the budget is used up. The
// memory is at most eight times what has arrived, whatever the header announces: to make us
// hold a megabyte, a peer must send an eighth of it. The memory grows to its full size as
// early as possible, because then there are fewer bytes to copy.
func (c *Conn) growMessage(have int, left uint64) []byte { // req: 6455-10.4-a
	arrived := have + len(c.buf.Buffered()) + wsframe.MaxHeaderSize
	most := max(bufconn.MinBuffer, 8*arrived)
	full := have + int(left)
	if c.message == nil || cap(c.message.Bytes)-have < bufconn.MinBuffer || full <= most {
		larger := c.buf.Grow(c.message, min(full, most)-have)
		if larger == nil {
			return nil
		}
		c.message = larger
	}
	free := c.message.Bytes[have:cap(c.message.Bytes)]
	return free[:min(left, uint64(len(free)))]
}

// readPiece reads some of the payload into p, from the read buffer or, if that is empty,
// from the connection. It reads a large piece directly from the socket, without a copy in
// the read buffer.
func (c *Conn) readPiece(p []byte) (int, error) {
	if len(c.buf.Buffered()) == 0 && len(p) < bufconn.MinBuffer {
		if err := c.wait(false); err != nil {
			return 0, err
		}
	}
	for {
		c.setDeadline(c.buf.QuietSince(), 2*c.config.KeepAlive) // no Ping: the peer is in the middle of a frame
		if left := c.left.Load(); left != nil {
			c.buf.SetReadDeadline(c.closeDeadline(left))
		}
		n, err := c.buf.Read(p)
		if err = c.orTooSlow(err); err == nil || !c.waitOn(err) {
			return n, err
		}
	}
}

// pieceSize is the size of the pieces to which PieceTimeout applies, in bytes.
const pieceSize = 64 << 10

// setDeadline sets the read deadline inside a message. It is the earlier of two: since plus
// patience, which limits the peer's silence; and the end of PieceTimeout, which limits the
// time for a piece. A patience or PieceTimeout of 0 sets no limit.
func (c *Conn) setDeadline(since time.Time, patience time.Duration) {
	if c.pieceDue.IsZero() && c.config.PieceTimeout > 0 {
		c.pieceDue = time.Now().Add(c.config.PieceTimeout)
	}
	deadline := c.pieceDue
	if silent := since.Add(patience); patience > 0 && (deadline.IsZero() || silent.Before(deadline)) {
		deadline = silent
	}
	c.buf.SetReadDeadline(deadline)
}

// orTooSlow returns err, or a violation if err is a timeout and a piece is late.
func (c *Conn) orTooSlow(err error) error {
	if err == nil || !bufconn.IsTimeout(err) || c.pieceDue.IsZero() || time.Now().Before(c.pieceDue) {
		return err
	}
	return &wsframe.Error{Code: wsframe.PolicyViolation, Field: "payload", Section: "RFC 6455 §10.4", Offset: c.received,
		Rule: fmt.Sprintf("each 64 KiB of a message must arrive within %v", c.config.PieceTimeout)}
}

// decode unmasks a piece of a payload, which begins at position. In a text message it also
// checks that the piece can be UTF-8. It does so as soon as the piece arrives, and not at
// the end of the message, which may be a gigabyte later.
func (c *Conn) decode(f *frame, m *partial, piece []byte, position uint64) error {
	c.received += int64(len(piece))
	if f.Masked {
		// tour 3.4: still masked: each byte is to be XORed with one of the key (RFC 6455 §5.3)
		wsframe.Mask(piece, f.Key, position) // req: 6455-5.3-c 6455-6.2-c
	}
	if m.opcode != wsframe.Text || m.compressed { // req: 6455-5.6-c 7692-6.1-e
		return nil
	}
	// tour 3.5: unmasked where it arrived; a text must be UTF-8 (RFC 6455 §8.1)
	if valid, ok := m.text.Check(piece); !ok { // req: 6455-8.1-b
		return notUTF8("a text message must be valid UTF-8", c.received-int64(len(piece)-valid)) // req: 6455-5.6-a
	}
	last := f.Fin && position+uint64(len(piece)) == f.Length
	if last && !m.text.Complete() {
		return notUTF8("a text message must not end inside a code point", c.received) // req: 6455-5.6-a
	}
	return nil
}

func notUTF8(rule string, offset int64) *wsframe.Error {
	return &wsframe.Error{Code: wsframe.InvalidPayload, Field: "payload", Rule: rule, Section: "RFC 6455 §8.1", Offset: offset}
}

// wait returns when more bytes have arrived. Here a connection detects that the peer is
// gone: after KeepAlive without a byte it sends a Ping, and after the same time again it
// returns a timeout. The second time begins at the Ping, not at the end of the first: so
// after this process was stopped for longer than both, it can still read what the peer has
// sent meanwhile.
func (c *Conn) wait(betweenMessages bool) error {
	for {
		quietSince := c.buf.QuietSince()
		since, patience := quietSince, c.config.KeepAlive
		pinged := c.pingedAt.After(quietSince)
		if pinged {
			since = c.pingedAt
		}
		if betweenMessages {
			var deadline time.Time
			if patience > 0 {
				deadline = since.Add(patience)
			}
			c.buf.SetReadDeadline(deadline)
		} else {
			c.setDeadline(since, patience)
		}
		if left := c.left.Load(); left != nil {
			c.buf.SetReadDeadline(c.closeDeadline(left))
		}
		var err error
		if betweenMessages {
			err = c.buf.AwaitNext()
		} else {
			err = c.orTooSlow(c.buf.Fill())
		}
		if err == nil || !bufconn.IsTimeout(err) {
			return err
		}
		if c.waitOn(err) {
			continue
		}
		if pinged || c.left.Load() != nil {
			return err
		}
		c.pingedAt = time.Now()
		if _, err := c.appendControl(wsframe.Ping, nil); err != nil {
			return err
		}
	}
}
