package wsframe

// Role is our side of a connection.
type Role byte

// The two roles. The zero Role is Server.
const (
	Server Role = iota
	Client
)

// Masks reports whether an endpoint in role r masks the frames that it sends: a client
// masks all of them, a server does not mask any (RFC 6455 §5.1).
func (r Role) Masks() bool { return r == Client } // req: 6455-5.1-a 6455-5.1-c

// String returns "server" or "client".
func (r Role) String() string {
	if r == Client {
		return "client"
	}
	return "server"
}

// Checker checks the headers of the frames that the peer sends, one after the other.
// Each connection has its own Checker; set its fields before the first Check. Its
// methods must not run concurrently.
type Checker struct {
	// Role is our own role: the Checker of a Server checks the frames of a client.
	Role Role

	// Compression means that both sides agreed on permessage-deflate in the opening
	// handshake. The first frame of a message may then have RSV1 set (RFC 7692 §6).
	Compression bool

	open bool // a fragmented message has begun and has not ended
}

// Open reports whether a fragmented message has begun and its last frame has
// not been checked yet.
func (c *Checker) Open() bool { return c.open }

// Check returns nil if the frame h may come next, and remembers it; otherwise it
// returns an *Error with the first rule that h breaks, in wire order, and the
// connection must be failed.
//
// Call it before you read the payload: every rule here is about the header alone, so a
// frame that breaks one is refused before it has cost any memory.
func (c *Checker) Check(h *Header) error {
	control := h.Opcode.IsControl()

	switch {
	// RFC 6455 §5.2: a reserved bit is 0 unless an extension defines it.
	// RFC 7692 §6.1 defines RSV1, for the first frame of a message.
	case h.RSV1 && !c.Compression:
		return violation("RSV1", "must be 0, because no agreed extension defines it", "RFC 6455 §5.2") // req: 6455-5.2-b
	case h.RSV1 && control:
		return violation("RSV1", "a control frame must not be compressed", "RFC 7692 §6.1") // req: 7692-6.1-c
	case h.RSV1 && h.Opcode == Continuation:
		return violation("RSV1", "only the first frame of a compressed message may set it", "RFC 7692 §6.1") // req: 7692-6.1-d
	case h.RSV2:
		return violation("RSV2", "must be 0, because no agreed extension defines it", "RFC 6455 §5.2") // req: 6455-5.2-b
	case h.RSV3:
		return violation("RSV3", "must be 0, because no agreed extension defines it", "RFC 6455 §5.2") // req: 6455-5.2-b

	case h.Opcode.Reserved():
		return violation("opcode", h.Opcode.String()+" must not be used", "RFC 6455 §5.2") // req: 6455-5.2-c
	case control && !h.Fin:
		return violation("FIN", "a control frame must not be fragmented", "RFC 6455 §5.5") // req: 6455-5.5-c
	case h.Opcode == Continuation && !c.open:
		return violation("opcode", "there is no message for a continuation frame to continue", "RFC 6455 §5.4") // req: 6455-5.4-b
	case h.Opcode.IsData() && c.open:
		return violation("opcode", "a new message must not begin inside a fragmented one", "RFC 6455 §5.4") // req: 6455-5.4-c

	case c.Role == Server && !h.Masked:
		// tour 4.1: no mask: the header alone is enough to refuse the frame (RFC 6455 §5.1)
		return violation("mask bit", "a client must mask every frame", "RFC 6455 §5.1") // req: 6455-5.1-b
	case c.Role == Client && h.Masked:
		return violation("mask bit", "a server must not mask any frame", "RFC 6455 §5.1") // req: 6455-5.1-d

	case h.Length>>63 != 0:
		return violation("payload length", "the highest bit of a 64-bit length must be 0", "RFC 6455 §5.2") // req: 6455-5.2-d
	case h.LengthForm > shortestForm(h.Length):
		return violation("payload length", "must be written in the shortest form that holds it", "RFC 6455 §5.2") // req: 6455-5.2-f
	case control && h.Length > MaxControlPayload:
		return violation("payload length", "a control frame carries at most 125 bytes", "RFC 6455 §5.5") // req: 6455-5.5-b
	}

	// Control frames may come between the frames of a message (§5.4).
	//
	// tour 3.2: no rule is broken: the client masked the frame, and no message was open (RFC 6455 §5.1, §5.4)
	if !control {
		c.open = !h.Fin // req: 6455-5.4-a 6455-5.4-f
	}
	return nil
}
