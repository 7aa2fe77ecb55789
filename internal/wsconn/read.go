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
	start int64 // where it begins, in bytes since the end of the handshake
}

// partial is the message that is being put together from its frames.
type partial struct {
	opcode     wsframe.Opcode // of its first frame
	compressed bool           // by its first frame's RSV1
	fragments  int            // frames so far
	length     int            // bytes of it that are in Conn.message
	text       wsframe.UTF8Validator
}

// ReadMessage returns the next message. On the way to it Pings are answered and Pongs
// dropped. The payload is valid until the next call. A handler that Serve calls must
// not call it.
//
// When the connection has ended it returns a *CloseError, the same one from then on;
// by that time the Close frame that is due has been sent and the connection underneath
// is closed.
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
// payload. It returns bufconn.ErrIdle if the connection may be parked, which happens
// before the first byte of a message and nowhere else.
func (c *Conn) readMessage() (Message, error) {
	c.message.Release() // the one before
	c.message, c.pieceDue = nil, time.Time{}
	var m partial // req: 6455-6.2-b
	for {
		if c.lost.Load() != nil { // which a peer that floods us would hide: its frames are buffered
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

// readHeader parses and checks the header of the next frame. A frame is refused here,
// before anything of its payload has been read.
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

// broke adds to a violation where its frame begins.
func (f *frame) broke(err error) error {
	if violation, ok := err.(*wsframe.Error); ok {
		// tour 4.2: the error says it all: the close code, the rule, its section (RFC 6455 §7.4.1)
		violation.Offset = f.start
	}
	return err
}

// checkLimits holds a data frame to the limits of its message.
func (c *Conn) checkLimits(f *frame, m *partial) error { // req: 6455-5.4-f
	limit := c.config.MaxMessage
	if m.compressed {
		// Data that cannot be compressed grows: by as much as zlib's bound says when it
		// is given little memory. The message itself is measured while it is inflated.
		limit += limit/8 + limit/64 + 64
	}
	// RFC 6455 §10.4. A header may announce 2^63-1 bytes: it is refused for what it
	// announces, and costs nothing.
	if f.Length > uint64(limit-m.length) { // req: 6455-10.4-a
		return tooBig("payload length", c.config.MaxMessage, "bytes")
	}
	if m.fragments > c.config.MaxFragments {
		return tooBig("FIN", c.config.MaxFragments, "fragments")
	}
	return nil
}

// noMemory refuses a message for which the budget of all connections has nothing left.
func noMemory() *wsframe.Error {
	return &wsframe.Error{Code: wsframe.TryAgainLater, Field: "payload length", Section: "RFC 6455 §10.4",
		Rule: "there is no memory left here for a large message: try again later"}
}

func tooBig(field string, limit int, unit string) error {
	return &wsframe.Error{Code: wsframe.MessageTooBig, Field: field, Section: "RFC 6455 §10.4",
		Rule: fmt.Sprintf("a message may have at most %d %s here", limit, unit)}
}

// readPayload reads the payload of a data frame, unmasks and checks it, and returns
// what there is of the message: all of it if this was the last frame.
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
			return slices.Clip(payload), nil // after it comes the next frame
		}
		if err := c.wait(false); err != nil {
			return nil, err
		}
	}
}

// readAndJoin is readPayload for what the read buffer does not hold: fragments and
// large messages are joined in memory of their own.
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

// growMessage returns memory for the next bytes of the message, which has have bytes by
// now; left more belong to this frame. It returns nil if there is no memory for them. The
// memory grows eightfold as bytes arrive, whatever the header announced: to make us hold a
// megabyte, a peer must have sent an eighth of it. It grows to its full size as soon as it
// may: the less there is by then, the less is copied.
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

// readPiece reads some of the payload into p: what is buffered, or else what arrives;
// a large piece straight from the socket, without a detour through the read buffer.
func (c *Conn) readPiece(p []byte) (int, error) {
	if len(c.buf.Buffered()) == 0 && len(p) < bufconn.MinBuffer {
		if err := c.wait(false); err != nil {
			return 0, err
		}
	}
	for {
		c.setDeadline(c.buf.QuietSince(), 2*c.config.KeepAlive) // and no Ping: the peer is in the middle of a frame
		if left := c.left.Load(); left != nil {
			c.buf.SetReadDeadline(c.closeDeadline(left))
		}
		n, err := c.buf.Read(p)
		if err = c.orTooSlow(err); err == nil || !c.waitOn(err) {
			return n, err
		}
	}
}

// pieceSize is what PieceTimeout counts in, in bytes.
const pieceSize = 64 << 10

// setDeadline sets the read deadline inside a message: when the peer has been silent since
// then for patience, or the next piece of the message is overdue. For either, 0 means never.
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

// orTooSlow returns err, or the violation that it stands for if a piece is overdue.
func (c *Conn) orTooSlow(err error) error {
	if err == nil || !bufconn.IsTimeout(err) || c.pieceDue.IsZero() || time.Now().Before(c.pieceDue) {
		return err
	}
	return &wsframe.Error{Code: wsframe.PolicyViolation, Field: "payload", Section: "RFC 6455 §10.4", Offset: c.received,
		Rule: fmt.Sprintf("each 64 KiB of a message must arrive within %v", c.config.PieceTimeout)}
}

// decode unmasks a piece of a payload, which begins at a position in it, and checks, in
// a text message, that it can be UTF-8: as soon as it is there, and not at the end of the
// message, which may be a gigabyte away.
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

// wait returns when more bytes have arrived. This is where a connection finds out that
// the peer is gone: silence for KeepAlive brings a Ping, and as much silence after that
// the end. It is counted from the Ping: if this process was stopped for longer than both,
// what the peer sent meanwhile is there to be read.
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
