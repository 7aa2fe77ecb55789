package bufconn

import (
	"bytes"
	"os"
)

// inDebugger tells whether another process traces this one, as a debugger does:
// the kernel says which.
func inDebugger() bool {
	status, err := os.ReadFile("/proc/self/status")
	_, tracer, found := bytes.Cut(status, []byte("\nTracerPid:\t"))
	return err == nil && found && !bytes.HasPrefix(tracer, []byte("0\n"))
}
