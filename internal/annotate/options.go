package annotate

import "barewire/handshake"

// Options describes what is known before the first byte. The zero Options means a
// whole connection in both directions, which begins with HTTP.
type Options struct {
	// Frames means that both directions begin with frames: the opening handshake
	// was not captured.
	Frames bool

	// Deflate is the compression that was agreed on. It is needed only where the
	// conversation does not show it: with Frames or Alone. With Frames, nil means
	// no compression. With Alone, nil means that the server accepted whatever
	// compression the client offered.
	Deflate *handshake.Deflate

	// Alone means that only one direction was captured. Nothing waits for the
	// other direction: a request to upgrade counts as accepted.
	Alone bool

	// Explain, if it is not nil, returns notes about what a message of the server
	// means to the application. It is called for binary messages in a single
	// frame. It must not keep message, which holds at most 4 KiB, as on the wire.
	// path is the path of the request for the WebSocket, or "" if the request was
	// not seen.
	Explain func(path string, message []byte) []Note
}
