package fault

import (
	"strings"
	"time"

	"barewire/wsframe"
)

// Step is one thing that the client does.
type Step struct {
	Do Action

	// Bytes is what Send sends. The placeholders {host}, {path} and {page} stand
	// for the target's Host, Path and Page.
	Bytes string

	// Note describes the bytes when they are not text.
	Note string

	// Size is the size of the pieces that Send writes, each with its own write; 0
	// writes everything at once.
	Size int

	// Pause is how long Pause waits.
	Pause time.Duration

	// Offer is what Open sends as Sec-WebSocket-Extensions; "" for none.
	Offer string

	// After is how many events Send waits for before it sends, for at most half of
	// the fault's time. A server may drop the answers that it has not sent when a
	// Close arrives.
	After int

	// Closes reports that Bytes contains a Close frame. Otherwise a Close from the
	// server is answered, as a client must do (RFC 6455 §5.5.1).
	Closes bool
}

// Action is what a step does.
type Action uint8

// The actions of a client.
const (
	Send         Action = iota // sends Bytes
	Open                       // does a valid opening handshake and verifies its 101
	AwaitUpgrade               // waits for a 101, and skips the remaining steps after any other answer
	Pause                      // waits, so that what was sent arrives alone
	HalfClose                  // sends FIN and keeps reading
)

// String returns the action in a word or two.
func (a Action) String() string {
	switch a {
	case Send:
		return "send"
	case Open:
		return "open"
	case AwaitUpgrade:
		return "await 101"
	case Pause:
		return "pause"
	}
	return "half-close"
}

// send is a step that sends text.
func send(parts ...string) Step { return Step{Bytes: strings.Join(parts, "")} }

// frames is a step that sends frames, with a note that describes them.
func frames(note string, parts ...string) Step {
	return Step{Bytes: strings.Join(parts, ""), Note: note}
}

// open begins a WebSocket connection without extensions.
func open() Step { return Step{Do: Open} }

// openDeflate begins one with permessage-deflate.
func openDeflate() Step { return Step{Do: Open, Offer: "permessage-deflate"} }

// pause waits, so that what was sent arrives alone.
func pause() Step { return Step{Do: Pause, Pause: 50 * time.Millisecond} }

// goodbye sends Close 1000. The answer proves that the connection worked until
// then, and ends the conversation without a wait.
func goodbye() Step {
	return Step{Bytes: frame(fin, wsframe.Close, code(1000)), Note: "Close 1000", Closes: true}
}

// goodbyeAfter is goodbye after this many events.
func goodbyeAfter(events int) Step {
	step := goodbye()
	step.After = events
	return step
}

// closing marks the step as one that contains a Close frame.
func (s Step) closing() Step {
	s.Closes = true
	return s
}

// Bits of a frame's first byte (RFC 6455 §5.2).
const (
	fin  = 0x80 // the last frame of its message
	rsv1 = 0x40
	rsv2 = 0x20
	rsv3 = 0x10
	more = 0 // another frame of the message follows
)

// key is the masking key of all frames here, from the example in RFC 6455 §5.7.
var key = wsframe.Key{0x37, 0xfa, 0x21, 0x3d}

// frame returns a frame as a client sends it: masked, with these bits set.
func frame(bits byte, opcode wsframe.Opcode, payload string) string {
	header := wsframe.Header{
		Fin: bits&fin != 0, RSV1: bits&rsv1 != 0, RSV2: bits&rsv2 != 0, RSV3: bits&rsv3 != 0,
		Opcode: opcode, Masked: true, Key: key,
	}
	return string(wsframe.AppendFrame(nil, &header, []byte(payload)))
}

// text returns a whole text message in one frame.
func text(payload string) string { return frame(fin, wsframe.Text, payload) }

// masked returns the key and the masked payload, to follow a header that is written
// out.
func masked(payload string) string {
	data := []byte(payload)
	wsframe.Mask(data, key, 0)
	return string(key[:]) + string(data)
}

// code returns a close code in network byte order, as a Close frame carries it.
func code(c uint16) string { return string([]byte{byte(c >> 8), byte(c)}) }
