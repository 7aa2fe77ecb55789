package wsconn

import (
	"sync"

	"barewire/internal/deflate"
	"barewire/wsframe"
)

// maxQueue is how many octets may wait for a member of a room that does not
// read. Beyond it the member is closed: otherwise the slowest reader would
// decide how much memory everybody's messages take.
const maxQueue = 1 << 20

// Room is a set of connections that are sent the same messages: the article's
// out, with which a program could send to one or to all. Its zero value is
// empty and ready. All of its methods may be called by any goroutine.
type Room struct {
	mu      sync.Mutex
	members map[*Conn]struct{}
}

// Join adds a connection. It stays a member until Leave, which a handler calls
// in OnClose.
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

// Send sends a message to every member, in the same order to all. The frame is
// made, and compressed, once. Send waits for nobody: each member has a queue,
// which another goroutine empties if its socket is full, and one whose queue holds more than 1 MiB
// already is closed with 1013.
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

// prepared is a message as a server sends it, framed before it is known to whom.
type prepared struct {
	opcode     wsframe.Opcode
	payload    []byte // the caller's, for members that are clients and mask with keys of their own
	plain      []byte // the frame
	compressed []byte // the same compressed, once a member wants it so
}

func newPrepared(opcode wsframe.Opcode, payload []byte) (*prepared, error) {
	if err := checkText(opcode, payload); err != nil {
		return nil, err
	}
	header := wsframe.Header{Fin: true, Opcode: opcode}
	return &prepared{opcode: opcode, payload: payload, plain: wsframe.AppendFrame(nil, &header, payload)}, nil
}

// frameFor returns the frame for a member. The caller holds its write buffer.
//
// The compressed one begins with an empty window, so that it suits everybody
// whose window is the largest, whatever they have been sent before. But it goes
// past a member's own compressor, whose window would no longer be what the member
// has: that compressor has to forget.
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

// sendPrepared queues a message, and sends what the socket takes at once; the rest
// is left to another goroutine. To leave all to one made a broadcast to 1,000 half
// as expensive again.
func (c *Conn) sendPrepared(message *prepared) {
	waiting, err := c.appendPrepared(message)
	switch {
	case err != nil: // it is closing already
	case waiting > maxQueue:
		c.closeSlow()
	case !c.buf.TryFlush():
		c.flushInBackground()
	}
}

// appendPrepared appends a prepared message to the write buffer, and returns
// how many octets were waiting there before it: however large it is, it is not
// the one that shows that its receiver is slow.
func (c *Conn) appendPrepared(message *prepared) (waiting int, err error) {
	if c.config.Role.Masks() {
		unsent, start, end, err := c.appendFrame(message.opcode, message.payload)
		return unsent - int(end-start), err
	}
	out, err := c.beginWrite(len(message.plain))
	if err != nil {
		return 0, err
	}
	frame := message.frameFor(c)
	unsent, _ := c.buf.EndWrite(append(out, frame...))
	return unsent - len(frame), nil
}

// closeSlow begins the closing handshake with a member that does not read. It
// gets the Close frame behind what is queued, if it reads again within
// CloseWait.
func (c *Conn) closeSlow() {
	if c.appendClose(wsframe.TryAgainLater, "messages came faster than they were read") {
		c.armCloseTimer()
		c.flushInBackground()
	}
}
