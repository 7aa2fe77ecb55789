// Package digest is the application at the end of a byte's path: it gets a message
// after the layers before it have removed all protocol. It is the second program of the
// article.
//
// # Where it stands
//
//	socket ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ [digest]
//
//	message ──> ProcessMessage ──> "Hello" ──> Sum ──> 20 bytes ──> Out
//	                                          SHA-1                 Binary
//
// A Server holds out, the sender to its client, and has on_open and on_message.
// Out is an interface, so that this package does not depend on connections; package app
// connects the two.
//
// # Terms
//
//   - reply: the text that ProcessMessage returns for any message: "Hello".
//   - digest: the 20 bytes that SHA-1 computes from any number of bytes.
//   - block: 64 bytes; SHA-1 processes one block at a time.
//
// # Stepping into SHA-1
//
// On most machines crypto/sha1 runs in assembly (on amd64, blockSHANI or
// blockAVX2). With the build tag purego it runs as plain Go, in blockGeneric,
// which uses the variable names of the standard, FIPS 180-4: the schedule w, the
// working variables a to e, the constants _K0 to _K3:
//
//	dlv debug --build-flags='-tags=purego'
//	(dlv) break barewire/digest.Sum
//	(dlv) continue
//
// Send the server a message, and it stops in Sum. (A breakpoint in SHA-1 itself would
// stop first at the accept key of the opening handshake.) Then:
//
//	(dlv) break crypto/sha1.blockGeneric
//	(dlv) continue
//
// It stops in the block function, where p is 64 bytes: "Hello", a 1 bit (the
// byte 80), zeros, and in the last eight bytes the length of the reply in bits, 40
// (28 in hex). After 80 rounds dig.h holds f7ff9e8b 7bb2e09b 70935a5d 785e0cc5
// d9d0abf0.
//
// SHA-1 no longer resists collisions. It is here because the article uses it,
// and nothing depends on its strength; a new program would use SHA-256.
//
// # Sections
//
//	FIPS 180-4 §5.1.1, §6.1   padding and rounds of SHA-1      crypto/sha1
//	RFC 6455 §5.6             the answer is a Binary message   Out.ReplyBinary
//
// # Reading order
//
// digest.go: it is two screens long.
//
// The next package is wsconn, which calls the handler with each message.
package digest
