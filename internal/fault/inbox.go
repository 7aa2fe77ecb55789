package fault

import (
	"errors"
	"net"
	"sync"
)

// inbox collects what a server sends, in its own goroutine. Without it, a server
// that answers while we still write would block on a pipe: it waits for us to read,
// and we wait for it to read.
type inbox struct {
	mu   sync.Mutex
	data []byte // not yet taken
	err  error  // why no more will come, or nil

	arrived chan struct{} // holds a token when there is something new
	ended   chan struct{} // closed when the goroutine has ended
}

// MaxReply limits the bytes that are read from a server on one connection. Without
// it a server that sends zeros forever makes us keep them all.
const MaxReply = 4 << 20

var errTooMuch = errors.New("the server sent too much for an answer")

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

func (b *inbox) put(data []byte, err error) {
	b.mu.Lock()
	b.data = append(b.data, data...)
	b.err = err
	b.mu.Unlock()
	select {
	case b.arrived <- struct{}{}:
	default: // the token is already there
	}
}

// take empties the inbox. The caller owns the bytes. err is returned only after all
// bytes have been taken.
func (b *inbox) take() (data []byte, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	data, b.data = b.data, nil
	if len(data) > 0 {
		return data, nil
	}
	return nil, b.err
}
