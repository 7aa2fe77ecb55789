// Package fault is the catalogue of faults: protocol violations, each with what
// to send and what must come back. It is one list of data with three users: the
// tests run it against our server, `barewire probe` runs it against any server,
// and the lab page offers it as buttons.
//
// # Where it stands
//
//	socket ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//	   └ [fault] plays a hostile client at the other end
//
//	                       ┌────────────── server under test ──────────────┐
//	Fault.Steps ──bytes───▶│ HTTP parser ─▶ handshake ─▶ frames ─▶ messages │
//	Fault.Want  ◀─events── └───────────────────────────────────────────────┘
//	     │         what comes back, parsed by httpwire, handshake, wsframe, deflate
//	     ▼
//	  Verdict: pass, tolerated, fail
//
// # Terms
//
//   - step: one thing the client does: send bytes, pause, half-close.
//   - event: one thing that comes back: a response, a message, a Close frame, the
//     end of the connection.
//   - outcome: a sequence of events, from the first byte of the answer to the end
//     of the connection. An [Expectation] lists the outcomes that are right, and
//     those that are weaker but break no MUST.
//   - target: what is known about the server under test, such as whether it echoes
//     and whether it compresses. [Discover] finds out.
//
// # Verdicts
//
// RFC 6455 §7.1.7 lets an endpoint close TCP without sending a Close frame first,
// and a server may always close a connection. A silent close is therefore
// tolerated, unless the fault is about the answer itself. A server that goes on as
// if nothing had happened always fails, unless the RFC allows it.
//
// # Limits
//
// A fault uses one connection. It takes at most [Target.Wait] plus its pauses, and
// reads at most [MaxReply] bytes. It sends at most [MaxSent] bytes: attacks on a
// server's resources are shown at a small scale.
//
// A simplification: no fault resets the connection (RST), because nothing can come
// back on a connection that was reset. Whether the server survives a reset shows
// only on the next connection.
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
// fault.go (what an entry contains), any of the catalogue_*.go, step.go and
// build.go (how entries are written), run.go, inbox.go and listener.go (how a fault
// is sent, and what comes back), event.go, expect.go and want.go (what is right),
// target.go.
package fault
