// Package wiretap shows what passes through a connection, byte by byte, and
// changes nothing about it.
//
// # Where it stands
//
//	socket ─ [wiretap] ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//
// That is above TLS, where the bytes are in the clear, and only if somebody wants
// to see them: otherwise there is no tap.
//
//	socket ─ tls.Conn ─ [Conn] ─ bufconn ─ the server, or the client
//	                      │ Event, Event, Event ...
//	                     Tap ── a queue and a goroutine for each Sink
//	          ┌───────────┼───────────┬───────────┐
//	       Printer    Transcript    Capture      Func
//	       a person   a text file  a pcap file   a page
//
// Tap.Wrap puts a Conn around a net.Conn. What its Read and Write return is told as
// an Event, with its direction in the conversation: our own Write is the client's
// direction if we are the client.
//
// # Terms
//
//   - tap: what all wrapped connections of a program report to, see [Tap].
//   - event: one thing that happened to one connection: it opened, bytes passed, a
//     direction ended, it closed.
//   - sink: whoever is told: a [Printer], a [TranscriptWriter], a [Capture], a [Func].
//   - recording: a transcript that has been read back.
//
// # The transcript
//
// A transcript is text, precise to the byte, made to be read by people, to be
// explained by the command explain, and to be compared by diff:
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
// The first line is the format and its version, the second one when it began. Each
// event is then a line: seconds since the start, with six decimals; the number of
// the connection; and what happened:
//
//   - opened ROLE "LOCAL" "REMOTE": a connection begins. ROLE, server or client, is
//     that of the side that wrote the transcript; LOCAL is its own address.
//   - > N, or < N: N bytes passed in one piece, from the client to the server, or
//     back. Rows follow: two blanks, 1 to 16 bytes in hexadecimal with single
//     blanks between them, and behind two blanks or more the same as text,
//     between bars.
//   - > ended, or < ended: that direction ended, and the other one may go on.
//   - closed "ERROR", or reset "ERROR": both ended, by our side, or by the peer.
//
// Texts in quotes are written as in Go. A row ends behind a line feed, so that each
// line of HTTP begins a row, and one that changes moves no other. A row's text is
// for people, and Parse skips it: who changes the bytes need not change it. Empty
// lines, and lines that begin with //, mean nothing. AppendAnnotated makes use of
// that: there a row is a field, and its text says what stands in it.
//
// Connections may be interleaved. Time never goes back; a direction that ended has
// no more bytes; a number is used once.
//
// # Limits
//
// A sink never holds up a connection. One that fails, or falls behind by more than
// 32 MiB, is reported once and switched off.
//
// # Sections
//
//	RFC 9293              TCP, whose headers a pcap file needs     packet.go
//	RFC 791, RFC 8200     IP, the same                             packet.go
//
// # Reading order
//
// event.go (what is told), conn.go and deadline.go (where it is seen), tap.go (how
// it gets to the sinks), printer.go, transcript.go and parse.go, annotated.go,
// capture.go and packet.go (the sinks).
package wiretap
