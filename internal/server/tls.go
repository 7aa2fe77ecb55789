package server

import (
	"crypto/tls"
	"errors"
	"net"
	"time"

	"barewire/httpwire"
	"barewire/internal/bufconn"
)

// TLSConfig returns the configuration for serving with a certificate: TLS 1.2 or later,
// and HTTP/1.1 as the only protocol, so that clients do not try HTTP/2.
func TLSConfig(certificate tls.Certificate) *tls.Config { // req: 6455-4.2.2-a
	return &tls.Config{
		Certificates: []tls.Certificate{certificate},
		MinVersion:   tls.VersionTLS12,
		NextProtos:   []string{"http/1.1"},
	}
}

// shakeHands does the TLS handshake, before the first byte of HTTP, if the connection uses
// TLS and has not done it yet. If the handshake fails, it closes the connection and returns
// false.
func (c *connection) shakeHands() bool {
	secure := c.secure
	if secure == nil || secure.ConnectionState().HandshakeComplete {
		return true
	}
	if timeout := c.server.config.HeaderTimeout; timeout > 0 {
		// A deadline could interrupt TLS in the middle of a record. It is simpler to close
		// the socket.
		timer := time.AfterFunc(timeout, func() { secure.NetConn().Close() })
		defer timer.Stop()
	}
	c.state.Store(stateIdle) // Shutdown need not wait for this client
	if c.server.draining.Load() {
		c.drain() // Shutdown has already seen this connection, as a busy one
	}
	err := secure.Handshake() // req: 6455-4.2.2-a
	if !c.state.CompareAndSwap(stateIdle, stateBusy) {
		c.buf.Close(bufconn.AtOnce, 0)
		return false
	}
	if err == nil {
		return true
	}
	c.server.config.Logger.Debug("TLS handshake failed", "remote", secure.RemoteAddr(), "error", err)
	var noTLS tls.RecordHeaderError
	if errors.As(err, &noTLS) && noTLS.Conn != nil && isUpperCase(noTLS.RecordHeader[0]) {
		c.tellPlainClient(noTLS.Conn)
	}
	c.buf.Close(bufconn.AtOnce, 0)
	return false
}

// tellPlainClient answers a client that speaks HTTP where TLS is expected, in the plain
// text that it understands.
func (c *connection) tellPlainClient(conn net.Conn) {
	plain := &connection{server: c.server, buf: bufconn.New(conn), date: c.server.date()}
	plain.answerError(&httpwire.Request{}, &httpwire.Error{
		Status: 400, Field: "request", Section: "RFC 9112 §9.8", Close: true,
		Rule: "this port speaks TLS: write https:// or wss:// instead of http:// or ws://",
	})
	plain.closeGracefully()
}

// isUpperCase reports whether b can begin an HTTP method, but not a TLS record.
func isUpperCase(b byte) bool { return 'A' <= b && b <= 'Z' }
