package wsconn

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"barewire/internal/bufconn"
	"barewire/wsframe"
)

// streamFrame is how many octets of a Write travel in one frame. A frame that
// was begun has to be finished before anything else, so a small one keeps a
// Write that timed out from owing the connection much.
const streamFrame = 4 << 10

// closeBudget is how long Close gives the socket for its last octets.
const closeBudget = time.Second

// Stream is a net.Conn over a WebSocket connection, in either role: what is
// written travels in binary messages, and where one message ends and the next
// begins is not to be seen by the reader.
//
// All of its methods may be called by any goroutine at any time. A deadline that
// passes ends the call it passes in, and nothing else: the frame that was half
// written is finished by the next Write, the frame that was half read by the
// next Read. Pings are answered from within Read, by another goroutine and not
// under the deadlines that the program set for itself.
type Stream struct {
	conn *Conn

	reading  sync.Mutex // held by a Read
	readErr  error      // how reading ended, once it has
	inflated []byte     // what is left of a message that came compressed

	writing sync.Mutex // held by a Write

	closed    atomic.Bool
	closeOnce sync.Once
}

var _ net.Conn = (*Stream)(nil)

// NewStream returns a Stream over conn, which it owns from now on.
func NewStream(conn *Conn) *Stream {
	conn.streaming = true
	if _, isTLS := conn.buf.NetConn().(*tls.Conn); isTLS {
		conn.buf.IsolateWrites() // a write that times out would be the last one
	}
	return &Stream{conn: conn}
}

// Read returns octets of the messages that come. It returns io.EOF when the
// peer closed with 1000, 1001 or no code, and a *CloseError when it closed with
// another one or broke a rule.
func (s *Stream) Read(p []byte) (int, error) {
	s.reading.Lock()
	defer s.reading.Unlock()
	for {
		switch {
		case s.closed.Load():
			return 0, net.ErrClosed
		case s.readErr != nil:
			return 0, s.readErr
		case s.conn.buf.ReadDeadlinePassed():
			return 0, os.ErrDeadlineExceeded
		case len(p) == 0:
			return 0, nil
		}
		n, err := s.readSome(p)
		if err != nil {
			return 0, s.readFailed(err)
		}
		if n > 0 {
			return n, nil
		}
	}
}

// readSome reads what is there of the current data frame, or nothing if that
// frame was empty.
func (s *Stream) readSome(p []byte) (int, error) {
	c := s.conn
	if len(s.inflated) > 0 {
		n := copy(p, s.inflated)
		if s.inflated = s.inflated[n:]; len(s.inflated) == 0 {
			c.message.Release()
			c.message = nil
		}
		return n, nil
	}
	if err := c.nextDataFrame(); err != nil {
		return 0, err
	}
	if c.compressed {
		return 0, s.readCompressed()
	}
	n := 0
	if c.left > 0 {
		var err error
		if n, err = c.readPiece(p[:min(c.left, uint64(len(p)))]); err != nil {
			return 0, err
		}
	}
	return n, c.decode(p[:n])
}

// readCompressed reads the rest of a compressed frame and, if it was the last of
// its message, inflates that.
func (s *Stream) readCompressed() error {
	c := s.conn
	payload, err := c.readFramePayload()
	if err != nil || !c.header.Fin {
		return err
	}
	s.inflated, err = c.inflate(payload)
	return err
}

// readFailed turns what ended a read into what Read returns.
func (s *Stream) readFailed(err error) error {
	switch cause := err.(type) {
	case *CloseError:
		s.readErr = cause
		if cause.Code == wsframe.NormalClosure || cause.Code == wsframe.GoingAway || cause.Code == wsframe.NoStatusReceived {
			s.readErr = io.EOF
		}
		s.conn.flushInBackground()
		return s.readErr
	case *wsframe.Error:
		s.conn.appendClose(cause.Code, cause.Reason())
		s.readErr = &CloseError{Code: wsframe.AbnormalClosure, Err: cause}
		s.conn.flushInBackground()
		return s.readErr
	}
	if s.closed.Load() {
		return net.ErrClosed
	}
	if !bufconn.IsTimeout(err) {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF // the peer left without a Close frame
		}
		s.readErr = err
	}
	return err
}

