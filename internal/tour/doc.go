// Command tour generates the debugger's tour of barewire from the stops in the code. Each
// stop is a comment above the line where the debugger stops:
//
//	// tour 3.4: still masked: each byte is to be XORed with one of the key (RFC 6455 §5.3)
//	wsframe.Mask(piece, f.Key, position)        ◀── the debugger stops here
//
// parts.go has the rest: for each stop, the variables to look at, with their values in the
// kept conversation of that part. README.md has all of it as a table.
//
// "go generate ./internal/tour" writes the table, the scripts for Delve (*.dlv), and the
// stops for the VS Code extension CodeTour (.tours). None of them contains a line number
// of a file. One test reports files that are out of date; another one, with CI=true, runs
// the scripts and compares what Delve prints with the expected values.
package main
