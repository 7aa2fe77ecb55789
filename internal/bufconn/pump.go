package bufconn

import (
	"net"
	"os"
	"sync"
	"time"
)

// pumpSize is how many octets a pump holds, at most.
const pumpSize = 32 << 10

// pump lets a Write to a TLS connection end at its deadline.
//
// crypto/tls cannot go on after a Write that timed out: half a record may have
// left, and nothing remembers the other half. So the deadline must not reach it.
// A pump takes the octets into a bounded queue, under the caller's deadline, and
// a goroutine of its own hands them to the connection, under none.
//
// The price is one more goroutine to step through, so only a Stream over TLS
// pays it: every other connection is closed when a write times out.
type pump struct {
	net.Conn // reads go straight to it

	mu       sync.Mutex
	changed  sync.Cond // queue, err, closed or deadline
	queue    []byte
	writing  bool
	err      error // of the last write, from which there is no way back
	closed   bool
	deadline time.Time
	timer    *time.Timer
}

func newPump(conn net.Conn) *pump {
	p := &pump{Conn: conn}
	p.changed.L = &p.mu
	go p.run()
	return p
}

// IsolateWrites keeps write deadlines away from the connection underneath, for
// a kind of connection that does not survive one (TLS). It is called before use.
func (c *Conn) IsolateWrites() { c.conn = newPump(c.conn) }

// Write queues b. At the deadline it returns how much of b was queued.
func (p *pump) Write(b []byte) (n int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		switch {
		case p.err != nil:
			return n, p.err
		case p.closed:
			return n, net.ErrClosed
		case passed(p.deadline):
			return n, os.ErrDeadlineExceeded
		}
		taken := min(len(b), pumpSize-len(p.queue))
		p.queue = append(p.queue, b[:taken]...)
		n, b = n+taken, b[taken:]
		p.changed.Broadcast()
		if len(b) == 0 {
			return n, nil
		}
		p.changed.Wait()
	}
}

// run hands the queue to the connection until Close has been called and all
// that was queued has left, or a write has failed.
func (p *pump) run() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.err == nil {
		if len(p.queue) == 0 {
			if p.closed {
				return
			}
			p.changed.Wait()
			continue
		}
		queue := p.queue
		p.queue, p.writing = nil, true
		p.mu.Unlock()
		_, err := p.Conn.Write(queue)
		p.mu.Lock()
		p.err, p.writing = err, false
		p.changed.Broadcast()
	}
}

// SetWriteDeadline ends Writes at t.
func (p *pump) SetWriteDeadline(t time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.deadline = t
	if p.timer != nil {
		p.timer.Stop()
	}
	if wait := time.Until(t); !t.IsZero() && wait > 0 {
		p.timer = time.AfterFunc(wait, p.wake)
	}
	p.changed.Broadcast()
	return nil
}

func (p *pump) wake() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changed.Broadcast()
}

// SetDeadline ends Reads and Writes at t.
func (p *pump) SetDeadline(t time.Time) error {
	p.SetWriteDeadline(t)
	return p.SetReadDeadline(t)
}

// Close waits until what is queued has left or the write deadline has passed,
// and closes the connection.
func (p *pump) Close() error {
	p.mu.Lock()
	p.closed = true
	p.changed.Broadcast()
	for (p.writing || len(p.queue) > 0) && p.err == nil && !p.deadline.IsZero() && !passed(p.deadline) {
		p.changed.Wait()
	}
	p.mu.Unlock()
	// A write that is stuck is ended by this; TLS does not survive it, nor need to.
	p.Conn.SetWriteDeadline(longAgo)
	return p.Conn.Close()
}
