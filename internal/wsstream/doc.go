// Package wsstream is a net.Conn over a WebSocket connection: what one side
// writes, the other side reads, byte for byte.
//
// # Where it is
//
//	socket ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//	[wsstream], above wsconn, for a program that wants bytes instead of messages
//
// A program with its own protocol, such as SSH, can use it instead of a TCP connection. The
// package uses only the public methods of wsconn.Conn.
//
//	Stream.Write ─▶ net.Pipe ─▶ writeMessages ─▶ Send          ┐
//	                                                           ├ wsconn.Conn
//	Stream.Read  ◀─ net.Pipe ◀─ readMessages  ◀─ ReadMessage   ┘
//
// The two goroutines wait for the network, for as long as it takes. Read and Write wait
// only at a net.Pipe, where a deadline or Close can interrupt them. So an interrupted call
// never leaves half a frame on the wire, and the connection can be used after a timeout,
// over TLS too.
//
// # Terms
//
//   - stream: bytes without boundaries. They travel in binary messages, but the
//     reader does not see where a message begins or ends.
//   - pipe: a net.Pipe. It passes bytes from one goroutine to another without a
//     buffer, and has deadlines. A Stream has one for each direction.
//   - closing handshake: a Close frame in each direction, then the end of TCP.
//
// # How a stream ends
//
//	CloseWrite                  our Close frame follows the written bytes; Read goes on
//	the peer's Close frame      Read returns the bytes before it, then io.EOF
//	Close                       both at once, and at most a second for the handshake
//	a text message              our Close frame has code 1003
//	a message above MaxMessage  our Close frame has code 1009
//
// CloseWrite promises less than it does for TCP. A peer answers a Close frame with its own
// as soon as it can (RFC 6455 §5.5.1), so it cannot read everything first and reply
// afterwards. Bytes that it sent before its Close frame still arrive.
//
// # Limits
//
// A Stream holds one message from the peer, at most MaxMessage, and 16 KiB that wait to be
// sent. It reads the next message after the program has read this one, so TCP slows down a
// peer that sends too fast.
//
// # Sections
//
//	RFC 6455 §5.6     binary messages          Stream.Write
//	RFC 6455 §7       closing                  Stream.Close, Stream.CloseWrite
//	RFC 6455 §7.4.1   1003 for a text message  Stream.Read
//
// All of the code is in stream.go.
package wsstream
