// Package handshake is the opening handshake of WebSocket, both sides: the one
// HTTP request and the one response after which a connection speaks frames.
//
// # Where it stands
//
//	socket ─ bufconn ─ httpwire ─ [handshake] ─101─ wsframe ─ deflate ─ wsconn ─ digest
//
// Package httpwire has parsed a head; this package judges what the head says. It
// never sees the bytes after it, and does no I/O:
//
//	server   Accept judges a request, Agreement.Response is the 101
//	client   Offer.AppendRequest asks, Offer.Verify judges the response
//
// # The wire
//
// The example of RFC 6455 §1.2. Every line ends in CR LF, and an empty line
// ends each head. The number beside a line is the step of §4.2.1 that checks
// it.
//
//	client → server
//	  GET /chat HTTP/1.1                                  1  method, version, target
//	  Host: server.example.com                            2  which server
//	  Upgrade: websocket                                  3  switch to what
//	  Connection: Upgrade                                 4  ... on this hop
//	  Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==         5  16 fresh bytes in base64
//	  Sec-WebSocket-Version: 13                           6  the version of RFC 6455
//	  Origin: http://example.com                          7  the page that asks, if it is a page
//	  Sec-WebSocket-Protocol: chat, superchat             8  subprotocols, the best first
//	  Sec-WebSocket-Extensions: permessage-deflate        9  extensions on offer
//
//	server → client
//	  HTTP/1.1 101 Switching Protocols
//	  Upgrade: websocket
//	  Connection: Upgrade
//	  Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=     base64(SHA-1(key + GUID))
//	  Sec-WebSocket-Protocol: chat                           one that was asked for, or no field
//	  Sec-WebSocket-Extensions: permessage-deflate           some that were offered, or no field
//
// The key is no secret. The answer to it proves that the server read this very request
// and knows the protocol: a cache would replay an old answer, and a mail server that was
// tricked into a conversation would not know the GUID.
//
// # Terms
//
//   - upgrade: to go on with another protocol on the same connection (RFC 9110
//     §7.8). What follows the 101 is not HTTP.
//   - key: 16 random bytes in base64, fresh for each handshake. The answer to it
//     is the accept key: see [AcceptKey].
//   - offer: what the client proposes (subprotocols, extensions), see [Offer].
//   - policy: what a server lets in and speaks, see [Policy].
//   - agreement: what both sides know once the 101 is on the wire, see
//     [Agreement].
//   - subprotocol: what the messages mean, by name ("chat"); one at most.
//   - extension: what is done to frames on the way. Peers speak one,
//     permessage-deflate: see [Deflate].
//   - origin: scheme, host and port of the web page whose script connects
//     (RFC 6454). A browser cannot be made to lie about it; any other client can.
//
// # Errors
//
// A server's refusal is an [*httpwire.Error], with the status to answer with. A
// client fails with a [*ClientError], as nobody answers it, or with a
// [*StatusError] if the server answered in HTTP with something other than 101.
// NewKey returns the errors of its source of randomness.
//
// # Sections
//
//	§3                   ws and wss URIs              ParseURL
//	§4.1                 the client                   Offer, NewKey
//	§4.2                 the server                   Requested, Accept, AcceptKey
//	§9.1                 extensions in a field        ParseExtensions, Extension
//	§10.2                whose page it is             Policy.Origins, ValidOrigin
//	RFC 7692 §5, §7.1    permessage-deflate           OfferDeflate, AcceptDeflate, VerifyDeflate
//
// They are those of RFC 6455 unless another RFC is named.
//
// # Reading order
//
// key.go (the hash), accept.go (the server's checks, step by step, and the 101),
// origin.go and extension.go (two steps on their own), then the client: url.go,
// offer.go, verify.go, and for both sides deflate.go (compression).
package handshake
