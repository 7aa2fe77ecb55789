// Package cli is barewire's command line: it turns arguments into calls of the
// other packages, and their errors into one clear line and an exit status.
//
// # Where it is
//
//	socket ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//	[cli], around all of it: it creates the server or the client, and connects the
//	application to it
//
// # Commands
//
//	serve     Hello World! and the WebSocket digest on one port (the default)
//	dial      a WebSocket client: lines of standard input out, messages in
//	explain   what every byte and bit of captured traffic means
//	replay    plays a kept conversation to the server or the client, and compares
//	probe     breaks the rules on purpose against any server: expected beside got
//	smallest  the article's programs in their smallest form: one page of code
//	rfc       what the RFCs require, the code that does it, the tests that prove it
//	version   the version, Go's version, and the commit
//
// "barewire help NAME" prints the flags and the exit statuses of a command.
//
// # Terms
//
//   - command: the first word after barewire. The default is serve.
//   - usage error: the arguments are wrong. One line on standard error, status 2.
//     Like every error, it goes through plain (errortext.go).
//   - failure: the command could not do its work, for example because the port is taken.
//     One line, status 1.
//   - screen: a terminal on which messages arrive while the user types a line.
//
// # Sections
//
// This package implements none. "barewire rfc" prints those of the other packages.
//
// # Reading order
//
// cli.go (Run, the list of commands), output.go, errortext.go, version.go, flags.go, serve.go, tls.go, labflag.go and
// trace.go (the server), dial.go, dialraw.go, screen.go and background.go (the client),
// deterministic.go, explain.go, hexdump.go and explaintranscript.go, replay.go,
// probe.go and probereport.go, smallest.go, rfc.go and rfcjson.go.
package cli
