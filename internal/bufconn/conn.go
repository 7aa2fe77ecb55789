package bufconn

import (
	"crypto/tls"
	"io"
	"net"
	"sync"
	"time"
)

// Conn is a buffered connection. New makes one.
type Conn struct {
	conn    net.Conn
	isTLS   bool
	gathers bool      // one system call sends two pieces of memory
	socket  rawSocket // the descriptor: to wait without a buffer, and to write without waiting; see fill_unix.go

	// The read side. in.Bytes[start:] is what arrived and is not yet used.
	in      *Buffer // nil while nothing is buffered
	start   int
	size    int   // of the next read buffer; see fitSize
	loop    *loop // the Loop under way, or nil; changed under mu, for Close
	drained bool  // the kernel said with the last octets that it has no more; see socket_linux.go

	// See park.go.
	resume func() // starts the goroutine of a parked connection; nil: it is never parked
	idle   bool   // Loop was left to park it
	slot   int    // its place in parkingLot, guarded by parkingLot.mu

	// The write side, guarded by mu. Octets pass from out to sending to the
	// socket; appended and written count them since the connection began.
	mu       sync.Mutex
	turn     sync.Cond // signalled when a goroutine has ended its write
	out      *Buffer   // whole messages that nobody has begun to send
	sending  *Buffer   // what the goroutine whose turn it is hands to the socket
	sent     int       // sending.Bytes[:sent] has left
	rest     []byte    // what follows sending, in its owner's memory; see EndWriteAndSend
	writing  bool      // somebody is inside conn.Write
	waiting  int       // how many wait for their turn to
	failed   bool      // a write of our own failed: the peer does not read, or is gone
	appended uint64
	written  uint64
	handed   uint64 // what the reader has left to whoever is writing

	deadlines deadlines
}

// New returns a buffered connection over conn, which it owns from now on.
func New(conn net.Conn) *Conn {
	c := &Conn{conn: conn}
	switch conn.(type) {
	case *tls.Conn:
		c.isTLS = true
	case *net.TCPConn, *net.UnixConn:
		c.gathers = true
	}
	c.turn.L = &c.mu
	c.openSocket()
	return c
}

// NetConn returns the connection underneath.
func (c *Conn) NetConn() net.Conn { return c.conn }

// Buffered returns the octets that have arrived and have not been discarded.
// They are valid until the next Fill, Wait, Read or Reserve; the caller may change them
// in place (frames are unmasked there).
func (c *Conn) Buffered() []byte {
	if c.in == nil {
		return nil
	}
	return c.in.Bytes[c.start:]
}

// Discard drops the first n octets of Buffered. Slices of them stay valid
// until the next Fill, Wait, Read or Reserve.
func (c *Conn) Discard(n int) { c.start += n }

// Fill waits until more octets are there than Buffered shows now. Before it
// waits it sends all that is in the write buffer: the rule that makes a reply
// leave without a timer. It returns io.EOF when the peer will send no more, and
// a *WriteError if sending failed; a time-out is the read's. Within Loop it does
// not wait, but returns ErrWait.
func (c *Conn) Fill() error {
	sent, err := c.flushBeforeWait()
	if err != nil {
		return &WriteError{err}
	}
	if c.loop != nil {
		return c.askLoop(sent)
	}
	return c.Wait()
}

// Wait is Fill without its flush, for a reader whose replies another goroutine
// sends.
func (c *Conn) Wait() error {
	if c.loop != nil {
		return c.askLoop(false)
	}
	c.compact()
	err := c.receive()
	for c.allowForStop(err) {
		err = c.receive()
	}
	return err
}

// Read fills p with what is buffered, or else, without a detour through the
// buffer, with what the socket gives. Like Fill it flushes before it waits, and
// within Loop it may return ErrWait.
func (c *Conn) Read(p []byte) (int, error) {
	if n := c.ReadBuffered(p); n > 0 {
		return n, nil
	}
	c.compact() // nothing is left in the read buffer, which may be large
	sent, err := c.flushBeforeWait()
	if err != nil {
		return 0, &WriteError{err}
	}
	if c.loop != nil {
		c.drained = c.drained && sent
		return c.readInLoop(p)
	}
	return c.readDirectly(p)
}

// readDirectly waits for octets, and reads them into the caller's memory.
func (c *Conn) readDirectly(p []byte) (int, error) {
	n, err := c.conn.Read(p)
	for n == 0 && c.allowForStop(err) {
		n, err = c.conn.Read(p)
	}
	return n, err
}

// ReadBuffered moves octets that have already arrived to p, and never waits.
func (c *Conn) ReadBuffered(p []byte) int {
	n := copy(p, c.Buffered())
	c.Discard(n)
	return n
}

// compact makes room behind the buffered octets: it gives an empty buffer
// back, and moves what is left of a used one to its front or to another one: a
// larger one when it is full, and a smaller one when it holds next to nothing (see
// Reserve). What was in Buffered is not valid after it.
func (c *Conn) compact() {
	if c.in == nil {
		return
	}
	unused, room := c.in.Bytes[c.start:], cap(c.in.Bytes)
	switch {
	case len(unused) == 0:
		c.in.Release()
		c.in, c.start = nil, 0
	case room > MinBuffer && len(unused) < room/8:
		smaller := NewBuffer(len(unused) + 1)
		smaller.Bytes = append(smaller.Bytes, unused...)
		c.in.Release()
		c.in, c.start = smaller, 0
	case c.start > 0 && len(c.in.Bytes) > room/2:
		c.in.Bytes, c.start = c.in.Bytes[:copy(c.in.Bytes, unused)], 0
	case len(c.in.Bytes) == room:
		c.in = c.in.Grow(1)
	}
}

