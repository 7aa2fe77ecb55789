//go:build !unix

package cli

// ignoreBrokenPipe does nothing: this system has no SIGPIPE.
func ignoreBrokenPipe() {}
