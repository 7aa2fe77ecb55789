// Package server is the life of a connection: it is accepted, its requests are
// read and answered, it becomes a WebSocket or stays HTTP, it ends.
//
//	Serve ─▶ serve ─▶ readRequest ─▶ routeFor ─▶ readBody ─▶ answer ─┐   (connection.go)
//	  ▲                   ▲   │                                      │
//	  │                   └───│──────── keep-alive ◀─────────────────┘
//	  │                       ▼
//	listener               upgrade ─▶ handshake.Accept ─▶ wsconn.Conn.Serve   (websocket.go)
//
// What the bytes mean is decided in httpwire, handshake and wsframe; here are
// the effects: limits (config.go), what is served where (routes.go), time-outs
// (set through bufconn), and the orderly end (shutdown.go).
//
// Every connection has one goroutine, which reads, answers, and waits.
package server
