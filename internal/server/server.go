package server

import (
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"barewire/handshake"
	"barewire/httpwire"
	"barewire/internal/bufconn"
	"barewire/internal/socket"
)

// Server serves an App, both HTTP and WebSocket, on one port. New makes one.
type Server struct {
	config Config
	limits httpwire.Limits
	policy handshake.Policy
	dates  dateCache

	active    socket.Use   // by the connections that have a goroutine
	takeovers atomic.Int64 // connections that hold one of the TakeoverConns

	Counters Counters

	mu          sync.Mutex
	listeners   map[net.Listener]struct{}
	connections map[*connection]struct{}
	serving     sync.WaitGroup // one for each connection
	refusing    chan struct{}  // a place for each connection that gets a 503
	draining    atomic.Bool    // Shutdown has begun
}

// Counters count since the server was made. They may be read at any time.
type Counters struct {
	Accepted   atomic.Int64 // connections
	Refused    atomic.Int64 // connections beyond MaxConns
	Open       atomic.Int64 // connections now
	Requests   atomic.Int64 // of connections that have ended
	Upgrades   atomic.Int64 // connections that became WebSockets
	Violations atomic.Int64 // connections that broke a rule, of HTTP or WebSocket
	Failures   atomic.Int64 // connections that failed through a fault of ours, or of their handler
}

// New returns a server that listens to nothing yet.
func New(config Config) *Server {
	if config.Clock == nil {
		config.Clock = time.Now
	}
	if config.Logger == nil {
		config.Logger = slog.Default()
	}
	if config.Debugger {
		config.HeaderTimeout, config.IdleTimeout, config.WriteTimeout = 0, 0, 0
		config.Ping, config.LingerTimeout, config.CloseTimeout = 0, 0, 0
	}
	limits := httpwire.DefaultLimits()
	limits.Head = config.MaxHead
	return &Server{
		config:      config,
		limits:      limits,
		policy:      handshake.Policy{Scheme: config.scheme(), Origins: config.Origins, Subprotocols: config.Subprotocols},
		listeners:   make(map[net.Listener]struct{}),
		connections: make(map[*connection]struct{}),
		refusing:    make(chan struct{}, maxRefusing),
	}
}

// ErrServerClosed is returned by Serve after Shutdown or Close.
var ErrServerClosed = errors.New("server: closed")

// Bounds of the wait after a failed Accept. The usual cause is that descriptors have run
// out; only the end of other connections cures that, so it does not help to try again at
// once.
const (
	minAcceptWait = 5 * time.Millisecond
	maxAcceptWait = time.Second
)

// Serve accepts connections from the listener, which it closes in the end, and
// serves each in a goroutine of its own. It returns ErrServerClosed after
// Shutdown or Close.
func (s *Server) Serve(listener net.Listener) error {
	defer listener.Close()
	if !s.addListener(listener) {
		return ErrServerClosed
	}
	wait := minAcceptWait
	for {
		conn, err := listener.Accept()
		switch {
		case s.draining.Load():
			if err == nil {
				conn.Close()
			}
			return ErrServerClosed
		case errors.Is(err, net.ErrClosed):
			return err
		case err != nil:
			s.config.Logger.Warn("accept failed", "error", err, "again in", wait)
			time.Sleep(wait)
			wait = min(2*wait, maxAcceptWait)
		default:
			wait = minAcceptWait
			s.accepted(conn)
		}
	}
}

// accepted starts the goroutine that serves conn, or refuses it.
func (s *Server) accepted(conn net.Conn) {
	c := s.newConnection(conn)
	if !s.config.Debugger { // where a connection that is stepped through keeps its goroutine
		c.buf.AllowParking()
	}
	if s.admit(c) {
		go c.serve()
	}
}

// ServeConn serves one connection that was made elsewhere, such as one end of a net.Pipe,
// and returns when it has ended.
func (s *Server) ServeConn(conn net.Conn) {
	if c := s.newConnection(conn); s.admit(c) {
		c.serve()
	}
}

// admit counts a connection as one of MaxConns, or refuses it and reports false. From then
// on Shutdown may end it.
func (s *Server) admit(c *connection) bool {
	s.Counters.Accepted.Add(1)
	if !s.add(c) {
		s.refuse(c)
		return false
	}
	return true
}

// newConnection puts the layers of a connection on top of each other. The socket, at the
// bottom, owns the write timeout: TLS does not survive a write that times out, so it only
// ever sees one that ends the connection.
func (s *Server) newConnection(conn net.Conn) *connection {
	conn = socket.New(conn, s.config.WriteTimeout)
	var secure *tls.Conn
	if s.config.TLS != nil {
		secure = tls.Server(conn, s.config.TLS) // req: 6455-4.2.2-a
		conn = secure
	}
	if s.config.Wrap != nil {
		conn = s.config.Wrap(conn)
	}
	buf := bufconn.New(conn)
	buf.SetBudget(s.config.Memory)
	return &connection{server: s, buf: buf, secure: secure}
}

// addListener remembers a listener for Shutdown, unless that has begun.
func (s *Server) addListener(listener net.Listener) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining.Load() {
		return false
	}
	s.listeners[listener] = struct{}{}
	return true
}

// add remembers a connection for Shutdown. It reports false if there are
// MaxConns already, or Shutdown has begun.
func (s *Server) add(c *connection) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining.Load() || s.config.MaxConns > 0 && len(s.connections) >= s.config.MaxConns {
		return false
	}
	s.connections[c] = struct{}{}
	s.serving.Add(1)
	s.Counters.Open.Add(1)
	return true
}

// remove forgets a connection that has ended.
func (s *Server) remove(c *connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.connections, c)
	s.Counters.Open.Add(-1)
	s.serving.Done() // last: Shutdown returns at once, and the count must be right by then
}

// maxRefusing is how many connections beyond MaxConns are answered at once. Each answer
// costs a goroutine, and a flood must not cost any number of them: further connections
// are closed without an answer.
const maxRefusing = 64

// refuse answers a connection beyond the limit with a 503 (RFC 9110 §15.6.4).
func (s *Server) refuse(c *connection) {
	s.Counters.Refused.Add(1)
	select {
	case s.refusing <- struct{}{}:
		go s.sendRefusal(c)
	default:
		c.buf.Close(bufconn.AtOnce, 0)
	}
}

func (s *Server) sendRefusal(c *connection) {
	defer func() { <-s.refusing }()
	if !c.shakeHands() {
		return
	}
	c.date = s.date()
	c.answerError(&httpwire.Request{}, &httpwire.Error{
		Status: 503, Field: "connection", Rule: "too many are open here; try again in a second", // req: 9110-15.6.4-a
		Section: "RFC 9110 §15.6.4", Close: true,
		Fields: httpwire.Fields{{Name: "Retry-After", Value: "1"}},
	})
	c.closeGracefully()
}
