// Package lab is the page /lab: it shows in a browser what passes between a client
// and this server, down to the bit.
//
// # Where it stands
//
//	socket ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//	[lab] is at both ends: its page is served like any other, and commands a client
//
// # Terms
//
//   - page: what the browser shows, together with its session in the server.
//   - feed: the WebSocket between the page and its session.
//   - command: what the page asks for, a JSON object in a text message.
//   - happening: what the page is told, a JSON object on the same feed.
//
// # Sections
//
//	RFC 9110 §7.4     which hosts a server answers for    Lab.Page
//	RFC 6455 §10.2    which pages may open the feed       Lab.Upgrade
//
// # The path of a command
//
//	browser                                   this process
//	┌──────────┐  /lab/feed, a WebSocket  ┌─────────┐ commands ┌────────────┐   pipe   ┌────────┐
//	│ the page │ ────── commands ───────▶ │ session │ ───────▶ │ our client │ ───────▶ │ our    │
//	│          │ ◀──── happenings ─────── │         │          │            │ ◀─────── │ server │
//	└──────────┘                          └─────────┘          └─────┬──────┘          └────────┘
//	                                           ▲   annotate ◀── wiretap
//	                                           └──────────┘
//
// The page chooses what to do: fetch, open, send, ping, close, break a rule. A
// [session] does it with our own client, over connections that never leave the
// process. A tap on them sends the page everything that passes, as units of package
// annotate. So the page shows control frames, masks and fragments, which browsers
// hide from pages, and it can send what no browser sends. The connections of the
// real server have no tap: the lab costs them nothing.
//
// Each session makes an id of 128 random bits, and the connections of its page carry
// it in their request-targets, as in /echo?page=JBSWY3DP. The lab opens a connection
// only for an id, with that page's tap on it. So a page sees only what it asked for
// itself, and no bytes of another page, except for what /chat delivers to everyone.
// The feed itself has no tap.
//
// # Access
//
// The lab is off by default when the server can be reached from other machines. The
// Host field must match where the page is served: the address and port that the
// server listens on; localhost and that port, on a loopback address; any address of
// this machine, on a wildcard address; and the names that -origin gives, for a lab
// that is reached through a proxy. This prevents DNS rebinding: an attacker points a
// name to this machine, and the attacker's page could then read the answers, but its
// Host field names none of these. The feed requires the page's own Origin (RFC 6455
// §10.2). The page loads only from this server: its Content-Security-Policy allows
// no other source, and does not allow text to become script.
//
// # Commands
//
// Commands and happenings are JSON in text messages. A command is one object: "do"
// names it, and the other keys may be left out.
//
//	do       its other keys
//	"fetch"  path: a GET of it, on a connection of its own
//	"open"   path, compress: a WebSocket, instead of the one that is open
//	"send"   text, binary (text is hexadecimal), fragments (sizes in bytes; the rest
//	         goes in one more), times
//	"ping"   text
//	"close"  code (0: none), reason
//	"break"  fault: its id, as in catalogue.json
//
// # Happenings
//
// Happenings come in arrays, in the order in which things happened on each
// connection. A key is left out when its value is 0, "" or false.
//
//	what       its other keys
//	"page"     text: the id of the page; sent once, before everything else
//	"opened"   a connection begins
//	"unit"     unit: as annotate describes it
//	"ended"    text: which side sends no more
//	"closed"   text: what went wrong, if anything
//	"state"    state: open; and if it is true conn, path, compressed of the WebSocket
//	"verdict"  verdict: fault, title, teaches, section, level, legal, verdict, want, got,
//	           reason; sent after everything that passed on the fault's connection
//	"problem"  text: why a command was not done
//
// conn counts the connections of the page from 1, and time is in milliseconds since
// the first happening; both are present when a happening is about a connection.
//
// # Content
//
//	/lab                 the page; its parts are under /lab/, as in the folder page
//	/lab/catalogue.json  the faults: id, title, category, teaches, section, level, legal
//	/lab/rules.json      the requirements: id, section, level, text; and for each the
//	                     code that enforces it and the tests that prove it, or the
//	                     excuse. at is the place, with a line number if the program
//	                     runs in its own source folder; line is the text there
//
// # Limits
//
// There are at most 64 pages. Each has at most one open WebSocket and one running
// fault. A command sends at most 2,000 messages, 64 fragments and 1 MiB in total, and
// waits at most five seconds for an answer; it is a message to the server, so it may
// not exceed -max-message. A feed ends when more than 32 MiB wait for a slow page, or
// more than the server's memory budget has left. A page keeps the last 5,000 happenings,
// and lists 300 of them until the user asks for more.
//
// # Reading order
//
// lab.go, guard.go (who has access), content.go (what is served), session.go, command.go
// and break.go (what a page asks for), pipe.go; then page/main.js and what it imports.
//
// pictures/ has the pictures of the README. To take them again, with the browser tests:
//
//	go test ./internal/e2e -run TestLabPictures -pictures
package lab
