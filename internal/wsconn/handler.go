package wsconn

import (
	"errors"
	"fmt"
	"runtime/debug"

	"barewire/internal/bufconn"
	"barewire/wsframe"
)

// Handler is what a program does with a connection: the article's handler,
// whose `out` is the *Conn. Its methods are called by one goroutine at a time, in
// order, for each connection; one Handler may serve many connections, so what belongs
// to one of them is kept by its own Handler, made for it.
type Handler interface {
	// OnOpen is called once, before the first message. An error is as one of
	// OnMessage.
	OnOpen(out *Conn) error

	// OnMessage is called for each message. Its payload is valid until OnMessage
	// returns, and may be changed. An error ends the connection with 1011, unless
	// it is ErrClosed: so what Reply returns may be returned.
	//
	// While it runs nothing else is read from this peer: its Pings are answered when
	// it has returned. What takes long belongs in another goroutine, which Sends.
	OnMessage(out *Conn, message Message) error

	// OnError is called before OnClose when the connection ended otherwise than
	// by a closing handshake: the peer broke a rule (*wsframe.Error), the handler
	// failed (*HandlerError), the network failed.
	OnError(out *Conn, err error)

	// OnClose is called last, with the peer's code and reason; 1005 if it gave
	// none, 1006 if no Close frame came.
	OnClose(out *Conn, code wsframe.CloseCode, reason string)
}

// NopHandler does nothing with anything. A Handler that embeds it has to write
// only the methods that it cares about.
type NopHandler struct{}

// OnOpen does nothing.
func (NopHandler) OnOpen(*Conn) error { return nil }

// OnMessage drops the message.
func (NopHandler) OnMessage(*Conn, Message) error { return nil }

// OnError does nothing.
func (NopHandler) OnError(*Conn, error) {}

// OnClose does nothing.
func (NopHandler) OnClose(*Conn, wsframe.CloseCode, string) {}

// HandlerError is the failure of a Handler's method, a panic or an error that it
// returned, as the cause of a connection's end. The peer learns no more than
// code 1011.
type HandlerError struct {
	Value any    // what was given to panic, or the error that was returned
	Stack []byte // where; nil for a returned error
}

// Error returns what the panic or the error said, on one line.
func (e *HandlerError) Error() string { return fmt.Sprintf("the handler failed: %v", e.Value) }

// Serve reads messages and calls the handler until the connection has ended,
// and returns how: always a *CloseError. A panic in OnOpen or OnMessage ends this
// connection, with 1011, and nothing else. One in OnError or OnClose is the
// caller's: the connection is closed by then. If the connection may be parked,
// Serve may return bufconn.ErrParked: then it is to be called again when that
// resumes.
func (c *Conn) Serve(h Handler) error {
	err := c.serveMessages(h)
	if err == bufconn.ErrParked {
		return err
	}
	err = c.end(err)
	var closed *CloseError
	errors.As(err, &closed)
	if closed.Err != nil {
		h.OnError(c, closed.Err)
	}
	h.OnClose(c, closed.Code, closed.Reason)
	return closed
}

// serveMessages calls OnOpen, and OnMessage for each message, until the
// connection is to end, and returns why.
func (c *Conn) serveMessages(h Handler) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &HandlerError{Value: value, Stack: debug.Stack()}
		}
	}()
	if c.handler == nil { // it has not been parked
		c.handler = h
		if err := h.OnOpen(c); err != nil && !errors.Is(err, ErrClosed) {
			return &HandlerError{Value: err}
		}
	}
	return c.buf.Loop(c.serveArrived)
}

// serveArrived calls OnMessage for each message that has arrived, and returns
// bufconn.ErrWait when the next one is not complete yet.
func (c *Conn) serveArrived() error {
	for {
		message, err := c.readMessage()
		if err != nil {
			return err
		}
		// tour 3.6: a whole message, for the application (RFC 6455 §6.2)
		//	message.Opcode = Text (1), string(message.Payload) = "Hello"
		if err := c.handler.OnMessage(c, message); err != nil && !errors.Is(err, ErrClosed) {
			return &HandlerError{Value: err}
		}
	}
}
