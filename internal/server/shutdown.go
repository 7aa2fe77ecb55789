package server

import (
	"context"

	"barewire/internal/bufconn"
	"barewire/wsframe"
)

// shutdownReason goes into the Close frame that a WebSocket gets (RFC 6455
// §7.4.1: 1001).
const shutdownReason = "the server is shutting down"

// Shutdown ends the server in good order: it stops listening; connections that wait for a
// request, or for the rest of its head, are closed; those in a request finish it, and their
// response says that the connection closes; WebSockets get a Close frame with 1001. It
// returns when all have ended, or with ctx's error when that is over first: then the rest
// is closed at once.
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

// Close ends everything at once.
func (s *Server) Close() {
	for _, c := range s.stopAccepting() {
		go c.abort() // TLS tries for seconds to say goodbye to a peer that does not read
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

// stopAccepting closes the listeners and returns the connections there are. From
// now on none is added.
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

// drain ends a connection as soon as that is in good order.
func (c *connection) drain() {
	if ws := c.webSocket.Load(); ws != nil {
		ws.Close(wsframe.GoingAway, shutdownReason) // req: 6455-7.4.1-c
		return
	}
	if c.state.CompareAndSwap(stateIdle, stateClosed) {
		c.buf.Interrupt()
	}
}
