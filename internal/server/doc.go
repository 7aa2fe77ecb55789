// Package server runs a connection from start to end: it accepts the connection, reads and
// answers requests, makes it a WebSocket if a request asks for that, and closes it. An
// [App] decides what is served: pages and WebSockets on one port.
//
// # Where it is
//
//	socket ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//	         └──────── [server] ──────────┘       └──── wsconn.Conn.Serve ─┘
//
// Packages httpwire, handshake and wsframe decide what the bytes mean; this package acts
// on it. Every connection has one goroutine, which reads, answers and waits. One function
// contains all of it, live in connection.go:
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
//   - pipelining: a client sends the next request before it has the response to the last
//     one. Requests that arrive together are answered together.
//   - upgrade: a request for WebSocket on the same connection.
//   - to drain: to stop accepting, to close idle connections, to let busy connections
//     finish, and to send WebSockets a Close frame with 1001.
//   - to linger: to keep reading for a while after the last response, so that a TCP reset
//     does not destroy it.
//   - parked: an idle connection whose goroutine has ended; see package socket.
//
// # Limits
//
// [Config] has all limits, each with the attack that it stops. The values of
// [DefaultConfig], and what happens beyond them:
//
//	MaxHead         16 KiB   a request's head                 431, for its target 414
//	MaxBody         1 MiB    a request's body                 413
//	MaxMessage      1 MiB    a WebSocket message              close 1009
//	Memory          256 MiB  beyond 16 KiB per buffer         503, close 1013
//	MaxConns        10,000   connections at once              503
//	TakeoverConns   64       connections with takeover        no takeover
//	CompressMin     128      a message to compress            sent uncompressed
//	HeaderTimeout   10s      for a request's head             408
//	IdleTimeout     2m       between two requests             TCP is closed
//	                         for a request's body             408
//	                         for 64 KiB of a message          close 1008
//	WriteTimeout    10s      in which a peer accepts nothing  TCP is closed
//	Ping            30s      of silence on a WebSocket        a Ping, then TCP is closed
//	LingerTimeout   2s       of silence before FIN or Close   TCP is closed
//	CloseTimeout    1m       for the whole closing            TCP is closed
//
// # Memory
//
// The table shows the most memory that one connection holds. The charged part counts
// against [Config].Memory, which all connections share:
//
//	free     charged                                           for how long
//	16 KiB   128 KiB, or MaxHead           read buffer         HeaderTimeout, or as the message
//	32 KiB   128 KiB and one answer        write buffer        WriteTimeout without progress
//	16 KiB   MaxMessage                    message             IdleTimeout for each 64 KiB
//	16 KiB   MaxMessage                    the same, inflated  until OnMessage returns
//	16 KiB   -                             request's head      until it is answered
//	10 KiB   -                             goroutine, state    half a second, then parked
//	64 KiB   -                             TLS                 until the connection ends
//	0.8 MiB  -                             takeover            until the connection ends;
//	                                                           at most TakeoverConns of them
//
// An inflated message is held while its answer is sent, as long as the peer accepts part of
// it within each WriteTimeout. A peer that sends a message of 1 MiB slowly holds up to
// 1 MiB of the budget for 16 times IdleTimeout.
//
// All connections together hold at most the sum of these:
//
//	64 KiB (with TLS 128 KiB)         for each of MaxConns: the free parts, which one
//	                                  connection cannot all hold at the same time
//	Memory                            the charged parts
//	0.8 MiB                           for each of TakeoverConns
//	three times MaxMessage and 1 MiB  for each processor: messages that are being inflated,
//	                                  handled and compressed (see wsconn's slots)
//	8 MiB of messages, in two forms   the log of a chat room, and what is still being sent to
//	                                  members that are being closed (see wsconn's Room)
//
// Garbage that Go has not yet collected can take as much again. When the use of the budget
// falls to a quarter of its peak, the memory is returned to the system.
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
