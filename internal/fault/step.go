package fault

import (
	"strings"
	"time"

	"barewire/wsframe"
)

// Step is one thing that the client does.
type Step struct {
	Do Action

	// Octets is what Send sends. "{host}" and "{page}" and "{path}" in it stand
	// for the target's Host, Page and Path.
	Octets string

	// Note says what the octets are, where they are no text.
	Note string

	// Size is the size of the pieces that Send writes, each with a write of its
	// own; 0 means all at once.
	Size int

	// Pause is how long Pause waits.
	Pause time.Duration

	// Offer is what Open sends as Sec-WebSocket-Extensions; "" for none.
	Offer string

	// After is how many events Send awaits before it sends, for half of the time
	// that the fault has: a server may drop what it has not answered yet when a
	// Close comes.
	After int

	// Closes says that the octets hold a Close frame. Without it, a Close that
	// comes from the server is answered, as a client must (RFC 6455 §5.5.1).
	Closes bool
}

// Action is what a step does.
type Action uint8

// The actions of a client.
const (
	Send         Action = iota // octets as they are
	Open                       // a sound opening handshake; goes on when its 101 is verified
	AwaitUpgrade               // goes on at a 101, and leaves the rest out at any other answer
	Pause                      // lets time pass, so that what was sent arrives by itself
	HalfClose                  // sends FIN, and goes on reading
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
func send(parts ...string) Step { return Step{Octets: strings.Join(parts, "")} }

// frames is a step that sends frames, and says what they are.
func frames(note string, parts ...string) Step {
	return Step{Octets: strings.Join(parts, ""), Note: note}
}

// open begins a WebSocket connection without extensions.
func open() Step { return Step{Do: Open} }

// openDeflate begins one with permessage-deflate.
func openDeflate() Step { return Step{Do: Open, Offer: "permessage-deflate"} }

// pause lets what was sent arrive by itself.
func pause() Step { return Step{Do: Pause, Pause: 50 * time.Millisecond} }

// goodbye sends Close 1000: the answer to it proves that the connection lived
// until then, and puts an end to the conversation without a wait.
func goodbye() Step {
	return Step{Octets: frame(fin, wsframe.Close, code(1000)), Note: "Close 1000", Closes: true}
}

// goodbyeAfter is goodbye once so many events have come.
func goodbyeAfter(events int) Step {
	step := goodbye()
	step.After = events
	return step
}

// closing returns the step, and says that a Close frame is in it.
func (s Step) closing() Step {
	s.Closes = true
	return s
}

// Bits of a frame's first octet (RFC 6455 §5.2).
const (
	fin  = 0x80 // the last frame of its message
	rsv1 = 0x40
	rsv2 = 0x20
	rsv3 = 0x10
	more = 0 // another frame of the message follows
)

// key is the masking key of all frames here, that of the RFC's example (§5.7).
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

// masked returns the payload as it stands in a frame, for frames whose header is
// written out.
func masked(payload string) string {
	octets := []byte(payload)
	wsframe.Mask(octets, key, 0)
	return string(key[:]) + string(octets)
}

// code returns a close code as it stands in a Close frame, in network order.
func code(c uint16) string { return string([]byte{byte(c >> 8), byte(c)}) }
