package fault

import (
	"errors"
	"net"
	"sync"
)

// inbox collects what a server sends, in a goroutine of its own: over a pipe a
// server that answers while we still write would otherwise wait for us, and we
// for it.
type inbox struct {
	mu     sync.Mutex
	octets []byte // not taken yet
	err    error  // why no more will come, nil until then

	arrived chan struct{} // holds a token when there is something new
	ended   chan struct{} // closed when the goroutine has ended
}

// MaxReply bounds the octets that are read from a server on one connection.
// Without it a server that sends zeros for ever makes us hold them all.
const MaxReply = 4 << 20

var errTooMuch = errors.New("more octets than any answer has")

func newInbox(conn net.Conn) *inbox {
	b := &inbox{arrived: make(chan struct{}, 1), ended: make(chan struct{})}
	go b.collect(conn)
	return b
}

// collect reads until the connection ends, or the inbox is full.
func (b *inbox) collect(conn net.Conn) {
	defer close(b.ended)
	piece := make([]byte, 16<<10)
	for total := 0; ; {
		n, err := conn.Read(piece)
		total += n
		if total > MaxReply {
			err = errTooMuch
		}
		b.put(piece[:n], err)
		if err != nil {
			return
		}
	}
}

func (b *inbox) put(octets []byte, err error) {
	b.mu.Lock()
	b.octets = append(b.octets, octets...)
	b.err = err
	b.mu.Unlock()
	select {
	case b.arrived <- struct{}{}:
	default: // the token is there already
	}
}

// take empties the inbox. The octets are the caller's; err comes once they have
// all been taken.
func (b *inbox) take() (octets []byte, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	octets, b.octets = b.octets, nil
	if len(octets) > 0 {
		return octets, nil
	}
	return nil, b.err
}
