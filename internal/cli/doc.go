// Package cli is barewire's command line: it turns arguments into calls of the
// other packages, and their errors into one clear line and an exit status.
//
// # Where it stands
//
//	socket ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//	[cli], around it all: it makes the server or the client, and puts the application
//	behind a connection
//
// # Commands
//
//	serve     Hello World! and the WebSocket digest on one port (the default)
//	dial      a WebSocket client: lines of standard input out, messages in
//	explain   what every octet and bit of captured traffic means
//	replay    plays a kept conversation to the server or the client, and compares
//	probe     breaks the rules against any server: expected beside got
//	smallest  the article's programs in their smallest form: one page of code
//	rfc       what the RFCs demand, the code that does it, the tests that prove it
//	version   the version, Go's version, and the commit
//
// "barewire help NAME" prints the flags and the exit statuses of one.
//
// # Terms
//
//   - command: one word behind barewire; without one it is serve.
//   - usage error: what was not understood. One line on standard error, status 2.
//     Like every error it passes plain (errortext.go).
//   - failure: what could not be done, as a taken port. One line, status 1.
//   - screen: a terminal on which messages come while a line is being typed.
//
// # Sections
//
// None of its own: "barewire rfc" prints those of the others.
//
// # Reading order
//
// cli.go (Run, the list of commands), output.go, errortext.go, version.go, flags.go, serve.go, tls.go, labflag.go and
// trace.go (the server), dial.go, dialraw.go, screen.go and background.go (the client),
// deterministic.go, explain.go, hexdump.go and explaintranscript.go, replay.go,
// probe.go and probereport.go, smallest.go, rfc.go and rfcjson.go.
package cli
