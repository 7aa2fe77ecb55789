package cli

import (
	"bytes"
	"fmt"
	"io"
	"sync/atomic"
	"time"
)

// backgroundWriter writes lines from a goroutine of its own. A terminal that was
// stopped with Ctrl-S, or a pipe that nobody reads, takes nothing and gives no
// error: whoever wrote to it would wait for ever, a connection that has something
// to log and the end of the program included.
type backgroundWriter struct {
	out   io.Writer
	lines chan []byte
	lost  atomic.Int64  // lines, since that was last written
	stop  chan struct{} // closed when no more lines are waited for
	done  chan struct{} // closed when the goroutine has ended
}

// waitingLines is how many lines may wait. The next ones are lost, and counted: nobody reads.
const waitingLines = 1000

// lastLinesTime is how long the end of the program waits for them to be written.
const lastLinesTime = time.Second

func newBackgroundWriter(out io.Writer) *backgroundWriter {
	w := &backgroundWriter{
		out: out, lines: make(chan []byte, waitingLines),
		stop: make(chan struct{}), done: make(chan struct{}),
	}
	go w.run()
	return w
}

// Write queues a line, or loses it. It never waits and never fails.
func (w *backgroundWriter) Write(line []byte) (int, error) {
	select {
	case w.lines <- bytes.Clone(line):
	default:
		w.lost.Add(1)
	}
	return len(line), nil
}

// run writes the lines until stop and, behind it, those that are there.
func (w *backgroundWriter) run() {
	defer close(w.done)
	for {
		select {
		case line := <-w.lines:
			w.write(line, 1)
			continue
		default:
		}
		if n := w.lost.Swap(0); n > 0 {
			w.write(fmt.Appendf(nil, "barewire: %d lines of this log were lost: nobody read it in time\n", n), n)
		}
		select {
		case line := <-w.lines:
			w.write(line, 1)
		case <-w.stop:
			return
		}
	}
}

// write writes a line, which stands for n lines if it is lost.
func (w *backgroundWriter) write(line []byte, n int64) {
	if _, err := w.out.Write(line); err != nil {
		w.lost.Add(n)
	}
}

// end waits until all lines are written, or for as long as that may take. What is
// written later may be lost.
func (w *backgroundWriter) end() {
	close(w.stop)
	timer := time.NewTimer(lastLinesTime)
	defer timer.Stop()
	select {
	case <-w.done:
	case <-timer.C:
	}
}
