package load

import (
	"fmt"
	"net/netip"
	"time"
)

// settle is how long a server has to come to rest after many handshakes, or
// messages: to collect garbage, and to give memory back to the system.
const settle = 4 * time.Second

// Memory tells how many bytes of memory the server has in use.
type Memory func() (int, error)

// Rest is what an idle connection costs, in bytes.
type Rest struct{ Fresh, Used float64 }

// RunIdle opens a scenario's connections and measures the memory of each at
// rest: after the handshake, unless the scenario is UsedOnly, and after one
// message each.
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

// once has each connection exchange one batch.
func (l *loop) once() error {
	l.behind = len(l.clients)
	if err := l.begin(); err != nil {
		return err
	}
	for l.behind > 0 {
		if err := l.turn(); err != nil {
			return err
		}
	}
	return nil
}
