//go:build unix

package cli

import (
	"os/signal"
	"syscall"
)

// ignoreBrokenPipe makes a write to a standard error that nobody reads any more fail,
// where it would end the program.
func ignoreBrokenPipe() { signal.Ignore(syscall.SIGPIPE) }
