// Package lab is the page /lab: what passes between a client and this server, in
// a browser, down to the bit.
//
// # Where it stands
//
//	socket ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//	[lab], at both ends: the page is served like any other, and commands a client
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
//	RFC 6455 §10.2    whose page may open the feed     Lab.Upgrade
//
// # The ways of a command
//
//	browser                                   this process
//	┌──────────┐  /lab/feed, a WebSocket  ┌─────────┐ commands ┌────────────┐   pipe   ┌────────┐
//	│ the page │ ────── commands ───────▶ │ session │ ───────▶ │ our client │ ───────▶ │ our    │
//	│          │ ◀──── happenings ─────── │         │          │            │ ◀─────── │ server │
//	└──────────┘                          └─────────┘          └─────┬──────┘          └────────┘
//	                                           ▲   annotate ◀── wiretap
//	                                           └──────────┘
//
// The page says what to do: fetch, open, send, ping, close, break a rule. A
// [session] does it, with our own client, over connections that never leave the
// process; a tap on them tells the page what passed, as units of annotate. So the
// page shows control frames, masks and fragments, which no browser lets a page
// see, and it can send what no browser would. The connections of the real server
// have no tap: the lab costs them nothing.
//
// A page has an id of 128 random bits, made with its session, and its connections
// carry it in their request-target, as in /echo?page=JBSWY3DP. The lab hands out a
// connection for an id, with the tap of that page on it: a page sees what it has
// asked for itself, and nobody else's octets, except for what /chat is there to
// deliver. The feed itself is not tapped.
//
// # Who is let in
//
// Off by default where the server can be reached from elsewhere. The Host field
// must be where the page is served, to the letter: the address and port that the
// server listens on, or localhost and that port on a loopback address; on a wildcard
// address, any address of this machine; and what -origin names, for a lab behind a
// proxy. A stranger could let a name of his own point here, and his page could then
// read the answers (DNS rebinding), but no name of his is one of these. The feed
// wants an Origin, and it must be that of the page (RFC 6455 §10.2). The page may
// load what this server serves, and nothing else: its Content-Security-Policy names
// no other source, and lets no text become script.
//
// # Commands
//
// Both ways the feed carries text messages of JSON. A command is one object; do says
// which it is, and the other keys may be left out.
//
//	do       its other keys
//	"fetch"  path: a GET of it, on a connection of its own
//	"open"   path, compress: a WebSocket, in place of the one that is open
//	"send"   text, binary (text is hexadecimal), fragments (sizes in octets; what is
//	         left goes in one more), times
//	"ping"   text
//	"close"  code (0: none), reason
//	"break"  fault: its id, as in catalogue.json
//
// # Happenings
//
// The other way comes an array of objects, in the order in which things happened on
// each connection. A key whose value is 0, "" or false is left out.
//
//	what       its other keys
//	"page"     text: the id of the page; this comes first, once
//	"opened"   a connection begins
//	"unit"     unit: as annotate describes it
//	"ended"    text: which side sends no more
//	"closed"   text: what was wrong, if anything was
//	"state"    state: open*, and if so conn, path, compressed: of the WebSocket
//	"verdict"  verdict: fault, title, teaches, section, level, legal, verdict, want, got,
//	           reason: what came of a fault, behind all that passed on its connection
//	"problem"  text: why a command was not done
//
// conn counts the connections of the page from 1, and time is in milliseconds since
// the first of them; both are there where a connection is meant.
//
// # Content
//
//	/lab                 the page, and under /lab/ its parts, as they stand in page/
//	/lab/catalogue.json  the faults: id, title, category, teaches, section, level, legal
//	/lab/rules.json      the requirements: id, section, level, text; the code that enforces
//	                     and the tests that prove each, or the excuse; at tells where,
//	                     with the number of the line if the program runs in its own
//	                     source, and line what stands there
//
// # Limits
//
// At most 64 pages, one open WebSocket for each, one fault at a time; for each command
// 2,000 messages, 64 fragments, and a mebibyte in all; five seconds for an answer. A
// command is a message to the server, and no longer than -max-message. What
// a page is too slow to take beyond 32 MiB, or beyond what the server's memory budget has
// left, ends its feed. A page keeps the last 5,000 happenings, and has 300 of them in its
// list until somebody asks for more.
//
// # Reading order
//
// lab.go, guard.go (who is let in), content.go (what is served), session.go, command.go
// and break.go (what a page asks for), pipe.go; then page/main.js and what it imports.
//
// pictures/ has what README shows. They are taken anew, with the browser tests, by
//
//	go test ./internal/e2e -run TestLabPictures -pictures
package lab
