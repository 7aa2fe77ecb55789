package wsconn

import (
	"sync"

	"barewire/internal/deflate"
	"barewire/wsframe"
)

// maxQueue is how many bytes may be unsent to a member of a room when the next message
// comes. A member that has more is closed: otherwise one that never reads would make us
// keep every message of the room.
const maxQueue = 1 << 20

// Room is a set of connections that are sent the same messages: a chat room. The zero
// value is an empty Room. Any goroutine may call its methods.
type Room struct {
	mu      sync.Mutex
	members map[*Conn]struct{}
}

// Join adds a connection. It is a member until Leave, which a handler calls in OnClose.
func (r *Room) Join(c *Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.members == nil {
		r.members = make(map[*Conn]struct{})
	}
	r.members[c] = struct{}{}
}

// Leave removes a connection.
func (r *Room) Leave(c *Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.members, c)
}

// Size returns the number of members.
func (r *Room) Size() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.members)
}

// Send sends a message to every member. All members get all messages in the same order.
// The frame is made, and compressed, once for all.
//
// Send does not wait for a member that reads slowly: what its socket does not accept at
// once waits in its write buffer, and another goroutine sends it. If maxQueue bytes were
// waiting already, the member is closed with 1013.
func (r *Room) Send(opcode wsframe.Opcode, payload []byte) error {
	message, err := newPrepared(opcode, payload)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for member := range r.members {
		member.sendPrepared(message)
	}
	return nil
}

// prepared is a message in the forms in which members get it.
type prepared struct {
	opcode     wsframe.Opcode
	payload    []byte // the caller's; a member that is a client masks it with a new key
	plain      []byte // the frame of a server
	compressed []byte // the same, compressed; nil until the first member needs it
}

func newPrepared(opcode wsframe.Opcode, payload []byte) (*prepared, error) {
	if err := checkText(opcode, payload); err != nil {
		return nil, err
	}
	header := wsframe.Header{Fin: true, Opcode: opcode}
	return &prepared{opcode: opcode, payload: payload, plain: wsframe.AppendFrame(nil, &header, payload)}, nil
}

// frameFor returns the frame for a member that is a server. The caller holds its write
// buffer.
//
// The compressed frame was made with an empty window of the largest size, so it is right
// for every member that agreed on that size, whatever it was sent before. Because the
// member's own compressor has not seen this message, its window would differ from the
// peer's afterwards: it must begin with an empty one again.
func (p *prepared) frameFor(c *Conn) []byte {
	if !c.compresses(p.payload) || c.sendWindowBits < deflate.MaxWindowBits {
		return p.plain
	}
	c.compressor.Release()
	if p.compressed == nil {
		payload := deflate.NewCompressor(deflate.MaxWindowBits, false).AppendMessage(nil, p.payload)
		header := wsframe.Header{Fin: true, RSV1: true, Opcode: p.opcode}
		p.compressed = wsframe.AppendFrame(nil, &header, payload)
	}
	return p.compressed
}

// sendPrepared appends a message to the write buffer and sends what the socket accepts
// at once; another goroutine sends the rest. Whether the member is slow is decided by
// what was unsent before this message: one large message must not close it.
func (c *Conn) sendPrepared(message *prepared) {
	var out, frame []byte
	var err error
	if c.config.Role.Masks() {
		out, err = c.beginFrame(message.opcode, message.payload)
		frame = message.plain
	} else if out, err = c.beginWrite(len(message.plain)); err == nil {
		frame = message.frameFor(c)
		out = append(out, frame...)
	}
	if err != nil {
		return // the member is closing already
	}
	switch unsent := c.buf.EndWrite(out) - len(frame); {
	case unsent > maxQueue:
		c.closeSlow()
	case !c.buf.TryFlush():
		c.flushInBackground()
	}
}

// closeSlow begins the closing handshake with a member that does not read. It gets the
// Close frame, after what is unsent, if it reads again within CloseWait.
func (c *Conn) closeSlow() {
	if c.appendClose(closeSent, wsframe.TryAgainLater, "messages came faster than they were read") {
		go c.flushClose()
	}
}
