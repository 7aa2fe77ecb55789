// Package handshake is the opening handshake of WebSocket, for both sides: one HTTP
// request and one response, after which the connection carries frames.
//
// # Where it stands
//
//	socket ─ bufconn ─ httpwire ─ [handshake] ─101─ wsframe ─ deflate ─ wsconn ─ digest
//
// Package httpwire parses the head; this package checks its contents. It never sees the
// bytes after the head, and does no I/O:
//
//	server   Accept checks the request, Agreement.Response is the 101
//	client   Offer.AppendRequest writes the request, Offer.Verify checks the response
//
// # The wire
//
// The example of RFC 6455 §1.2. Every line ends in CR LF, and an empty line
// ends each head. The number next to a line is the step of §4.2.1 that checks it.
//
//	client → server
//	  GET /chat HTTP/1.1                                  1  method, version, target
//	  Host: server.example.com                            2  the server's name
//	  Upgrade: websocket                                  3  the protocol to switch to
//	  Connection: Upgrade                                 4  ... on this connection
//	  Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==         5  16 fresh bytes in base64
//	  Sec-WebSocket-Version: 13                           6  the version of RFC 6455
//	  Origin: http://example.com                          7  the web page, if the client is a browser
//	  Sec-WebSocket-Protocol: chat, superchat             8  subprotocols, the preferred one first
//	  Sec-WebSocket-Extensions: permessage-deflate        9  offered extensions
//
//	server → client
//	  HTTP/1.1 101 Switching Protocols
//	  Upgrade: websocket
//	  Connection: Upgrade
//	  Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=     base64(SHA-1(key + GUID))
//	  Sec-WebSocket-Protocol: chat                           one of those requested, or no field
//	  Sec-WebSocket-Extensions: permessage-deflate           some of those offered, or no field
//
// The key is not a secret. The answer to it proves that the server read this request and
// knows the protocol: a cache would repeat an old answer, and a mail server that a client
// is tricked into connecting to would not know the GUID.
//
// # Terms
//
//   - upgrade: to continue with another protocol on the same connection (RFC 9110
//     §7.8). The bytes after the 101 are not HTTP.
//   - key: 16 random bytes in base64, fresh for each handshake. The answer to it
//     is the accept key: see [AcceptKey].
//   - offer: the client's proposal of subprotocols and extensions, see [Offer].
//   - policy: the clients that a server accepts, and the subprotocols and extensions
//     that it supports, see [Policy].
//   - agreement: the result of the handshake, known to both sides, see [Agreement].
//   - subprotocol: a name for the meaning of the messages ("chat"); at most one.
//   - extension: a change to how frames carry messages. In practice there is one,
//     permessage-deflate: see [Deflate].
//   - origin: scheme, host and port of the web page whose script connects
//     (RFC 6454). A script cannot make a browser send a false one; any other client
//     can send anything.
//
// # Errors
//
// A server refuses a handshake with an [*httpwire.Error], which holds the status to
// answer with. A client fails with a [*ClientError], or with a [*StatusError] if the
// server answered in HTTP with a status other than 101. NewKey returns the errors of its
// source of randomness.
//
// # Sections
//
//	§3                   ws and wss URIs              ParseURL
//	§4.1                 the client                   Offer, NewKey
//	§4.2                 the server                   Requested, Accept, AcceptKey
//	§9.1                 extensions in a field        ParseExtensions, Extension
//	§10.2                the origin                   Policy.Origins, ValidOrigin
//	RFC 7692 §5, §7.1    permessage-deflate           OfferDeflate, AcceptDeflate, VerifyDeflate
//
// Sections without an RFC are those of RFC 6455.
//
// # Reading order
//
// key.go (the hash), accept.go (the server's checks, step by step, and the 101),
// origin.go and extension.go (two of the steps), then the client: url.go, offer.go,
// verify.go, and for both sides deflate.go (compression).
//
// The next package is server, which calls Accept and starts the WebSocket.
package handshake
