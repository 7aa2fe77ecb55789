package annotate

import "encoding/hex"

// Direction says which way octets travel. Each direction of a conversation is a
// stream of its own, with offsets of its own.
type Direction uint8

const (
	// ClientToServer is the direction of requests and masked frames.
	ClientToServer Direction = iota
	// ServerToClient is the direction of responses and unmasked frames.
	ServerToClient
)

// String returns "client_to_server" or "server_to_client", as JSON has it.
func (d Direction) String() string {
	if d == ServerToClient {
		return "server_to_client"
	}
	return "client_to_server"
}

// MarshalText returns what String does. It never fails.
func (d Direction) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Kind says what a unit is.
type Kind uint8

const (
	// Request is the head of a request, empty line included.
	Request Kind = iota
	// Response is the head of a response, empty line included.
	Response
	// Body is a whole body that is not chunked.
	Body
	// Chunk is one chunk of a body: size line, data, line end.
	Chunk
	// Trailer is what stands behind the last chunk, to the empty line.
	Trailer
	// Frame is one WebSocket frame.
	Frame
	// Raw is octets that were not understood, because a rule was broken in
	// front of them.
	Raw
)

var kindNames = [...]string{"request", "response", "body", "chunk", "trailer", "frame", "raw"}

// String returns the name of the kind in lower case, as JSON has it: "request",
// "response", "body", "chunk", "trailer", "frame" or "raw".
func (k Kind) String() string { return kindNames[k] }

// MarshalText returns what String does. It never fails.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Layer says which protocol gives a span its meaning.
type Layer uint8

// The layers, from the outermost to the innermost.
const (
	HTTP        Layer = iota // RFC 9112, RFC 9110
	Handshake                // the fields of RFC 6455 §4
	WebSocket                // frames, RFC 6455 §5
	Deflate                  // permessage-deflate, RFC 7692
	Application              // content and messages: what it is all for
	Unknown                  // nothing gives these octets a meaning
)

var layerNames = [...]string{"http", "handshake", "websocket", "deflate", "application", "unknown"}

// String returns the name of the layer in lower case, as JSON has it: "http",
// "handshake", "websocket", "deflate", "application" or "unknown".
func (l Layer) String() string { return layerNames[l] }

// MarshalText returns what String does. It never fails.
func (l Layer) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Octets is a piece of the wire. JSON has it as one string of lower-case
// hexadecimal digits, two for each octet.
type Octets []byte

// MarshalText returns the octets in hexadecimal. It never fails.
func (o Octets) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, o), nil }

// Unit is what a reader takes in at once: the head of a message, a body, a chunk
// or a frame. A Unit and all it holds belong to the caller, who may keep it; no
// two units share memory that changes.
type Unit struct {
	// Number counts the units of the conversation from 1, in the order in which
	// they were completed.
	Number    int       `json:"number"`
	Kind      Kind      `json:"kind"`
	Direction Direction `json:"direction"`

	// Offset is where the unit begins, in octets from the start of its
	// direction; Length is how many octets it has.
	Offset int64 `json:"offset"`
	Length int64 `json:"length"`

	// Exchange counts requests from 1; a response and the parts of both bodies
	// have that of their request. It is 0 in a response whose request was not
	// seen, and in frames.
	Exchange int `json:"exchange,omitempty"`

	// Message counts the messages of one direction from 1, and Fragment the
	// frames of one message from 1. Both are 0 in control frames and in all that
	// is no frame.
	Message  int `json:"message,omitempty"`
	Fragment int `json:"fragment,omitempty"`

	// Title says on one line what the unit is, in printable characters:
	// `Text, FIN, 5 octets, masked: "Hello"`.
	Title string `json:"title"`

	// Incomplete says that the direction ended in the middle of the unit.
	Incomplete bool `json:"incomplete,omitempty"`

	// Spans cover the unit, in wire order. A span is followed by its parts, whose
	// Depth is one more. The spans without parts are the leaves: each octet lies
	// in one leaf, or in several that share its bits.
	Spans []Span `json:"spans"`

	// Notes are facts that belong to the unit and to no single octet of it, in
	// the order in which they ought to be read.
	Notes []Note `json:"notes,omitempty"`

	// Bytes are the octets of the unit as they stood on the wire, from the first
	// one on. Of a long payload only the beginning is kept; Missing octets are
	// counted instead of kept, and Bytes and Missing together make Length.
	Bytes   Octets `json:"bytes"`
	Missing int64  `json:"missing,omitempty"`

	// Payload is the payload of a frame as its sender meant it: unmasked, but
	// not inflated. It is cut like Bytes. It is nil in all that is no frame.
	Payload Octets `json:"payload,omitempty"`
}

// Span labels some octets of a unit, or some bits of them.
type Span struct {
	// Offset is where the span begins, in octets from the start of the unit;
	// Length is how many octets it has, or touches.
	Offset int64 `json:"offset"`
	Length int64 `json:"length"`

	// Bit and Bits say which bits of the first octet are meant; bit 0 is the most
	// significant one, as RFC 6455 §5.2 draws it. Bits is 0 in a span of whole
	// octets. No span of bits leaves its octet.
	Bit  uint8 `json:"bit,omitempty"`
	Bits uint8 `json:"bits,omitempty"`

	// Depth is 0 in the spans that make up the unit, 1 in their parts, and so on.
	Depth uint8 `json:"depth,omitempty"`

	Layer   Layer  `json:"layer"`
	Field   string `json:"field"`             // the name in the grammar: "method", "FIN", "masking key"
	Value   string `json:"value,omitempty"`   // what stands there, in printable characters; long ones are cut
	Meaning string `json:"meaning,omitempty"` // what that means, in plain words
	Section string `json:"section,omitempty"` // where that is written: "RFC 6455 §5.2"

	// Broken is the rule that these octets break, with its section: "a client
	// must mask every frame (RFC 6455 §5.1)". It is "" if all is well.
	Broken string `json:"broken,omitempty"`
}

// Note is a fact about a unit: a step of a calculation, what was agreed on, what
// a message was put together from.
type Note struct {
	Layer   Layer  `json:"layer"`
	Field   string `json:"field"`             // what it is about: "accept key", "inflated"
	Value   string `json:"value,omitempty"`   // in printable characters; long ones are cut
	Meaning string `json:"meaning,omitempty"` // in plain words
	Section string `json:"section,omitempty"` // "RFC 6455 §4.2.2"
	Broken  string `json:"broken,omitempty"`  // as in Span

	// Wire is how many octets a compressed message has as it passed, and Plain how
	// many when it is inflated. Both are 0 in a note about anything else.
	Wire  int64 `json:"wire,omitempty"`
	Plain int64 `json:"plain,omitempty"`
}

// Broken returns the first broken rule in the unit, or "" if all is well.
func (u *Unit) Broken() string {
	for i := range u.Spans {
		if u.Spans[i].Broken != "" {
			return u.Spans[i].Broken
		}
	}
	for i := range u.Notes {
		if u.Notes[i].Broken != "" {
			return u.Notes[i].Broken
		}
	}
	return ""
}

// Leaf reports whether the span at index i has no parts.
func (u *Unit) Leaf(i int) bool {
	return i+1 == len(u.Spans) || u.Spans[i+1].Depth <= u.Spans[i].Depth
}
