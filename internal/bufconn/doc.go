// Package bufconn is a net.Conn with a read buffer and a write buffer.
//
// # Where it stands
//
//	socket ─ [bufconn] ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//
// It is the first room a byte enters from the socket, and the last one it leaves:
//
//	           ┌─────────────── Conn ───────────────┐
//	socket ──▶ │ Fill ▶ [ read buffer  ] ▶ Buffered │ ──▶ parsers
//	socket ◀── │ Flush ◀ [ write buffer ] ◀ EndWrite │ ◀── replies
//	           └────────────────────────────────────┘
//
// # Rules
//
// Five rules live here and nowhere else.
//
// Flush before you block. Replies are appended to the write buffer and stay
// there. [Conn.Fill] sends them before it waits for the peer. So sixteen
// pipelined requests, or a burst of forty pings, that came with one read are
// answered with one write; and a lone message is answered at once, because
// nothing else is there to handle. No timer is involved, and nothing to tune.
//
// An idle connection holds no buffer. Buffers come from a pool when bytes are
// there and go back as soon as they are handled. On systems that show the
// socket's descriptor this holds while waiting, too (see fill_unix.go).
//
// A silent connection holds no goroutine. Where a server allows it, a connection
// that has been silent for half a second is parked, and gets a new goroutine when
// octets come (see park.go).
//
// The wait is at the bottom of the stack. A server hands its work to [Conn.Loop],
// which calls it with what has arrived and waits when it asks for more; so one
// system call brings a small message, in place of two (see loop_unix.go).
//
// One owner of deadlines. Every time-out of a connection is set by the methods
// of deadline.go, so that there is one place to look, and one to switch off
// for a debugger.
//
// The read side (Fill, Wait, Buffered, Discard, Read) belongs to one goroutine
// at a time. The write side may be used by any number.
//
// # Terms
//
//   - to fill: to wait for more octets than there are in the read buffer.
//   - to flush: to hand the socket what is in the write buffer. A goroutine whose
//     turn it is takes the others' octets along.
//   - step: what a server does with the octets that have arrived; Loop calls it
//     again when there are more.
//   - to park: to end the goroutine of a connection, and to keep the connection.
//   - to retract: to take back what was appended and has not begun to leave.
//   - to close gracefully: to send FIN, and to read on until the peer's FIN, so that
//     no reset destroys what was sent last.
//
// # Limits
//
// A read buffer has 8 KiB to 128 KiB, by how much came at once before; it grows
// beyond that only with what has arrived: to make us hold memory a peer must have
// sent an eighth of it. How much may be in the write buffer is for its writers to
// say.
//
// # Sections
//
//	RFC 9112 §9.6     closing in stages                      Conn.CloseGracefully
//	RFC 6455 §7.1.1   the server closes TCP first            Conn.AwaitClose, Conn.CloseAtEnd
//
// # Reading order
//
// conn.go (the two buffers, Fill, closing), write.go (many writers, one socket),
// deadline.go, fill_unix.go (how to wait without a buffer), loop.go and loop_unix.go,
// writenow_unix.go (how to write without waiting), socket_linux.go (the two system calls;
// socket_unix.go is their plain form), park.go and park_linux.go, buffer.go (the pool),
// stop.go (what a debugger does to time-outs), pump.go (writes to TLS).
package bufconn
