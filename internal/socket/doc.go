// Package socket is the lowest layer: a net.Conn that owns the write timeout and, if the
// connection has a descriptor, uses it directly.
//
// # Where it is
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
//   - descriptor: the system's number of an open socket. TCP and Unix sockets have one; a
//     pipe, TLS and a connection that copies its traffic do not give access to one. Without
//     a descriptor a Conn calls its net.Conn: this is the plain form.
//   - to wait: Read, Await and Write wait in the runtime's poller, as in any Go program.
//     TryWrite, IsEmpty and the functions named Now never wait.
//   - write timeout: how long a peer may accept no bytes. It starts again whenever the
//     socket accepts some, so it closes the connection of a peer that has stopped reading,
//     but not that of a slow one. It is below TLS, because a TLS connection cannot be used
//     after a write that timed out.
//   - to park: to end the goroutine of a connection and let the lot, one goroutine with
//     an epoll instance, watch its descriptor.
//   - to resume: to start a goroutine for a parked connection, because bytes or the end
//     have arrived, its deadline has passed, or Close or Wake was called.
//
// # Limits
//
// One system call transfers at most 1 MiB, so that a large message does not block a thread
// for other connections. The plain form writes at most 64 KiB at a time. A parked connection
// may be resumed 100 ms after its deadline. Parking needs Linux; on other systems Park
// returns false.
//
// # Reading order
//
// socket.go (Conn), now_unix.go (the system calls in their plain form), now_linux.go (the
// same calls, faster), now_other.go (systems without descriptors), park_linux.go,
// park_other.go, return.go.
package socket
