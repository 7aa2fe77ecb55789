// Package replay plays a kept conversation to our own code, and reports where the bytes
// that this sends differ from those of the transcript.
//
// # Where it stands
//
//	socket ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//	   └─ a socket pair, with [replay] at its other end
//
//	transcript ─▶ player ══ bytes of the other side ══▶ socket pair ══▶ our side: the server
//	                 │                                       │
//	                 └─── compare ◀══ what our side sends ═══┘
//	                         │
//	                    Difference: byte, want, got, field, section
//
// It is a regression test whose bytes can be read, and a stage for a debugger: the whole
// conversation is in one process, nothing in it times out, and each run takes the same way
// through the code, from the system calls up.
//
// # Terms
//
//   - our side: the code that is played to, the server or the client.
//   - the other side: the one whose bytes come from the transcript.
//   - piece: the bytes of one event of the transcript, which passed at once.
//   - difference: the first byte of our side that is not as in the transcript, with the
//     field that it belongs to, see [Difference].
//
// # What is repeated, and what is compared
//
// Each piece of the other side is one write, and what answered it then must have come
// before the next one is written. So our side reads the same pieces each time. What our
// side sends is compared as a stream of bytes, up to its end: the pieces in which it
// leaves are not compared, nor is the time.
//
// The clock of our side is the transcript's, so the Date is the same. So are a client's
// nonce and masking keys.
//
// What only time or a third party caused does not happen again: a timeout, a Ping to a
// silent peer, a shutdown, what others said in a chat room.
//
// Either side may be ours. A server only answers. A client has an application, which the
// player replaces: it sends the messages that were sent then, and leaves to our client
// what that does by itself.
//
// # Determinism
//
// Clock and NewRandom are what -deterministic makes serve and dial use, so that two
// transcripts of the same conversation are equal. Those in internal/tour/conversations
// were made that way: "barewire replay digest" plays one, "go test ./internal/cli" plays
// them all, and with -run Fresh -update it writes them again.
//
// # Sections
//
//	RFC 9110 §6.6.1   Date, which the clock gives       Clock
//	RFC 6455 §4.1     the nonce of a handshake          NewRandom
//	RFC 6455 §5.3     masking keys                      NewRandom
//
// A [Difference] has the section of the field that differs.
//
// # Reading order
//
// play.go (event by event), pair_unix.go (the connection), difference.go (the first byte
// that differs), server.go (our side), client.go and script.go (the same for the client),
// deterministic.go.
package replay
