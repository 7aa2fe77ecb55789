package cli

import (
	"bytes"
	"fmt"
	"io"
	"sync/atomic"
	"time"
)

// backgroundWriter writes lines from its own goroutine. A write to a terminal that was
// stopped with Ctrl-S, or to a pipe that nobody reads, blocks forever. Without this type
// it would block the connection that logs the line, and the end of the program.
type backgroundWriter struct {
	out   io.Writer
	lines chan []byte
	lost  atomic.Int64  // lines lost since the count was last written
	stop  chan struct{} // closed by end
	done  chan struct{} // closed when the goroutine has ended
}

// waitingLines is how many lines may wait to be written. Further lines are lost, and
// counted.
const waitingLines = 1000

// lastLinesTime is how long end waits for these lines to be written.
const lastLinesTime = time.Second

func newBackgroundWriter(out io.Writer) *backgroundWriter {
	w := &backgroundWriter{
		out: out, lines: make(chan []byte, waitingLines),
		stop: make(chan struct{}), done: make(chan struct{}),
	}
	go w.run()
	return w
}

// Write queues a line, or drops it if the queue is full. It never blocks and never fails.
func (w *backgroundWriter) Write(line []byte) (int, error) {
	select {
	case w.lines <- bytes.Clone(line):
	default:
		w.lost.Add(1)
	}
	return len(line), nil
}

// run writes lines until stop is closed and the queue is empty.
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
			w.write(fmt.Appendf(nil, "barewire: %d lines of this log were lost because they were not read in time\n", n), n)
		}
		select {
		case line := <-w.lines:
			w.write(line, 1)
		case <-w.stop:
			return
		}
	}
}

// write writes a line. If that fails, it counts n lines as lost.
func (w *backgroundWriter) write(line []byte, n int64) {
	if _, err := w.out.Write(line); err != nil {
		w.lost.Add(n)
	}
}

// end waits until all lines are written, but at most lastLinesTime. Lines that are queued
// after end was called may be lost.
func (w *backgroundWriter) end() {
	close(w.stop)
	timer := time.NewTimer(lastLinesTime)
	defer timer.Stop()
	select {
	case <-w.done:
	case <-timer.C:
	}
}
