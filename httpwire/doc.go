// Package httpwire reads and writes HTTP/1.1 messages, as they stand on the
// wire.
//
// It is the first room a byte enters after the read buffer, and the last one
// before the write buffer. It does no I/O: a function is given the octets that
// have come so far and answers with what it understood, how many octets that
// took, or that it needs more.
//
//	socket → buffer → ParseRequest → BodyDecoder.Next → handler → AppendResponse → buffer → socket
//	                  (ParseResponse, AppendRequest on the client's side)
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
// The names are those of the RFCs. A message is a head and a body; the body
// carries the content (RFC 9110 §6.4), cut into chunks or not. A field is a
// name and a value; the field section of a head is its header, the one behind a
// chunked body its trailer. A token is a word of letters, digits and some marks
// (RFC 9110 §5.6.2). OWS is optional whitespace: SP and HTAB, nothing else. A
// list is a value of elements with commas between them, over all lines of its
// name.
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
// # Specifications
//
// RFC 9112 (the syntax of HTTP/1.1), RFC 9110 (what the fields, methods and
// status codes mean), RFC 3986 (the parts of a URI), RFC 6585 §5 (status 431).
package httpwire
