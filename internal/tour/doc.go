// Package tour is the debugger's tour of barewire: stops on the way of a byte,
// each a comment over the line to stop at, and what debuggers and editors need to
// go from one to the next.
//
//	// tour 3.5: unmasked in its place; a text must be UTF-8 (RFC 6455 §8.1)
//	//	string(piece) = "Hello", c.left = 0
//	valid, ok := c.text.Check(piece)        ◀── the debugger stops here
//
// # The marks
//
// A mark is the end of a comment in a function, and marks the line below it. It
// has the leg of the tour and the stop's number in it, then what is to be seen,
// with its section. The lines that begin with a tab say which variables to look
// at, with their values in the conversation that belongs to the leg. An
// expression is one of Delve's, and a value is written as
//
//	40, true, nil      as in Go
//	Text (1)           a constant, by name and number
//	"GET"              a string, quoted as in Go
//	37 fa 21 3d        octets, in hex
//
// A mark may have a condition, for a line that is passed before its turn:
//
//	// tour 3.9, if 0 < before && before < c.written: ...
//
// Marks reads them from the source. The legs and their conversations stand in
// Legs; the conversations are files of fixed octets, which "barewire replay"
// plays to the server in one process, so that the values are the same each time.
//
// # What is made from them
//
// "go generate ./internal/tour" writes all of these, through Generate:
//
//	internal/tour/*.dlv      scripts for Delve, one a leg, and one with all stops
//	.vscode/launch.json      for VS Code: each leg, the server, the client, and both
//	.tours/barewire.tour     the stops for VS Code's extension CodeTour
//	.run/*.run.xml           for GoLand: the same as for VS Code
//	README.md                the table of stops, between two markers
//
// None of them has the number of a line, which every edit above it would change.
//
// # What is tested
//
// A test fails when one of these files is stale. Others run each leg under Delve:
// every stop has to be passed, in order, and its variables to be there with the
// values that the mark says. So a mark whose line has moved from under it, or
// whose variable was renamed, is found. And a server that is held at a stop for
// longer than each of its time-outs has to go on as if nothing had been.
package tour
