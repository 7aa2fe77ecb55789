package wsconn

import (
	"crypto/rand"
	"io"
	"net"
	"sync/atomic"
	"time"

	"barewire/handshake"
	"barewire/internal/bufconn"
	"barewire/internal/deflate"
	"barewire/wsframe"
)

// Config is what a connection is made with. A field that is zero gets the default
// that stands beside it.
type Config struct {
	Role wsframe.Role // which side we are

	// MaxMessage is the largest message that is accepted, in bytes (default 1 MiB).
	// Without it one peer could make us hold all the memory there is.
	MaxMessage int

	// MaxFragments is the largest number of frames in one message (default 131,072).
	// A fragment may be empty: without a limit a message that stays below MaxMessage
	// could cost processor time forever.
	MaxFragments int

	// PieceTimeout is how long each 64 KiB of a message, or the whole of a smaller one, may
	// take to arrive. A peer that sends a byte a minute is not silent: without a limit it
	// would keep us holding its message forever. 0 means no limit.
	PieceTimeout time.Duration

	// KeepAlive is how long the peer may be silent before it is sent a Ping; when it
	// stays silent as long again, the connection is given up. 0 means to wait forever.
	KeepAlive time.Duration

	// CloseWait is how long the peer may be silent once our Close has left (default 5 s; a
	// negative time means forever). It starts again with everything that arrives, and as
	// long as the peer takes what we sent before. Until our Close has left, the write
	// timeout of the connection underneath bounds the wait.
	CloseWait time.Duration

	// CloseTimeout bounds all of the closing handshake, from our Close to the end of TCP.
	// Without it a peer that goes on sending could hold the connection forever. 0 means
	// that it may.
	CloseTimeout time.Duration

	// Deflate is what was agreed on about permessage-deflate; nil means that no message
	// is compressed.
	Deflate *handshake.Deflate

	// CompressMin is the smallest message that is sent compressed, in bytes. A smaller
	// one gains less than compressing and inflating it costs.
	CompressMin int

	// Random is where masking keys come from (default crypto/rand).
	Random io.Reader
}

const defaultCloseWait = 5 * time.Second

// withDefaults returns the configuration with its defaults filled in.
func (c Config) withDefaults() Config {
	if c.MaxMessage == 0 {
		c.MaxMessage = 1 << 20 // req: 6455-10.4-b
	}
	if c.MaxFragments == 0 {
		c.MaxFragments = 128 << 10
	}
	if c.CloseWait == 0 {
		c.CloseWait = defaultCloseWait
	}
	if c.Random == nil {
		c.Random = rand.Reader // req: 6455-5.3-b
	}
	return c
}

// Conn is one WebSocket connection, from the end of the opening handshake.
//
// ReadMessage and Serve belong to one goroutine. Reply and Echo belong to the handler
// that Serve calls. Send, SendFragments, Ping, Close and Abort may be called by any
// goroutine at any time.
type Conn struct {
	buf    *bufconn.Conn
	config Config

	// The reading goroutine's.
	started  bool // start has been called
	opened   bool // OnOpen has been called
	checker  wsframe.Checker
	received int64           // bytes of the stream of frames that have been taken
	message  *bufconn.Buffer // the message that is being joined or was returned last; nil if it is in the read buffer
	pieceDue time.Time       // when PieceTimeout is over; zero if nobody has waited for this piece yet
	pingedAt time.Time       // when the last silence made us send a Ping
	ended    *CloseError     // how the connection ended

	// permessage-deflate, nil if it was not agreed on. The compressor is guarded by the
	// write buffer's lock, the decompressor is the reading goroutine's.
	compressor     *deflate.Compressor
	decompressor   *deflate.Decompressor
	inflated       *bufconn.Buffer // the message that is being inflated
	sendWindowBits int

	// Guarded by the write buffer's lock: used between BeginWrite and EndWrite alone.
	state      state
	reading    bool        // ReadMessage or Serve has been called
	closeTimer *time.Timer // bounds the closing handshake that we have begun; see startCloseTimer
	closeBy    time.Time   // when CloseTimeout ends; zero: never

	left atomic.Pointer[leftClose] // nil until a Close frame that began the closing handshake has left
	lost atomic.Pointer[error]     // why we gave the connection up
	slot atomic.Bool               // it holds one of the slots of inflating
}

// New returns a connection over buf, whose opening handshake is over. Bytes that buf
// has already received after the handshake are the first frames (RFC 6455 §4.1).
func New(buf *bufconn.Conn, config Config) *Conn { // req: 6455-4.1-v
	c := &Conn{
		buf:     buf,
		config:  config.withDefaults(),
		checker: wsframe.Checker{Role: config.Role},
	}
	if config.Deflate != nil {
		c.agreeOnDeflate(config.Deflate)
		c.decompressor.Grow = c.growInflated
	}
	buf.SetReadDeadline(time.Time{}) // that of the opening handshake is over
	return c
}

// LocalAddr returns the address of this end of the connection underneath.
func (c *Conn) LocalAddr() net.Addr { return c.buf.LocalAddr() }

// RemoteAddr returns the address of the peer.
func (c *Conn) RemoteAddr() net.Addr { return c.buf.RemoteAddr() }

// Message is one message from the peer, put together from its frames.
type Message struct {
	Opcode  wsframe.Opcode // Text, whose payload is valid UTF-8, or Binary
	Payload []byte         // valid until the next ReadMessage, or until OnMessage returns
}
