package cli

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestBackgroundWriter: after end, all lines are written in order.
func TestBackgroundWriter(t *testing.T) {
	var out bytes.Buffer
	w := newBackgroundWriter(&out)
	want := ""
	for i := range 500 {
		line := fmt.Sprintf("line %d\n", i)
		io.WriteString(w, line)
		want += line
	}
	w.end()
	if out.String() != want {
		t.Errorf("%d lines were written, want 500: %.100q ...", strings.Count(out.String(), "\n"), out.String())
	}
}

// stuck is a writer that blocks, like a terminal that was stopped with Ctrl-S.
type stuck chan struct{}

func (s stuck) Write(text []byte) (int, error) {
	<-s
	return len(text), nil
}

// TestBackgroundWriterStuck: if the output blocks, Write does not wait, and end does not
// wait forever.
func TestBackgroundWriterStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		terminal := make(stuck)
		began := time.Now()
		w := newBackgroundWriter(terminal)
		for range 3 * waitingLines {
			io.WriteString(w, "line\n")
		}
		if took := time.Since(began); took > 0 {
			t.Errorf("Write took %v, want no wait", took)
		}
		w.end()
		if took := time.Since(began); took != lastLinesTime {
			t.Errorf("end took %v, want %v", took, lastLinesTime)
		}
		close(terminal)
	})
}

// fading is a writer whose reader goes away, and may come back.
type fading struct {
	bytes.Buffer
	gone bool
}

func (f *fading) Write(text []byte) (int, error) {
	if f.gone {
		return 0, io.ErrClosedPipe
	}
	return f.Buffer.Write(text)
}

// TestLostLinesAreCounted: lines that found the queue full and lines that could not be
// written are counted.
func TestLostLinesAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		terminal := make(stuck)
		reader := &fading{gone: true}
		w := newBackgroundWriter(io.MultiWriter(terminal, reader))
		for range 5 {
			io.WriteString(w, "gone\n")
			terminal <- struct{}{} // the line is lost
			terminal <- struct{}{} // the report of the count is lost too; the count is kept
		}
		synctest.Wait()
		reader.gone = false
		io.WriteString(w, "taken from the queue\n")
		synctest.Wait()
		for range waitingLines + 7 {
			io.WriteString(w, "line\n")
		}
		close(terminal)
		w.end()
		want := "taken from the queue\n" + strings.Repeat("line\n", waitingLines) +
			"barewire: 12 lines of this log were lost because they were not read in time\n"
		if got := reader.String(); got != want {
			t.Errorf("got %d lines, the last ones %q", strings.Count(got, "\n"), got[max(0, len(got)-100):])
		}
	})
}
