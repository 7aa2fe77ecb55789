package cli

import (
	"io"
	"sync"
)

// output is a command's standard output. It remembers the first error, so that Run can
// report it: no command needs to check each thing that it prints.
//
// A descriptor that was closed (>&-) is not noticed. Before the first line of a program
// Go opens the null device in its place, exactly as parents do that want no output.
type output struct {
	to  io.Writer
	mu  sync.Mutex
	err error
}

// Write writes, unless that has failed before.
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
