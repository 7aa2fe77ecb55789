//go:build unix

package cli

import (
	"os/signal"
	"syscall"
)

// ignoreBrokenPipe makes a write to standard error fail if its reader has ended. Without
// it, SIGPIPE would end the program.
func ignoreBrokenPipe() { signal.Ignore(syscall.SIGPIPE) }
