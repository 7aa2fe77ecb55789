package server

import (
	"bytes"
	"crypto/tls"
	"io"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"barewire/handshake"
	"barewire/httpwire"
	"barewire/internal/bufconn"
	"barewire/internal/wsconn"
)

// maxLinger is how many octets a connection that is being closed still reads
// and drops. It is far above MaxBody's default, so that a client which sends a
// body that was refused gets to read why.
const maxLinger = 64 << 20

// connection is one connection.
type connection struct {
	server   *Server
	buf      *bufconn.Conn
	secure   *tls.Conn // nil without TLS
	requests int64     // read to the end of their heads

	*httpExchange // nil once it is a WebSocket, which may live for days

	state    atomic.Int32       // see stateIdle
	deflate  *handshake.Deflate // what was agreed on, or nil
	takeover bool               // it holds one of the server's TakeoverConns

	// Once it is a WebSocket:
	webSocket atomic.Pointer[wsconn.Conn]
	handler   wsconn.Handler
}

// httpExchange is the request on a connection, and the response to it.
type httpExchange struct {
	request  httpwire.Request
	response httpwire.Response // a copy of the App's, with a Connection field; its Fields are used again
	second   *datedSecond      // in which the requests that have arrived are answered

	// Where the connection stands in a request that has not all arrived:
	seen     int  // octets of its head that were looked at
	headRead bool // its head is in request
	inBody   bool // and body takes its body
	invited  bool // the client need not be told to send that
	body     httpwire.BodyDecoder
}

// exchanges are httpExchanges that nobody uses, with room for the fields of a
// request: a connection that becomes a WebSocket at once needs one for no longer than
// its handshake. Opening and closing takes 52.3 µs in place of 54.0 so.
var exchanges = sync.Pool{New: func() any { return new(httpExchange) }}

// releaseExchange gives back what the connection needs for HTTP alone, if it has not.
func (c *connection) releaseExchange() {
	if c.httpExchange == nil {
		return
	}
	c.forgetRequest()
	clear(c.response.Fields[:cap(c.response.Fields)])
	*c.httpExchange = httpExchange{
		request:  httpwire.Request{Fields: c.request.Fields},
		response: httpwire.Response{Fields: c.response.Fields[:0]},
	}
	exchanges.Put(c.httpExchange)
	c.httpExchange = nil
}

// Where a connection stands, for Shutdown, which ends an idle one and lets a
// busy one finish. Only a change from idle can be lost to the other side: the
// connection's goroutine makes it busy when a request begins, Shutdown closed;
// whoever swaps first has won. And a connection that becomes idle after Shutdown
// has looked sees for itself that the server is draining.
const (
	stateBusy   int32 = iota // in a request, or a WebSocket
	stateIdle                // between two requests
	stateClosed              // Shutdown ended it while idle
)

// serve is the life of a connection: to its end, or until it is parked, whereupon
// it is called again when octets come.
func (c *connection) serve() {
	growStack()
	if c.attend() != bufconn.ErrParked {
		c.finish()
	}
}

// growStack makes the stack of a new goroutine 4 KiB large. It grows so anyhow, in the
// middle of the first request, when there is more on it to be moved: opening and
// closing takes 50.6 µs in place of 52.3 so.
//
//go:noinline
func growStack() {
	var space [2 << 10]byte
	use(&space)
}

//go:noinline
func use(*[2 << 10]byte) {}

// attend serves a connection first as HTTP, then, if a request asked for it, as a
// WebSocket.
func (c *connection) attend() error {
	defer c.recoverPanic()
	if !c.shakeHands() {
		return nil
	}
	if c.webSocket.Load() == nil {
		// tour 1.1: a connection has a goroutine of its own, and begins as HTTP
		//	c.requests = 0, c.secure = nil
		if err := c.buf.Loop(c.serveRequests); err != nil {
			return err // it is parked
		}
	}
	if c.webSocket.Load() != nil {
		return c.serveWebSocket()
	}
	return c.buf.CloseGracefully(c.server.config.LingerTimeout, maxLinger)
}

// finish counts and forgets a connection that has ended.
func (c *connection) finish() {
	c.releaseTakeover()
	c.releaseExchange()
	c.server.Counters.Requests.Add(c.requests)
	c.server.remove(c)
}

