package server

import (
	"crypto/tls"
	"log/slog"
	"net"
	"time"

	"barewire/internal/bufconn"
)

// Config is what a server is made with: start from DefaultConfig, and set App. A
// timeout of zero means none.
type Config struct {
	// App says what is served. It must be set.
	App App

	// TLS, if it is not nil, is put under every connection: see TLSConfig.
	TLS *tls.Config

	// Wrap, if it is not nil, is put around every connection, above TLS: a tap on the
	// bytes that pass, for example. What it returns owns conn.
	Wrap func(conn net.Conn) net.Conn

	// Origins may open a WebSocket beside the server's own; "*" means any.
	Origins []string

	// Subprotocols may be agreed on, the best first. A browser that asks for one gives up
	// on a server that names none of them.
	Subprotocols []string

	// Compress says whether permessage-deflate is agreed on with clients that offer it.
	Compress bool

	// CompressMin is the smallest message that is sent compressed, in bytes.
	CompressMin int

	// TakeoverConns bounds the connections on which either side remembers earlier messages
	// (context takeover). Each of them costs most of a megabyte; later ones agree that
	// every message begins with an empty window, and cost nothing while idle.
	TakeoverConns int

	// MaxMessage bounds a WebSocket message, in bytes.
	MaxMessage int

	// Memory bounds what all connections hold together beyond 16 KiB for each of their
	// buffers; nil means no limit. What would need more gets 503 or, on a WebSocket, a
	// Close with 1013. Without it a thousand peers, each with less than it may have, could
	// together take all the memory there is.
	Memory *bufconn.Budget

	// MaxHead bounds a request's head, in bytes. RFC 9112 §3 wants a request line of
	// 8000 bytes to fit. Without it one client could send a head of gigabytes, all of
	// which has to be kept until its end.
	MaxHead int

	// MaxBody bounds a request's body, in bytes. No App has a use for one, so it is read
	// and dropped, to find the next request after it.
	MaxBody int64

	// MaxConns bounds the connections that are served at once; the next one gets a 503.
	// Each costs a descriptor and a few kilobytes: without a bound the process runs out
	// of descriptors, and then accepts nobody at all.
	MaxConns int

	// HeaderTimeout is how long a request's head may take, from its first byte or, on a
	// new connection, from the start. It stops a client that sends one byte a second
	// (Slowloris).
	HeaderTimeout time.Duration

	// IdleTimeout is how long a connection may stay open between two requests, how long a
	// request's body may take, and how long each 64 KiB of a WebSocket message.
	IdleTimeout time.Duration

	// WriteTimeout is how long a peer may accept nothing of what is sent to it. It starts
	// again with every piece that the peer's kernel accepts.
	WriteTimeout time.Duration

	// Ping is how long a WebSocket peer may be silent before it is sent a Ping, and how
	// long again before the connection is given up.
	Ping time.Duration

	// LingerTimeout is how long the peer of a connection that is being closed may be silent:
	// a client that still sends what was refused, or a WebSocket peer that has yet to send
	// its Close. It starts again with everything that arrives, so that neither our last
	// response nor the peer's last messages are lost to a reset.
	LingerTimeout time.Duration

	// CloseTimeout bounds all of a connection's closing. Without it a peer that sends a byte
	// now and then would never come to an end.
	CloseTimeout time.Duration

	// Debugger is for a server that stands at breakpoints: there are no timeouts, and no
	// connection is parked.
	Debugger bool

	// Clock returns the time for the Date field (default time.Now).
	Clock func() time.Time

	// Logger gets what goes wrong (default slog.Default()).
	Logger *slog.Logger
}

// DefaultConfig returns the limits that a server on the open network needs.
func DefaultConfig() Config {
	return Config{
		Compress:      true,
		CompressMin:   128,
		TakeoverConns: 64,
		MaxMessage:    1 << 20,
		Memory:        bufconn.NewBudget(256 << 20),
		MaxHead:       16 << 10,
		MaxBody:       1 << 20,
		MaxConns:      10_000,
		HeaderTimeout: 10 * time.Second,
		IdleTimeout:   2 * time.Minute,
		WriteTimeout:  10 * time.Second,
		Ping:          30 * time.Second,
		LingerTimeout: 2 * time.Second,
		CloseTimeout:  time.Minute,
	}
}

// scheme returns the scheme of the server's URLs.
func (c *Config) scheme() string { // req: 9112-3.3-a
	if c.TLS != nil {
		return "https"
	}
	return "http"
}
