// Package annotate says what every octet and every bit of a conversation means.
//
// # Where it stands
//
//	socket ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//	       └ wiretap ─▶ [annotate], which reads along
//
// What passes between the two peers goes into a [Conversation], in both
// directions, and labelled [Unit]s come out. The trace of the server, the command
// explain and the page /lab are made of them.
//
//	client ══════════════ octets ══════════════ server
//	            │                    │
//	        Add(ClientToServer)  Add(ServerToClient)
//	            └───▶ Conversation ◀─┘
//	                       │ Unit, Unit, Unit ...
//	            ┌──────────┴──────────┐
//	         Printer             encoding/json
//
// It parses nothing itself: heads, bodies and chunks are httpwire's, the accept
// key and the extensions handshake's, headers, masking, UTF-8 and close codes
// wsframe's, inflating internal/deflate's. What they say is put back in its place
// on the wire. It does no I/O either.
//
// # Terms
//
//   - unit: what is taken in at once: a request, a response, a body, a chunk, a
//     trailer, a frame, or octets that nobody understands.
//   - span: octets of a unit, or bits of one octet, with a label. A span may be
//     followed by its parts; a leaf is a span without parts. The leaves of a unit
//     cover it without a gap or an overlap.
//   - note: a fact about a unit and no octet of it: the arithmetic of the accept
//     key, a message put together from its fragments, what a payload inflates to.
//
// # What is understood
//
// A response is matched with its request, without which nobody knows whether it
// has a body. Behind a request to upgrade the client's octets wait for the answer:
// a 101 makes frames of them, and of what the server sends, with the compression
// that both have agreed on. Where only one half was captured, or only the frames,
// [Options] says so.
//
// A broken rule is labelled where it is broken, and names its section. Framing
// that is lost cannot be found again, as in any good server: behind a head, a
// chunk or a frame header that breaks a rule, the octets of its direction are one
// unit of kind raw. The payload of such a frame is still shown. Where the framing
// is sound, as with text that is not UTF-8, everything goes on, although a server
// would have closed.
//
// # Limits
//
// The first 4 KiB of a body or a payload are kept, 64 KiB wait for the answer to an
// upgrade, 256 requests for theirs, and a compressed message is inflated to 4 MiB at
// most: see the constants of conversation.go.
//
// # JSON
//
// encoding/json makes one object of a unit. A stream of units is JSON Lines: one
// object on each line. The keys are stable: new ones may come, none will change.
// A key whose value is 0, "" or false is left out, except those marked with *.
//
//	unit
//	  number*      counts the conversation's units from 1, as they were completed
//	  kind*        "request" "response" "body" "chunk" "trailer" "frame" "raw"
//	  direction*   "client_to_server" "server_to_client"
//	  offset*      octets of the direction in front of the unit
//	  length*      octets of the unit
//	  exchange     counts requests from 1; a response has that of its request
//	  message      counts the messages of a direction from 1
//	  fragment     counts the frames of a message from 1
//	  title*       one line for people
//	  incomplete   true if the direction ended in the middle of the unit
//	  spans*       array of spans, in wire order, each before its parts
//	  notes        array of notes, in the order to read them
//	  bytes*       the octets as they passed, in hexadecimal; the first ones only,
//	               if missing is there
//	  missing      how many octets behind them were not kept
//	  payload      the payload of a frame, unmasked, in hexadecimal; cut like bytes
//	span
//	  offset*      octets of the unit in front of the span
//	  length*      octets of the span, or 1 if bits is there
//	  bit          the first bit, 0 for the most significant one
//	  bits         how many bits; without it, the span is whole octets
//	  depth        0 for the parts of the unit, 1 for their parts, and so on
//	  layer*       "http" "handshake" "websocket" "deflate" "application" "unknown"
//	  field*       the name of what stands there
//	  value        what stands there, for people
//	  meaning      what that means, in plain words
//	  section      where that is written, as "RFC 6455 §5.2"
//	  broken       the rule that is broken here, with its section
//	note
//	  layer*, field*, value, meaning, section, broken    as in a span
//	  wire         octets of a compressed message as it passed
//	  plain        octets of the same message, inflated
//
// value, meaning and title are for people and may change; a program goes by
// kind, field, bytes and payload. All texts are printable: what a peer sent is
// quoted, spelled out where it is not printable, and cut where it is long.
//
// # Sections
//
// Each span has its own, of RFC 9112, 9110, 6455 or 7692: see Span.Section.
//
// # Reading order
//
// unit.go (what comes out), conversation.go and stream.go (the two directions and
// their states), head.go, body.go, chunk.go, upgrade.go, frame.go, payload.go,
// message.go (one part of the wire each), headspans.go, chunkspans.go,
// framespans.go, fieldmeaning.go (the labels), text.go and texts.go (their words),
// print.go, columns.go and wide.go (the text).
package annotate
