package server

import (
	"crypto/tls"
	"log/slog"
	"net"
	"time"

	"barewire/internal/bufconn"
)

// Config configures a server: start with DefaultConfig, and set App. A timeout of zero
// means no timeout.
type Config struct {
	// App decides what is served. It must be set.
	App App

	// TLS, if it is not nil, makes every connection use TLS: see TLSConfig.
	TLS *tls.Config

	// Wrap, if it is not nil, is called for every connection, above TLS, and returns the
	// net.Conn to use instead, for example one that copies all traffic. The result owns conn.
	Wrap func(conn net.Conn) net.Conn

	// Origins lists the origins that may open a WebSocket in addition to the server's own;
	// "*" means any.
	Origins []string

	// Subprotocols lists the supported subprotocols, the best one first. A browser that
	// asks for subprotocols closes the connection if the server chooses none of them.
	Subprotocols []string

	// Compress reports whether to accept permessage-deflate from clients that offer it.
	Compress bool

	// CompressMin is the size of the smallest message that is sent compressed, in bytes.
	CompressMin int

	// TakeoverConns is the maximum number of connections on which either side keeps
	// earlier messages (context takeover). Each of them costs almost a megabyte. On further
	// connections every message begins with an empty window, which costs nothing while idle.
	TakeoverConns int

	// MaxMessage is the maximum size of a WebSocket message, in bytes.
	MaxMessage int

	// Memory limits the memory that all connections together hold beyond 16 KiB per buffer;
	// nil means no limit. A connection that needs more gets 503 or, on a WebSocket, a Close
	// frame with 1013. Without this limit a thousand peers could take all memory, although
	// each of them stays below the other limits.
	Memory *bufconn.Budget

	// MaxHead is the maximum size of a request's head, in bytes. A request line of 8000
	// bytes must fit (RFC 9112 §3). Without this limit one client could send a head of
	// gigabytes, which the server must keep until its end.
	MaxHead int

	// MaxBody is the maximum size of a request's body, in bytes. No App uses a body: the
	// server reads and drops it, because the next request begins after it.
	MaxBody int64

	// MaxConns is the maximum number of connections at the same time; the next one gets a
	// 503. Each connection costs a descriptor and a few kilobytes: without this limit the
	// process would run out of descriptors, and could not accept any connection.
	MaxConns int

	// HeaderTimeout is how long a request's head may take, from its first byte or, on a
	// new connection, from the start. It stops a client that sends one byte per second
	// (Slowloris).
	HeaderTimeout time.Duration

	// IdleTimeout is how long a connection may stay open between two requests, how long a
	// request's body may take, and how long each 64 KiB of a WebSocket message may take.
	IdleTimeout time.Duration

	// WriteTimeout is how long a peer may accept none of the bytes that are sent to it. It
	// starts again with every piece that the peer's kernel accepts.
	WriteTimeout time.Duration

	// Ping is how long a WebSocket peer may be silent before the server sends a Ping. If the
	// peer is silent for the same time again, the server closes the connection.
	Ping time.Duration

	// LingerTimeout is how long a peer may be silent while its connection is being closed.
	// Such a peer is a client that still sends a refused request, or a WebSocket peer that
	// has not yet sent its Close frame. The time starts again with every byte that arrives.
	// Without the wait, a reset could destroy our last response or the peer's last messages.
	LingerTimeout time.Duration

	// CloseTimeout is the maximum time for closing a connection. Without it a peer that
	// sends a byte now and then could keep the connection open forever.
	CloseTimeout time.Duration

	// Debugger is for a server that stops at breakpoints: it disables all timeouts, and no
	// connection is parked.
	Debugger bool

	// Clock returns the time for the Date field (default time.Now).
	Clock func() time.Time

	// Logger receives errors (default slog.Default()).
	Logger *slog.Logger
}

// DefaultConfig returns a configuration with limits for a server on the open network.
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
