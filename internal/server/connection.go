package server

import (
	"bytes"
	"crypto/tls"
	"io"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"barewire/handshake"
	"barewire/httpwire"
	"barewire/internal/bufconn"
	"barewire/internal/wsconn"
)

// connection is one connection. The state of a single request is in local variables; these
// fields live longer.
type connection struct {
	server   *Server
	buf      *bufconn.Conn
	secure   *tls.Conn    // nil without TLS
	state    atomic.Int32 // see stateIdle
	requests int64        // whose heads have been read
	empty    int          // empty lines since the last request; kept while parked
	date     string       // the Date of responses: when the last bytes arrived
	takeover bool         // it holds one of the server's TakeoverConns

	// Once it is a WebSocket:
	webSocket atomic.Pointer[wsconn.Conn]
	handler   wsconn.Handler
}

// The state of a connection for Shutdown, which ends an idle connection and lets a busy one
// finish. The connection's goroutine changes idle to busy when bytes arrive; Shutdown
// changes idle to closed. Both use compare-and-swap, so only one of them succeeds. A
// connection that becomes idle after Shutdown has visited it checks itself whether the
// server is draining.
const (
	stateBusy   int32 = iota // processing a request whose head has arrived, or a WebSocket
	stateIdle                // waiting for a request, or for the rest of its head
	stateClosed              // Shutdown ended it while idle
)

// activeSize is about the memory, in bytes, of a connection with a goroutine: its stack,
// and buffers that are too small to be charged.
const activeSize = 16 << 10

// serve is the goroutine of a connection. It serves the connection until it ends or is
// parked. If it is parked, serve is called again in a new goroutine when bytes arrive.
func (c *connection) serve() {
	c.server.active.Add(activeSize)
	defer c.server.active.Add(-activeSize)
	for c.live() == bufconn.ErrIdle {
		if c.buf.Park(c.serve) {
			return // c may already belong to the new goroutine
		}
	}
	c.finish()
}

// live runs a connection: the TLS handshake, request after request, and then, if one of
// them asked for it, message after message. It returns bufconn.ErrIdle when the connection
// may be parked. The next call continues at the same point: before a request, or before a
// message.
func (c *connection) live() error {
	var request httpwire.Request // the memory of its Fields is reused for the next request
	defer c.recoverPanic(&request)

	if !c.shakeHands() {
		return nil
	}
	for c.webSocket.Load() == nil { // req: 9112-9.3.2-a
		// tour 1.1: a connection has a goroutine of its own, and begins as HTTP
		err := c.awaitRequest(&request)
		if err == nil {
			err = c.readRequest(&request)
		}
		if err == nil {
			err = c.answer(&request)
		}
		if err == bufconn.ErrIdle {
			return err
		}
		if err != nil {
			return c.closeAfter(&request, err) // req: 9112-9.6-d 9112-9.8-c
		}
	}
	request = httpwire.Request{} // a WebSocket may live for days

	err := c.webSocket.Load().Serve(c.handler)
	if err != bufconn.ErrIdle {
		c.logEnd(err)
	}
	return err
}

// awaitRequest waits for the first byte of a request. If none arrives in time, the
// connection is closed without an answer, because there is no request to answer. Empty
// lines before a request are dropped (RFC 9112 §2.2); they leave the connection idle and
// do not restart its timeout.
func (c *connection) awaitRequest(request *httpwire.Request) error {
	for {
		for bytes.HasPrefix(c.buf.Buffered(), []byte("\r\n")) {
			c.buf.Discard(len("\r\n")) // req: 9112-2.2-d
			if c.empty++; c.empty > maxEmptyLines {
				forget(request) // there is no request to answer; if the last one was a HEAD, the answer would have no content
				return &httpwire.Error{Status: 400, Field: "request line", Rule: "more than 8 empty lines in front of it",
					Section: "RFC 9112 §2.2", Close: true}
			}
		}
		if rest := c.buf.Buffered(); len(rest) > 1 || len(rest) == 1 && rest[0] != '\r' {
			c.empty = 0
			break // a request begins
		}
		if c.state.Load() == stateBusy { // not if the connection was parked and is still idle
			forget(request)
			timeout := c.server.config.IdleTimeout
			if c.requests == 0 {
				timeout = c.server.config.HeaderTimeout // from the start, and for the whole head
			}
			c.buf.SetReadDeadline(after(c.buf.QuietSince(), timeout))
			c.state.Store(stateIdle)
			if c.server.draining.Load() && c.state.CompareAndSwap(stateIdle, stateClosed) {
				return errLastResponse // Shutdown has already seen this connection, as a busy one
			}
		}
		if err := c.awaitBytes(); err != nil {
			return err
		}
	}
	if c.state.Load() != stateBusy && !c.state.CompareAndSwap(stateIdle, stateBusy) {
		return errLastResponse // Shutdown has closed the connection first
	}
	return nil
}

// maxEmptyLines is how many empty lines may precede a request. Old clients send one after
// the body of a POST.
const maxEmptyLines = 8

