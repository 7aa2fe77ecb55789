package wsconn

import (
	"fmt"
	"io"
	"slices"

	"barewire/internal/bufconn"
	"barewire/wsframe"
)

// ReadMessage returns the next message. On the way to it Pings are answered and
// Pongs dropped. The payload is valid until the next call. A handler that Serve
// calls must not call it.
//
// When the connection has ended it returns a *CloseError, the same one from
// then on; by that time the Close frame that is due has been sent and the
// connection underneath is closed.
func (c *Conn) ReadMessage() (Message, error) {
	if c.ended != nil {
		return Message{}, c.ended
	}
	message, err := c.readMessage()
	if err != nil {
		return Message{}, c.end(err)
	}
	return message, nil
}

// readMessage reads the rest of the message that is being read, or the next one.
// When it fails nothing that has arrived is lost: the next call goes on. So within
// a bufconn.Loop, where waiting fails with ErrWait, it is called until it succeeds.
func (c *Conn) readMessage() (Message, error) {
	if c.handedOut {
		c.message.Release()
		c.message, c.handedOut = nil, false
	}
	for {
		if err := c.nextDataFrame(); err != nil {
			return Message{}, err
		}
		payload, err := c.readFramePayload()
		if err != nil {
			return Message{}, err
		}
		if !c.header.Fin {
			continue
		}
		c.handedOut = true
		if c.compressed {
			if payload, err = c.inflate(payload); err != nil {
				return Message{}, err
			}
		}
		return Message{c.opcode, payload}, nil
	}
}

// nextDataFrame reads up to the payload of the next text, binary or
// continuation frame, handling the control frames before it.
func (c *Conn) nextDataFrame() error {
	for {
		if !c.inFrame {
			if err := c.readHeader(); err != nil {
				return err
			}
		}
		if !c.header.Opcode.IsControl() {
			return nil
		}
		if err := c.readControl(); err != nil {
			return err
		}
	}
}

// readHeader parses and checks the header of the next frame. A frame is refused
// here, before anything of its payload has been read.
func (c *Conn) readHeader() error {
	n := wsframe.ParseHeader(&c.header, c.buf.Buffered())
	for n == 0 {
		if err := c.wait(); err != nil {
			return err
		}
		n = wsframe.ParseHeader(&c.header, c.buf.Buffered())
	}
	c.frameAt = c.offset
	if err := c.checker.Check(&c.header); err != nil {
		return c.atFrame(err)
	}
	if c.header.Opcode.IsData() {
		c.beginMessage()
	}
	if err := c.checkLimits(); err != nil {
		return c.atFrame(err)
	}
	c.buf.Discard(n)
	c.offset += int64(n)
	c.inFrame, c.left = true, c.header.Length
	return nil
}

// beginMessage forgets the message before.
func (c *Conn) beginMessage() {
	c.opcode, c.compressed = c.header.Opcode, c.header.RSV1
	c.fragments, c.text = 0, wsframe.UTF8Validator{}
}

// checkLimits holds a data frame to the limits on its message.
func (c *Conn) checkLimits() error {
	if c.header.Opcode.IsControl() {
		return nil
	}
	c.fragments++
	if c.streaming {
		if err := c.checkStream(); err != nil || !c.compressed {
			return err // what is not compressed is handed on as it comes, and never kept
		}
	}
	most := c.config.MaxMessage
	if c.compressed {
		// What cannot be compressed grows: by as much as zlib's bound says when it is
		// given little memory. The message itself is measured while it is inflated.
		most += most/8 + most/64 + 64
	}
	// RFC 6455 §10.4. A header may announce 2^63-1 octets: it is refused for
	// what it says, and costs nothing.
	if c.header.Length > uint64(most-c.messageLength()) {
		return tooBig(c.config.MaxMessage)
	}
	if c.fragments > c.config.MaxFragments {
		return tooMany(c.config.MaxFragments)
	}
	return nil
}

func tooBig(most int) error {
	return &wsframe.Error{Code: wsframe.MessageTooBig, Field: "payload length", Section: "RFC 6455 §10.4",
		Rule: fmt.Sprintf("a message may have at most %d octets here", most)}
}

func tooMany(most int) error {
	return &wsframe.Error{Code: wsframe.MessageTooBig, Field: "FIN", Section: "RFC 6455 §10.4",
		Rule: fmt.Sprintf("a message may have at most %d fragments here", most)}
}

// readFramePayload reads the payload of the data frame whose header was read,
// unmasks and checks it, and returns what there is of the message: all of it
// if this was the last frame.
func (c *Conn) readFramePayload() ([]byte, error) {
	if c.staysInPlace() {
		return c.readInPlace()
	}
	for c.left > 0 {
		free := c.growMessage()
		n, err := c.readPiece(free)
		if err != nil {
			return nil, err
		}
		piece := free[:n]
		c.message.Bytes = c.message.Bytes[:len(c.message.Bytes)+n]
		if err := c.decode(piece); err != nil {
			return nil, err
		}
	}
	if c.message == nil {
		c.message = bufconn.NewBuffer(0)
	}
	// An empty payload ends here; for any other one this does nothing more.
	return c.message.Bytes, c.decode(nil)
}

// staysInPlace tells whether the payload is a whole message, and is, or can be, in
// one piece in the read buffer.
func (c *Conn) staysInPlace() bool {
	switch {
	case c.inPlace > 0: // it has begun so
		return true
	case c.message != nil || !c.header.Fin: // fragments are joined in memory of their own
		return false
	}
	return c.left <= bufconn.MaxRead && c.buf.Reserve(int(c.left))
}

