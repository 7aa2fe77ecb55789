// Package server is the life of a connection: it is accepted, its requests are
// read and answered, it becomes a WebSocket or stays HTTP, it ends.
//
//	Serve ─▶ serveConn ─▶ readRequest ─▶ route ─▶ readBody ─▶ answer ─┐   (connection.go)
//	            ▲               ▲                                     │
//	            │               └─────────── keep-alive ◀─────────────┤
//	            │                                                     ▼
//	         listener                          handshake.Accept ─▶ wsconn.Serve   (websocket.go)
//
// What the bytes mean is decided in httpwire, handshake and wsframe; here are
// the effects: limits (config.go), what is served where (routes.go), time-outs
// (set through bufconn), and the orderly end (shutdown.go).
//
// Every connection has one goroutine, which reads, answers, and waits.
package server
