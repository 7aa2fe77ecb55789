package server

import (
	"context"

	"barewire/internal/bufconn"
	"barewire/wsframe"
)

// shutdownReason is the reason in the Close frame with 1001 that each WebSocket gets (RFC
// 6455 §7.4.1).
const shutdownReason = "the server is shutting down"

// Shutdown ends the server gracefully. It stops listening. It closes connections that wait
// for a request; one that waits for the rest of a head gets a 408 first. Connections that are
// processing a request finish it, with Connection: close in the response. WebSockets get a
// Close frame with 1001.
// Shutdown returns nil when all connections have ended. If ctx is done first, it closes the
// other connections at once and returns ctx's error.
func (s *Server) Shutdown(ctx context.Context) error {
	for _, c := range s.stopAccepting() {
		go c.drain()
	}
	ended := make(chan struct{})
	go func() {
		s.serving.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		s.Close()
		return ctx.Err()
	}
}

// Close closes all listeners and connections at once.
func (s *Server) Close() {
	for _, c := range s.stopAccepting() {
		go c.abort() // TLS may wait for seconds to send its closing alert to a peer that does not read
	}
}

// abort ends a connection at once.
func (c *connection) abort() {
	if ws := c.webSocket.Load(); ws != nil {
		ws.Abort() // its reader stops, whatever has arrived
		return
	}
	c.buf.Close(bufconn.AtOnce, 0)
}

// stopAccepting closes the listeners and returns the open connections. After it no
// connection is added.
func (s *Server) stopAccepting() []*connection {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.draining.Store(true)
	for listener := range s.listeners {
		listener.Close()
	}
	open := make([]*connection, 0, len(s.connections))
	for c := range s.connections {
		open = append(open, c)
	}
	return open
}

// drain ends a connection as soon as it has finished its current request.
func (c *connection) drain() {
	if ws := c.webSocket.Load(); ws != nil {
		ws.Close(wsframe.GoingAway, shutdownReason) // req: 6455-7.4.1-c
		return
	}
	if c.state.CompareAndSwap(stateIdle, stateClosed) {
		c.buf.Interrupt()
	}
}
