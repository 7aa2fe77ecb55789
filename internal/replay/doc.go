// Package replay plays a kept conversation to our own code, and reports the first byte
// that our code sends differently.
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
// A replay is a regression test whose bytes can be read. It is also useful in a debugger:
// the whole conversation runs in one process, nothing in it times out, and each run takes
// the same path through the code, down to the system calls.
//
// # Terms
//
//   - our side: the code under test, the server or the client.
//   - the other side: the side whose bytes come from the transcript.
//   - piece: the bytes of one event of the transcript, which passed at once.
//   - difference: the first byte of our side that differs from the transcript, with its
//     field, see [Difference].
//
// # What is repeated, and what is compared
//
// Each piece of the other side is one write. Before the next one, the player waits until
// our side has sent everything that came before it in the transcript. So our side reads
// the same pieces each time. What our side sends is compared as a stream of bytes, up to
// its end; the pieces in which it is sent are not compared, and neither are the times.
//
// The clock of our side comes from the transcript, so the Date is the same. A client's
// nonce and masking keys come from it too.
//
// Whatever was caused by time or by a third party is not repeated: a timeout, a Ping to a
// silent peer, a shutdown, messages of others in a chat room.
//
// Either side can be ours. A server only answers. A client has an application; the player
// takes its place, sends the messages of the transcript, and leaves automatic answers to
// our client.
//
// # Determinism
//
// serve and dial use Clock and NewRandom with -deterministic, so that two transcripts of
// the same conversation are equal. The conversations in internal/tour/conversations were
// made with them. "barewire replay digest" plays one, and "go test ./internal/cli" plays
// them all; with -run Fresh -update it writes them again.
//
// # Sections
//
//	RFC 9110 §6.6.1   Date, which comes from the clock  Clock
//	RFC 6455 §4.1     the nonce of a handshake          NewRandom
//	RFC 6455 §5.3     masking keys                      NewRandom
//
// A [Difference] names the section of its field.
//
// # Reading order
//
// play.go (event by event), pair_unix.go (the connection), difference.go (the first
// difference), server.go (the server as our side), client.go and script.go (the client as
// our side), deterministic.go.
package replay