// awaitBytes waits, between two requests, for more bytes; a CR may already have arrived.
func (c *connection) awaitBytes() (err error) {
	if len(c.buf.Buffered()) > 0 {
		err = c.buf.Fill()
	} else {
		err = c.buf.AwaitNext()
	}
	c.date = c.server.date()
	return err
}

// readRequest reads a request's head. The error is an *httpwire.Error if the client must
// get an answer.
//
// If a head arrives in pieces, it is parsed again each time a line is complete. So however
// small the pieces are, there are about as many attempts as a head may have lines.
func (c *connection) readRequest(request *httpwire.Request) error { // req: 9110-5.3-b
	limits := &c.server.limits
	for seen := 0; ; {
		buffered := c.buf.Buffered()
		if seen == 0 || len(buffered) >= limits.Head || bytes.IndexByte(buffered[seen:], '\n') >= 0 {
			// tour 1.2: what has arrived so far, in the read buffer
			n, err := httpwire.ParseRequest(request, buffered, limits)
			if n > 0 || err != nil {
				c.buf.Discard(n)
				c.requests++
				return err
			}
		}
		if seen == 0 && c.requests > 0 {
			c.buf.Flush() // before the timeout starts: the client is not charged for our writing; if it fails, Fill fails too
			c.buf.SetReadDeadline(after(time.Now(), c.server.config.HeaderTimeout))
		}
		seen = len(buffered)
		if err := c.fillHead(); err != nil {
			return err
		}
	}
}

// fillHead is fill for the rest of a request's head. A draining server does not wait for
// it, because one client with half a request would delay the shutdown.
func (c *connection) fillHead() error {
	c.state.Store(stateIdle)
	if c.server.draining.Load() {
		return errHeadTooLate // Shutdown has already seen this connection, as a busy one
	}
	err := c.fill("request")
	if !c.state.CompareAndSwap(stateIdle, stateBusy) {
		return errHeadTooLate // Shutdown has closed the connection first
	}
	return err
}

// errHeadTooLate is the answer to half a request when the server shuts down.
var errHeadTooLate = &httpwire.Error{Status: 408, Field: "request", Rule: "the server is shutting down, and does not wait for the rest",
	Section: "RFC 9110 §15.5.9", Close: true}

// fill waits for more bytes of a request that has begun. If they do not arrive in time, it
// returns a 408 for the client.
func (c *connection) fill(part string) error {
	err := c.buf.Fill()
	c.date = c.server.date()
	if bufconn.IsTimeout(err) {
		return &httpwire.Error{Status: 408, Field: part, Rule: "it was not complete in time", // req: 9112-8-a 9110-15.5.9-a
			Section: "RFC 9110 §15.5.9", Close: true}
	}
	if err == bufconn.ErrNoMemory {
		return noMemory(part)
	}
	return err
}

// noMemory returns the answer if the budget of all connections is used up.
func noMemory(part string) *httpwire.Error {
	return &httpwire.Error{Status: 503, Field: part, Rule: "there is no memory left here for a large one; try again later", // req: 9110-15.6.4-a
		Section: "RFC 9110 §15.6.4", Close: true}
}

// answer reads the rest of a request and appends the response to the write buffer. It
// returns nil if another request, or a WebSocket, may follow.
func (c *connection) answer(request *httpwire.Request) error { // req: 9110-10.1.1-d
	if request.Method == "GET" && handshake.Requested(request) { // req: 9110-3.3-a
		// tour 2.1: the request asks for another protocol on this connection (RFC 9110 §7.8)
		if refusal := c.upgrade(request); refusal != nil {
			if request.Body.Framing != httpwire.NoBody { // req: 9112-9.3-c
				return c.respond(request, refusal.Response(), false) // the body is not read, and its bytes must not be taken for a request
			}
			return c.answerError(request, refusal)
		}
		return nil
	}
	response, refusal := c.server.responseTo(request)
	switch {
	case request.Body.Framing == httpwire.NoBody:
	case refusal != nil && request.ExpectsContinue(): // req: 9110-10.1.1-b
		// The client has not sent the body yet, and this answer tells it not to. If it sends
		// the body anyway, its bytes must not be taken for a request.
		return c.respond(request, refusal.Response(), false) // req: 9110-10.1.1-e
	default:
		if err := c.readBody(request); err != nil {
			return err
		}
	}
	if refusal != nil {
		return c.answerError(request, refusal)
	}
	again := !request.WantsClose() && !c.server.draining.Load() // req: 9112-9.3-a
	// tour 1.7: what the response is, and whether the connection stays open (RFC 9112 §9.3)
	return c.respond(request, response, again)
}

// errLastResponse is returned when the connection must be closed gracefully.
var errLastResponse = io.EOF

// answerError responds with an error. It is the only place where errors of the HTTP layer
// become bytes.
func (c *connection) answerError(request *httpwire.Request, violation *httpwire.Error) error {
	again := !violation.Close && !request.WantsClose() && !c.server.draining.Load()
	return c.respond(request, violation.Response(), again)
}

