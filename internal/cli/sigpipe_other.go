//go:build !unix

package cli

// ignoreBrokenPipe does nothing where there is no such signal.
func ignoreBrokenPipe() {}
