// Package app is what barewire serves. It answers every request with Hello World!, and
// every WebSocket message with a digest, as in the article. It also has an echo and a
// chat room.
//
// # Where it stands
//
//	socket ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//	         └─────── server ◀───────── what is served ───────── [app] ────────┘
//
// Package server does not know any path or application. It calls a server.App, which
// [App] implements. Package lab is another one: it serves its own paths, and passes all
// other requests to this one.
//
// # Routes
//
//	GET, HEAD  any path     Hello World!, as in the article
//	GET, HEAD  /lab         404, unless the lab is running
//	upgrade    /echo        every message comes back
//	upgrade    /chat        every text message goes to everyone connected
//	upgrade    /lab         404
//	upgrade    other paths  the digest, as in the article
//
// The server itself answers OPTIONS and all other methods.
//
// # Terms
//
//   - page: the response to a GET or HEAD.
//   - handler: the value whose methods receive the messages of one WebSocket.
//   - chat room: everyone connected to /chat.
//
// # Sections
//
//	RFC 9110 §15.5.5   404, for a path without a page          App.Page
//	RFC 6455 §4.2.2    404, for a path without a WebSocket     App.Upgrade
//	RFC 6455 §7.4.1    1003, for a binary message to /chat     handlers.go
//
// # Reading order
//
// app.go (the routes), handlers.go (digest, echo, chat), explain.go (a digest in a trace).
//
// The next package is digest, the application of the article.
package app
