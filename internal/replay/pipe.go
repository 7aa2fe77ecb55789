package replay

import (
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// pipe is our side's end of a connection whose other end is the player. It is a
// net.Pipe with two things that a player needs: one direction can end while the
// other goes on, as in TCP; and it knows when our side waits for octets, so that
// a conversation goes on in the same steps each time.
//
// It has no deadlines: whoever stands at a breakpoint may stand there for ever.
type pipe struct {
	changed chan struct{} // has a value when something has happened on our side

	mu       sync.Mutex
	arrived  sync.Cond // signalled when incoming or ended has changed, or closed
	incoming []byte    // what the other side has sent, and ours has not read
	ended    bool      // and no more will come
	waiting  bool      // our side is in Read
	sent     []byte    // all that our side has sent
	sentAll  bool      // and it will send no more
	closed   bool      // our side has closed
}

func newPipe() *pipe {
	p := &pipe{changed: make(chan struct{}, 1)}
	p.arrived.L = &p.mu
	return p
}

// wake wakes the player. The caller holds mu.
func (p *pipe) wake() {
	select {
	case p.changed <- struct{}{}:
	default: // it has not looked yet, and will see this too
	}
}

// Read returns what the other side has sent.
func (p *pipe) Read(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting = true
	defer func() { p.waiting = false }()
	p.wake()
	for len(p.incoming) == 0 {
		switch {
		case p.closed:
			return 0, net.ErrClosed
		case p.ended:
			return 0, io.EOF
		}
		p.arrived.Wait()
	}
	n := copy(b, p.incoming)
	p.incoming = p.incoming[n:]
	return n, nil
}

// Write takes what our side sends. It never waits.
func (p *pipe) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || p.sentAll {
		return 0, net.ErrClosed
	}
	p.sent = append(p.sent, b...)
	p.wake()
	return len(b), nil
}

// CloseWrite ends our direction, as a FIN does.
func (p *pipe) CloseWrite() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sentAll = true
	p.wake()
	return nil
}

// Close ends both directions.
func (p *pipe) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sentAll, p.closed = true, true
	p.arrived.Broadcast()
	p.wake()
	return nil
}

// deliver hands our side a piece, and returns when that has done all it can
// do with it: it waits for more, or has closed.
func (p *pipe) deliver(piece []byte) {
	p.mu.Lock()
	p.incoming = append(p.incoming, piece...)
	p.arrived.Broadcast()
	p.mu.Unlock()
	p.settle()
}

// end tells our side that no more will come, and returns when that has closed:
// it has nothing left to wait for.
func (p *pipe) end() {
	p.mu.Lock()
	p.ended = true
	p.arrived.Broadcast()
	p.mu.Unlock()
	p.settle()
}

// settle waits until our side has nothing left to do.
func (p *pipe) settle() {
	for !p.settled() {
		<-p.changed
	}
}

// settled tells whether our side has nothing left to do.
func (p *pipe) settled() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed || p.waiting && len(p.incoming) == 0 && !p.ended
}

// output returns what our side has sent so far, and whether that is all. It is
// not changed later.
func (p *pipe) output() (sent []byte, all bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sent[:len(p.sent):len(p.sent)], p.sentAll
}

// How long our side may wait for octets while the player waits for octets too:
// twenty ticks. Where one goroutine reads and answers that is a difference at
// once; but a room sends from goroutines of its own. Time in which the process
// stood still makes a tick late, and a late one does not count.
const (
	tick     = 100 * time.Millisecond
	patience = 20
)

// await returns when enough says so, and reports false when our side waits and so
// nothing will come.
func (p *pipe) await(enough func(sent []byte, all bool) bool) bool {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	last, quiet := time.Now(), 0
	for !enough(p.output()) {
		select {
		case <-p.changed:
			quiet = 0
		case <-ticker.C:
			now := time.Now()
			if p.settled() && now.Sub(last) < 2*tick {
				quiet++
			}
			last = now
		}
		if quiet == patience {
			return false
		}
	}
	return true
}

// LocalAddr returns an address in name only.
func (p *pipe) LocalAddr() net.Addr { return pipeAddr{} }

// RemoteAddr returns an address in name only.
func (p *pipe) RemoteAddr() net.Addr { return pipeAddr{} }

// SetDeadline fails: there are no deadlines here.
func (p *pipe) SetDeadline(time.Time) error { return os.ErrNoDeadline }

// SetReadDeadline fails: there are no deadlines here.
func (p *pipe) SetReadDeadline(time.Time) error { return os.ErrNoDeadline }

// SetWriteDeadline fails: there are no deadlines here.
func (p *pipe) SetWriteDeadline(time.Time) error { return os.ErrNoDeadline }

// pipeAddr is the address of what has none, as net.Pipe has it.
type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "pipe" }
