package wsconn

import (
	"sync"

	"barewire/internal/deflate"
	"barewire/wsframe"
)

// maxBehind is how many bytes of the room's messages a member may not have accepted yet
// when the next one comes. A member that has more is closed: otherwise one that never reads
// would make us keep every message of the room.
const maxBehind = 4 << 20

// Room is a set of servers' connections that are sent the same messages: a chat room. The zero
// value is an empty Room. Any goroutine may call its methods.
//
// It is a log of frames, in which each member has a position:
//
//	entry ──▶ entry ──▶ entry ──▶ entry ──▶ the empty one, which Send fills
//	  ▲                   ▲                   ▲
//	a slow member       a faster one        all the others
//
// The log has no beginning of its own: what the slowest member has been sent is garbage.
// As nobody may be more than maxBehind behind, that is its largest size, however many
// members there are.
type Room struct {
	mu      sync.Mutex
	members map[*Conn]*member
	end     *entry // the empty one; nil until the first member joins
}

// entry is a message in the log, or the empty entry at its end.
type entry struct {
	message *prepared // nil: this is the end
	start   int       // bytes before it, since the room began
	next    *entry
}

// member is a connection in a room, whose mutex guards it.
type member struct {
	conn     *Conn
	next     *entry // what it is to be sent next
	accepted int    // bytes of the log that its socket has accepted
	behind   bool   // a goroutine is at work in catchUp
}

// Join adds a connection. It is a member until Leave, which a handler calls in OnClose.
func (r *Room) Join(c *Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.end == nil {
		r.members, r.end = make(map[*Conn]*member), new(entry)
	}
	r.members[c] = &member{conn: c, next: r.end}
}

// Leave removes a connection.
func (r *Room) Leave(c *Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.remove(r.members[c])
}

// remove removes a member, which may be nil, and its hold on the log. The caller holds mu.
func (r *Room) remove(m *member) {
	if m != nil {
		delete(r.members, m.conn)
		m.next = new(entry) // for its goroutine this is the end
	}
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
// Send waits for nobody. A member whose socket has yet to accept more than maxBehind
// bytes, this message included, is closed with 1013, unless this message is all of them.
func (r *Room) Send(opcode wsframe.Opcode, payload []byte) error {
	message, err := newPrepared(opcode, payload)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.members) == 0 {
		return nil
	}
	r.end.message, r.end.next = message, &entry{start: r.end.start + len(message.plain)}
	r.end = r.end.next
	for _, m := range r.members {
		switch {
		case !m.behind:
			r.sendNow(m, message)
		case r.end.start-m.accepted > maxBehind:
			r.remove(m)
			if m.conn.appendClose(closeSent, wsframe.TryAgainLater, "messages came faster than they were read") {
				go m.conn.flushClose()
			}
		}
	}
	return nil
}

// sendNow sends a member that is not behind the newest message, if its socket accepts it
// without waiting. If not, another goroutine sends the rest. The caller holds mu.
func (r *Room) sendNow(m *member, message *prepared) {
	out, frame, err := m.conn.beginPrepared(message, m.conn.buf.BeginWrite)
	if err != nil {
		r.remove(m) // it is closing already
		return
	}
	finish, started := m.conn.buf.EndWriteAndTry(out, frame)
	m.accepted = m.next.start
	if started {
		m.next = r.end
	}
	if m.behind = !started || finish != nil; m.behind {
		go r.catchUp(m, finish)
	}
}

// catchUp sends a member what there is in the log for it, after what finish sends, which
// may be nil.
func (r *Room) catchUp(m *member, finish func() error) {
	var err error
	if finish != nil {
		err = m.conn.sent(finish())
	}
	for err == nil {
		message := r.nextFor(m)
		if message == nil {
			break
		}
		err = m.conn.sendPrepared(message)
	}
	if err != nil {
		r.Leave(m.conn) // it is closing already
	}
}

// nextFor returns the next message for a member, which has been sent the one before, or
// nil if there is none. It leaves the member no hold on what follows, but its position:
// a member that is removed while its socket accepts nothing holds one message.
func (r *Room) nextFor(m *member) *prepared {
	r.mu.Lock()
	defer r.mu.Unlock()
	message := m.next.message
	m.accepted, m.behind = m.next.start, message != nil
	if message != nil {
		m.next = m.next.next
	}
	return message
}

// prepared is a message in the forms in which members get it.
type prepared struct {
	opcode  wsframe.Opcode
	payload []byte // part of plain
	plain   []byte // the frame

	compressing sync.Once
	compressed  []byte // the same, compressed; nil until the first member needs it
}

func newPrepared(opcode wsframe.Opcode, payload []byte) (*prepared, error) {
	if err := checkText(opcode, payload); err != nil {
		return nil, err
	}
	header := wsframe.Header{Fin: true, Opcode: opcode}
	plain := wsframe.AppendFrame(make([]byte, 0, wsframe.MaxHeaderSize+len(payload)), &header, payload)
	return &prepared{opcode: opcode, payload: plain[len(plain)-len(payload):], plain: plain}, nil
}

// compress makes the compressed frame, with an empty window of the largest size.
func (p *prepared) compress() {
	compressing.take()
	defer compressing.release()
	payload := deflate.NewCompressor(deflate.MaxWindowBits, false).AppendMessage(nil, p.payload)
	header := wsframe.Header{Fin: true, RSV1: true, Opcode: p.opcode}
	p.compressed = wsframe.AppendFrame(nil, &header, payload)
}

// sendPrepared sends a message from the log, without copying it, and returns when the
// kernel has accepted it.
func (c *Conn) sendPrepared(p *prepared) error {
	out, frame, err := c.beginPrepared(p, c.buf.BeginLarge)
	if err != nil {
		return err
	}
	return c.sent(c.buf.EndWriteAndFlush(out, frame))
}

// beginPrepared locks the write buffer with begin, and returns it and the frame that is to
// follow it.
//
// The compressed frame is right for every member that agreed on the largest window,
// whatever it was sent before. Because the member's own compressor has not seen this
// message, its window would differ from the peer's afterwards: it must begin with an empty
// one again.
func (c *Conn) beginPrepared(p *prepared, begin func(size int) []byte) (out, frame []byte, err error) {
	frame = p.plain
	compressed := c.compresses(p.opcode, p.payload) && c.sendWindowBits == deflate.MaxWindowBits
	if compressed {
		p.compressing.Do(p.compress)
		frame = p.compressed
	}
	out = begin(0)
	if c.state != open { // req: 6455-5.5.1-d
		c.buf.EndWrite(out)
		return nil, nil, ErrClosed
	}
	if compressed {
		c.compressor.Release()
	}
	return out, frame, nil
}
