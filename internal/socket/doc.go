// Package socket is the lowest layer: a net.Conn that owns the write timeout and, where
// the system shows the descriptor of a connection, uses it directly.
//
// # Where it stands
//
//	[socket] ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//
// Everything above works over any net.Conn, and nothing above knows about descriptors.
// If you read for the protocol, read this package last, or not at all.
//
//	                  ┌───────────── Conn ─────────────┐
//	Read, Await  ◀────│ receiveNow, peek ◀── descriptor │◀── peer
//	Write, TryWrite ─▶│ sendNow ───────────▶ descriptor │──▶ peer
//	                  └────────────────────────────────┘
//	                       │ Park               ▲ resume
//	                       └──▶ lot (epoll) ────┘
//
// # Terms
//
//   - descriptor: the number by which the system knows an open socket. TCP and Unix
//     sockets have one; a pipe, TLS and a connection that copies what passes do not show
//     one. Without it a Conn calls its net.Conn: the plain form.
//   - to wait: Read, Await and Write do, in the runtime's poller, as in any Go program.
//     TryWrite, IsEmpty and the functions named Now never wait.
//   - write timeout: how long a peer may accept nothing. It starts again whenever the
//     socket has accepted something, so a slow reader is not cut, one that stopped is.
//     It lives below TLS, which does not survive a write that times out.
//   - to park: to end the goroutine of a connection and let the lot, one goroutine with
//     an epoll instance, watch its descriptor.
//   - to resume: to start a goroutine for a parked connection, because bytes or the end
//     have arrived, its deadline has passed, or Close or Wake was called.
//
// # Limits
//
// One system call moves at most 1 MiB, so that a large message cannot keep a thread from
// other connections. A plain Write is given at most 64 KiB at a time. A parked connection
// may learn of its deadline 100 ms late. Only Linux parks; elsewhere Park reports false.
//
// # Reading order
//
// socket.go (Conn), now_unix.go (the system calls, plainly), now_linux.go (the same,
// faster), now_other.go (systems without descriptors), park_linux.go, park_other.go, return.go.
package socket
