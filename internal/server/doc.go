// Package server is the life of a connection: it is accepted, its requests are read and
// answered, it becomes a WebSocket or stays HTTP, it ends. What is served, pages and
// WebSockets on one port, is for an [App] to decide.
//
// # Where it stands
//
//	socket ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//	         └──────── [server] ──────────┘       └──── wsconn.Conn.Serve ─┘
//
// What the bytes mean is decided in httpwire, handshake and wsframe; the effects are
// here. Every connection has one goroutine, which reads, answers, and waits. Its life is
// one function, live, in connection.go:
//
//	shakeHands (TLS)
//	   ▼
//	awaitRequest ─▶ readRequest ─▶ answer ─▶ App.Page ─▶ readBody ─▶ respond ─┐
//	   ▲                             │                                        │
//	   └─────────────────────────────│───────────── keep-alive ◀──────────────┘
//	                                 ▼
//	                              upgrade ─▶ handshake.Accept ─▶ App.Upgrade
//	                                 ▼
//	                              wsconn.Conn.Serve ─▶ the end
//
// # Terms
//
//   - keep-alive: a connection stays open for the next request (RFC 9112 §9.3).
//   - pipelining: the next request comes before the response to the last one. Requests
//     that came together are answered together.
//   - upgrade: a request for WebSocket on the same connection.
//   - to drain: to stop accepting, to close idle connections, to let the busy ones
//     finish, and to send WebSockets 1001.
//   - to linger: to read on for a while after the last response, so that it is not lost
//     to a reset.
//   - parked: an idle connection whose goroutine has ended; see package socket.
//
// # Limits
//
// [Config] has them all, each with what a peer could do without it. Those of
// [DefaultConfig], and what happens beyond them:
//
//	MaxHead         16 KiB   a request's head                 431, for its target 414
//	MaxBody         1 MiB    a request's body                 413
//	MaxMessage      1 MiB    a WebSocket message              close 1009
//	Memory          256 MiB  of all, above 16 KiB a buffer    503, close 1013
//	MaxConns        10,000   connections at once              503
//	TakeoverConns   64       connections that remember        the next ones forget
//	CompressMin     128      the smallest one compressed      sent as it is
//	HeaderTimeout   10s      for a request's head             408
//	IdleTimeout     2m       between two requests             the end
//	                         for a request's body             408
//	                         for 64 KiB of a message          close 1008
//	WriteTimeout    10s      in which a peer accepts nothing  the end
//	Ping            30s      of silence on a WebSocket        a Ping, then the end
//	LingerTimeout   2s       of silence before FIN or Close   the end
//	CloseTimeout    1m       for all of the closing           the end
//
// # Memory
//
// What one connection holds at most. What is charged counts against [Config].Memory,
// which is shared by all:
//
//	free     charged                                           for how long
//	16 KiB   128 KiB; more if MaxHead is   read buffer         HeaderTimeout, or as the message
//	32 KiB   128 KiB and one answer        write buffer        WriteTimeout without progress
//	16 KiB   MaxMessage                    message             IdleTimeout for each 64 KiB
//	16 KiB   MaxMessage                    the same, inflated  until OnMessage returns
//	16 KiB   -                             request's head      until it is answered
//	10 KiB   -                             goroutine, state    half a second, then parked
//	64 KiB   -                             TLS                 to the end
//	0.8 MiB  -                             takeover            to the end; TakeoverConns of them
//
// Inflated and answered, a message is held for as long as its peer accepts something of the
// answer within each WriteTimeout. A peer that trickles a message of 1 MiB holds up to 1 MiB
// of the budget for 16 times IdleTimeout.
//
// What all of them hold together: for each of MaxConns the free part, though no attack that
// we know gets a connection to more than half of it at once; the budget; TakeoverConns; and
// beside them
//
//	three times MaxMessage and 1 MiB  for each processor: messages that are being inflated,
//	                                  handled and compressed (see wsconn's slots)
//	4 MiB of messages, in two forms   a chat room's log (see wsconn's Room), and for
//	                                  LingerTimeout what is half-way to members that are
//	                                  being closed, one message each
//
// Garbage that is yet to be collected can be as much again. When the budget's use has
// fallen to a quarter of its peak, memory is given back to the system.
//
// # Sections
//
//	RFC 9112 §9          keep-alive, pipelining, closing    connection.go
//	RFC 9110 §9, §15     methods and status codes           app.go
//	RFC 9110 §10.1.1     100-continue                       body.go
//	RFC 9110 §7.8        upgrade                            websocket.go
//	RFC 6455 §4.2        the server's handshake             websocket.go
//	RFC 7692 §7.1        which compression is agreed on     compression.go
//
// # Reading order
//
// app.go (what is served), connection.go (the life of a connection), body.go,
// websocket.go, server.go (the accept loop), config.go, shutdown.go, tls.go,
// compression.go, date.go. The next package is bufconn.
package server
