// Package bufconn is a net.Conn with a read buffer and a write buffer: the
// first room a byte enters from the socket, and the last one it leaves.
//
//	           ┌─────────────── Conn ───────────────┐
//	socket ──▶ │ Fill ▶ [ read buffer  ] ▶ Buffered │ ──▶ parsers
//	socket ◀── │ Flush ◀ [ write buffer ] ◀ EndWrite │ ◀── replies
//	           └────────────────────────────────────┘
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
package bufconn
