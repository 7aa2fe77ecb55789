// Package fault is the catalogue of protocol violations: what to send, and what
// must come back. It is data, one list for three uses: the tests run it against
// our server, `barewire probe` against anybody's, and the lab page offers it as
// buttons.
//
// # Where it stands
//
//	socket ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//	   └ [fault], at the other end, in the place of a hostile client
//
//	                       ┌────────────── server under test ──────────────┐
//	Fault.Steps ──octets──▶│ HTTP parser ─▶ handshake ─▶ frames ─▶ messages │
//	Fault.Want  ◀─events── └───────────────────────────────────────────────┘
//	     │         what comes back, parsed by httpwire, handshake, wsframe, deflate
//	     ▼
//	  Verdict: pass, tolerated, fail
//
// # Terms
//
//   - step: one thing the client does: send octets, pause, half-close.
//   - event: one thing that comes back: a response, a message, a Close frame, the
//     end of the connection.
//   - outcome: a sequence of events, from the first octet of the answer to the end
//     of the connection. [Expectation] names those that are right, and those that
//     are weaker but break no MUST.
//   - target: what is known of the server under test: whether it echoes, whether
//     it compresses. [Discover] finds out.
//
// # Verdicts
//
// RFC 6455 §7.1.7 leaves it to the endpoint whether a Close frame goes out before
// TCP is closed, and a server may always close a connection: to drop it without a
// word is therefore tolerated where it is not the very thing asked for. What is
// never tolerated is to go on as if nothing had happened, where the RFC says
// otherwise.
//
// # Limits
//
// A fault is one connection, which takes [Target.Wait] and its pauses at most, and
// [MaxReply] octets of reply. The largest thing sent is [MaxSent] octets long:
// what exhausts a server's resources is here shown in small.
//
// A simplification: a reset by the client (RST) is not in the list, as nothing
// can come back on the same connection; whether a server survives it shows on
// the next one.
//
// # Sections
//
//	catalogue_http.go          RFC 9112, RFC 9110
//	catalogue_smuggling.go     RFC 9112, RFC 9110
//	catalogue_body.go          RFC 9112, RFC 9110
//	catalogue_handshake.go     RFC 6455 §4, §9.1, §10.2, §11.3, RFC 7692 §5, §7, RFC 9110 §7.8
//	catalogue_frames.go        RFC 6455 §5, §6.2, §7.1.7
//	catalogue_fragments.go     RFC 6455 §5, §6.2
//	catalogue_closing.go       RFC 6455 §1.4, §5.5, §7
//	catalogue_utf8.go          RFC 6455 §5.4, §8.1
//	catalogue_compression.go   RFC 7692, RFC 6455 §5.2, §8.1
//	catalogue_resources.go     limits of any kind
//
// # Reading order
//
// fault.go (what an entry says), any of the catalogue_*.go, step.go and build.go
// (how it is written down), run.go, inbox.go and listener.go (how it is sent, and
// what comes back), event.go, expect.go and want.go (what is right), target.go.
package fault
