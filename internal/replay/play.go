package replay

import (
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"barewire/internal/annotate"
	"barewire/internal/wiretap"
)

// Patience is a good time to wait for our side before it is taken to wait for more itself.
const Patience = 5 * time.Second

// player plays the other side of a transcript to ours. Each piece of the other side is
// one write, and what answered it then must have come again before the next one.
type player struct {
	transcript *wiretap.Recording
	ours       annotate.Direction // that of our side's bytes
	patience   time.Duration      // how long to wait for our side; 0: forever
	conn       net.Conn           // the other side's end
	returned   chan struct{}      // closed when our side's code has returned

	kept     []byte                    // all that our side sent then
	due      int                       // how much of it was sent up to the present event
	equal    int                       // how much of it is known to be sent again
	complete bool                      // the transcript has the end of the connection
	now      atomic.Pointer[time.Time] // of the present event

	changed chan struct{} // has a value when sent or ended has changed
	mu      sync.Mutex
	sent    []byte // all that our side has sent
	ended   bool   // and it will send no more

	application *application // what makes our side send; nil if that only answers
}

// UnplayableError says why a transcript cannot be replayed on a side, which is
// nobody's difference.
type UnplayableError struct{ Reason string }

// Error returns the reason.
func (e *UnplayableError) Error() string { return e.Reason }

// newPlayer returns a player for a transcript of one connection.
func newPlayer(transcript *wiretap.Recording, ours annotate.Direction, patience time.Duration) (*player, error) {
	p := &player{transcript: transcript, ours: ours, patience: patience,
		returned: make(chan struct{}), changed: make(chan struct{}, 1)}
	connections := 0
	for i := range transcript.Events {
		switch event := &transcript.Events[i]; {
		case event.Kind == wiretap.Opened:
			connections++
		case event.Kind == wiretap.Octets && event.Direction == ours:
			p.kept = append(p.kept, event.Octets...)
		case event.Kind == wiretap.Closed || event.Kind == wiretap.Reset:
			p.complete = true
		}
	}
	if connections != 1 {
		return nil, &UnplayableError{fmt.Sprintf("one connection can be replayed, and there are %d in this transcript", connections)}
	}
	p.now.Store(&transcript.Start)
	return p, nil
}

// Now returns the time that the transcript has at the present event: our side's
// clock.
func (p *player) Now() time.Time { return *p.now.Load() }

// play runs our side's code and takes it through the transcript, event by event,
// to its end or to the first difference, which it returns as a *Difference.
func (p *player) play(ourSide func(conn net.Conn)) error {
	ours, theirs, err := pair()
	if err != nil {
		return err
	}
	p.conn = theirs
	defer func() {
		theirs.Close()
		<-p.returned
	}()
	go func() {
		ourSide(ours)
		ours.Close()
		close(p.returned)
	}()
	go p.read()
	for i := range p.transcript.Events {
		event := &p.transcript.Events[i]
		p.now.Store(&event.Time)
		if err := p.perform(event); err != nil {
			return err
		}
	}
	p.closeWrite()
	p.await(func(_ []byte, ended bool) bool { return ended })
	return p.compare()
}

// perform does what an event says.
func (p *player) perform(event *wiretap.Event) error {
	switch {
	case event.Kind == wiretap.Octets && event.Direction == p.ours:
		p.due += len(event.Octets)
		return p.hear()
	case event.Kind == wiretap.Octets:
		p.conn.Write(event.Octets) // one that fails is a difference: our side has closed
	case event.Kind == wiretap.Ended && event.Direction == p.ours:
		return p.hearEnd()
	case event.Kind == wiretap.Ended:
		p.closeWrite()
	}
	return p.compare()
}

// closeWrite tells our side that no more will come.
func (p *player) closeWrite() { p.conn.(interface{ CloseWrite() error }).CloseWrite() }

// read takes what our side sends, to its end. It never makes our side wait.
func (p *player) read() {
	buffer := make([]byte, 32<<10)
	for {
		n, err := p.conn.Read(buffer)
		p.mu.Lock()
		p.sent = append(p.sent, buffer[:n]...)
		p.ended = err != nil
		p.mu.Unlock()
		select {
		case p.changed <- struct{}{}:
		default: // await has not looked yet, and will see this too
		}
		if err != nil {
			return
		}
	}
}

// output returns what our side has sent so far, and whether that is all.
func (p *player) output() (sent []byte, ended bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sent[:len(p.sent):len(p.sent)], p.ended
}

// await waits until enough reports true, or our side has been silent for too long.
func (p *player) await(enough func(sent []byte, ended bool) bool) {
	for !enough(p.output()) {
		select {
		case <-p.changed:
		case <-p.timeout():
			return
		}
	}
}

// timeout returns a channel that has a value when our side has had its time.
func (p *player) timeout() <-chan time.Time {
	if p.patience == 0 {
		return nil
	}
	return time.After(p.patience)
}

// hear waits for the bytes that our side is due to send, and compares them.
func (p *player) hear() error {
	if p.application != nil {
		if err := p.application.act(p.due); err != nil {
			return err
		}
	}
	return p.awaitSent(p.due)
}

// awaitSent waits until our side has sent the first n bytes, and compares them.
func (p *player) awaitSent(n int) error {
	p.await(func(sent []byte, ended bool) bool { return len(sent) >= n || ended || p.compare() != nil })
	if err := p.compare(); err != nil {
		return err
	}
	if p.equal < n {
		return p.difference(p.equal, -1)
	}
	return nil
}

// hearEnd waits until our side has ended its direction.
func (p *player) hearEnd() error {
	p.await(func(_ []byte, ended bool) bool { return ended || p.compare() != nil })
	if err := p.compare(); err != nil {
		return err
	}
	if _, ended := p.output(); !ended {
		return &Difference{Direction: p.ours, Offset: int64(p.equal), Want: -1, Got: -1,
			Happened: "our side does not end its direction, and waits for more"}
	}
	return nil
}

// unsent says what differs when our side's code refuses to send what was sent then:
// what it has sent instead, if it has.
func (p *player) unsent(err error) error {
	if err := p.compare(); err != nil {
		return err
	}
	d := p.difference(p.equal, -1)
	d.Happened = "our side says: " + err.Error()
	return d
}

// compare compares what our side has sent so far with what it sent then. Where the
// transcript breaks off, it may have gone on then, too.
func (p *player) compare() error {
	sent, _ := p.output()
	for p.equal < min(len(sent), len(p.kept)) {
		if sent[p.equal] != p.kept[p.equal] {
			return p.difference(p.equal, int(sent[p.equal]))
		}
		p.equal++
	}
	if p.complete && len(sent) > len(p.kept) {
		return p.difference(p.equal, int(sent[p.equal]))
	}
	return nil
}
