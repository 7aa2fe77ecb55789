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
// reading would hold a program that wants to leave.
const closeWait = time.Second

// Stream is a net.Conn over a WebSocket connection, in either role. It sends and
// receives binary messages, whose boundaries are not visible. New makes one.
//
// All methods may run concurrently. The slice given to Read or Write is the caller's
// again when the call returns, also after a timeout. A timeout is os.ErrDeadlineExceeded,
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

// readMessages passes the peer's messages to Read. When nobody will read them any
// more it drops them, until the peer's Close frame.
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

// writeMessages sends what comes from Write, then a Close frame.
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

// textRefused is the rule for a message that is not part of a stream.
var textRefused = &wsframe.Error{Code: wsframe.UnsupportedData, Field: "opcode", Section: "RFC 6455 §7.4.1",
	Rule: "this connection carries binary messages only"}

// errText is what Read returns after a text message.
var errText error = &wsconn.CloseError{Code: wsframe.AbnormalClosure, Err: textRefused}

// end makes Write fail, and makes Read return reason after what has arrived. If the
// peer closed because it had nothing more to send, that is the end of the file.
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

// Read reads from the message that has arrived. It returns io.EOF after the peer has
// closed with 1000, 1001 or no code, net.ErrClosed after Close, and a *wsconn.CloseError
// if the connection ended in another way.
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

// Write sends p in one message or more. It returns before the last one has left:
// as with TCP, only a later call can report that this failed. After a timeout, the
// first n bytes of p have been sent or will be. Write returns net.ErrClosed after
// Close, CloseWrite, or the end of the connection, whose reason Read returns.
func (s *Stream) Write(p []byte) (n int, err error) {
	if len(p) == 0 {
		return 0, nil
	}
	n, err = s.out.Write(p)
	return n, asStreamError(err)
}

// asStreamError returns what a Stream returns for an error of its pipes.
func asStreamError(err error) error {
	switch {
	case err == io.ErrClosedPipe:
		return net.ErrClosed
	case errors.Is(err, os.ErrDeadlineExceeded):
		return os.ErrDeadlineExceeded
	}
	return err
}

// CloseWrite begins the closing handshake: a Close frame follows what was written. It does
// not wait for that. Read goes on until the peer's Close frame. The error is always nil.
func (s *Stream) CloseWrite() error {
	return s.out.Close()
}

// Close wakes every Read and Write, sends what was written and a Close frame, waits
// at most a second for the peer's, and closes the connection. Both goroutines have
// ended when it returns. The error is always nil, also if the peer closed first.
func (s *Stream) Close() error {
	s.out.Close()
	s.in.Close()
	timer := time.AfterFunc(closeWait, func() { s.conn.Abort() })
	defer timer.Stop()
	s.goroutines.Wait()
	return nil
}

// LocalAddr returns our address in the connection underneath.
func (s *Stream) LocalAddr() net.Addr { return s.conn.LocalAddr() }

// RemoteAddr returns the peer's address in the connection underneath.
func (s *Stream) RemoteAddr() net.Addr { return s.conn.RemoteAddr() }

// SetDeadline is SetReadDeadline and SetWriteDeadline.
func (s *Stream) SetDeadline(t time.Time) error {
	s.SetReadDeadline(t)
	return s.SetWriteDeadline(t)
}

// SetReadDeadline interrupts every Read at t, also one that is waiting now; the zero time
// means never. The error is always nil.
func (s *Stream) SetReadDeadline(t time.Time) error {
	s.in.SetReadDeadline(t) // fails when the pipe is closed: no Read waits any more
	return nil
}

// SetWriteDeadline is SetReadDeadline for Write.
func (s *Stream) SetWriteDeadline(t time.Time) error {
	s.out.SetWriteDeadline(t)
	return nil
}
