// Package annotate explains every byte and every bit of a conversation.
//
// # Where it stands
//
//	socket ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//	       └ wiretap ─▶ [annotate], which only reads
//
// The bytes of both directions go into a [Conversation], and labeled [Unit]s come
// out. The server's trace, the command explain and the page /lab show these units.
//
//	client ══════════════ bytes ══════════════ server
//	            │                    │
//	        Add(ClientToServer)  Add(ServerToClient)
//	            └───▶ Conversation ◀─┘
//	                       │ Unit, Unit, Unit ...
//	            ┌──────────┴──────────┐
//	         Printer             encoding/json
//
// The package parses nothing itself and does no I/O. httpwire parses heads, bodies
// and chunks; handshake checks the key and the extensions; wsframe reads headers,
// masking, UTF-8 and close codes; internal/deflate inflates. This package finds the
// bytes that each result comes from.
//
// # Terms
//
//   - unit: one thing to read: a request, a response, a body, a chunk, a trailer, a
//     frame, or bytes that cannot be explained.
//   - span: some bytes of a unit, or some bits of one byte, with a label. The parts
//     of a span follow it; a leaf is a span without parts. The leaves cover the unit
//     without gaps or overlaps.
//   - note: a fact about a unit as a whole: a step in computing the accept key, a
//     message assembled from its fragments, the result of inflating a payload.
//
// # What is explained
//
// Each response is matched with its request, because the request's method decides
// whether the response has a body. After a request to upgrade, the client's bytes
// wait for the response. If that is a 101, both directions continue as frames, with
// the compression that was agreed on. Where only one direction or only the frames
// were captured, [Options] describes what is missing.
//
// A broken rule is reported at the bytes that break it, with its section. After a
// broken head, chunk or frame header nobody can find the next unit, so the rest of
// that direction is one unit of kind raw. Only the payload of a broken frame is
// still shown. Where the framing is sound, as with text that is not UTF-8, reading
// continues, although a server would close the connection.
//
// # Limits
//
// A conversation keeps the first 4 KiB of each body and payload, 64 KiB of bytes
// that wait for the response to an upgrade, and 256 requests that wait for their
// responses. It inflates a message to at most 4 MiB. The constants in
// conversation.go say which attack each limit stops.
//
// # JSON
//
// encoding/json turns a unit into one object. A stream of units is JSON Lines: one
// object per line. The keys are stable: new keys may be added, but none changes.
// A key whose value is 0, "" or false is left out, except for those marked with *.
//
//	unit
//	  number*      counts the units of the conversation from 1, as they are completed
//	  kind*        "request" "response" "body" "chunk" "trailer" "frame" "raw"
//	  direction*   "client_to_server" "server_to_client"
//	  offset*      bytes of the direction before the unit
//	  length*      bytes of the unit
//	  exchange     counts requests from 1; a response has the number of its request
//	  message      counts the messages of a direction from 1
//	  fragment     counts the frames of a message from 1
//	  title*       one line for people
//	  incomplete   true if the direction ended in the middle of the unit
//	  spans*       array of spans, in wire order, each before its parts
//	  notes        array of notes, in the order to read them
//	  bytes*       the bytes on the wire, in hexadecimal; only the first ones, if
//	               missing is present
//	  missing      how many bytes after them were not kept
//	  payload      the payload of a frame, unmasked, in hexadecimal; cut like bytes
//	span
//	  offset*      bytes of the unit before the span
//	  length*      bytes of the span, or 1 if bits is present
//	  bit          the first bit; 0 is the most significant one
//	  bits         how many bits; without it, the span is whole bytes
//	  depth        0 for the parts of the unit, 1 for their parts, and so on
//	  layer*       "http" "handshake" "websocket" "deflate" "application" "unknown"
//	  field*       the name of the field
//	  value        its value, for people
//	  meaning      what the value means, in plain words
//	  section      where that is specified, as in "RFC 6455 §5.2"
//	  broken       the rule that is broken here, with its section
//	note
//	  layer*, field*, value, meaning, section, broken    as in a span
//	  wire         bytes of a compressed message on the wire
//	  plain        bytes of the same message, inflated
//
// value, meaning and title are for people and may change; programs should use kind,
// field, bytes and payload. All texts are printable: what a peer sent is quoted,
// escaped where it is not printable, and cut where it is long.
//
// # Sections
//
// Each span names its own section of RFC 9112, 9110, 6455 or 7692: see Span.Section.
//
// # Reading order
//
// unit.go (the result), conversation.go and stream.go (the two directions and their
// states), head.go, body.go, chunk.go, upgrade.go, frame.go, payload.go, message.go
// (one part of the protocol each), headspans.go, chunkspans.go, framespans.go,
// fieldmeaning.go (the labels), text.go and texts.go (their words), print.go,
// columns.go and wide.go (the printed text).
package annotate
