// Package httpwire reads and writes HTTP/1.1 messages. It does no I/O: a function gets
// the bytes that have come so far and returns what it understood and how many bytes
// that took, or that it needs more.
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
// A message is lines of text that end in CRLF, and after them content, if there is any
// (RFC 9112 §2.1):
//
//	GET /chat?room=1 HTTP/1.1 CR LF      the start line (of a response: HTTP/1.1 200 OK)
//	Host: example.com CR LF              field lines: name, colon, value
//	Connection: keep-alive CR LF
//	CR LF                                an empty line ends the head
//	...                                  the content, if the fields announce any
//
// Only the head says where the content ends, and only there does the next message
// begin. Two programs that disagree about it see different messages in the same bytes.
// That is request smuggling, and why this package refuses all that can be read in two
// ways.
//
// # Terms
//
//   - head: start line, field lines and an empty line; the body follows it.
//   - field: a name and a value. The field section of a head is its header, the
//     one after a chunked body its trailer.
//   - list: a value of elements with commas between them, over all lines of its
//     name.
//   - body framing: the way the end of the body is found, see [Framing]. The body
//     carries the content (RFC 9110 §6.4), cut into chunks or not.
//   - chunk: a piece of content with its size in front, see [ChunkedDecoder].
//   - target: what a request is for, in one of four forms, see [TargetForm].
//   - token: a word of letters, digits and some marks (RFC 9110 §5.6.2).
//   - OWS: optional whitespace, SP and HTAB and nothing else.
//
// # Limits
//
// See [Limits], with the attack that each stops. By default a head has at most 16 KiB
// and 100 fields, a method 32 bytes, and the chunk extensions of a body 4 KiB.
//
// # Errors
//
// Every function that reads fails with an [*Error], which holds the place, the part, the
// rule, and the status to answer with. [Error.Response] returns that answer.
//
// Unexported functions return an *Error, called e, and only exported ones an error,
// called err, so that a nil *Error never becomes a non-nil error.
//
// # Sections
//
//	RFC 9112 §2 to §5    start line, target, fields     ParseRequest, ParseResponse
//	RFC 9112 §6, §7      where the body ends, chunks    Body, BodyDecoder, ChunkedDecoder
//	RFC 9112 §9          does the connection stay open  Request.WantsClose
//	RFC 9110 §5, §15     fields, status codes           Fields, StatusText
//	RFC 3986             the parts of a URI             Request.Path, Request.Query
//	RFC 6585 §5          status 431                     Limits
//
// # Reading order
//
// request.go (a request from its first byte to the head's end), head.go and
// bytes.go (lines, and what may stand in them), requestline.go and target.go,
// fields.go, framing.go (where the body ends) and body.go (its content); then the
// other direction, response.go (which also parses, for a client), write.go and
// status.go; limits.go and error.go.
package httpwire
