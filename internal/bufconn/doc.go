// Package bufconn is a connection with a read buffer and a write buffer.
//
// # Where it stands
//
//	socket ─ [bufconn] ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//
// A byte passes through it on its way in, and on its way out:
//
//	           ┌──────────────── Conn ────────────────┐
//	socket ──▶ │ Fill ───▶ [ read buffer ]──▶ Buffered │ ──▶ parsers
//	socket ◀── │ Flush ◀── [ write buffer ]◀─ EndWrite │ ◀── replies
//	           └──────────────────────────────────────┘
//
// # Rules
//
// Flush before you wait. Replies are appended to the write buffer and stay there.
// [Conn.Fill] sends them before it waits for the peer. So a burst of requests or pings
// that arrived together is answered with one write, and a single message at once, with
// no timer and no setting.
//
// An idle connection holds no buffer. Buffers come from a pool when they are needed and
// go back when they are empty. [Conn.AwaitNext] waits without one, where the system shows
// the descriptor.
//
// A silent connection holds no goroutine. After half a second AwaitNext returns [ErrIdle],
// and [Conn.Park] follows. Fill never returns ErrIdle: whoever has read half of something
// keeps it in local variables.
//
// The read side belongs to one goroutine at a time. Any number may write.
//
// # Terms
//
//   - to fill: to wait for more bytes than there are in the read buffer.
//   - unsent: appended, but not yet accepted by the socket.
//   - to flush: to send what is unsent. One goroutine at a time sends; what others append
//     meanwhile leaves with the next write.
//   - idle: silent, with nothing buffered and nothing unsent.
//   - charged: counted against a budget that many connections share.
//   - to drain: to read and drop what a peer still sends to a connection that is closing.
//
// # Limits
//
// A read buffer has 8 KiB to 128 KiB, depending on how much arrived at once before. It
// grows beyond that only with what has arrived: a peer that wants us to hold memory must
// have sent an eighth of it. A connection that is closing drains at most 64 MiB. When more
// than 64 KiB are unsent, EndWrite reports that it is time to flush. What all connections
// hold together above 16 KiB a buffer is bounded by a [Budget].
//
// # Sections
//
//	RFC 9112 §9.6     closing in stages                 Gracefully
//	RFC 6455 §7.1.1   the server closes TCP first       AfterLastByte, AfterPeer
//
// # Reading order
//
// conn.go (reading), outbox.go (writing), deadline.go, close.go, buffer.go (the pool), budget.go.
package bufconn
