// Package replay plays a recorded conversation to our own code, again and again
// the same to the octet, and says where that differs from what was recorded.
//
// # Where it stands
//
//	socket ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//	   └ [replay], in place of the socket and of what is at its other end
//
//	transcript ─▶ player ══ octets of the other side ══▶ pipe ══▶ our side: the server
//	                 │                                    │
//	                 └── compare ◀══ what our side sends ═┘
//	                        │
//	                   Difference: octet, want, got, field, section
//
// It is a regression test whose octets can be read, and a stage for a debugger:
// the whole conversation is in one process, nothing in it has a time-out, and each
// run takes the same way through the code.
//
// # Terms
//
//   - our side: the code that is played to, the server or the client.
//   - the other side: whose octets come from the recording.
//   - piece: the octets of one event of the recording, which passed at once.
//   - difference: the first octet of our side that is not as recorded, with the field
//     that it belongs to, see [Difference].
//
// # What is repeated, and what is compared
//
// The other side's octets come in the recorded pieces. Behind each one the player
// waits until our side has done what there is to do and waits for more; so a
// piece is always answered before the next one comes, and the steps are the same
// each time. What our side sends is compared as a stream of octets, up to its end:
// in which pieces it leaves is not compared, nor is the time.
//
// The clock of our side is the transcript's: a recorded Date comes again. So are a
// client's nonce and masking keys.
//
// What only time or a third party brought about does not happen again: a time-out, a
// Ping to a silent peer, a shutdown, what others said in a room.
//
// Either side may be ours. A server only answers. A client has an application,
// which the player takes the place of: it sends the messages that the recorded one
// sent, and leaves to our client what that does by itself.
//
// # Determinism
//
// Clock and NewRandom are what -deterministic makes serve and dial use, so that a
// recording of today and one of next year are the same. Conversations that were
// recorded so are kept in internal/tour/conversations: "barewire replay" plays one,
// "go test ./internal/cli" plays them all, and with -run Fresh -update it records
// them anew.
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
// pipe.go (the connection), play.go (event by event), difference.go (what is said
// of the first octet that differs), server.go (our side),
// client.go and script.go (the same for the client), deterministic.go.
package replay
