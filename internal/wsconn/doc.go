// Package wsconn is a WebSocket connection after its opening handshake. Here bytes
// become messages, and messages become bytes.
//
// # Terms
//
//   - frame: a header and a payload, the unit on the wire (package wsframe).
//   - message: text or binary, joined from the payloads of one or more frames. It is
//     what an application receives and sends.
//   - control frame: Ping, Pong or Close. It may come between the frames of a message.
//   - closing handshake: a Close frame in each direction, then the end of TCP.
//   - keep-alive: a Ping to a peer that is silent, and the end if it stays silent.
//   - reply and send: a reply waits in the write buffer until everything that has
//     arrived is handled; what is sent leaves at once.
//   - parked: waiting for the next message without a goroutine (package socket).
//
// # Where it stands
//
//	socket ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ [wsconn] ─ digest
//
// The rules of the wire are functions of wsframe and deflate. This package calls them,
// and does what follows from them: it reads, replies, answers Pings, closes, gives up.
//
//	bufconn ─▶ ParseHeader ─▶ Check ─▶ Mask ─▶ (inflate) ─▶ Message ─▶ Handler.OnMessage
//	                            │                                             │
//	                            ▼ a broken rule                               ▼ Conn.Reply
//	bufconn ◀─────── Close with code and rule        AppendFrame ─▶ bufconn.Fill sends it
//
// [Conn.Serve] runs a [Handler], which mirrors the article's: OnOpen, OnMessage, OnClose,
// OnError; the article's `out` is the Conn. [Conn.ReadMessage] is for a program that asks
// for each message itself. [Open] does a client's opening handshake. A [Room] sends one
// message to many connections. The states of a connection are drawn in close.go.
//
// One goroutine reads a Conn; any number may send through it.
//
// # Limits
//
// Unless [Config] says otherwise, a message has at most 1 MiB (a peer could fill our
// memory with one) and 131,072 fragments (empty ones could go on forever), and a peer has
// 5 seconds to answer our Close. Memory is taken for what has arrived, not for what a
// header announces. Of replies that the peer does not read, 64 KiB wait before we stop
// reading; of a Room's messages 4 MiB, once for all members, and then the member is closed.
// Of all connections together, no more than there are processors inflate, or compress, at
// the same time; and what is larger than 16 KiB counts against the budget of bufconn, if
// there is one: beyond it the connection is closed with 1013.
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
