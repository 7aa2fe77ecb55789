package wsconn

import (
	"errors"
	"fmt"
	"io"
	"time"

	"barewire/internal/bufconn"
	"barewire/wsframe"
)

// state is the state of a connection in the closing handshake (RFC 6455 §7.1).
//
//	       our Close               the peer's Close
//	open ─────────────▶ closeSent ──────────────────▶ ended, clean
//	  │                     │
//	  │ the peer's Close    └── a broken rule, silence, TCP's end ──▶ ended, 1006
//	  ▼
//	closeReceived ───── our answer ─────▶ ended, clean
//
// A broken rule, silence or the end of TCP leads from open to ended, 1006, too. Messages
// are sent only in the state open, and received in open and closeSent.
type state int

const (
	open state = iota
	closeSent
	closeReceived
	ended
)

// ErrClosed is returned by the sending methods after a Close frame, because no message may
// follow it (RFC 6455 §6.1), and after the connection has been lost.
var ErrClosed = errors.New("the connection is closing or closed")

// CloseError describes how a connection ended.
type CloseError struct {
	// Code and Reason are those of the Close frame that the peer sent, or
	// NoStatusReceived (1005) if it had no code, or AbnormalClosure (1006) if there was no
	// Close frame (RFC 6455 §7.1.5, §7.1.6). The reason is the peer's text.
	Code   wsframe.CloseCode
	Reason string

	// Clean reports whether there was a closing handshake (RFC 6455 §7.1.4): the peer
	// sent a Close frame, and we did too, even if the peer was gone before ours was sent.
	Clean bool

	// Err is why there was no closing handshake, or nil: a *wsframe.Error if the peer
	// broke a rule, a *HandlerError, or an error of the network.
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
// returns when the frame is sent. ReadMessage or Serve continues until the peer's Close
// arrives, and then closes the connection; CloseWait and CloseTimeout limit this time. If
// neither was called yet, the connection is closed after CloseWait. A second Close returns
// ErrClosed.
func (c *Conn) Close(code wsframe.CloseCode, reason string) error {
	if code != wsframe.NoStatusReceived && !code.ValidOnWire() { // req: 6455-7.4.1-a
		return fmt.Errorf("close code %d (%v) must not be sent (RFC 6455 §7.4)", code, code)
	}
	if !c.appendClose(closeSent, code, reason) {
		return ErrClosed
	}
	return c.flushClose()
}

// leftClose is the state after our Close has left.
type leftClose struct {
	at     time.Time // the peer's silence counts from here
	queued int       // bytes in our system that the peer had not accepted yet
}

// flushClose sends the write buffer, which ends with our Close frame. From then on the
// reader waits at most CloseWait.
func (c *Conn) flushClose() error {
	err := c.flush()
	if err == nil && c.config.CloseWait > 0 {
		c.left.Store(&leftClose{time.Now(), c.buf.Queued()})
		c.buf.Interrupt()
	}
	return err
}

// closeDeadline returns the read deadline after our Close: CloseWait after the peer last
// sent or accepted bytes.
func (c *Conn) closeDeadline(left *leftClose) time.Time {
	since := c.buf.QuietSince()
	if left.at.After(since) {
		since = left.at
	}
	return since.Add(c.config.CloseWait)
}

// waitOn reports whether the reader must wait again although its wait failed with err. That
// is so if err is a timeout and our Close was just sent, or the peer has accepted some of
// our bytes since the last call.
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

// start records that the connection is being read: from now on the close timer uses
// CloseTimeout instead of CloseWait.
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

// startCloseTimer limits the closing handshake. The reader itself detects a silent peer;
// the timer is for a peer that keeps sending, and for a connection that nobody reads. The
// caller holds the lock of the write buffer.
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

// Abort closes the connection below at once, without a closing handshake. Unsent bytes may
// be lost.
func (c *Conn) Abort() { c.giveUp(errAborted) }

var errAborted = errors.New("the connection was aborted")

// answerClose answers the peer's Close with the same code, unless it is the answer to ours
// (RFC 6455 §5.5.1).
func (c *Conn) answerClose(f *frame, payload []byte) error {
	code, reason, err := wsframe.ParseClose(payload)
	if err != nil {
		return f.broke(err)
	}
	c.appendClose(closeReceived, code, "")                      // req: 6455-5.5.1-e 6455-5.5.1-f 6455-5.5.1-g
	return &CloseError{Code: code, Reason: reason, Clean: true} // req: 6455-7.1.4-a 6455-7.1.5-a
}

// appendClose changes the state from open to next, appends our Close frame to the write
// buffer, and starts CloseTimeout. In any other state it does nothing and returns false,
// because there must not be a second Close (RFC 6455 §7.1.2).
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

// end closes the connection. cause is why reading stopped; the result is what ReadMessage
// returns from now on. Bytes that the peer sends after its Close, or after a violation, are
// dropped (RFC 6455 §1.4, §7.1.7).
//
// The result does not depend on whether our own last bytes could be sent.
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
	default: // the network failed, or the peer disappeared, req: 6455-7.1.5-c
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
// TCP. If the server does not, as some servers do, the client closes it; nothing is lost.
const serverFIN = 500 * time.Millisecond

// endingAfterClose returns how to close the connection below after both Close frames: a
// server closes it at once, so that the server has TCP's TIME_WAIT; a client closes it
// after the server, or after serverFIN (RFC 6455 §7.1.1).
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

// enterEnded makes every later send return ErrClosed, and releases the memory for
// compression.
func (c *Conn) enterEnded() {
	out := c.buf.BeginWrite(0)
	c.state = ended
	c.releaseCompression()
	c.buf.EndWrite(out)
}
