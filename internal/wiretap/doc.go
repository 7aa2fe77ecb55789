// Package wiretap shows what passes through a connection, byte by byte, without
// changing it.
//
// # Where it stands
//
//	socket ─ [wiretap] ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//
// A tap is above TLS, where the bytes are decrypted. It is there only if somebody wants
// to see them: by default a connection has none.
//
//	socket ─ tls.Conn ─ [Conn] ─ bufconn ─ the server, or the client
//	                      │ Event, Event, Event ...
//	                     Tap ── a queue and a goroutine for each Sink
//	          ┌───────────┼────────────────┬───────────┐
//	       Printer  TranscriptWriter    Capture      Func
//	       a person    a text file     a pcap file   a page
//
// Tap.Wrap puts a Conn around a net.Conn. Whatever its Read and Write return becomes an
// Event with a direction: if we are the client, our Write is the direction from client
// to server.
//
// # Terms
//
//   - tap: collects the events of all wrapped connections of a program, see [Tap].
//   - event: one thing that happened to one connection: it opened, bytes passed, a
//     direction ended, it closed.
//   - sink: receives events: a [Printer], a [TranscriptWriter], a [Capture], a [Func].
//   - transcript: the events as text; [Parse] reads it into a [Transcript].
//
// # The format of a transcript
//
// A transcript is text that has every byte. People can read it, the command explain can
// explain it, and diff can compare it:
//
//	barewire transcript 1
//	start 2026-11-23T08:13:00.000000Z
//
//	0.000000 #1 opened server "127.0.0.1:8080" "127.0.0.1:40000"
//	0.000310 #1 > 27
//	  47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a  |GET / HTTP/1.1..|
//	  48 6f 73 74 3a 20 61 0d 0a                       |Host: a..|
//	  0d 0a                                            |..|
//	0.001205 #1 < ended
//	0.001544 #1 closed ""
//
// The first line is the format and its version, the second is the start time. Each event
// is a line: seconds since the start, with six decimals; the number of the connection;
// and what happened:
//
//   - opened ROLE "LOCAL" "REMOTE": a connection begins. ROLE, server or client, is the
//     role of the side that wrote the transcript; LOCAL is its own address.
//   - > N, or < N: N bytes passed in one piece, from client to server, or from server to
//     client. Rows follow: two spaces, 1 to 16 bytes in hexadecimal separated by single
//     spaces, and after at least two spaces the same bytes as text, between bars.
//   - > ended, or < ended: that direction ended; the other one may continue.
//   - closed "ERROR", or reset "ERROR": both directions ended, closed by our side, or
//     reset by the peer.
//
// Texts in quotes are written as in Go. A row ends after a line feed, so each line of
// HTTP begins a new row, and a change in one line does not move the rows of the others.
// The text of a row is for people, and Parse skips it: after editing the bytes, there is
// no need to edit the text. Empty lines, and lines that begin with //, are comments.
// AppendAnnotated uses both: there, a row is a field, and its text explains the field.
//
// Connections may be interleaved. Time never goes back; a direction that ended has no
// more bytes; the number of a connection is not used again.
//
// # Limits
//
// A sink never delays a connection. A sink that fails, or for which more than 32 MiB are
// waiting, is reported once and switched off.
//
// # Sections
//
//	RFC 9293              TCP, whose headers a pcap file needs     packet.go
//	RFC 791, RFC 8200     IP, for the same reason                  packet.go
//
// # Reading order
//
// event.go (what is reported), conn.go and deadline.go (where it is seen), tap.go (how it
// gets to the sinks), printer.go, transcript.go and parse.go, annotated.go, capture.go and
// packet.go (the sinks).
package wiretap