// Write sends p in binary messages of at most 4 KiB. When the deadline passes,
// it returns how many octets of p will reach the peer: those in frames that have
// left, and those in a frame that was begun, whose rest leaves with the next
// Write.
func (s *Stream) Write(p []byte) (n int, err error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	for len(p) > 0 {
		chunk := p[:min(len(p), streamFrame)]
		sent, err := s.writeFrame(chunk)
		if sent {
			n += len(chunk)
		}
		if err != nil {
			return n, s.writeFailed(err)
		}
		p = p[len(chunk):]
	}
	return n, nil
}

// writeFrame sends one frame, and tells whether it has begun to leave.
func (s *Stream) writeFrame(payload []byte) (begun bool, err error) {
	c := s.conn
	if err := c.buf.FlushUnderDeadline(); err != nil { // what an earlier Write owes comes first
		return false, err
	}
	if c.buf.WriteDeadlinePassed() {
		return false, os.ErrDeadlineExceeded
	}
	_, start, end, err := c.appendFrame(wsframe.Binary, payload)
	if err != nil {
		return false, err
	}
	if err := c.buf.FlushUnderDeadline(); err != nil {
		return !c.buf.Retract(start, end), err
	}
	return true, nil
}

// writeFailed turns what ended a write into what Write returns.
func (s *Stream) writeFailed(err error) error {
	if s.closed.Load() || err == ErrClosed {
		return net.ErrClosed
	}
	return err
}

// Close wakes every Read and Write, does the closing handshake, for which it
// gives the peer a second at most, and closes the connection. It returns nil,
// also when the peer has closed first.
func (s *Stream) Close() error {
	s.closeOnce.Do(s.close)
	return nil
}

func (s *Stream) close() {
	c := s.conn
	s.closed.Store(true)
	c.buf.Interrupt()
	s.writing.Lock()
	defer s.writing.Unlock()
	s.reading.Lock()
	defer s.reading.Unlock()

	// Both sides are ours now. The last octets go out while the peer's are read:
	// two ends that both waited for the other to read first would wait for ever.
	// And octets left unread would make the kernel send a reset, which can destroy
	// what we sent.
	c.buf.FinishBy(time.Now().Add(closeBudget))
	c.appendClose(wsframe.NormalClosure, "")
	flushed := make(chan error, 1)
	go func() { flushed <- c.buf.Flush() }()
	if s.readErr == nil {
		s.drain()
	}
	<-flushed
	c.buf.Close()
	c.refuseMessages()
}

// drain reads and drops what the peer sends until its Close frame, the end of
// its octets, or the end of closeBudget.
func (s *Stream) drain() {
	var dropped [1024]byte
	for {
		if _, err := s.readSome(dropped[:]); err != nil {
			return
		}
	}
}

// LocalAddr returns the address of this end of the connection underneath.
func (s *Stream) LocalAddr() net.Addr { return s.conn.buf.NetConn().LocalAddr() }

// RemoteAddr returns the address of the other end.
func (s *Stream) RemoteAddr() net.Addr { return s.conn.buf.NetConn().RemoteAddr() }

// SetDeadline sets both deadlines.
func (s *Stream) SetDeadline(t time.Time) error {
	return errors.Join(s.SetReadDeadline(t), s.SetWriteDeadline(t))
}

// SetReadDeadline ends Reads, present and future, at t; the zero time means
// never.
func (s *Stream) SetReadDeadline(t time.Time) error { return s.conn.buf.SetReadDeadline(t) }

// SetWriteDeadline ends Writes, present and future, at t; the zero time means
// never. It has no effect on answers to Pings.
func (s *Stream) SetWriteDeadline(t time.Time) error { return s.conn.buf.SetWriteDeadline(t) }

// checkStream refuses what is no part of a stream of octets.
func (c *Conn) checkStream() error {
	if c.opcode == wsframe.Text {
		return &wsframe.Error{Code: wsframe.UnsupportedData, Field: "opcode",
			Rule: "this connection carries binary messages only", Section: "RFC 6455 §7.4.1"}
	}
	return nil
}
