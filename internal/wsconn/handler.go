package wsconn

import (
	"errors"
	"fmt"
	"runtime/debug"

	"barewire/internal/bufconn"
	"barewire/wsframe"
)

// Handler handles the events of a connection: it is the article's handler, whose `out` is
// the *Conn. For each connection its methods are called one at a time and in order. A
// Handler that keeps state of its connection must be used for that connection only. Any
// other Handler may serve many connections, and is then called concurrently.
type Handler interface {
	// OnOpen is called once, before the first message. An error that it returns has the same
	// effect as an error of OnMessage.
	OnOpen(out *Conn) error

	// OnMessage is called for each message. The payload is valid until OnMessage
	// returns, and may be changed until then. An error closes the connection with 1011,
	// unless it is ErrClosed: OnMessage may return the error of Reply.
	//
	// While OnMessage runs, nothing is read from this peer, and its Pings are not answered.
	// Only a few compressed messages are handled at the same time (see ReleaseSlot). Long
	// work belongs in another goroutine, which calls Send.
	OnMessage(out *Conn, message Message) error

	// OnError is called before OnClose if there was no closing handshake: the peer
	// broke a rule (*wsframe.Error), the handler failed (*HandlerError), or the network
	// failed.
	OnError(out *Conn, err error)

	// OnClose is called last, with the code and the reason of the peer's Close frame: 1005
	// if it had no code, 1006 if there was no Close frame.
	OnClose(out *Conn, code wsframe.CloseCode, reason string)
}

// NopHandler is a Handler that does nothing. A type that embeds it needs to define only the
// methods that it uses.
type NopHandler struct{}

// OnOpen does nothing.
func (NopHandler) OnOpen(*Conn) error { return nil }

// OnMessage drops the message.
func (NopHandler) OnMessage(*Conn, Message) error { return nil }

// OnError does nothing.
func (NopHandler) OnError(*Conn, error) {}

// OnClose does nothing.
func (NopHandler) OnClose(*Conn, wsframe.CloseCode, string) {}

// HandlerError is a panic in a Handler's method, or an error that it returned, which ended
// a connection. The peer gets code 1011, but not the cause.
type HandlerError struct {
	Value any    // the argument of panic, or the error that was returned
	Stack []byte // of the goroutine that panicked; nil for a returned error
}

// Error returns the text of the panic or of the error.
func (e *HandlerError) Error() string { return fmt.Sprintf("the handler failed: %v", e.Value) }

// Serve reads messages and calls the handler until the connection has ended, and
// returns a *CloseError. A panic in OnOpen or OnMessage closes this connection with
// 1011 and affects no other. A panic in OnError or OnClose reaches the caller; the
// connection is already closed at that time.
//
// On a connection that may be parked, Serve may return bufconn.ErrIdle instead. It is
// called again, with the same handler, when there are bytes to read. ReadMessage must not
// be used on such a connection.
func (c *Conn) Serve(h Handler) error {
	c.start()
	err := c.serveMessages(h)
	if err == bufconn.ErrIdle {
		return err
	}
	closed := c.end(err)
	if closed.Err != nil {
		h.OnError(c, closed.Err)
	}
	h.OnClose(c, closed.Code, closed.Reason)
	return closed
}

// serveMessages calls OnOpen, and OnMessage for each message. It returns the reason why the
// connection must end.
func (c *Conn) serveMessages(h Handler) (err error) {
	defer func() {
		if value := recover(); value != nil { // req: 6455-7.4.1-e
			err = &HandlerError{Value: value, Stack: debug.Stack()}
		}
	}()
	if !c.opened {
		c.opened = true
		if err := h.OnOpen(c); err != nil && !errors.Is(err, ErrClosed) {
			return &HandlerError{Value: err}
		}
	}
	for {
		message, err := c.readMessage()
		if err != nil {
			return err
		}
		// tour 3.6: a whole message, for the application (RFC 6455 §6.2)
		if err := h.OnMessage(c, message); err != nil && !errors.Is(err, ErrClosed) {
			return &HandlerError{Value: err}
		}
		if c.slot.Load() {
			c.ReleaseSlot()
		}
	}
}
