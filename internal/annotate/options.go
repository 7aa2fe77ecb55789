package annotate

import "barewire/handshake"

// Options says what a conversation is before its first octet has come. The zero
// Options is a whole connection in both directions, which begins with HTTP.
type Options struct {
	// Frames says that both directions begin with frames: the opening handshake
	// was not captured.
	Frames bool

	// Deflate is what was agreed on about compression, where the conversation
	// cannot say it: with Frames, or with Alone. Nil means that frames are not
	// compressed; or with Alone, if the client offered compression, that the
	// server accepted it as it was offered.
	Deflate *handshake.Deflate

	// Alone says that only one direction was captured, so that nothing waits
	// for the other one: a request to upgrade counts as granted.
	Alone bool

	// Explain, if it is not nil, returns notes about what a message of the server's
	// means to the application. It is asked about binary messages in a single frame,
	// and must not keep message: at most 4 KiB, as they passed on the wire. path is
	// that of the request for the WebSocket, or "" if that was not seen.
	Explain func(path string, message []byte) []Note
}
