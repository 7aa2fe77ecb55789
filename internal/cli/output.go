package cli

import (
	"io"
	"sync"
)

// output is a command's standard output. It keeps the first error, which Run reports:
// commands do not need to check the error of each write.
//
// output does not detect that standard output was closed by the shell (>&-). At its start
// a Go program opens the null device instead, as for a parent that wants no output.
type output struct {
	to  io.Writer
	mu  sync.Mutex
	err error
}

// Write writes text, unless an earlier write has failed.
func (o *output) Write(text []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.to.Write(text)
	o.err = err
	return n, err
}

// failed returns the first error.
func (o *output) failed() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}
