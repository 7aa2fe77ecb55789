package wiretap

import (
	"time"

	"barewire/internal/annotate"
	"barewire/wsframe"
)

// Event is one thing that happened to a tapped connection. A sink may keep it, but must
// not change its Bytes: other sinks share them.
type Event struct {
	// Conn is the number of the connection. The first one that a Tap wraps is 1.
	Conn int

	// Time is when it happened, by the wall clock, in whole microseconds. It never
	// goes back from one event to the next.
	Time time.Time

	Kind Kind

	// Direction is the direction of Bytes or Ended.
	Direction annotate.Direction

	// Bytes is what passed, if Kind is Bytes: the bytes of one Read or Write, never
	// empty.
	Bytes []byte

	// Peers is both ends of the connection, if Kind is Opened.
	Peers Peers

	// Err is the text of the first error of a Read or Write other than a timeout, if
	// Kind is Closed or Reset. It is "" if there was none.
	Err string
}

// AddTo adds the event to the conversation of its connection, and returns the units that
// it completes. Closed and Reset complete all remaining units.
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

// Kind is the kind of an event.
type Kind uint8

// The kinds, in the order in which they happen: Opened; Bytes any number of times; Ended
// at most once for each direction, with no Bytes of that direction after it; Closed or
// Reset.
const (
	Opened Kind = iota
	Bytes       // bytes passed
	Ended       // one direction ended, with a FIN or a TLS close_notify alert
	Closed      // our side closed both directions
	Reset       // the peer reset the connection: bytes on their way are lost
)

// Peers is the two ends of a connection.
type Peers struct {
	Role   wsframe.Role // of our side
	Local  string       // our address, as net.Addr.String returns it
	Remote string       // the peer's address
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

// outward returns the direction of what a role writes, and inward of what it reads.
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
