package wsstream

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"barewire/internal/wsconn"
	"barewire/wsframe"
)

// messageSize is the largest message that is sent, in bytes. A longer Write
// becomes several messages: some servers refuse a message above 32 KiB.
const messageSize = 16 << 10

// closeWait is how long Close waits for the peer. Without it, a peer that stops
// reading would block a program that wants to end.
const closeWait = time.Second

// Stream is a net.Conn over a WebSocket connection, in either role. It sends and
// receives binary messages, whose boundaries are not visible. New returns one.
//
// All methods may run concurrently. After Read or Write returns, even with a timeout, the
// caller may use the slice again. A timeout is os.ErrDeadlineExceeded,
// and the Stream can be used after it. Pings are answered only while the program reads.
type Stream struct {
	conn *wsconn.Conn

	in, arriving net.Conn // a pipe: readMessages writes to arriving, Read reads from in
	out, leaving net.Conn // a pipe: Write writes to out, writeMessages reads from leaving

	endOnce sync.Once
	reason  error // what Read returns at the end; set before end closes the pipes

	goroutines sync.WaitGroup // readMessages and writeMessages
}

// New returns a Stream over conn, which it owns from now on. Its two goroutines run until
// Close, or until the peer ends the connection.
//
// A stream may be silent, or not be read, for as long as its program likes. So conn must
// have no keep-alive (KeepAlive is 0 in its wsconn.Config), and the bufconn.Conn under it
// no write timeout. CloseWait bounds the time from CloseWrite to the peer's Close frame.
func New(conn *wsconn.Conn) *Stream {
	s := &Stream{conn: conn}
	s.in, s.arriving = net.Pipe()
	s.out, s.leaving = net.Pipe()
	s.goroutines.Go(s.readMessages)
	s.goroutines.Go(s.writeMessages)
	return s
}

// readMessages passes the peer's messages to Read. After Close it drops them, until the
// peer's Close frame.
func (s *Stream) readMessages() {
	for {
		message, err := s.conn.ReadMessage()
		switch {
		case err != nil:
			s.end(err)
			return
		case message.Opcode == wsframe.Text:
			s.end(errText)
		case len(message.Payload) > 0:
			s.arriving.Write(message.Payload) // an error means that the pipe is closed: drop it
		}
	}
}

// writeMessages sends the bytes from Write, and then a Close frame.
func (s *Stream) writeMessages() {
	buffer := make([]byte, messageSize)
	for {
		n, err := s.leaving.Read(buffer)
		switch err {
		case nil:
			if s.conn.Send(wsframe.Binary, buffer[:n]) != nil {
				s.leaving.Close() // Write fails from now on; readMessages learns the reason
				return
			}
		case io.EOF: // Close or CloseWrite
			s.conn.Close(wsframe.NormalClosure, "")
			return
		default: // end
			if s.reason == errText {
				s.conn.Close(textRefused.Code, textRefused.Reason())
			}
			return
		}
	}
}

// textRefused is the violation of a peer that sends a text message.
var textRefused = &wsframe.Error{Code: wsframe.UnsupportedData, Field: "opcode", Section: "RFC 6455 §7.4.1",
	Rule: "this connection carries binary messages only"}

// errText is the error that Read returns after a text message.
var errText error = &wsconn.CloseError{Code: wsframe.AbnormalClosure, Err: textRefused}

// end makes Write fail, and makes Read return reason after the bytes that have arrived. If
// the peer closed normally, reason becomes io.EOF.
func (s *Stream) end(reason error) {
	s.endOnce.Do(func() {
		var closed *wsconn.CloseError
		if errors.As(reason, &closed) {
			switch closed.Code {
			case wsframe.NormalClosure, wsframe.GoingAway, wsframe.NoStatusReceived:
				reason = io.EOF
			}
		}
		s.reason = reason
		s.leaving.Close() // first: after a Read that returned reason, no Write may succeed
		s.arriving.Close()
	})
}

// Read reads from the current message. It returns io.EOF after the peer has closed with
// 1000, 1001 or no code, net.ErrClosed after Close, and a *wsconn.CloseError if the
// connection ended in any other way.
func (s *Stream) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	n, err := s.in.Read(p)
	if err == io.EOF { // end has closed the pipe
		return n, s.reason
	}
	return n, asStreamError(err)
}

// Write sends p in one or more messages. It returns before the last one is sent: as with
// TCP, only a later call can report an error of that message. After a timeout, the first n
// bytes of p have been sent or will be. Write returns net.ErrClosed after Close, CloseWrite,
// or the end of the connection; Read returns the reason for the end.
func (s *Stream) Write(p []byte) (n int, err error) {
	if len(p) == 0 {
		return 0, nil
	}
	n, err = s.out.Write(p)
	return n, asStreamError(err)
}

// asStreamError converts an error of a pipe to the error that a Stream returns.
func asStreamError(err error) error {
	switch {
	case err == io.ErrClosedPipe:
		return net.ErrClosed
	case errors.Is(err, os.ErrDeadlineExceeded):
		return os.ErrDeadlineExceeded
	}
	return err
}

// CloseWrite begins the closing handshake: a Close frame follows the written bytes.
// CloseWrite does not wait until it is sent. Read continues until the peer's Close frame.
// The error is always nil.
func (s *Stream) CloseWrite() error {
	return s.out.Close()
}

// Close interrupts every Read and Write, sends the written bytes and a Close frame, waits at
// most a second for the peer's Close frame, and closes the connection. Both goroutines have
// ended when it returns. The error is always nil, even if the peer closed first.
func (s *Stream) Close() error {
	s.out.Close()
	s.in.Close()
	timer := time.AfterFunc(closeWait, func() { s.conn.Abort() })
	defer timer.Stop()
	s.goroutines.Wait()
	return nil
}

// LocalAddr returns our address in the connection below.
func (s *Stream) LocalAddr() net.Addr { return s.conn.LocalAddr() }

// RemoteAddr returns the peer's address in the connection below.
func (s *Stream) RemoteAddr() net.Addr { return s.conn.RemoteAddr() }

// SetDeadline calls SetReadDeadline and SetWriteDeadline.
func (s *Stream) SetDeadline(t time.Time) error {
	s.SetReadDeadline(t)
	return s.SetWriteDeadline(t)
}

// SetReadDeadline interrupts every Read at t, including one that is waiting now; the zero
// time means never. The error is always nil.
func (s *Stream) SetReadDeadline(t time.Time) error {
	s.in.SetReadDeadline(t) // fails when the pipe is closed: no Read waits any more
	return nil
}

// SetWriteDeadline is SetReadDeadline for Write.
func (s *Stream) SetWriteDeadline(t time.Time) error {
	s.out.SetWriteDeadline(t)
	return nil
}
