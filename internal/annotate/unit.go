package annotate

import "encoding/hex"

// Direction is the direction in which bytes travel. Each direction of a conversation
// is a stream of its own, with its own offsets.
type Direction uint8

const (
	// ClientToServer is the direction of requests and masked frames.
	ClientToServer Direction = iota
	// ServerToClient is the direction of responses and unmasked frames.
	ServerToClient
)

// String returns "client_to_server" or "server_to_client", as in JSON.
func (d Direction) String() string {
	if d == ServerToClient {
		return "server_to_client"
	}
	return "client_to_server"
}

// MarshalText returns the same as String. It never fails.
func (d Direction) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Kind is the kind of a unit.
type Kind uint8

const (
	// Request is the head of a request, including the empty line.
	Request Kind = iota
	// Response is the head of a response, including the empty line.
	Response
	// Body is a whole body that is not chunked.
	Body
	// Chunk is one chunk of a body: size line, data, line end.
	Chunk
	// Trailer is everything after the last chunk, up to the empty line.
	Trailer
	// Frame is one WebSocket frame.
	Frame
	// Raw is bytes that cannot be explained, because a rule was broken before
	// them.
	Raw
)

var kindNames = [...]string{"request", "response", "body", "chunk", "trailer", "frame", "raw"}

// String returns the name of the kind in lower case, as in JSON: "request",
// "response", "body", "chunk", "trailer", "frame" or "raw".
func (k Kind) String() string { return kindNames[k] }

// MarshalText returns the same as String. It never fails.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Layer is the protocol that gives a span its meaning.
type Layer uint8

// The layers, from the outermost to the innermost.
const (
	HTTP        Layer = iota // RFC 9112, RFC 9110
	Handshake                // the fields of RFC 6455 §4
	WebSocket                // frames, RFC 6455 §5
	Deflate                  // permessage-deflate, RFC 7692
	Application              // content and messages
	Unknown                  // bytes that cannot be explained
)

var layerNames = [...]string{"http", "handshake", "websocket", "deflate", "application", "unknown"}

// String returns the name of the layer in lower case, as in JSON: "http",
// "handshake", "websocket", "deflate", "application" or "unknown".
func (l Layer) String() string { return layerNames[l] }

// MarshalText returns the same as String. It never fails.
func (l Layer) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Hex is some bytes from the wire. In JSON it is a string of lower-case hexadecimal
// digits, two per byte.
type Hex []byte

// MarshalText returns the bytes in hexadecimal. It never fails.
func (o Hex) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, o), nil }

// Unit is one thing to read: the head of a message, a body, a chunk or a frame. The
// caller owns a Unit and everything in it, and may keep it; no two units share
// memory that changes.
type Unit struct {
	// Number counts the units of the conversation from 1, in the order in which
	// they were completed.
	Number    int       `json:"number"`
	Kind      Kind      `json:"kind"`
	Direction Direction `json:"direction"`

	// Offset is where the unit begins, in bytes from the start of its direction;
	// Length is its length in bytes.
	Offset int64 `json:"offset"`
	Length int64 `json:"length"`

	// Exchange counts requests from 1; a response and both bodies have the number
	// of their request. It is 0 in a response whose request was not seen, and in
	// frames.
	Exchange int `json:"exchange,omitempty"`

	// Message counts the messages of one direction from 1, and Fragment the
	// frames of one message from 1. Both are 0 in control frames and in units
	// that are not frames.
	Message  int `json:"message,omitempty"`
	Fragment int `json:"fragment,omitempty"`

	// Title describes the unit on one line, in printable characters:
	// `Text, FIN, 5 bytes, masked: "Hello"`.
	Title string `json:"title"`

	// Incomplete reports whether the direction ended in the middle of the unit.
	Incomplete bool `json:"incomplete,omitempty"`

	// Spans cover the unit, in wire order. The parts of a span follow it; their
	// Depth is one more. The spans without parts are the leaves: each byte is in
	// one leaf, or in several leaves that share its bits.
	Spans []Span `json:"spans"`

	// Notes are facts about the unit as a whole, in the order in which they
	// should be read.
	Notes []Note `json:"notes,omitempty"`

	// Bytes is the beginning of the unit, as it was on the wire. Only the first
	// part of a long payload is kept, and Missing counts the rest: the length of
	// Bytes plus Missing is Length.
	Bytes   Hex   `json:"bytes"`
	Missing int64 `json:"missing,omitempty"`

	// Payload is the payload of a frame, unmasked but not inflated. It is cut
	// like Bytes. It is nil in units that are not frames.
	Payload Hex `json:"payload,omitempty"`
}

// Span labels some bytes of a unit, or some bits of one byte.
type Span struct {
	// Offset is where the span begins, in bytes from the start of the unit;
	// Length is the number of bytes that it covers, wholly or in part.
	Offset int64 `json:"offset"`
	Length int64 `json:"length"`

	// Bit and Bits select bits of the first byte; bit 0 is the most significant
	// one, as in the picture of RFC 6455 §5.2. Bits is 0 in a span of whole
	// bytes. No span of bits crosses the end of its byte.
	Bit  uint8 `json:"bit,omitempty"`
	Bits uint8 `json:"bits,omitempty"`

	// Depth is 0 in the parts of the unit, 1 in their parts, and so on.
	Depth uint8 `json:"depth,omitempty"`

	Layer   Layer  `json:"layer"`
	Field   string `json:"field"`             // the name in the grammar: "method", "FIN", "masking key"
	Value   string `json:"value,omitempty"`   // its value, in printable characters; long ones are cut
	Meaning string `json:"meaning,omitempty"` // what the value means, in plain words
	Section string `json:"section,omitempty"` // where that is specified: "RFC 6455 §5.2"

	// Broken is the rule that these bytes break, with its section: "a client
	// must mask every frame (RFC 6455 §5.1)". It is "" if they break none.
	Broken string `json:"broken,omitempty"`
}

// Note is a fact about a unit: a step of a computation, something both sides agreed
// on, a message assembled from its fragments.
type Note struct {
	Layer   Layer  `json:"layer"`
	Field   string `json:"field"`             // what it is about: "accept key", "inflated"
	Value   string `json:"value,omitempty"`   // in printable characters; long ones are cut
	Meaning string `json:"meaning,omitempty"` // in plain words
	Section string `json:"section,omitempty"` // "RFC 6455 §4.2.2"
	Broken  string `json:"broken,omitempty"`  // as in Span

	// Wire is the length of a compressed message on the wire, and Plain its
	// length after inflating, both in bytes. They are 0 in all other notes.
	Wire  int64 `json:"wire,omitempty"`
	Plain int64 `json:"plain,omitempty"`
}

// Broken returns the first broken rule in the unit, or "" if none is broken.
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
