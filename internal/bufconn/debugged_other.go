//go:build !linux

package bufconn

// inDebugger is a simplification: only Linux tells in a file. Elsewhere a stop has to
// last as long as shortestStop to count.
func inDebugger() bool { return false }
