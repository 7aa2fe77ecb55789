// Package wsconn is a WebSocket connection after its opening handshake. Here bytes
// become messages, and messages become bytes.
//
// # Terms
//
//   - frame: a header and a payload, the unit on the wire (package wsframe).
//   - message: text or binary, joined from the payloads of one or more frames. An
//     application receives and sends messages.
//   - control frame: Ping, Pong or Close. It may come between the frames of a message.
//   - closing handshake: a Close frame in each direction, then the end of TCP.
//   - keep-alive: a Ping to a silent peer, and the end of the connection if the peer
//     stays silent.
//   - reply and send: a reply waits in the write buffer until all messages that have
//     arrived are handled; Send sends a message at once.
//   - parked: waiting for the next message without a goroutine (package socket).
//
// # Where it is
//
//	socket ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ [wsconn] ─ digest
//
// Packages wsframe and deflate contain the rules of the wire. This package calls them and
// acts on the result: it reads, replies, answers Pings, and closes.
//
//	bufconn ─▶ ParseHeader ─▶ Check ─▶ Mask ─▶ (inflate) ─▶ Message ─▶ Handler.OnMessage
//	                            │                                             │
//	                            ▼ a broken rule                               ▼ Conn.Reply
//	bufconn ◀─────── Close with code and rule        AppendFrame ─▶ bufconn.Fill sends it
//
// [Conn.Serve] runs a [Handler], which mirrors the article's: OnOpen, OnMessage, OnClose,
// OnError; the article's `out` is the Conn. [Conn.ReadMessage] is for a program that reads
// each message itself. [Open] does a client's opening handshake. A [Room] sends one
// message to many connections. The states of a connection are drawn in close.go.
//
// One goroutine reads a Conn; any number may send through it.
//
// # Limits
//
// By default, a message has at most 1 MiB, because one larger message could fill our
// memory, and at most 131,072 fragments, because empty fragments could go on forever. A
// peer has 5 seconds to answer our Close. Memory is allocated for bytes that have arrived,
// not for bytes that a header announces. If the peer does not read our replies, we stop
// reading when 64 KiB of them wait. A member of a Room that is 4 MiB of messages late is
// closed; all members share these 4 MiB. At most as many connections as there are
// processors inflate, or compress, at the same time. Buffers beyond 16 KiB count against
// the budget of bufconn, if there is one; if it is used up, the connection is closed with
// 1013.
//
// # Sections
//
//	RFC 6455 §4.1     the client's handshake   Open
//	RFC 6455 §5.4     fragments                Conn.ReadMessage, Conn.SendFragments
//	RFC 6455 §5.5     control frames           Conn.Ping, Conn.Close
//	RFC 6455 §6       sending, receiving       Conn.Send, Conn.ReadMessage
//	RFC 6455 §7       closing                  Conn.Close, CloseError
//	RFC 6455 §10.4    limits                   Config
//	RFC 7692 §6       what is compressed       Config.Deflate, Config.CompressMin
//
// # Reading order
//
// handler.go (what an application sees), conn.go, read.go (from header to message),
// control.go, write.go, close.go (every way to end), compress.go, slots.go, room.go, open.go.
package wsconn
