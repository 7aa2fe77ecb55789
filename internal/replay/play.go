package replay

import (
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"barewire/internal/annotate"
	"barewire/internal/wiretap"
)

// player plays the other side of a recorded conversation to ours.
type player struct {
	recording *wiretap.Recording
	ours      annotate.Direction // that of our side's octets
	pipe      *pipe
	returned  chan struct{} // closed when our side's code has returned

	recorded []byte                    // all that our side sent then
	due      int                       // how much of it was sent up to the present event
	equal    int                       // how much of it is known to be sent again
	complete bool                      // the recording has the end of the connection
	now      atomic.Pointer[time.Time] // of the present event

	application *application // what makes our side send; nil if that only answers
}

// UnplayableError says why a recording cannot be replayed on a side, which is
// nobody's difference.
type UnplayableError struct{ Reason string }

// Error returns the reason.
func (e *UnplayableError) Error() string { return e.Reason }

// newPlayer returns a player for a recording of one connection.
func newPlayer(recording *wiretap.Recording, ours annotate.Direction) (*player, error) {
	p := &player{recording: recording, ours: ours, pipe: newPipe(), returned: make(chan struct{})}
	connections := 0
	for i := range recording.Events {
		switch event := &recording.Events[i]; {
		case event.Kind == wiretap.Opened:
			connections++
		case event.Kind == wiretap.Octets && event.Direction == ours:
			p.recorded = append(p.recorded, event.Octets...)
		case event.Kind == wiretap.Closed || event.Kind == wiretap.Reset:
			p.complete = true
		}
	}
	if connections != 1 {
		return nil, &UnplayableError{fmt.Sprintf("one connection can be replayed, and there are %d in this transcript", connections)}
	}
	p.now.Store(&recording.Start)
	return p, nil
}

// Now tells the time that the transcript has at the present event: our side's
// clock.
func (p *player) Now() time.Time { return *p.now.Load() }

// play runs our side's code and takes it through the recording, event by event,
// to its end or to the first difference, which it returns as a *Difference.
func (p *player) play(ourSide func(conn net.Conn)) error {
	go func() {
		ourSide(p.pipe)
		p.pipe.Close()
		close(p.returned)
	}()
	for i := range p.recording.Events {
		event := &p.recording.Events[i]
		p.now.Store(&event.Time)
		if err := p.perform(event); err != nil {
			p.leave()
			return err
		}
	}
	p.leave()
	return p.compare()
}

// perform does what an event says.
func (p *player) perform(event *wiretap.Event) error {
	switch {
	case event.Kind == wiretap.Octets && event.Direction == p.ours:
		p.due += len(event.Octets)
		return p.hear()
	case event.Kind == wiretap.Octets:
		p.pipe.deliver(event.Octets)
	case event.Kind == wiretap.Ended && event.Direction == p.ours:
		return p.hearEnd()
	case event.Kind == wiretap.Ended:
		p.pipe.end()
	}
	return p.compare()
}

// hear waits for the octets that our side is due to send, and compares them.
func (p *player) hear() error {
	if p.application != nil {
		if err := p.application.act(p.due); err != nil {
			return err
		}
	}
	return p.awaitSent(p.due)
}

// awaitSent waits until our side has sent the first n octets, and compares them.
func (p *player) awaitSent(n int) error {
	p.pipe.await(func(sent []byte, all bool) bool { return len(sent) >= n || all })
	if err := p.compare(); err != nil {
		return err
	}
	if p.equal < n {
		return p.difference(p.equal, -1)
	}
	return nil
}

// unsent says what differs when our side's code refuses to send what was
// recorded: what it has sent in place of that, if it has.
func (p *player) unsent(err error) error {
	if err := p.compare(); err != nil {
		return err
	}
	d := p.difference(p.equal, -1)
	d.Happened = "our side says: " + err.Error()
	return d
}

// hearEnd waits until our side has ended its direction.
func (p *player) hearEnd() error {
	ended := p.pipe.await(func(_ []byte, all bool) bool { return all })
	if err := p.compare(); err != nil {
		return err
	}
	if !ended {
		return &Difference{Direction: p.ours, Offset: int64(p.equal), Want: -1, Got: -1,
			Happened: "our side does not end its direction, and waits for more"}
	}
	return nil
}

// compare compares what our side has sent so far with what it sent then. Where the
// recording breaks off, it may have gone on then, too.
func (p *player) compare() error {
	sent, _ := p.pipe.output()
	for p.equal < min(len(sent), len(p.recorded)) {
		if sent[p.equal] != p.recorded[p.equal] {
			return p.difference(p.equal, int(sent[p.equal]))
		}
		p.equal++
	}
	if p.complete && len(sent) > len(p.recorded) {
		return p.difference(p.equal, int(sent[p.equal]))
	}
	return nil
}

// leave ends the other side, and waits for the end of ours.
func (p *player) leave() {
	p.pipe.end()
	<-p.returned
}
