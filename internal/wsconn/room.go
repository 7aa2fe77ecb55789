package wsconn

import (
	"errors"
	"sync"

	"barewire/internal/deflate"
	"barewire/wsframe"
)

// maxBehind is how many bytes of the log a late member may still have to accept, the newest
// message included. A member with more is closed: otherwise a member that never reads would
// make us keep every message of the room.
const maxBehind = 4 << 20

// Room is a set of server connections that get the same messages: a chat room. The zero
// value is an empty Room. Any goroutine may call its methods.
//
// It is a log of frames, in which each member has a position:
//
//	entry ──▶ entry ──▶ entry ──▶ entry ──▶ the empty one, which Send fills
//	  ▲                   ▲                   ▲
//	a slow member       a faster one        all the others
//
// Only the members refer to entries, so the entries before the slowest member's position
// are garbage. No member may be more than maxBehind bytes late, so the log is at most
// that large, however many members there are.
type Room struct {
	mu      sync.Mutex
	members map[*Conn]*member
	end     *entry // the empty one; nil until the first member joins

	closing int // bytes of the messages that are still being sent to removed members
}

// entry is a message in the log, or the empty entry at its end.
type entry struct {
	message *prepared // nil at the end
	start   int       // the number of bytes in the log before it
	next    *entry
}

// member is a connection in a room. The mutex of the room guards its fields.
type member struct {
	conn     *Conn
	next     *entry // the entry to send next
	accepted int    // bytes of the log that its socket has accepted
	behind   bool   // a goroutine runs catchUp for it

	sending *prepared // what that goroutine sends, or nil
	holds   bool      // the member has been removed, and sending is counted in Room.closing
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

// remove removes a member, which may be nil, and its reference to the log. The caller holds
// mu.
func (r *Room) remove(m *member) {
	if m != nil {
		delete(r.members, m.conn)
		m.next = new(entry) // its goroutine takes this for the end of the log
	}
}

// Size returns the number of members.
func (r *Room) Size() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.members)
}

// Send sends a message to every member. All members get all messages in the same order.
// The frame is built and compressed once for all members.
//
// Send does not wait for any member. A member that has not accepted all earlier messages is
// late. If a late member has more than maxBehind bytes to accept, this message included, it
// is closed with 1013.
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
			if !r.hold(m) {
				go m.conn.giveUp(errTooSlow)
			} else if m.conn.appendClose(closeSent, wsframe.TryAgainLater, "messages came faster than they were read") {
				go m.conn.flushClose()
			}
		}
	}
	return nil
}

// sendNow sends the newest message to a member that has all earlier ones, if its socket
// accepts it without waiting. Otherwise another goroutine sends the rest. The caller holds
// mu.
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
		if started {
			m.sending = message
		}
		go r.catchUp(m, finish)
	}
}

// catchUp calls finish, which may be nil, to send the rest of a message, and then sends the
// member all messages in the log that it does not have.
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
	r.letGo(m)
}

// errTooSlow is the reason why a member is closed without 1013.
var errTooSlow = errors.New("messages came faster than they were read")

// hold counts the message that is being sent to a member that has been removed. The log does
// not limit it any more: members that join one after the other and read nothing would each
// hold a different message until the write timeout. If all of these messages would be more
// than maxBehind, hold reports false: then the member is closed at once. The caller holds mu.
func (r *Room) hold(m *member) bool {
	p := m.sending
	if p == nil {
		return true
	}
	if p.holders == 0 {
		if r.closing > 0 && r.closing+len(p.plain) > maxBehind {
			return false
		}
		r.closing += len(p.plain)
	}
	p.holders++
	m.holds = true
	return true
}

// letGo undoes hold when nothing is being sent any more.
func (r *Room) letGo(m *member) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if m.holds {
		m.holds = false
		if m.sending.holders--; m.sending.holders == 0 {
			r.closing -= len(m.sending.plain)
		}
	}
}

// nextFor returns the next message for a member that has all earlier ones, or nil at the
// end of the log. It moves the member's position past that message: if the member is
// removed while its socket accepts nothing, only this one message stays in memory.
func (r *Room) nextFor(m *member) *prepared {
	r.mu.Lock()
	defer r.mu.Unlock()
	message := m.next.message
	m.accepted, m.behind = m.next.start, message != nil
	if !m.holds {
		m.sending = message
	}
	if message != nil {
		m.next = m.next.next
	}
	return message
}

// prepared is a message as frames, in both forms in which members get it.
type prepared struct {
	opcode  wsframe.Opcode
	payload []byte // part of plain
	plain   []byte // the frame

	compressing sync.Once
	compressed  []byte // the compressed frame; nil until the first member needs it

	holders int // removed members to which it is still being sent; guarded by Room.mu
}

func newPrepared(opcode wsframe.Opcode, payload []byte) (*prepared, error) {
	if err := checkText(opcode, payload); err != nil {
		return nil, err
	}
	header := wsframe.Header{Fin: true, Opcode: opcode}
	plain := wsframe.AppendFrame(make([]byte, 0, wsframe.MaxHeaderSize+len(payload)), &header, payload)
	return &prepared{opcode: opcode, payload: plain[len(plain)-len(payload):], plain: plain}, nil
}

// compress builds the compressed frame, with an empty window of the largest size.
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

// beginPrepared locks the write buffer with begin, and returns the buffer and the frame to
// send after it.
//
// The compressed frame is valid for every member that agreed on the largest window,
// whatever was sent to it before. The member's own compressor has not seen this message, so
// its window would differ from the peer's afterwards: the compressor must start again with
// an empty window.
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
