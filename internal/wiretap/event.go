package wiretap

import (
	"time"

	"barewire/internal/annotate"
	"barewire/wsframe"
)

// Event is one thing that happened to a tapped connection. Whoever gets one may
// keep it, and must not change its Bytes: other sinks have the same.
type Event struct {
	// Conn is the number of the connection: the first one that a Tap wraps is 1.
	Conn int

	// Time is when it happened, by the wall clock, in whole microseconds. It never
	// goes back from one event to the next.
	Time time.Time

	Kind Kind

	// Direction is the way of the bytes of Bytes and Ended.
	Direction annotate.Direction

	// Bytes is what passed, if Kind is Bytes, in one piece as one Read or Write
	// had it: never empty.
	Bytes []byte

	// Peers is who is connected, if Kind is Opened.
	Peers Peers

	// Err is what went wrong, if Kind is Closed or Reset: the text of the first
	// error of a Read or Write that was no time-out, or "".
	Err string
}

// AddTo feeds the event to a conversation, which is that of its connection, and
// returns the units that it completes. Closed and Reset complete what is left.
func (e *Event) AddTo(conversation *annotate.Conversation) []annotate.Unit {
	switch e.Kind {
	case Bytes:
		return conversation.Add(e.Direction, e.Bytes)
	case Ended:
		return conversation.End(e.Direction)
	case Closed, Reset:
		return conversation.Finish()
	}
	return nil
}

// Kind says what happened.
type Kind uint8

// What happens to a connection, in this order: Opened; Bytes in any number;
// Ended at most once for each direction, with no Bytes of that direction behind
// it; Closed or Reset.
const (
	Opened Kind = iota
	Bytes       // a piece passed
	Ended       // one direction: a FIN, or what TLS has in its place
	Closed      // both directions, by our side
	Reset       // both directions, by the peer: what was on its way is lost
)

// Peers says who is connected.
type Peers struct {
	Role   wsframe.Role // of our own side
	Local  string       // our address, as net.Addr.String has it
	Remote string       // the peer's
}

// Client returns the address of the client's side.
func (p *Peers) Client() string {
	if p.Role == wsframe.Client {
		return p.Local
	}
	return p.Remote
}

// Server returns the address of the server's side.
func (p *Peers) Server() string {
	if p.Role == wsframe.Client {
		return p.Remote
	}
	return p.Local
}

// outward is the direction of what a role writes, and inward of what it reads.
func outward(role wsframe.Role) annotate.Direction {
	if role == wsframe.Client {
		return annotate.ClientToServer
	}
	return annotate.ServerToClient
}

func inward(role wsframe.Role) annotate.Direction {
	return opposite(outward(role))
}

func opposite(direction annotate.Direction) annotate.Direction {
	if direction == annotate.ClientToServer {
		return annotate.ServerToClient
	}
	return annotate.ClientToServer
}
