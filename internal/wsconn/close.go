package wsconn

import (
	"errors"
	"fmt"
	"io"

	"barewire/internal/bufconn"
	"barewire/wsframe"
)

// ErrClosed is returned by the sending methods once a Close frame has been
// sent, or the connection has been lost: no message follows it (RFC 6455 §6.1).
var ErrClosed = errors.New("wsconn: the connection is closing or closed")

// CloseError says how a connection ended.
type CloseError struct {
	// Code and Reason are those of the Close frame that the peer sent, or
	// NoStatusReceived (1005) if it had none, or AbnormalClosure (1006) if no Close
	// frame came (RFC 6455 §7.1.5, §7.1.6). The reason was written by the peer.
	Code   wsframe.CloseCode
	Reason string

	// Clean says that both Close frames had passed (RFC 6455 §7.1.4).
	Clean bool

	// Err is why there was no closing handshake, or nil: a *wsframe.Error if the
	// peer broke a rule, a *HandlerError, or what the network said.
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

// maxDrain bounds what a peer may still send to a connection that is closed in
// stages, in octets.
const maxDrain = 4 << 20

// Close begins the closing handshake (RFC 6455 §7.1.2): it sends a Close frame
// with code and reason (cut to 123 octets), or none of both if code is
// NoStatusReceived, and returns. ReadMessage, or Serve, goes on until the peer's
// Close has come, and then closes the connection; CloseWait bounds that, also
// if nobody reads. After the first Close another one returns ErrClosed.
func (c *Conn) Close(code wsframe.CloseCode, reason string) error {
	if code != wsframe.NoStatusReceived && !code.ValidOnWire() {
		return fmt.Errorf("wsconn: close code %d (%v) must not be sent (RFC 6455 §7.4)", code, code)
	}
	if !c.appendClose(code, reason) {
		return ErrClosed
	}
	c.armCloseTimer()
	return c.flush()
}

// closeReceived answers the peer's Close, unless it is itself the answer to
// ours, with the code that the peer gave (RFC 6455 §5.5.1).
func (c *Conn) closeReceived(payload []byte) error {
	code, reason, err := wsframe.ParseClose(payload)
	if err != nil {
		return c.atFrame(err)
	}
	c.appendClose(code, "")
	return &CloseError{Code: code, Reason: reason, Clean: true}
}

// appendClose appends our Close frame to the write buffer, unless one was
// appended before: there is never a second one (RFC 6455 §7.1.2).
func (c *Conn) appendClose(code wsframe.CloseCode, reason string) (first bool) {
	payload, err := wsframe.AppendClose(make([]byte, 0, wsframe.MaxControlPayload), code, reason)
	if err != nil {
		payload, _ = wsframe.AppendClose(payload, wsframe.InternalError, err.Error())
	}
	var header wsframe.Header
	// tour 4.4: the payload: 1002 in two octets, and the rule in words (RFC 6455 §5.5.1)
	//	len(payload) = 48, payload[0:2] = 03 ea, reason = "RFC 6455 §5.1: a client must mask every frame"
	err = c.setHeader(&header, wsframe.Close)
	out := c.buf.BeginWrite(wsframe.MaxHeaderSize + len(payload))
	first = !c.closeSent
	if first && err == nil {
		out = wsframe.AppendFrame(out, &header, payload)
	}
	// tour 4.5: the frame: 88 is FIN and Close, 30 a length of 48; no frame follows it (RFC 6455 §5.5.1)
	//	first = true, len(out) = 50, out[0:4] = 88 30 03 ea
	c.closeSent = true
	c.buf.EndWrite(out)
	return first
}

// armCloseTimer bounds the wait for the peer's part of the closing handshake.
func (c *Conn) armCloseTimer() {
	if !c.buf.DeadlinesDisabled() {
		c.closeTimer.Store(bufconn.AfterFunc(c.config.CloseWait, c.abandon))
	}
}

// abandon ends a closing handshake that the peer does not finish.
func (c *Conn) abandon() {
	err := fmt.Errorf("the peer did not answer our Close within %v", c.config.CloseWait)
	c.lost.CompareAndSwap(nil, &err)
	c.buf.Close()
}

// end finishes the connection for the reason that reading stopped, and returns
// what ReadMessage reports from now on. Nothing more is read from the peer as
// frames: what it sends behind its Close, or behind a violation, is dropped
// (RFC 6455 §1.4, §7.1.7).
func (c *Conn) end(cause error) error {
	if c.ended != nil {
		return c.ended
	}
	c.message.Release()
	c.message = nil
	switch cause := cause.(type) {
	case *CloseError:
		c.ended = cause
		if err := c.buf.Flush(); err != nil {
			c.ended = &CloseError{Code: cause.Code, Reason: cause.Reason, Err: err} // our answer never left
		}
		c.finishClean()
	case *wsframe.Error:
		c.ended = &CloseError{Code: wsframe.AbnormalClosure, Err: cause}
		// tour 4.3: no frame is read any more; our own side ends with 1006, for no Close came (RFC 6455 §7.1.5, §7.1.7)
		//	cause.Code = ProtocolError (1002), c.ended.Code = AbnormalClosure (1006)
		c.appendClose(cause.Code, cause.Reason())
		c.buf.CloseGracefully(c.config.CloseWait, maxDrain)
	case *HandlerError:
		c.ended = &CloseError{Code: wsframe.AbnormalClosure, Err: cause}
		c.appendClose(wsframe.InternalError, "the handler of this connection failed")
		c.buf.CloseGracefully(c.config.CloseWait, maxDrain)
	default: // the network failed, or the peer vanished
		if cause == io.EOF {
			cause = io.ErrUnexpectedEOF // no Close came before it
		}
		if lost := c.lost.Load(); lost != nil {
			cause = *lost // that is why the read failed
		}
		c.ended = &CloseError{Code: wsframe.AbnormalClosure, Err: cause}
		c.buf.Close()
	}
	c.refuseMessages()
	if timer := c.closeTimer.Load(); timer != nil {
		timer.Stop()
	}
	return c.ended
}

// finishClean closes the connection underneath when both Close frames have
// passed: a server at once, so that the TIME_WAIT of TCP stays with it; a client
// when the server has done so, or CloseWait later (RFC 6455 §7.1.1).
func (c *Conn) finishClean() {
	if c.config.Role == wsframe.Client {
		c.buf.AwaitClose(c.config.CloseWait, maxDrain)
		return
	}
	c.buf.CloseAtEnd(c.config.CloseWait, maxDrain)
}

// refuseMessages makes every later send return ErrClosed, and gives back what
// sending needed.
func (c *Conn) refuseMessages() {
	out := c.buf.BeginWrite(0)
	c.closeSent = true
	c.releaseCompression()
	c.buf.EndWrite(out)
}
