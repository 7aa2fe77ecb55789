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

// TestBackgroundWriter: all lines are there at the end, in their order.
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
		t.Errorf("%d lines are there, want 500: %.100q ...", strings.Count(out.String(), "\n"), out.String())
	}
}

// stuck is a terminal that was stopped with Ctrl-S.
type stuck chan struct{}

func (s stuck) Write(text []byte) (int, error) {
	<-s
	return len(text), nil
}

// TestBackgroundWriterStuck: where nothing can be written, neither a line nor the
// end is waited for.
func TestBackgroundWriterStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		terminal := make(stuck)
		began := time.Now()
		w := newBackgroundWriter(terminal)
		for range 3 * waitingLines {
			io.WriteString(w, "line\n")
		}
		if took := time.Since(began); took > 0 {
			t.Errorf("writing took %v, want no wait", took)
		}
		w.end()
		if took := time.Since(began); took != lastLinesTime {
			t.Errorf("the end took %v, want %v", took, lastLinesTime)
		}
		close(terminal)
	})
}

// fading is a reader that goes away, and may come back.
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

// TestLostLinesAreCounted: those for which there was no room, and those that could not
// be written.
func TestLostLinesAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		terminal := make(stuck)
		reader := &fading{gone: true}
		w := newBackgroundWriter(io.MultiWriter(terminal, reader))
		for range 5 {
			io.WriteString(w, "gone\n")
			terminal <- struct{}{} // the line, which is lost
			terminal <- struct{}{} // the count, which is lost too, and kept
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
			"barewire: 12 lines of this log were lost: nobody read it in time\n"
		if got := reader.String(); got != want {
			t.Errorf("got %d lines, the last ones %q", strings.Count(got, "\n"), got[max(0, len(got)-100):])
		}
	})
}
