// Package httpwire parses and writes HTTP/1.1 messages. It does no I/O: a parser gets the
// bytes that have arrived so far, and returns the parsed value and the number of bytes
// that it used, or 0 if it needs more.
//
// # Where it stands
//
//	socket ─ bufconn ─ [httpwire] ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//
//	in    ParseRequest, BodyDecoder.Next      on the client's side ParseResponse
//	out   AppendResponse                      on the client's side AppendRequest
//
// # The wire
//
// A message consists of lines of text that end in CRLF, and optional content after them
// (RFC 9112 §2.1):
//
//	GET /chat?room=1 HTTP/1.1 CR LF      the start line (of a response: HTTP/1.1 200 OK)
//	Host: example.com CR LF              field lines: name, colon, value
//	Connection: keep-alive CR LF
//	CR LF                                an empty line ends the head
//	...                                  the content, if the fields announce any
//
// Only the head determines where the content ends and the next message begins. Two
// programs that disagree about it see different messages in the same bytes. This attack
// is called request smuggling. To prevent it, this package refuses every message that
// can be read in two ways.
//
// # Terms
//
//   - head: the start line, the field lines and an empty line. The body follows the head.
//   - field: a name and a value. The field section of a head is its header, the
//     one after a chunked body its trailer.
//   - list: a value of elements separated by commas. Several lines with the same name
//     make one list.
//   - body framing: how the end of the body is found, see [Framing]. The body
//     carries the content (RFC 9110 §6.4), in chunks or as it is.
//   - chunk: a piece of content that follows its size, see [ChunkedDecoder].
//   - target: the resource that a request asks for, in one of four forms, see
//     [TargetForm].
//   - token: a word of letters, digits and some marks (RFC 9110 §5.6.2).
//   - OWS: optional whitespace: only SP and HTAB.
//
// # Limits
//
// [Limits] describes each limit and the attack that it stops. By default a head has at most 16 KiB
// and 100 fields, a method 32 bytes, and the chunk extensions of a body 4 KiB.
//
// # Errors
//
// Every parser fails with an [*Error], which holds the position, the part of the message,
// the broken rule, and the status to answer with. [Error.Response] returns that answer.
//
// Unexported functions return an *Error, called e, and only exported ones an error,
// called err, so that a nil *Error never becomes a non-nil error.
//
// # Sections
//
//	RFC 9112 §2 to §5    start line, target, fields     ParseRequest, ParseResponse
//	RFC 9112 §6, §7      where the body ends, chunks    Body, BodyDecoder, ChunkedDecoder
//	RFC 9112 §9          persistent connections         Request.WantsClose
//	RFC 9110 §5, §15     fields, status codes           Fields, StatusText
//	RFC 3986             the parts of a URI             Request.Path, Request.Query
//	RFC 6585 §5          status 431                     Limits
//
// # Reading order
//
// request.go (a request from its first byte to the end of the head), head.go and
// bytes.go (lines, and the bytes that may be in them), requestline.go and target.go,
// fields.go, framing.go (where the body ends) and body.go (its content); then the
// other direction: response.go (which also parses, for a client), write.go and
// status.go; limits.go and error.go.
//
// The next package is handshake, which checks the one request that opens a WebSocket.
package httpwire
