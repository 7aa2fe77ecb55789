package wsconn

import (
	"crypto/rand"
	"io"
	"sync/atomic"
	"time"

	"barewire/handshake"
	"barewire/internal/bufconn"
	"barewire/internal/deflate"
	"barewire/wsframe"
)

// Config is what a connection is made with. A field that is zero gets the
// default that stands beside it.
type Config struct {
	Role        wsframe.Role // which side we are
	Subprotocol string       // what was agreed on, "" for none

	// MaxMessage is the largest message taken, in octets (default 1 MiB). Without
	// it one peer could make us hold all the memory there is.
	MaxMessage int

	// MaxFragments is the largest number of frames in one message (default
	// 131,072). A fragment may be empty: without a limit a message that stays
	// below MaxMessage could cost processor time for ever.
	MaxFragments int

	// KeepAlive is how long the peer may be silent before it is sent a Ping; when
	// it stays silent as long again, it is given up. 0 means to wait for ever.
	KeepAlive time.Duration

	// CloseWait bounds the wait for the peer's part of the closing handshake
	// (default 5 s).
	CloseWait time.Duration

	// Deflate is what was agreed on about permessage-deflate; nil means that no
	// message is compressed.
	Deflate *handshake.Deflate

	// CompressMin is the smallest message that is sent compressed, in octets. A
	// smaller one gains less than compressing and inflating it costs.
	CompressMin int

	// Random is where masking keys come from (default crypto/rand).
	Random io.Reader
}

// withDefaults returns the configuration with nothing left at zero that must
// not be.
func (c Config) withDefaults() Config {
	if c.MaxMessage == 0 {
		c.MaxMessage = 1 << 20
	}
	if c.MaxFragments == 0 {
		c.MaxFragments = 128 << 10
	}
	if c.CloseWait == 0 {
		c.CloseWait = 5 * time.Second
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	return c
}

// Conn is one WebSocket connection, from the end of the opening handshake.
//
// ReadMessage and Serve belong to one goroutine. Reply belongs to the handler
// that Serve calls. Send, SendFragments, Ping and Close may be called by any
// goroutine at any time.
type Conn struct {
	buf    *bufconn.Conn
	config Config

	// The reading goroutine's: where it stands in the stream of frames.
	checker   wsframe.Checker
	header    wsframe.Header // of the frame that is being read
	inFrame   bool           // header is valid, and its payload not all read
	left      uint64         // octets of that payload still to come
	inPlace   int            // octets of that payload that are decoded and stay in the read buffer
	frameAt   int64          // where that frame began, counted from the handshake's end
	offset    int64          // octets of the stream taken so far
	pingedAt  int64          // octets that had come when the peer was silent and we asked; -1: never
	streaming bool           // a Stream reads: it must not flush, nor wait for a flush

	// The reading goroutine's: the message that is being put together.
	opcode     wsframe.Opcode // of its first frame
	compressed bool           // the message is, by its first frame's RSV1
	message    *bufconn.Buffer
	handedOut  bool // all of it has been returned, and the next one begins
	fragments  int
	text       wsframe.UTF8Validator

	// permessage-deflate, nil if it was not agreed on. The compressor is guarded by
	// the write buffer's lock, the decompressor is the reading goroutine's.
	compressor     *deflate.Compressor
	decompressor   *deflate.Decompressor
	sendWindowBits int

	handler Handler // what Serve was given

	// How it ended. ended is the reading goroutine's.
	ended      *CloseError
	closeSent  bool // guarded by the write buffer's lock: set between BeginWrite and EndWrite
	closeTimer atomic.Pointer[bufconn.Timer]
	lost       atomic.Pointer[error] // why a write failed
	flushing   atomic.Bool           // flushInBackground is at work
}

// New returns a connection over buf, whose opening handshake is over. Octets
// that buf has already received behind the handshake are the first frames
// (RFC 6455 §4.1: none is lost).
func New(buf *bufconn.Conn, config Config) *Conn {
	c := &Conn{
		buf:      buf,
		config:   config.withDefaults(),
		checker:  wsframe.Checker{Role: config.Role},
		pingedAt: -1,
	}
	if config.Deflate != nil {
		c.agreeOnDeflate(config.Deflate)
	}
	return c
}

// Subprotocol returns the subprotocol that was agreed on, or "".
func (c *Conn) Subprotocol() string { return c.config.Subprotocol }

// Message is one message from the peer, put together from its frames.
type Message struct {
	Opcode  wsframe.Opcode // Text, whose payload is valid UTF-8, or Binary
	Payload []byte         // valid until the next ReadMessage, or until OnMessage returns
}
