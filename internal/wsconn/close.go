package wsconn

import (
	"errors"
	"fmt"
	"io"
	"time"

	"barewire/internal/bufconn"
	"barewire/wsframe"
)

// state is where a connection stands in the closing handshake (RFC 6455 §7.1).
//
//	       our Close               the peer's Close
//	open ─────────────▶ closeSent ──────────────────▶ ended, clean
//	  │                     │
//	  │ the peer's Close    └── a broken rule, silence, TCP's end ──▶ ended, 1006
//	  ▼
//	closeReceived ───── our answer ─────▶ ended, clean
//
// From open, too, a broken rule, silence or TCP's end leads to ended, 1006. Messages are
// sent in the state open alone, and received in open and closeSent.
type state int

const (
	open state = iota
	closeSent
	closeReceived
	ended
)

// ErrClosed is returned by the sending methods once a Close frame has been sent, or the
// connection has been lost: no message follows it (RFC 6455 §6.1).
var ErrClosed = errors.New("the connection is closing or closed")

// CloseError says how a connection ended.
type CloseError struct {
	// Code and Reason are those of the Close frame that the peer sent, or
	// NoStatusReceived (1005) if it had none, or AbnormalClosure (1006) if no Close
	// frame came (RFC 6455 §7.1.5, §7.1.6). The reason was written by the peer.
	Code   wsframe.CloseCode
	Reason string

	// Clean reports whether there was a closing handshake (RFC 6455 §7.1.4): the peer
	// sent Close, and so did we, even if the peer was gone before ours could leave.
	Clean bool

	// Err is why there was no closing handshake, or nil: a *wsframe.Error if the peer
	// broke a rule, a *HandlerError, or what the network said.
	Err error
}

