package fault

import (
	"context"
	"errors"
	"net"
	"os"
	"time"

	"barewire/handshake"
	"barewire/httpwire"
	"barewire/wsframe"
)

// Result is what one fault brought about.
type Result struct {
	Fault   *Fault
	Verdict Verdict
	Want    string // what is right, in words
	Got     string // what came, in words
	Reason  string // why the fault does not apply, or was not run; else what was found wrong
	Took    time.Duration
}

// Run drives one fault over conn, which the caller has opened to the server for
// this fault alone, and closes it. It returns after Target.Wait at most, plus the
// fault's pauses; a ctx that ends cuts it short. conn may be anything with
// deadlines: TCP, TLS, one end of a [net.Pipe].
func (f *Fault) Run(ctx context.Context, conn net.Conn, target Target) Result {
	result := Result{Fault: f, Want: f.Want.String()}
	if reason := f.Lacking(target); reason != "" {
		conn.Close()
		result.Verdict, result.Reason = NotApplicable, reason
		return result
	}
	began := time.Now()
	got, obstacle := converse(ctx, conn, f, target)
	result.Took, result.Got = time.Since(began), got.String() // got itself may be megabytes
	if obstacle != nil {
		result.Verdict, result.Reason = NotRun, obstacle.Error()
		if errors.Is(obstacle, errNotApplicable) {
			result.Verdict = NotApplicable
		}
		return result
	}
	result.Verdict = f.Want.Judge(got, target)
	if result.Verdict == Fail {
		result.Reason = f.Want.Short
	}
	return result
}

// errNotApplicable says that the connection lacks what the fault needs.
var errNotApplicable = errors.New("not applicable")

// obstacle is why a fault could not be brought to the server.
type obstacle struct {
	reason string
	cause  error // errNotApplicable, or nil
}

func (o *obstacle) Error() string { return o.reason }
func (o *obstacle) Unwrap() error { return o.cause }

// conversation is one fault on one connection.
type conversation struct {
	conn      net.Conn
	fault     *Fault
	target    Target
	inbox     *inbox
	listener  listener
	began     time.Time
	deadline  time.Time
	last      time.Time // when something came
	closeSent bool
	ended     bool
	cancel    func() bool
}

// converse performs the fault's steps and returns all that came back.
func converse(ctx context.Context, conn net.Conn, f *Fault, target Target) (Transcript, error) {
	c := begin(ctx, conn, f, target)
	defer c.finish()
	if err := c.perform(); err != nil {
		return c.listener.events, err
	}
	c.awaitEnd()
	if err := ctx.Err(); err != nil {
		return c.listener.events, &obstacle{reason: "cut short: " + err.Error()}
	}
	return c.listener.events, nil
}

func begin(ctx context.Context, conn net.Conn, f *Fault, target Target) *conversation {
	now := time.Now()
	c := &conversation{conn: conn, fault: f, target: target, began: now, deadline: now.Add(target.wait()), last: now}
	for _, step := range f.Steps {
		c.deadline = c.deadline.Add(step.Pause)
	}
	c.listener = listener{method: f.Method, offer: sampleOffer(f, target)}
	conn.SetDeadline(c.deadline)
	c.inbox = newInbox(conn)
	c.cancel = context.AfterFunc(ctx, func() { conn.Close() })
	return c
}

// finish closes the connection and waits for the goroutine that reads it.
func (c *conversation) finish() {
	c.cancel()
	c.conn.Close()
	<-c.inbox.ended
}

// perform does the steps. A peer that has gone, or reads no more, ends them: what
// it said is then in the transcript. The error is an *obstacle.
func (c *conversation) perform() error {
	for _, step := range c.fault.Steps {
		goOn, err := c.take(step)
		if err != nil || !goOn {
			return err
		}
	}
	return nil
}

// perform does one step, and tells whether the next one makes sense.
func (c *conversation) take(step Step) (goOn bool, err error) {
	switch step.Do {
	case Open:
		return true, c.open(step.Offer)
	case AwaitUpgrade:
		c.awaitEvent()
		return c.listener.webSocket, nil
	case Pause:
		for until := time.Now().Add(step.Pause); c.wait(until); {
		}
		return true, nil
	case HalfClose:
		half, ok := c.conn.(interface{ CloseWrite() error })
		if !ok {
			return false, &obstacle{"this kind of connection has no half-close", errNotApplicable}
		}
		return half.CloseWrite() == nil, nil
	}
	for half := c.began.Add(c.target.wait() / 2); len(c.listener.events) < step.After && c.wait(half); {
	}
	c.closeSent = c.closeSent || step.Closes
	return c.write(c.target.fill(step.Octets), step.Size) == nil, nil
}

