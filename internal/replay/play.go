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

// Patience is a good time to wait for our side before it counts as waiting for more itself.
const Patience = 5 * time.Second

// player plays the other side of a transcript to ours. Each piece of the other side is one
// write; before it, our side must have sent everything that came before it.
type player struct {
	transcript *wiretap.Transcript
	ours       annotate.Direction // the direction of our side's bytes
	patience   time.Duration      // how long to wait for our side; 0 means forever
	conn       net.Conn           // the other side's end
	returned   chan struct{}      // closed when our side's code has returned

	kept     []byte                    // our side's bytes in the transcript
	due      int                       // how many of them come before the current event
	equal    int                       // how many of them our side has sent again so far
	complete bool                      // the transcript has the end of the connection
	now      atomic.Pointer[time.Time] // the time of the current event

	changed chan struct{} // receives a value when sent or ended has changed
	mu      sync.Mutex
	sent    []byte // everything our side has sent
	ended   bool   // our side will send no more

	application *application // makes our side send; nil if our side only answers
}

// UnplayableError is the reason why a transcript cannot be replayed with a side as ours. It
// does not mean that our side behaves differently.
type UnplayableError struct{ Reason string }

// Error returns the reason.
func (e *UnplayableError) Error() string { return e.Reason }

// newPlayer returns a player for a transcript of one connection.
func newPlayer(transcript *wiretap.Transcript, ours annotate.Direction, patience time.Duration) (*player, error) {
	p := &player{transcript: transcript, ours: ours, patience: patience,
		returned: make(chan struct{}), changed: make(chan struct{}, 1)}
	connections := 0
	for i := range transcript.Events {
		switch event := &transcript.Events[i]; {
		case event.Kind == wiretap.Opened:
			connections++
		case event.Kind == wiretap.Bytes && event.Direction == ours:
			p.kept = append(p.kept, event.Bytes...)
		case event.Kind == wiretap.Closed || event.Kind == wiretap.Reset:
			p.complete = true
		}
	}
	if connections != 1 {
		return nil, &UnplayableError{fmt.Sprintf("a replay needs a transcript of one connection, and this one has %d", connections)}
	}
	p.now.Store(&transcript.Start)
	return p, nil
}

// Now is our side's clock: it returns the time of the current event in the transcript.
func (p *player) Now() time.Time { return *p.now.Load() }

// play runs our side's code and plays the transcript to it, event by event, up to the end
// or to the first difference, which it returns as a *Difference.
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

// perform repeats an event.
func (p *player) perform(event *wiretap.Event) error {
	switch {
	case event.Kind == wiretap.Bytes && event.Direction == p.ours:
		p.due += len(event.Bytes)
		return p.hear()
	case event.Kind == wiretap.Bytes:
		p.conn.Write(event.Bytes) // an error means that our side has closed, which will be a difference
	case event.Kind == wiretap.Ended && event.Direction == p.ours:
		return p.hearEnd()
	case event.Kind == wiretap.Ended:
		p.closeWrite()
	}
	return p.compare()
}

// closeWrite ends the other side's direction.
func (p *player) closeWrite() { p.conn.(interface{ CloseWrite() error }).CloseWrite() }

// read collects what our side sends, up to its end. Our side never has to wait for it.
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
		default: // await has not received the previous value yet, and will see this change too
		}
		if err != nil {
			return
		}
	}
}

// output returns what our side has sent so far, and whether it has ended its direction.
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

// timeout returns a channel that receives a value when our side's time is over, or nil.
func (p *player) timeout() <-chan time.Time {
	if p.patience == 0 {
		return nil
	}
	return time.After(p.patience)
}

// hear waits for the bytes that our side should send next, and compares them.
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

// unsent returns the difference when our side's code refuses to send what the transcript
// has: a wrong byte that it has sent already, or a missing one.
func (p *player) unsent(err error) error {
	if err := p.compare(); err != nil {
		return err
	}
	d := p.difference(p.equal, -1)
	d.Happened = "our side reports: " + err.Error()
	return d
}

// compare compares what our side has sent so far with the transcript. If the transcript was
// cut off, our side may send more.
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