// serveRequests answers the requests that have arrived, and returns
// bufconn.ErrWait when the next one is not complete yet. It returns nil when the
// connection is to be closed, or has become a WebSocket.
func (c *connection) serveRequests() error {
	if c.state.Load() == stateIdle && !c.state.CompareAndSwap(stateIdle, stateBusy) {
		return nil // Shutdown was faster
	}
	c.second = c.server.dates.at(c.server.config.Clock())
	for {
		if !c.headRead {
			if err := c.readRequest(); err != nil {
				return c.notRead(err)
			}
			c.headRead = true
			c.requests++
		}
		again, err := c.answer()
		if err != nil {
			return c.notRead(err)
		}
		if !again {
			return nil
		}
		c.headRead = false
	}
}

// notRead returns bufconn.ErrWait if more octets are to come, or nil when there
// are none to wait for: the client has been told what was wrong, or has left, or
// was silent for too long.
func (c *connection) notRead(err error) error {
	if err == bufconn.ErrWait {
		return err
	}
	if violation, ok := err.(*httpwire.Error); ok {
		c.refused(violation)
	}
	return nil
}

// readRequest reads the next request's head into c.request, if all of it has
// arrived. The error is an *httpwire.Error if the client is to be told.
//
// A head that comes in pieces is parsed again whenever a line has ended, so the
// number of attempts is bounded by the number of fields that limits allow,
// however small the pieces are.
func (c *connection) readRequest() error {
	buffered := c.buf.Buffered()
	if len(buffered) == 0 {
		return c.awaitRequest()
	}
	if c.seen > 0 && len(buffered) < c.server.limits.Head && bytes.IndexByte(buffered[c.seen:], '\n') < 0 {
		return c.fill("request")
	}
	// tour 1.2: what has arrived so far, in the read buffer
	//	len(buffered) = 40, string(buffered[0:14]) = "GET / HTTP/1.1", c.seen = 0
	n, err := httpwire.ParseRequest(&c.request, buffered, &c.server.limits)
	if n == 0 && err == nil {
		if c.seen == 0 && c.requests > 0 {
			c.buf.ReadFor(c.server.config.HeaderTimeout)
		}
		c.seen = len(buffered)
		return c.fill("request")
	}
	c.seen = 0
	c.buf.Discard(n)
	return err
}

// awaitRequest waits for the first octet of a request. If none comes, the
// connection is closed in silence: there is no request that an answer could be
// for.
func (c *connection) awaitRequest() error {
	c.forgetRequest()
	if c.requests == 0 {
		c.buf.ReadFor(c.server.config.HeaderTimeout) // which the rest of the head must keep, too
	} else {
		c.buf.ReadWithin(c.server.config.IdleTimeout)
	}
	err := c.buf.Fill()
	if err != bufconn.ErrWait {
		return err
	}
	c.state.Store(stateIdle) // and nothing is unsent: Fill saw to that
	if c.server.draining.Load() && c.state.CompareAndSwap(stateIdle, stateClosed) {
		return io.EOF // Shutdown had looked already, and saw a busy connection
	}
	return err
}

// maxKeptFields is how many fields an idle connection keeps room for, at 40
// octets each: as many as browsers send, so that their requests do not have to
// take it anew.
const maxKeptFields = 32

// forgetRequest lets go of the last request's head, to which each of its fields
// refers: 16 KiB that an idle connection would hold for minutes.
func (c *connection) forgetRequest() {
	fields := c.request.Fields
	clear(fields[:cap(fields)])
	if cap(fields) > maxKeptFields {
		fields = nil
	}
	c.request = httpwire.Request{Fields: fields[:0]}
}

// fill waits for more octets of a request that has begun. If they have not come
// in time the client is told so, with 408.
func (c *connection) fill(part string) error {
	err := c.buf.Fill()
	if bufconn.IsTimeout(err) {
		return &httpwire.Error{Status: 408, Field: part, Rule: "it was not complete in time",
			Section: "RFC 9110 §15.5.9", Close: true}
	}
	return err
}

