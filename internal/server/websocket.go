package server

import (
	"errors"

	"barewire/handshake"
	"barewire/httpwire"
	"barewire/internal/bufconn"
	"barewire/internal/wsconn"
	"barewire/wsframe"
)

// upgrade does the server's part of the opening handshake (RFC 6455 §4.2). If it
// returns an error, an *httpwire.Error, the connection is still HTTP.
func (c *connection) upgrade() error {
	if err := checkScheme(&c.request, c.server.config.scheme()); err != nil {
		return err
	}
	c.deflate = nil // an earlier handshake may have failed after the agreement on it
	c.releaseTakeover()
	policy := c.server.policy
	if c.server.config.Compress {
		policy.Extensions = c.acceptExtensions
	}
	agreement, err := handshake.Accept(&c.request, &policy)
	if err != nil {
		return err
	}
	var refusal *httpwire.Error
	if c.handler, refusal = c.server.config.App.Upgrade(&c.request); refusal != nil {
		return refusal
	}
	// tour 2.4: what both sides agree on (RFC 6455 §4.2.2)
	//	agreement.Accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", agreement.Subprotocol = "", len(agreement.Extensions) = 0, refusal = nil
	if err := c.respond101(&agreement); err != nil {
		c.server.config.Logger.Error("a response of ours is not valid HTTP", "error", err)
		return failed(500, "response", "the server failed on it", "RFC 9110 §15.6.1")
	}
	c.becomeWebSocket(agreement.Subprotocol)
	return nil
}

// becomeWebSocket makes a WebSocket of the same buffer: what came behind the
// request's empty line is the first frame (RFC 6455 §4.1).
func (c *connection) becomeWebSocket(subprotocol string) {
	config := &c.server.config
	ws := wsconn.New(c.buf, wsconn.Config{
		Role:        wsframe.Server,
		Subprotocol: subprotocol,
		Deflate:     c.deflate,
		CompressMin: config.CompressMin,
		MaxMessage:  config.MaxMessage,
		KeepAlive:   config.Ping,
		CloseWait:   config.LingerTimeout,
	})
	c.releaseExchange()
	c.server.Counters.Upgrades.Add(1)
	// tour 2.6: the same read buffer: what came behind the request would be a frame (RFC 6455 §4.1)
	//	ws.config.Role = Server (0), ws.offset = 0, ws.buf.start = 175, len(ws.buf.in.Bytes) = 175
	c.webSocket.Store(ws)
	if c.server.draining.Load() { // Shutdown may have looked before there was a WebSocket to see
		ws.Close(wsframe.GoingAway, shutdownReason)
	}
}

// serveWebSocket reads messages and hands them to the handler until the
// connection has ended, or is parked.
func (c *connection) serveWebSocket() error {
	err := c.webSocket.Load().Serve(c.handler)
	if err != bufconn.ErrParked {
		c.logEnd(err)
	}
	return err
}

// respond101 appends the 101 to the write buffer: behind the answers to the
// requests that were pipelined before it, never ahead of them.
func (c *connection) respond101(agreement *handshake.Agreement) error {
	date := c.date()
	out := c.buf.BeginWrite(maxResponseHead)
	out, err := httpwire.AppendResponse(out, agreement.Response(), date, "GET")
	// tour 2.5: the 101 as it will leave; behind its empty line the server sends frames (RFC 6455 §4.2.2)
	//	len(out) = 166, string(out[0:12]) = "HTTP/1.1 101"
	c.buf.EndWrite(out)
	return err
}

// logEnd logs a WebSocket that ended otherwise than by a closing handshake
// (RFC 6455 §7.1.7).
func (c *connection) logEnd(err error) {
	var closed *wsconn.CloseError
	if !errors.As(err, &closed) || closed.Err == nil {
		return
	}
	logger := c.server.config.Logger.With("remote", c.buf.NetConn().RemoteAddr())
	var failed *wsconn.HandlerError
	var violation *wsframe.Error
	switch {
	case errors.As(err, &failed):
		c.server.Counters.Failures.Add(1)
		logger.Error("websocket handler failed", "error", failed, "stack", string(failed.Stack))
	case errors.As(err, &violation):
		c.server.Counters.Violations.Add(1)
		logger.Info("websocket failed", "error", violation)
	default:
		logger.Debug("websocket lost", "error", closed.Err)
	}
}
