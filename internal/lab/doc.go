// Package lab is the page /lab: what passes between a client and this server, in
// a browser, down to the bit.
//
// # Where it stands
//
//	socket ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//	[lab], at both ends: the page is served like any other, and commands a client
//
// The file to open first is lab.go.
//
// # Terms
//
//   - page: what the browser shows, and its session here.
//   - feed: the WebSocket between the page and its session.
//   - command: what the page asks for, a JSON object in a text message.
//   - happening: what the page is told, the same way back.
//
// # Sections
//
//	RFC 9110 §7.4     whose name the Host field has    Lab.Page
//	RFC 6455 §10.2    whose page may open the feed     Lab.Handler
//
// # The ways of a command
//
//	browser                                   this process
//	┌──────────┐  /lab/feed, a WebSocket  ┌─────────┐ commands ┌────────────┐ net.Pipe ┌────────┐
//	│ the page │ ────── commands ───────▶ │ session │ ───────▶ │ our client │ ───────▶ │ our    │
//	│          │ ◀────── units ────────── │         │          │            │ ◀─────── │ server │
//	└──────────┘                          └─────────┘          └─────┬──────┘          └────────┘
//	                                           ▲   annotate ◀── wiretap
//	                                           └──────────┘
//
// The page says what to do: fetch, open, send, ping, close, break a rule. A
// [session] does it, with our own client, over connections that never leave the
// process; a tap on them tells the page what passed, as units of annotate. So the
// page shows control frames, masks and fragments, which no browser lets a page
// see, and it can send what no browser would.
//
// A page sees only the connections that it has asked for itself: they belong to
// its session, and to no other one. The feed itself is not tapped.
//
// # Who is let in
//
// Off by default where the server can be reached from elsewhere. The Host field
// must be an address, or localhost: a name could be made to point here by its
// owner, who could then read the answers (DNS rebinding), but nobody can make
// 127.0.0.1 his. The feed wants an Origin, and it must be that of the page (RFC
// 6455 §10.2). The page may load what this server serves, and nothing else: its
// Content-Security-Policy names no other source, and no inline script.
//
// # Limits
//
// At most 64 pages, one open WebSocket for each, one fault at a time, 2,000
// messages for each command; what a page is too slow to take beyond 32 MiB ends
// its feed.
package lab