// Error returns the code with its meaning, and the cause if there is one.
func (e *CloseError) Error() string {
	text := fmt.Sprintf("connection closed with %d (%v)", e.Code, e.Code)
	if e.Reason != "" {
		text += fmt.Sprintf(" %q", e.Reason)
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns Err.
func (e *CloseError) Unwrap() error { return e.Err }

// Close begins the closing handshake (RFC 6455 §7.1.2): it sends a Close frame with code
// and reason (cut to 123 bytes), or with neither if code is NoStatusReceived, and
// returns when it has left. ReadMessage, or Serve, goes on until the peer's Close has come,
// and then closes the connection; CloseWait and CloseTimeout bound that. If nobody has
// begun to read, the connection is closed after CloseWait. After the first Close another
// one returns ErrClosed.
func (c *Conn) Close(code wsframe.CloseCode, reason string) error {
	if code != wsframe.NoStatusReceived && !code.ValidOnWire() { // req: 6455-7.4.1-a
		return fmt.Errorf("close code %d (%v) must not be sent (RFC 6455 §7.4)", code, code)
	}
	if !c.appendClose(closeSent, code, reason) {
		return ErrClosed
	}
	return c.flushClose()
}

// leftClose is the moment from which on the peer's silence counts, after our Close.
type leftClose struct {
	at     time.Time
	queued int // bytes that the peer had yet to take from our system
}

// flushClose sends our Close frame, after what is unsent, and has the reader wait no
// longer than CloseWait from then on.
func (c *Conn) flushClose() error {
	err := c.flush()
	if err == nil && c.config.CloseWait > 0 {
		c.left.Store(&leftClose{time.Now(), c.buf.Queued()})
		c.buf.Interrupt()
	}
	return err
}

// closeDeadline returns the read deadline that holds after our Close: CloseWait after the
// last sign of the peer.
func (c *Conn) closeDeadline(left *leftClose) time.Time {
	since := c.buf.QuietSince()
	if left.at.After(since) {
		since = left.at
	}
	return since.Add(c.config.CloseWait)
}

// waitOn reports whether the reader is to wait on after err, a timeout: our Close has just
// left, or the peer has taken something of what we sent since the last look.
func (c *Conn) waitOn(err error) bool {
	if c.buf.Resume(err) {
		return true
	}
	left := c.left.Load()
	if left == nil || !bufconn.IsTimeout(err) {
		return false
	}
	if queued := c.buf.Queued(); queued < left.queued {
		left = &leftClose{time.Now(), queued}
		c.left.Store(left)
	}
	return time.Now().Before(c.closeDeadline(left))
}

// start notes that the connection is being read: CloseTimeout takes the place of CloseWait.
func (c *Conn) start() {
	if c.started {
		return
	}
	c.started = true
	out := c.buf.BeginWrite(0)
	c.reading = true
	if c.closeTimer != nil {
		c.closeTimer.Stop()
		c.startCloseTimer()
	}
	c.buf.EndWrite(out)
}

// startCloseTimer bounds the closing handshake. The reader itself notices a peer that is
// silent; the timer is for one that is not, and for a connection that nobody reads. The
// caller holds the write buffer.
func (c *Conn) startCloseTimer() {
	limit := c.config.CloseTimeout
	if !c.reading {
		limit = c.config.CloseWait
	}
	if limit > 0 {
		c.closeTimer = time.AfterFunc(limit, func() {
			c.giveUp(fmt.Errorf("the closing handshake was not over within %v", limit))
		})
	}
}

// Abort closes the connection underneath at once, without a closing handshake. What is
// unsent may be lost.
func (c *Conn) Abort() { c.giveUp(errAborted) }

var errAborted = errors.New("the connection was aborted")

// answerClose answers the peer's Close, unless it is itself the answer to ours, with the
// code that the peer gave (RFC 6455 §5.5.1).
func (c *Conn) answerClose(f *frame, payload []byte) error {
	code, reason, err := wsframe.ParseClose(payload)
	if err != nil {
		return f.broke(err)
	}
	c.appendClose(closeReceived, code, "")                      // req: 6455-5.5.1-e 6455-5.5.1-f 6455-5.5.1-g
	return &CloseError{Code: code, Reason: reason, Clean: true} // req: 6455-7.1.4-a 6455-7.1.5-a
}

// appendClose leaves the state open and appends our Close frame to the write buffer. In
// any other state it does nothing and reports false: there is never a second Close
// (RFC 6455 §7.1.2). CloseTimeout begins.
func (c *Conn) appendClose(next state, code wsframe.CloseCode, reason string) (first bool) {
	payload, err := wsframe.AppendClose(make([]byte, 0, wsframe.MaxControlPayload), code, reason)
	if err != nil {
		payload, _ = wsframe.AppendClose(payload, wsframe.InternalError, err.Error())
	}
	header := wsframe.Header{Fin: true, Opcode: wsframe.Close}
	// tour 4.4: the payload of a Close frame: the code in two bytes, and the reason in words (RFC 6455 §5.5.1)
	err = c.addKey(&header)
	out := c.buf.BeginWrite(wsframe.MaxHeaderSize + len(payload))
	first = c.state == open // req: 6455-7.1.2-a
	if first {
		c.state = next
		if err == nil {
			out = wsframe.AppendFrame(out, &header, payload)
		}
		if c.config.CloseTimeout > 0 {
			c.closeBy = time.Now().Add(c.config.CloseTimeout)
		}
		if next == closeSent {
			c.startCloseTimer()
		}
	}
	// tour 4.5: the Close frame; no frame follows it (RFC 6455 §5.5.1)
	c.buf.EndWrite(out)
	return first
}

// end closes the connection for the reason why reading stopped, and returns what
// ReadMessage reports from now on. Nothing more is read from the peer as frames: what
// it sends after its Close, or after a violation, is dropped (RFC 6455 §1.4, §7.1.7).
//
// That our own last bytes may not leave changes nothing about how the connection ended.
//
// req: 6455-1.4-a 6455-7.1.7-a 6455-7.1.7-c
func (c *Conn) end(cause error) *CloseError {
	if c.ended != nil {
		return c.ended
	}
	c.ReleaseSlot()
	c.message.Release()
	c.inflated.Release()
	c.message, c.inflated = nil, nil
	how := bufconn.Gracefully
	switch cause := cause.(type) {
	case *CloseError:
		c.ended = cause
		how = c.endingAfterClose()
	case *wsframe.Error:
		c.ended = &CloseError{Code: wsframe.AbnormalClosure, Err: cause}
		// tour 4.3: no frame is read any more; our own side ends with 1006 as long as no Close came (RFC 6455 §7.1.5, §7.1.7)
		c.appendClose(closeSent, cause.Code, cause.Reason()) // req: 6455-7.1.7-b
	case *HandlerError:
		c.ended = &CloseError{Code: wsframe.AbnormalClosure, Err: cause}
		c.appendClose(closeSent, wsframe.InternalError, "the handler of this connection failed") // req: 6455-7.4.1-e
	default: // the network failed, or the peer vanished, req: 6455-7.1.5-c
		c.ended = &CloseError{Code: wsframe.AbnormalClosure, Err: c.whyLost(cause)}
		how = bufconn.AtOnce
	}
	c.enterEnded()
	silence := max(c.config.CloseWait, 0) // for bufconn 0 means forever
	if how == bufconn.AfterPeer && silence > 0 {
		silence = min(silence, serverFIN)
	}
	c.buf.SetReadDeadline(c.closeBy)
	c.buf.Close(how, silence)
	if c.closeTimer != nil {
		c.closeTimer.Stop()
	}
	return c.ended
}

// serverFIN is how long a client waits, after the closing handshake, for a server to close
// TCP. Nothing is lost if it does not: some servers leave that to the client.
const serverFIN = 500 * time.Millisecond

// endingAfterClose returns how to close the connection underneath when both Close frames
// have been exchanged: a server does it at once, so that TCP's TIME_WAIT stays with it; a
// client when the server has done so, or serverFIN later (RFC 6455 §7.1.1).
func (c *Conn) endingAfterClose() bufconn.Ending {
	if c.config.Role == wsframe.Client {
		return bufconn.AfterPeer // req: 6455-5.5.1-i
	}
	return bufconn.AfterLastByte // req: 6455-5.5.1-h
}

// whyLost returns why reading failed.
func (c *Conn) whyLost(cause error) error {
	if lost := c.lost.Load(); lost != nil {
		return *lost // we closed it ourselves
	}
	switch {
	case cause == io.EOF:
		return io.ErrUnexpectedEOF // no Close came before it
	case bufconn.IsTimeout(cause) && c.left.Load() != nil:
		return fmt.Errorf("the peer did not answer our Close within %v", c.config.CloseWait)
	}
	return cause
}

// enterEnded makes every later send return ErrClosed, and releases what sending needed.
func (c *Conn) enterEnded() {
	out := c.buf.BeginWrite(0)
	c.state = ended
	c.releaseCompression()
	c.buf.EndWrite(out)
}
