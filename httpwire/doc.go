// Package httpwire reads and writes HTTP/1.1 messages, as they stand on the
// wire. It does no I/O: a function is given the octets that have come so far and
// answers with what it understood, how many octets that took, or that it needs
// more.
//
// # Where it stands
//
//	socket ─ bufconn ─ [httpwire] ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//
// It is the first room a byte enters after the read buffer, and the last one
// before the write buffer:
//
//	in    ParseRequest, BodyDecoder.Next      on the client's side ParseResponse
//	out   AppendResponse                      on the client's side AppendRequest
//
// # The wire
//
// A message is lines of text that end in CRLF, then, maybe, octets of content
// (RFC 9112 §2.1):
//
//	GET /chat?room=1 HTTP/1.1 CR LF      the start line (of a response: HTTP/1.1 200 OK)
//	Host: example.com CR LF              field lines: name, colon, value
//	Connection: keep-alive CR LF
//	CR LF                                an empty line ends the head
//	...                                  the content, if the fields announce any
//
// Nothing but the head says where the content ends, and nothing but the end of
// the content says where the next message begins. Two programs that disagree
// about it see different messages in the same octets. That is request
// smuggling, and it is why this package refuses whatever can be read in two
// ways.
//
// # Terms
//
// The names are those of the RFCs.
//
//   - head: start line, field lines and the empty line behind them; what comes
//     behind it is the body.
//   - field: a name and a value. The field section of a head is its header, the
//     one behind a chunked body its trailer.
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
// [Limits] bounds what a peer can make us read before it is understood, and says
// of each what would happen without it. By default a head has at most 16 KiB and
// 100 fields, a method 32 octets, and the chunk extensions of a body 4 KiB.
//
// # Errors
//
// Every function that reads fails with an [*Error], which says where, in which
// part, against which rule, and with which status to answer. [Error.Response]
// makes that answer.
//
// Within the package what parses or checks returns an *Error, called e, and
// only exported functions return an error, called err, so that a nil *Error
// never becomes a non-nil error.
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
// octets.go (lines, and what may stand in them), requestline.go and target.go,
// fields.go, framing.go (where the body ends), chunked.go and body.go; then the
// other direction, response.go, write.go and status.go; for a client
// responsehead.go; limits.go and error.go.
package httpwire
