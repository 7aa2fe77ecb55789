// Package wsconn is a WebSocket connection after its opening handshake: bytes
// become messages here, and messages bytes (RFC 6455 §5 to §7).
//
//	bufconn ─▶ wsframe.ParseHeader ─▶ Checker.Check ─▶ Mask ─▶ Message ─▶ Handler.OnMessage
//	                                        │                                    │
//	                                        ▼ *wsframe.Error                     ▼ Conn.Reply
//	bufconn ◀─────────────── Close frame with code and clause     wsframe.AppendFrame ─▶ bufconn
//
// The rules of the wire are wsframe's; what is here are the effects: reading,
// replying, answering pings, closing, giving up.
//
// [Conn.Serve] runs a [Handler], which mirrors the one of the article: OnOpen,
// OnMessage, OnClose, OnError; the article's `out`, through which the program
// answers, is the Conn itself. [Conn.ReadMessage] is the same for a program
// that wants to ask for each message. [Stream] is a net.Conn whose bytes travel
// in binary messages.
//
// One goroutine reads a Conn. Any number may send through it.
package wsconn