// fitSize chooses the size of the next read buffer by how much the last one took
// at once: so large messages, and many small ones, come with one system call.
func (c *Conn) fitSize(n int) {
	switch room := cap(c.in.Bytes); {
	case n == room:
		c.size = min(2*room, MaxRead)
	case n < room/4:
		c.size = room / 2
	}
}

// MaxRead is the largest read buffer that is taken before octets are there: it
// holds a message of 64 KiB with its header.
const MaxRead = 128 << 10

// Reserve makes room for n octets from the first buffered one on, and tells whether
// it has: for no more than MaxRead, nor than eight times what is buffered, so that to
// make us hold memory a peer must have sent an eighth of it. What was in Buffered is
// not valid after it.
func (c *Conn) Reserve(n int) bool {
	have := len(c.Buffered())
	switch {
	case n <= have || c.in != nil && n <= cap(c.in.Bytes)-c.start:
		return true
	case n > MaxRead || n > max(8*have, MinBuffer):
		return false
	}
	roomy := NewBuffer(n)
	roomy.Bytes = append(roomy.Bytes, c.Buffered()...)
	c.in.Release()
	c.in, c.start = roomy, 0
	return true
}

// receivePlain reads once, holding a buffer while it waits: the form for a
// connection without a descriptor, and for systems without fill_unix.go.
func (c *Conn) receivePlain() error {
	if c.in == nil {
		c.in = NewBuffer(MinBuffer)
	}
	free := c.in.Bytes[len(c.in.Bytes):cap(c.in.Bytes)]
	for range maxEmptyReads {
		n, err := c.conn.Read(free)
		c.in.Bytes = c.in.Bytes[:len(c.in.Bytes)+n]
		if n > 0 {
			return nil // an error that came with octets comes again with the next read
		}
		if err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

// maxEmptyReads is how often in a row a net.Conn may give no octets and no
// error, as a pipe does when its other end writes nothing, before we take it for
// broken.
const maxEmptyReads = 100

// Close closes the connection at once. Octets not yet sent are lost, and if
// the peer has sent octets that nobody read, the kernel answers with a reset,
// which can destroy even what was sent: see CloseGracefully. While a Loop runs,
// which may be what calls it, it does not wait until that has noticed.
func (c *Conn) Close() error {
	c.mu.Lock()
	looping := c.loop != nil
	c.mu.Unlock()
	if looping {
		go c.closeNow()
		return nil
	}
	return c.closeNow()
}

func (c *Conn) closeNow() error {
	err := c.conn.Close()
	parkingLot.wake(c)
	return err
}

// CloseGracefully closes in stages (RFC 9112 §9.6, RFC 6455 §7.1.1): it sends
// what is unsent, then FIN; then it reads and drops what the peer still sends,
// until the peer's FIN, for at most limit and maxDrain octets; then it closes. So
// an error response to a client that is still sending arrives, where a plain
// Close would make the kernel answer the unread octets with a reset.
func (c *Conn) CloseGracefully(limit time.Duration, maxDrain int) error {
	defer c.releaseAll()
	if c.flushUnlessFailed() == nil && c.closeWrite() {
		// tour 4.6: Close and FIN have left; what the client sends now is read and dropped (RFC 6455 §7.1.1)
		//	c.appended = 216, c.written = 216
		c.drain(limit, maxDrain)
	}
	return c.conn.Close()
}

// CloseAtEnd closes a connection whose peer has said that it will send no more:
// it sends what is unsent, then closes at once if nothing is left unread that
// would make the kernel answer with a reset, and else as CloseGracefully does. To
// wait for the FIN of such a peer takes a fifth of the time of a short connection.
func (c *Conn) CloseAtEnd(limit time.Duration, maxDrain int) error {
	if !c.drained || len(c.Buffered()) > 0 || c.flushUnlessFailed() != nil {
		return c.CloseGracefully(limit, maxDrain)
	}
	defer c.releaseAll()
	return c.conn.Close()
}

// drain reads and drops what the peer sends until its FIN, for at most limit
// and maxDrain octets, and tells whether the FIN came.
func (c *Conn) drain(limit time.Duration, maxDrain int) (ended bool) {
	c.ReadBy(time.Now().Add(limit))
	for maxDrain > 0 {
		c.Discard(len(c.Buffered()))
		if err := c.Wait(); err != nil {
			return err == io.EOF
		}
		maxDrain -= len(c.Buffered())
	}
	return false
}

// AwaitClose waits, for at most limit and maxDrain octets, until the peer closes,
// drops what it still sends, and closes then: the client's end of a WebSocket connection
// (RFC 6455 §7.1.1), which lets the server close first.
func (c *Conn) AwaitClose(limit time.Duration, maxDrain int) error {
	defer c.releaseAll()
	if c.flushUnlessFailed() == nil {
		c.drain(limit, maxDrain)
	}
	return c.conn.Close()
}

// closeWrite sends FIN and keeps the other direction open. A connection that
// cannot do so (a pipe) reports false.
func (c *Conn) closeWrite() bool {
	half, ok := c.conn.(interface{ CloseWrite() error })
	return ok && half.CloseWrite() == nil
}

// releaseAll gives the buffers of a closed connection back.
func (c *Conn) releaseAll() {
	c.in.Release()
	c.in, c.start = nil, 0
}
