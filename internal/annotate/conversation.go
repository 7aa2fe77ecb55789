package annotate

import "slices"

// The bounds of what a conversation holds in memory, whatever passes.
const (
	// shownOctets is how much is kept of a body, a chunk's data or a payload, to
	// be shown. A frame may announce 2^63 octets: a reader who kept all of it
	// would need what none of the two peers needs.
	shownOctets = 4 << 10

	// heldOctets is how many octets may wait behind a request to upgrade for its
	// answer, which decides what they are. A client must send none (RFC 6455
	// §4.1); one that sends for ever must not be kept for ever.
	heldOctets = 64 << 10

	// maxUnanswered is how many requests are remembered until their responses
	// come. A request takes 30 octets on the wire and some 300 here: a client
	// that never reads an answer would take ten times what it sends.
	//
	// A simplification: the response to a request that was forgotten is taken
	// for that of a later one. A server that has 256 requests in hand has long
	// stopped reading.
	maxUnanswered = 256

	// maxCompressed and maxInflated bound one compressed message. 4 MiB of zeros
	// are 4 KB on the wire, and 4 GiB of them 4 MB.
	maxCompressed = 1 << 20
	maxInflated   = 4 << 20

	// pieceOctets is how much of one Add is looked at in one go, so that what has
	// to be copied is never more.
	pieceOctets = 32 << 10
)

// Conversation is one connection, as seen by somebody who reads along. Its
// methods must not run at once.
type Conversation struct {
	options Options
	streams [2]stream // one for each Direction

	exchanges []*exchange // requests that have no response yet, the oldest first
	requests  int         // requests so far
	path      string      // of the request that asked for WebSocket; "" if it was not seen

	number  int    // units so far
	units   []Unit // those that the present call has completed
	scratch []byte // where a piece of payload is unmasked
	texts   texts  // the strings of frames
}

// New returns a conversation of which nothing has passed yet.
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

// Add takes octets as they passed in one direction, and returns the units that
// they complete, mostly none or one, in order. How the octets are cut into calls
// makes no difference to the units; but of many octets there may be many units, each
// of a kilobyte or two, so they are better added a few at a time. octets are not kept. Behind the End of its
// direction nothing is taken any more.
func (c *Conversation) Add(direction Direction, octets []byte) []Unit {
	c.units = nil
	s := &c.streams[direction]
	for len(octets) > 0 && !s.ended {
		piece := octets[:min(len(octets), pieceOctets)]
		octets = octets[len(piece):]
		s.feed(piece)
	}
	return c.units
}

// End says that one direction has ended, and returns what that completes: a body
// that lasts until the end, and what is left over, explained as far as it goes.
// Octets of the client that wait for the answer to a request to upgrade stay
// until it comes, or until Finish.
func (c *Conversation) End(direction Direction) []Unit {
	c.units = nil
	s := &c.streams[direction]
	if !s.ended {
		s.ended = true
		s.flushUnlessHeld()
	}
	return c.units
}

// Finish ends both directions, the client's first, and returns what is left.
func (c *Conversation) Finish() []Unit {
	c.units = nil
	for i := range c.streams {
		s := &c.streams[i]
		if s.state == held {
			s.state = inRaw
			s.rawReason = "no answer came that says what these octets are"
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
	switches bool     // it asks for some other protocol than HTTP
	answered bool     // the final response has come
}

// asked remembers a request until its response comes.
func (c *Conversation) asked(e *exchange) {
	if len(c.exchanges) < maxUnanswered {
		c.exchanges = append(c.exchanges, e)
	}
}

// oldest returns the request that the next response answers, or nil if none was
// seen.
func (c *Conversation) oldest() *exchange {
	if len(c.exchanges) == 0 {
		return nil
	}
	return c.exchanges[0]
}

// answered notes that the oldest request has got its final response. Octets of
// the client that waited for that go their way: as frames if both sides have
// switched, else as the next request.
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
