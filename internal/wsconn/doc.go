// Package wsconn is a WebSocket connection after its opening handshake: bytes
// become messages here, and messages bytes.
//
// # Where it stands
//
//	socket ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ [wsconn] ─ digest
//
// The rules of the wire are wsframe's; what is here are the effects: reading,
// replying, answering pings, closing, giving up.
//
//	bufconn ─▶ wsframe.ParseHeader ─▶ Checker.Check ─▶ Mask ─▶ Message ─▶ Handler.OnMessage
//	                                        │                                    │
//	                                        ▼ *wsframe.Error                     ▼ Conn.Reply
//	bufconn ◀─────────────── Close frame with code and clause     wsframe.AppendFrame ─▶ bufconn
//
// [Conn.Serve] runs a [Handler], which mirrors the one of the article: OnOpen,
// OnMessage, OnClose, OnError; the article's `out`, through which the program
// answers, is the Conn itself. [Conn.ReadMessage] is the same for a program
// that wants to ask for each message. [Stream] is a net.Conn whose bytes travel
// in binary messages. [Open] does the handshake of a client.
//
// One goroutine reads a Conn. Any number may send through it.
//
// # States
//
//	open ─── our Close leaves ───▶ closing ─── the peer's Close comes ───▶ closed, clean
//	  ├───── the peer's Close comes, and ours answers it ────────────────▶ closed, clean
//	  ├───── a rule is broken, and our Close says which ─────────────────▶ closed, 1006
//	  └───── TCP ends, or the peer is silent for too long ───────────────▶ closed, 1006
//
// A [CloseError] tells which it was. While closing, messages still come, and none
// is sent; a peer that lets CloseWait pass ends as if TCP had.
//
// # Terms
//
//   - message: text or binary, put together from its frames.
//   - reply and send: Reply waits in the write buffer until all that has arrived is
//     handled, Send leaves at once.
//   - closing handshake: a Close frame each way, then the end of TCP.
//   - keep-alive: a Ping to a peer that is silent, and the end if it stays so.
//   - room: connections that are sent the same messages.
//
// # Limits
//
// Unless [Config] says otherwise a message has at most 1 MiB and 131,072
// fragments, and the peer has 5 seconds for its part of the closing handshake. What
// a header announces costs nothing until it arrives. A connection that is sent to
// without reading holds 64 KiB of replies before we wait for it, and 1 MiB of a
// room's messages before it is closed.
//
// # Sections
//
//	RFC 6455 §4.1     the client's handshake   Open
//	RFC 6455 §5.4     fragments                Conn.SendFragments, Conn.ReadMessage
//	RFC 6455 §5.5     control frames           Conn.Ping, Conn.Close
//	RFC 6455 §6       sending, receiving       Conn.Send, Conn.ReadMessage
//	RFC 6455 §7       closing                  Conn.Close, CloseError
//	RFC 6455 §10.4    limits                   Config
//	RFC 7692 §6       what is compressed       Config.Deflate, Config.CompressMin
//
// # Reading order
//
// conn.go (what a connection is), read.go (from the header to the message),
// control.go (what is answered by itself), handler.go, write.go, close.go (every
// end there is), compress.go, room.go, stream.go, open.go.
package wsconn
