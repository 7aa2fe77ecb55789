package server

import (
	"io"

	"barewire/httpwire"
)

// continueResponse tells a client to send the body it announced (RFC 9110
// §10.1.1).
const continueResponse = "HTTP/1.1 100 Continue\r\n\r\n"

// readBody reads the request's body to its end and drops it: nothing here has
// a use for one, but the next request begins behind it (RFC 9112 §9.3). The
// error is an *httpwire.Error if the client is to be told.
func (c *connection) readBody() error {
	if !c.inBody {
		c.body = httpwire.NewBodyDecoder(c.request.Body, c.server.config.MaxBody, &c.server.limits)
		c.inBody, c.invited = true, !c.request.ExpectsContinue()
		c.buf.ReadFor(c.server.config.IdleTimeout)
	}
	for {
		_, n, done, err := c.body.Next(c.buf.Buffered())
		c.buf.Discard(n)
		switch {
		case err != nil:
			return err
		case done:
			c.inBody = false
			return nil
		case n > 0:
			continue
		}
		if !c.invited && len(c.buf.Buffered()) == 0 {
			out := c.buf.BeginWrite(len(continueResponse))
			c.buf.EndWrite(append(out, continueResponse...))
		}
		c.invited = true
		err = c.fill("body")
		if err == io.EOF {
			// A body that is cut short is none: the request is not acted on.
			return &httpwire.Error{Status: 400, Field: "body", Rule: "it ended before its announced end",
				Section: "RFC 9112 §6.3", Close: true}
		}
		return err
	}
}
