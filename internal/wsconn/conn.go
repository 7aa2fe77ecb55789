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

// Config configures a connection. A zero field gets its default.
type Config struct {
	Role wsframe.Role // which side we are

	// MaxMessage is the largest message that is accepted, in bytes (default 1 MiB).
	// Without this limit one peer could use all our memory.
	MaxMessage int

	// MaxFragments is the largest number of frames in one message (default 131,072).
	// A fragment may be empty: without this limit a message that stays below MaxMessage
	// could cost processor time forever.
	MaxFragments int

	// PieceTimeout is how long each 64 KiB of a message, or the whole of a smaller one, may
	// take to arrive. A peer that sends a byte per minute is not silent: without this limit
	// we would hold its message forever. 0 means no limit.
	PieceTimeout time.Duration

	// KeepAlive is how long the peer may be silent before we send a Ping. If it is silent
	// for the same time again, the connection is closed. 0 means to wait forever.
	KeepAlive time.Duration

	// CloseWait is how long the peer may be silent after our Close was sent (default 5 s; a
	// negative time means forever). It starts again whenever bytes arrive, and whenever the
	// peer accepts bytes that we sent before. Until our Close is sent, the write timeout of
	// the connection below limits the wait.
	CloseWait time.Duration

	// CloseTimeout limits the whole closing handshake, from our Close to the end of TCP.
	// Without it a peer that keeps sending could hold the connection forever. 0 means no
	// limit.
	CloseTimeout time.Duration

	// Deflate holds the agreed parameters of permessage-deflate; nil means that no message
	// is compressed.
	Deflate *handshake.Deflate

	// CompressMin is the size of the smallest message that is sent compressed, in bytes. For
	// smaller messages, compression costs more than it saves.
	CompressMin int

	// Random is the source of masking keys (default crypto/rand).
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

	// Used only by the reading goroutine.
	started  bool // start has been called
	opened   bool // OnOpen has been called
	checker  wsframe.Checker
	received int64           // bytes of frames that have been read
	message  *bufconn.Buffer // the message that is being joined or was returned last; nil if it is in the read buffer
	pieceDue time.Time       // when PieceTimeout ends; zero until the first wait for this piece
	pingedAt time.Time       // when we sent the last Ping to a silent peer
	ended    *CloseError     // how the connection ended

	// permessage-deflate, nil if it was not agreed on. The compressor is guarded by the
	// write buffer's lock, the decompressor is the reading goroutine's.
	compressor     *deflate.Compressor
	decompressor   *deflate.Decompressor
	inflated       *bufconn.Buffer // the message that is being inflated
	sendWindowBits int

	// Guarded by the write buffer's lock: used only between BeginWrite and EndWrite.
	state      state
	reading    bool        // ReadMessage or Serve has been called
	closeTimer *time.Timer // limits the closing handshake that we have begun; see startCloseTimer
	closeBy    time.Time   // when CloseTimeout ends; zero: never

	left atomic.Pointer[leftClose] // nil until our Close that begins the closing handshake is sent
	lost atomic.Pointer[error]     // why we closed the connection without a handshake
	slot atomic.Bool               // holds one of the slots of inflating
}

// New returns a connection over buf after the opening handshake. Bytes that buf has already
// received after the handshake are the first frames (RFC 6455 §4.1).
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
	buf.SetReadDeadline(time.Time{}) // removes the deadline of the opening handshake
	return c
}

// LocalAddr returns our address in the connection below.
func (c *Conn) LocalAddr() net.Addr { return c.buf.LocalAddr() }

// RemoteAddr returns the address of the peer.
func (c *Conn) RemoteAddr() net.Addr { return c.buf.RemoteAddr() }

// Message is one message from the peer, joined from its frames.
type Message struct {
	Opcode  wsframe.Opcode // Text, whose payload is valid UTF-8, or Binary
	Payload []byte         // valid until the next ReadMessage, or until OnMessage returns
}