// answer answers c.request, and tells whether another one may follow. The error
// is one of readBody's.
func (c *connection) answer() (again bool, err error) {
	if c.request.Method == "GET" && handshake.Requested(&c.request) {
		// tour 2.1: the request asks for another protocol on this connection (RFC 9110 §7.8)
		//	c.request.Method = "GET", c.request.Minor = 1, len(c.request.Fields) = 6
		return c.answerUpgrade(), nil
	}
	response, refusal := c.server.responseTo(&c.request)
	switch {
	case c.request.Body.Framing == httpwire.NoBody:
	case refusal != nil && c.request.ExpectsContinue():
		// The body has not been sent yet, and this answer tells the client not to.
		// It may do so all the same: then its octets must not be taken for a request.
		return c.respond(refusal.Response(), false), nil
	default:
		if err := c.readBody(); err != nil {
			return false, err
		}
	}
	if refusal != nil {
		return c.answerError(refusal), nil
	}
	again = !c.request.WantsClose() && !c.server.draining.Load()
	// tour 1.7: what the request gets, and whether the connection stays open (RFC 9112 §9.3)
	//	response.Status = 200, string(response.Content) = "Hello World!", again = true
	return c.respond(response, again), nil
}

// answerUpgrade answers a request to become a WebSocket, and tells whether
// another request may follow: it has been refused then.
func (c *connection) answerUpgrade() (again bool) {
	err := c.upgrade()
	if err == nil {
		return false
	}
	violation := err.(*httpwire.Error)
	if c.request.Body.Framing != httpwire.NoBody {
		return c.respond(violation.Response(), false) // nobody will read the body: its octets are no request
	}
	return c.answerError(violation)
}

// refused answers octets that could not be taken for a request, or for its body.
func (c *connection) refused(violation *httpwire.Error) {
	c.server.Counters.Violations.Add(1)
	c.server.config.Logger.Debug("request refused", "remote", c.buf.NetConn().RemoteAddr(), "error", violation)
	c.answerError(violation)
}

// answerError sends the response that an error stands for: the one place where
// errors of the HTTP layer become bytes.
func (c *connection) answerError(violation *httpwire.Error) (again bool) {
	again = !violation.Close && !c.request.WantsClose() && !c.server.draining.Load()
	return c.respond(violation.Response(), again)
}

// respond appends the response to the write buffer. It leaves when the requests
// that have already arrived are answered.
func (c *connection) respond(response *httpwire.Response, again bool) bool {
	response = c.withConnection(response, again)
	date := c.date()
	out := c.buf.BeginWrite(maxResponseHead + len(response.Content))
	out, err := httpwire.AppendResponse(out, response, date, c.request.Method)
	unsent, _ := c.buf.EndWrite(out)
	// tour 1.8: the answer waits in the write buffer until all requests that have arrived are answered
	//	unsent = 114
	if err != nil {
		c.server.config.Logger.Error("a response of ours is not valid HTTP", "error", err)
		return false
	}
	if unsent > maxUnsent && c.buf.Flush() != nil {
		return false
	}
	return again
}

// withConnection returns the response with the Connection field that says what
// becomes of the connection (RFC 9112 §9.3, §9.6). The response may be shared, so
// the field goes into a copy of it.
func (c *connection) withConnection(response *httpwire.Response, again bool) *httpwire.Response {
	var option string
	switch {
	case !again && !response.Fields.HasToken("Connection", "close"):
		option = "close"
	case again && c.request.Minor == 0:
		option = "keep-alive"
	default:
		return response
	}
	fields := append(c.response.Fields[:0], response.Fields...)
	c.response = *response
	c.response.Fields = append(fields, httpwire.Field{Name: "Connection", Value: option})
	return &c.response
}

// date returns the Date of a response.
func (c *connection) date() string {
	if c.second == nil { // it is refused before it has asked for anything
		c.second = c.server.dates.at(c.server.config.Clock())
	}
	return c.second.text
}

// maxResponseHead is room for the head of any response of ours, in octets.
const maxResponseHead = 1 << 10

// maxUnsent is how many octets of responses may wait while further requests are
// there. Without it, a client that sends requests and reads nothing would make
// us buffer a response to each.
const maxUnsent = 64 << 10

// recoverPanic keeps a fault of ours from ending more than this connection. A
// panic in OnOpen or OnMessage does not come as far: wsconn answers it.
func (c *connection) recoverPanic() {
	value := recover()
	if value == nil {
		return
	}
	c.server.Counters.Failures.Add(1)
	c.server.config.Logger.Error("a connection failed", "remote", c.buf.NetConn().RemoteAddr(),
		"panic", value, "stack", string(debug.Stack()))
	if c.webSocket.Load() == nil {
		c.answerError(&httpwire.Error{Status: 500, Field: "request", Rule: "the server failed on it",
			Section: "RFC 9110 §15.6.1", Close: true})
	}
	c.buf.CloseGracefully(c.server.config.LingerTimeout, maxLinger)
}
