package annotate

import "slices"

// The limits on what a conversation holds in memory.
const (
	// shownBytes is how much of a body, a chunk's data or a payload is kept to be
	// shown. A frame may announce 2^63 bytes; somebody who watches a connection
	// must not need more memory than the two peers.
	shownBytes = 4 << 10

	// heldBytes is how many bytes of the client may wait after a request to
	// upgrade for the response, which decides what they are. A client must not
	// send any (RFC 6455 §4.1); without this limit, one that does would fill the
	// memory.
	heldBytes = 64 << 10

	// maxUnanswered is how many requests are remembered until their responses
	// come. A request takes 30 bytes on the wire and about 300 here: without this
	// limit, a client that never reads a response would take ten times the memory
	// of what it sends.
	//
	// A simplification: if a request was forgotten, its response is matched with
	// a later request. In practice a server stops reading long before it has 256
	// open requests.
	maxUnanswered = 256

	// maxCompressed and maxInflated limit one compressed message. 4 MiB of zeros
	// are 4 KB on the wire, and 4 GiB of zeros are 4 MB.
	maxCompressed = 1 << 20
	maxInflated   = 4 << 20

	// pieceBytes is how much of the data passed to Add is processed at a time, so
	// that no more has to be copied at once.
	pieceBytes = 32 << 10
)

// Conversation is one connection, as an observer sees it. Its methods must not be
// called concurrently.
type Conversation struct {
	options Options
	streams [2]stream // one for each Direction

	exchanges []*exchange // requests that have no response yet, the oldest first
	requests  int         // requests so far
	path      string      // of the request that asked for WebSocket; "" if it was not seen

	number  int    // units so far
	units   []Unit // those that the current call has completed
	scratch []byte // where a piece of payload is unmasked
	texts   texts  // the strings of frames
}

// New returns a conversation in which no bytes have passed yet.
func New(options Options) *Conversation {
	c := &Conversation{options: options}
	for i := range c.streams {
		s := &c.streams[i]
		s.conversation, s.direction = c, Direction(i)
		if options.Frames {
			s.beginFrames(options.Deflate)
		}
	}
	return c
}

// Add takes bytes that passed in one direction, and returns the units that they
// complete, in order: usually none or one. The units do not depend on how the bytes
// are split into calls. A unit takes one or two kilobytes, and many bytes may
// complete many units, so a caller should add a few kilobytes at a time. Add does
// not keep data. It ignores bytes after the End of their direction.
func (c *Conversation) Add(direction Direction, data []byte) []Unit {
	c.units = nil
	s := &c.streams[direction]
	for len(data) > 0 && !s.ended {
		piece := data[:min(len(data), pieceBytes)]
		data = data[len(piece):]
		s.feed(piece)
	}
	return c.units
}

// End marks the end of one direction, and returns the units that this completes: a
// body that lasts until the end, and an incomplete unit, explained as far as
// possible. Bytes of the client that wait for the response to a request to upgrade
// are kept until the response or Finish.
func (c *Conversation) End(direction Direction) []Unit {
	c.units = nil
	s := &c.streams[direction]
	if !s.ended {
		s.ended = true
		s.flushUnlessHeld()
	}
	return c.units
}

// Finish ends both directions, the client's first, and returns the remaining units.
func (c *Conversation) Finish() []Unit {
	c.units = nil
	for i := range c.streams {
		s := &c.streams[i]
		if s.state == held {
			s.state = inRaw
			s.rawReason = "there was no response that decides what these bytes are"
			s.feed(nil)
		}
		if !s.ended || len(s.pending) > 0 || s.unit.Length > 0 {
			s.ended = true
			s.flush()
		}
	}
	return c.units
}

// exchange is one request and what its response depends on.
type exchange struct {
	number   int
	method   string
	upgrade  *upgrade // nil unless it asks for WebSocket
	switches bool     // it asks for a protocol other than HTTP
	answered bool     // the final response has come
}

// asked remembers a request until its response comes.
func (c *Conversation) asked(e *exchange) {
	if len(c.exchanges) < maxUnanswered {
		c.exchanges = append(c.exchanges, e)
	}
}

// oldest returns the request that the next response answers, or nil if it was not
// seen.
func (c *Conversation) oldest() *exchange {
	if len(c.exchanges) == 0 {
		return nil
	}
	return c.exchanges[0]
}

// answered records that the oldest request has its final response. Bytes of the
// client that waited for it are processed now: as frames if both sides have
// switched, otherwise as the next request.
func (c *Conversation) answered(switched bool) {
	if e := c.oldest(); e != nil {
		e.answered = true
		c.exchanges = slices.Delete(c.exchanges, 0, 1)
	}
	client := &c.streams[ClientToServer]
	waiting := client.state == held
	if waiting && !switched {
		client.state = inHead
	}
	if waiting {
		client.feed(nil)
	}
	if client.ended {
		client.flushUnlessHeld()
	}
}
