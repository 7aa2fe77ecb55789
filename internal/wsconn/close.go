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
// returns. ReadMessage, or Serve, goes on until the peer's Close has come, and then
// closes the connection; CloseWait bounds that, also if nobody reads. After the first
// Close another one returns ErrClosed.
func (c *Conn) Close(code wsframe.CloseCode, reason string) error {
	if code != wsframe.NoStatusReceived && !code.ValidOnWire() { // req: 6455-7.4.1-a
		return fmt.Errorf("close code %d (%v) must not be sent (RFC 6455 §7.4)", code, code)
	}
	if !c.appendClose(closeSent, code, reason) {
		return ErrClosed
	}
	return c.flush()
}

// Abort closes the connection underneath at once, without a closing handshake. What is
// unsent may be lost.
func (c *Conn) Abort() { c.giveUp(errAborted) }

var errAborted = errors.New("the connection was aborted")

func (c *Conn) closeWaitOver() {
	c.giveUp(fmt.Errorf("the peer did not answer our Close within %v", c.config.CloseWait))
}

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
// (RFC 6455 §7.1.2). If the peer has yet to send its own, CloseWait begins.
func (c *Conn) appendClose(next state, code wsframe.CloseCode, reason string) (first bool) {
	payload, err := wsframe.AppendClose(make([]byte, 0, wsframe.MaxControlPayload), code, reason)
	if err != nil {
		payload, _ = wsframe.AppendClose(payload, wsframe.InternalError, err.Error())
	}
	header := wsframe.Header{Fin: true, Opcode: wsframe.Close}
	// tour 4.4: the payload: 1002 in two bytes, and the rule in words (RFC 6455 §5.5.1)
	//	len(payload) = 48, payload[0:2] = 03 ea, reason = "RFC 6455 §5.1: a client must mask every frame"
	err = c.addKey(&header)
	out := c.buf.BeginWrite(wsframe.MaxHeaderSize + len(payload))
	first = c.state == open // req: 6455-7.1.2-a
	if first {
		c.state = next
		if err == nil {
			out = wsframe.AppendFrame(out, &header, payload)
		}
		if next == closeSent && c.config.CloseWait > 0 {
			c.closeTimer = time.AfterFunc(c.config.CloseWait, c.closeWaitOver)
		}
	}
	// tour 4.5: the frame: 88 is FIN and Close, 30 a length of 48; no frame follows it (RFC 6455 §5.5.1)
	//	first = true, len(out) = 50, out[0:4] = 88 30 03 ea
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
		// tour 4.3: no frame is read any more; our own side ends with 1006, because no Close came (RFC 6455 §7.1.5, §7.1.7)
		//	cause.Code = ProtocolError (1002), c.ended.Code = AbnormalClosure (1006)
		c.appendClose(closeSent, cause.Code, cause.Reason()) // req: 6455-7.1.7-b
	case *HandlerError:
		c.ended = &CloseError{Code: wsframe.AbnormalClosure, Err: cause}
		c.appendClose(closeSent, wsframe.InternalError, "the handler of this connection failed") // req: 6455-7.4.1-e
	default: // the network failed, or the peer vanished, req: 6455-7.1.5-c
		c.ended = &CloseError{Code: wsframe.AbnormalClosure, Err: c.whyLost(cause)}
		how = bufconn.AtOnce
	}
	c.enterEnded()
	c.buf.Close(how, max(c.config.CloseWait, 0)) // for bufconn 0 means forever
	return c.ended
}

// endingAfterClose returns how to close the connection underneath when both Close frames
// have been exchanged: a server does it at once, so that TCP's TIME_WAIT stays with it; a
// client when the server has done so, or CloseWait later (RFC 6455 §7.1.1).
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
	if cause == io.EOF {
		return io.ErrUnexpectedEOF // no Close came before it
	}
	return cause
}

// enterEnded makes every later send return ErrClosed, and releases what sending and the
// closing handshake needed.
func (c *Conn) enterEnded() {
	out := c.buf.BeginWrite(0)
	c.state = ended
	c.releaseCompression()
	if c.closeTimer != nil {
		c.closeTimer.Stop()
	}
	c.buf.EndWrite(out)
}
