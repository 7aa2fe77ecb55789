// Package digest is the application at the end of the way of a byte: what the
// server does with a message once all the protocol has been taken off it.
//
//	message ──> ProcessMessage ──> "Hello" ──> Sum ──> 20 octets ──> Out
//	                                          SHA-1                  Binary
//
// It is the second program of the article: a Server that holds out, the sender
// for its client, and has on_open and on_message. There the hashing is done by
// a crate; here it is crypto/sha1, and its source can be stepped through.
//
// # Stepping into SHA-1
//
// On most machines crypto/sha1 runs in assembly (on amd64, blockSHANI or
// blockAVX2). The build tag purego leaves the plain Go form in, blockGeneric,
// which has the variable names of the standard, FIPS 180-4: the schedule w, the
// working variables a to e, the constants _K0 to _K3:
//
//	dlv debug --build-flags='-tags=purego'
//	(dlv) break barewire/digest.Sum
//	(dlv) continue
//
// Send the server a message, and it stops at Sum. (A break point in SHA-1 from
// the start would stop at the accept key of the opening handshake first.) Then:
//
//	(dlv) break crypto/sha1.blockGeneric
//	(dlv) continue
//
// It stops at the block function, where p is 64 octets: "Hello", a bit 1 (the
// octet 80), zeros, and in the last eight the length of the reply in bits, 40
// (28 in hex). After 80 rounds dig.h holds f7ff9e8b 7bb2e09b 70935a5d 785e0cc5
// d9d0abf0.
//
// SHA-1 no longer resists collisions. It is here because the article uses it,
// and nothing depends on it; a new program would take SHA-256.
package digest
