// Package replay plays a recorded conversation to our own code, again and again
// the same to the octet, and says where that differs from what was recorded.
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
// # Reading order
//
// pipe.go (the connection), play.go (event by event), difference.go (what is said
// of the first octet that differs), server.go (our side),
// client.go and script.go (the same for the client), deterministic.go.
package replay
