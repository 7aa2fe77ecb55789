package server

import (
	"errors"

	"barewire/handshake"
	"barewire/httpwire"
	"barewire/internal/wsconn"
	"barewire/wsframe"
)

// upgrade does the server's part of the opening handshake (RFC 6455 §4.2). If it returns
// an error, the connection is still HTTP.
func (c *connection) upgrade(request *httpwire.Request) *httpwire.Error {
	if err := checkScheme(request, c.server.config.scheme()); err != nil {
		return err
	}
	c.releaseTakeover() // an earlier handshake may have failed after it was reserved
	var deflate *handshake.Deflate
	policy := c.server.policy
	if c.server.config.Compress {
		policy.Extensions = func(offers []handshake.Extension) (accepted []handshake.Extension) {
			accepted, deflate = c.acceptExtensions(offers)
			return accepted
		}
	}
	agreement, err := handshake.Accept(request, &policy)
	if err != nil {
		return err.(*httpwire.Error)
	}
	handler, refusal := c.server.config.App.Upgrade(request)
	if refusal != nil {
		return refusal
	}
	// tour 2.4: what both sides agree on (RFC 6455 §4.2.2)
	if err := c.respond101(request, &agreement); err != nil {
		c.server.config.Logger.Error("a response of ours is not valid HTTP", "error", err)
		return failed(500, "response", "the server failed on it", "RFC 9110 §15.6.1")
	}
	c.becomeWebSocket(handler, deflate)
	return nil
}

// respond101 appends the 101 to the write buffer: after the answers to the requests that
// were pipelined before it. A client that expects a 100 gets it first (RFC 9110 §7.8).
func (c *connection) respond101(request *httpwire.Request, agreement *handshake.Agreement) error { // req: 9110-3.3-a
	out := c.buf.BeginWrite(maxResponseHead)
	if request.Fields.HasToken("Expect", "100-continue") { // req: 9110-7.8-g
		out = append(out, continueResponse...)
	}
	out, err := httpwire.AppendResponse(out, agreement.Response(), c.date, "GET")
	// tour 2.5: the 101 as it will leave; after its empty line the server sends frames (RFC 6455 §4.2.2)
	c.buf.EndWrite(out)
	return err
}

// becomeWebSocket makes a WebSocket of the same buffer: what came after the request's
// empty line is the first frame (RFC 6455 §4.1).
func (c *connection) becomeWebSocket(handler wsconn.Handler, deflate *handshake.Deflate) {
	config := &c.server.config
	closeWait := config.LingerTimeout
	if closeWait == 0 {
		closeWait = -1 // none
	}
	ws := wsconn.New(c.buf, wsconn.Config{ // req: 6455-4.1-v
		Role:         wsframe.Server,
		Deflate:      deflate,
		CompressMin:  config.CompressMin,
		MaxMessage:   config.MaxMessage,
		PieceTimeout: config.IdleTimeout,
		KeepAlive:    config.Ping,
		CloseWait:    closeWait,
		CloseTimeout: config.CloseTimeout,
	})
	c.handler = handler
	c.server.Counters.Upgrades.Add(1)
	// tour 2.6: the same read buffer: what came after the request would be a frame (RFC 6455 §4.1)
	c.webSocket.Store(ws)
	if c.server.draining.Load() { // Shutdown may have looked before there was a WebSocket to see
		ws.Close(wsframe.GoingAway, shutdownReason)
	}
}

// logEnd logs a WebSocket that ended without a closing handshake
// (RFC 6455 §7.1.7).
func (c *connection) logEnd(err error) {
	var closed *wsconn.CloseError
	if !errors.As(err, &closed) || closed.Err == nil {
		return
	}
	logger := c.server.config.Logger.With("remote", c.buf.RemoteAddr())
	var failed *wsconn.HandlerError
	var violation *wsframe.Error
	switch {
	case errors.As(err, &failed):
		c.server.Counters.Failures.Add(1)
		logger.Error("websocket handler failed", "error", failed, "stack", string(failed.Stack))
	case errors.As(err, &violation):
		c.server.Counters.Violations.Add(1)
		logger.Info("websocket failed", "error", violation) // req: 6455-7.1.7-d
	default:
		logger.Debug("websocket lost", "error", closed.Err)
	}
}
