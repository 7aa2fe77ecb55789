// Command tour makes the debugger's tour of barewire from the stops in the code. Each stop
// is a comment above the line to stop at:
//
//	// tour 3.4: still masked: each byte is to be XORed with one of the key (RFC 6455 §5.3)
//	wsframe.Mask(piece, f.Key, position)        ◀── the debugger stops here
//
// What else there is to know of a stop is in parts.go: the variables to look at, with their
// values in the kept conversation that belongs to the part. README.md has both as a table.
//
// "go generate ./internal/tour" writes the table, Delve's scripts (*.dlv), and the stops
// for VS Code's extension CodeTour (.tours). None of them has the number of a line. A test
// reports when one is stale; another one, with CI=true, runs the scripts and compares
// what Delve prints with the values.
package main