// readInPlace is readFramePayload for the usual case: the message is one frame, and
// stays in the read buffer.
func (c *Conn) readInPlace() ([]byte, error) {
	for {
		payload := c.buf.Buffered()
		if uint64(len(payload)) > c.header.Length {
			payload = payload[:c.header.Length]
		}
		piece := payload[c.inPlace:]
		c.inPlace = len(payload)
		// tour 3.3: the payload, still masked, stays where it arrived (RFC 6455 §6.2)
		//	len(payload) = 5, c.opcode = Text (1), c.offset = 6
		if err := c.decode(piece); err != nil {
			return nil, err
		}
		if c.left == 0 {
			c.buf.Discard(len(payload))
			c.inPlace = 0
			return slices.Clip(payload), nil // behind it is the next frame
		}
		if err := c.wait(); err != nil {
			return nil, err
		}
	}
}

// growMessage returns where the next octets of the message go. The message's memory
// grows eightfold, as octets arrive, whatever its header announced: to make
// us hold a megabyte, a peer must have sent an eighth of it. It grows to its full
// size as soon as it may: the less there is by then, the less has to be copied.
func (c *Conn) growMessage() []byte {
	have := c.messageLength()
	arrived := have + len(c.buf.Buffered()) + wsframe.MaxHeaderSize
	most := max(bufconn.MinBuffer, 8*arrived)
	full := have + int(c.left)
	if c.message == nil || cap(c.message.Bytes)-have < bufconn.MinBuffer || full <= most {
		c.message = c.message.Grow(min(full, most) - have)
	}
	free := c.message.Bytes[have:cap(c.message.Bytes)]
	return free[:min(c.left, uint64(len(free)))]
}

// messageLength returns the octets of the message that have been put together.
func (c *Conn) messageLength() int {
	if c.message == nil {
		return 0
	}
	return len(c.message.Bytes)
}

// readPiece reads some of the payload into p: what is buffered, or else what
// comes; a large piece straight from the socket, without a detour through the
// read buffer.
func (c *Conn) readPiece(p []byte) (int, error) {
	if n := c.buf.ReadBuffered(p); n > 0 {
		return n, nil
	}
	if len(p) < bufconn.MinBuffer || c.streaming {
		if err := c.wait(); err != nil {
			return 0, err
		}
		return c.buf.ReadBuffered(p), nil
	}
	c.buf.ReadWithin(2 * c.config.KeepAlive) // no Ping: the peer is in the middle of a frame
	n, err := c.buf.Read(p)
	if n > 0 {
		return n, nil
	}
	if err == nil {
		err = io.ErrNoProgress
	}
	return 0, err
}

// decode counts and unmasks the piece of payload that was just taken and, in a
// text message, checks that it can be UTF-8 as soon as it is there: not at the
// end of the message, which may be a gigabyte away.
func (c *Conn) decode(piece []byte) error {
	position := c.header.Length - c.left // of piece[0] in the payload
	c.offset += int64(len(piece))
	c.left -= uint64(len(piece))
	c.inFrame = c.left > 0
	if c.header.Masked {
		// tour 3.4: each octet XOR one of the key: 7f XOR 37 is 48, which is H (RFC 6455 §5.3)
		//	piece = 7f 9f 4d 51 58, c.header.Key = 37 fa 21 3d, position = 0
		wsframe.Mask(piece, c.header.Key, position)
	}
	if c.opcode != wsframe.Text || c.compressed {
		return nil
	}
	// tour 3.5: unmasked in its place; a text must be UTF-8 (RFC 6455 §8.1)
	//	string(piece) = "Hello", c.left = 0
	valid, ok := c.text.Check(piece)
	if !ok {
		err := notUTF8("a text message must be valid UTF-8")
		err.Offset = c.offset - int64(len(piece)-valid)
		return err
	}
	if c.left == 0 && c.header.Fin && !c.text.Complete() {
		err := notUTF8("a text message must not end inside a code point")
		err.Offset = c.offset
		return err
	}
	return nil
}

func notUTF8(rule string) *wsframe.Error {
	return &wsframe.Error{Code: wsframe.InvalidPayload, Field: "payload", Rule: rule, Section: "RFC 6455 §8.1"}
}

// atFrame says in a violation where its frame began.
func (c *Conn) atFrame(err error) error {
	if violation, ok := err.(*wsframe.Error); ok {
		// tour 4.2: the error says it all: the code for the peer, the rule, its section (RFC 6455 §7.4.1)
		//	violation.Code = ProtocolError (1002), violation.Rule = "a client must mask every frame", violation.Section = "RFC 6455 §5.1"
		violation.Offset = c.frameAt
	}
	return err
}

// wait returns when more octets have come, or, within Serve, bufconn.ErrWait. It
// is where a connection finds out that the peer is gone: silence for KeepAlive
// brings a Ping, and silence after that the end.
func (c *Conn) wait() error {
	if c.streaming {
		return c.buf.Wait()
	}
	for {
		c.buf.ReadWithin(c.config.KeepAlive)
		err := c.buf.Fill()
		arrived := c.offset + int64(len(c.buf.Buffered())-c.inPlace)
		if !bufconn.IsTimeout(err) || c.pingedAt == arrived {
			return err
		}
		c.pingedAt = arrived
		if _, err := c.appendControl(wsframe.Ping, nil); err != nil {
			return err
		}
	}
}