// respond appends a response to the write buffer. The response is sent when all requests
// that have already arrived are answered. If again is false, the response has Connection:
// close, and respond returns errLastResponse.
func (c *connection) respond(request *httpwire.Request, response *httpwire.Response, again bool) error {
	if again && response.Constant && request.Method == "GET" && request.Minor == 1 {
		return c.respondConstant(response)
	}
	response = withConnection(request, response, again)
	out := c.buf.BeginWrite(maxResponseHead + len(response.Content))
	if out == nil {
		return c.answerError(request, noMemory("response"))
	}
	out, err := httpwire.AppendResponse(out, response, c.date, request.Method) // req: 9110-6.6.1-a
	full := c.buf.EndWrite(out)
	if err != nil {
		c.server.config.Logger.Error("a response of ours is not valid HTTP", "error", err)
	}
	if err != nil || !again { // req: 9112-9.6-c
		return errLastResponse
	}
	return c.limitUnsent(full)
}

// respondConstant is respond for a response whose bytes are the same for all requests
// within one second.
func (c *connection) respondConstant(response *httpwire.Response) error {
	serialized, err := c.server.dates.serialize(response, c.date)
	if err != nil {
		c.server.config.Logger.Error("a response of ours is not valid HTTP", "error", err)
		return errLastResponse
	}
	out := c.buf.BeginWrite(len(serialized))
	full := c.buf.EndWrite(append(out, serialized...))
	// tour 1.8: the response waits in the write buffer until all requests that have arrived are answered
	return c.limitUnsent(full)
}

// limitUnsent sends the responses in the write buffer if it is full.
func (c *connection) limitUnsent(full bool) error {
	if full {
		return c.buf.Flush()
	}
	return nil
}

// withConnection returns the response with the Connection field that tells the client
// whether the connection stays open (RFC 9112 §9.3, §9.6). The response may be shared, so
// the field is added to a copy.
func withConnection(request *httpwire.Request, response *httpwire.Response, again bool) *httpwire.Response {
	var option string
	switch {
	case !again && !response.Fields.HasToken("Connection", "close"): // req: 9112-9.6-a
		option = "close"
	case again && request.Minor == 0: // req: 9112-9.3-b
		option = "keep-alive"
	default:
		return response
	}
	own := *response
	own.Fields = append(slices.Clip(response.Fields), httpwire.Field{Name: "Connection", Value: option})
	return &own
}

// maxResponseHead is larger than the head of any of our responses, in bytes.
const maxResponseHead = 1 << 10

// maxKeptFields is the number of fields whose memory, 40 bytes each, a connection keeps
// between two requests. Browsers do not send more fields.
const maxKeptFields = 32

// forget drops the references of the fields to a request's head. Otherwise an idle
// connection would hold 16 KiB for minutes.
func forget(request *httpwire.Request) {
	fields := request.Fields
	clear(fields[:cap(fields)])
	if cap(fields) > maxKeptFields {
		fields = nil
	}
	*request = httpwire.Request{Fields: fields[:0]}
}

// closeAfter closes a connection that is still HTTP. reason is why no other request can
// follow: the request or its body was invalid, which the client is told; or the last
// response was sent; or the client has gone.
func (c *connection) closeAfter(request *httpwire.Request, reason error) error {
	if violation, ok := reason.(*httpwire.Error); ok { // req: 9112-2.2-f
		c.server.Counters.Violations.Add(1)
		c.server.config.Logger.Debug("request refused", "remote", c.buf.RemoteAddr(), "error", violation)
		c.answerError(request, violation)
	}
	return c.closeGracefully() // req: 9112-9.5-a 9112-9.6-c
}

// closeGracefully sends the write buffer, and gives a client that is still sending the time
// to finish and to read the answer.
func (c *connection) closeGracefully() error {
	config := &c.server.config
	c.buf.SetReadDeadline(after(time.Now(), config.CloseTimeout))
	return c.buf.Close(bufconn.Gracefully, config.LingerTimeout)
}

// finish releases a connection that has ended, and counts its requests.
func (c *connection) finish() {
	c.buf.Release()
	c.releaseTakeover()
	c.server.Counters.Requests.Add(c.requests)
	c.server.remove(c) // req: 9112-9.5-b
}

// recoverPanic limits the effect of a panic to this connection. wsconn itself recovers from
// a panic in OnOpen or OnMessage, and closes with 1011.
func (c *connection) recoverPanic(request *httpwire.Request) {
	value := recover()
	if value == nil {
		return
	}
	c.server.Counters.Failures.Add(1)
	c.server.config.Logger.Error("a connection failed", "remote", c.buf.RemoteAddr(),
		"panic", value, "stack", string(debug.Stack()))
	if c.webSocket.Load() == nil {
		c.answerError(request, &httpwire.Error{Status: 500, Field: "request", Rule: "the server failed on it",
			Section: "RFC 9110 §15.6.1", Close: true}) // req: 9110-15.6.1-a
	}
	c.closeGracefully()
}

// after returns the deadline d after start, or no deadline if d is 0.
func after(start time.Time, d time.Duration) time.Time {
	if d == 0 {
		return time.Time{}
	}
	return start.Add(d)
}