// write sends octets in pieces of size, or all at once if that is 0.
func (c *conversation) write(octets string, size int) error {
	if size == 0 {
		size = len(octets)
	}
	for len(octets) > 0 {
		n := min(size, len(octets))
		if _, err := c.conn.Write([]byte(octets[:n])); err != nil {
			return err
		}
		octets = octets[n:]
	}
	return nil
}

// open does the opening handshake, of which nothing is left in the transcript.
func (c *conversation) open(offer string) error {
	if err := c.sendOffer(offer); err != nil {
		return &obstacle{reason: "the opening handshake could not be sent: " + err.Error()}
	}
	c.awaitEvent()
	l := &c.listener
	if !l.webSocket {
		return &obstacle{reason: "the opening handshake failed: " + l.events.String()}
	}
	l.events = l.events[1:]
	if offer != "" && l.inflate == nil {
		return &obstacle{"permessage-deflate was not agreed on", errNotApplicable}
	}
	return nil
}

// sendOffer sends the request of a sound opening handshake.
func (c *conversation) sendOffer(extensions string) error {
	key, err := handshake.NewKey(c.target.random())
	if err != nil {
		return err
	}
	o := &handshake.Offer{URL: handshake.URL{Host: c.target.Host, Resource: orRoot(c.target.Path)}, Key: key}
	if extensions != "" {
		o.Extensions, err = handshake.ParseExtensions(httpwire.Fields{{Name: "Sec-WebSocket-Extensions", Value: extensions}})
		if err != nil {
			return err
		}
	}
	request, err := o.AppendRequest(nil)
	if err != nil {
		return err
	}
	c.listener.offer, c.listener.strict = o, true
	return c.write(string(request), 0)
}

// awaitEvent waits until there is an event, or the connection has ended.
func (c *conversation) awaitEvent() {
	for len(c.listener.events) == 0 && c.wait(c.deadline) {
	}
}

// awaitEnd waits until the connection has ended, or nothing more is to be
// expected, and records which of the two it was.
func (c *conversation) awaitEnd() {
	if c.fault.Patience > 0 {
		c.deadline = time.Now().Add(c.fault.Patience)
	}
	for {
		until := c.deadline
		if rest := c.last.Add(c.target.wait() / restShare); c.listener.atRest() && rest.Before(until) {
			until = rest
		}
		if !c.wait(until) {
			break
		}
	}
	if !c.ended {
		c.listener.add(Event{Kind: Quiet})
	}
}

// restShare is the part of the wait, 200 ms of 2 s, after which a connection
// that promised to stay open counts as open.
//
// A simplification: a second response that comes later than that is missed.
const restShare = 10

// wait takes in what comes next, and reports false if nothing came by until, or
// nothing can come any more.
func (c *conversation) wait(until time.Time) bool {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	for !c.ended {
		octets, err := c.inbox.take()
		if len(octets) > 0 {
			c.last = time.Now()
			c.listener.feed(octets)
			c.answerClose()
			return true
		}
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return false
		}
		if err != nil {
			c.end(err)
			return false
		}
		select {
		case <-c.inbox.arrived:
		case <-timer.C:
			return false
		}
	}
	return false
}

// end records how the connection ended.
func (c *conversation) end(err error) {
	c.ended = true
	reset := isReset(err)
	switch {
	case err == errTooMuch:
		c.listener.breaks(err.Error())
	case c.listener.cutShort() && !reset:
		c.listener.breaks("the connection ended in the middle of an answer")
	}
	event := Event{Kind: End}
	if reset {
		event.Reason = "reset"
	}
	c.listener.add(event)
}

// answerClose answers the server's Close, as a client must (RFC 6455 §5.5.1): a
// server may wait for that before it closes TCP.
func (c *conversation) answerClose() {
	events := c.listener.events
	if c.closeSent || len(events) == 0 || events[len(events)-1].Kind != CloseFrame {
		return
	}
	c.closeSent = true
	payload := ""
	if last := events[len(events)-1].Code; last != wsframe.NoStatusReceived {
		payload = code(uint16(last))
	}
	c.write(frame(fin, wsframe.Close, payload), 0)
}
