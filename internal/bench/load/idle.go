package load

import (
	"fmt"
	"net/netip"
	"time"
)

// settle is how long a server has to come to rest after many handshakes or messages: to
// collect garbage and return memory to the system.
const settle = 4 * time.Second

// Memory returns how many bytes of memory the server uses.
type Memory func() (int, error)

// Rest is the memory of an idle connection, in bytes.
type Rest struct{ Fresh, Used float64 }

// RunIdle opens the connections of a scenario and measures the memory of each one at
// rest: after the handshake (unless the scenario is UsedOnly), and after one message.
func RunIdle(addr netip.AddrPort, s Scenario, memory Memory) (r Rest, err error) {
	base, err := memory()
	if err != nil {
		return r, err
	}
	l, err := newLoop(addr, s)
	if err != nil {
		return r, err
	}
	defer l.close()
	each := func() (float64, error) {
		time.Sleep(settle)
		now, err := memory()
		return float64(now-base) / float64(s.Conns), err
	}
	if !s.UsedOnly {
		if r.Fresh, err = each(); err != nil {
			return r, err
		}
	}
	if err := l.once(); err != nil {
		return r, fmt.Errorf("echo on %d connections: %w", s.Conns, err)
	}
	r.Used, err = each()
	return r, err
}

// once exchanges one batch on each connection.
func (l *loop) once() error {
	l.unanswered = len(l.clients)
	if err := l.begin(); err != nil {
		return err
	}
	for l.unanswered > 0 {
		if err := l.turn(); err != nil {
			return err
		}
	}
	return nil
}
