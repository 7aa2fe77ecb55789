package server

import (
	"io"
	"time"

	"barewire/httpwire"
)

// continueResponse tells a client to send the body it announced (RFC 9110 §10.1.1).
const continueResponse = "HTTP/1.1 100 Continue\r\n\r\n"

// readBody reads a request's body to its end and drops it: no App uses a body, but the next
// request begins after it (RFC 9112 §9.3). The error is an *httpwire.Error if the client
// must get an answer.
//
// req: 9112-9.3-c 9110-9.3.1-a
func (c *connection) readBody(request *httpwire.Request) error {
	body := httpwire.NewBodyDecoder(request.Body, c.server.config.MaxBody, &c.server.limits)
	clientWaits, waited := request.ExpectsContinue(), false
	for {
		_, n, done, err := body.Next(c.buf.Buffered())
		c.buf.Discard(n)
		switch {
		case err != nil:
			return err
		case done:
			return nil
		case n > 0:
			continue
		}
		if clientWaits && len(c.buf.Buffered()) == 0 {
			out := c.buf.BeginWrite(len(continueResponse))
			c.buf.EndWrite(append(out, continueResponse...)) // req: 9110-10.1.1-b 9110-10.1.1-c
		}
		clientWaits = false
		if !waited {
			waited = true
			c.buf.Flush() // as in readRequest
			c.buf.SetReadDeadline(after(time.Now(), c.server.config.IdleTimeout))
		}
		err = c.fill("body")
		if err == io.EOF {
			// A request with an incomplete body is not processed.
			return &httpwire.Error{Status: 400, Field: "body", Rule: "it ended before its announced end", // req: 9112-6.3-h
				Section: "RFC 9112 §6.3", Close: true}
		}
		if err != nil {
			return err
		}
	}
}
