package wiretap

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"barewire/internal/annotate"
)

// transcriptVersion is the first line of a transcript.
const transcriptVersion = "barewire transcript 1"

// startLayout is how the second line writes the time.
const startLayout = "2006-01-02T15:04:05.000000Z"

// rowBytes is the maximum number of bytes in a row.
const rowBytes = 16

// TranscriptWriter is a Sink that writes a transcript, in the format that the package
// comment describes. NewTranscriptWriter creates one.
type TranscriptWriter struct {
	out   io.Writer
	start time.Time
	begun bool
	text  []byte
}

// NewTranscriptWriter returns a sink that writes a transcript to out. Its times count from
// start, in whole microseconds, as Tap.Start returns it. The caller closes out after
// Tap.Close.
func NewTranscriptWriter(out io.Writer, start time.Time) *TranscriptWriter {
	return &TranscriptWriter{out: out, start: start.UTC().Round(0).Truncate(time.Microsecond)}
}

// Record writes the events in one Write, so there is nothing to flush. It returns the
// error of out, or an error if an event is older than the start.
func (t *TranscriptWriter) Record(events []Event) error {
	t.text = t.text[:0]
	if !t.begun {
		t.text = fmt.Appendf(t.text, "%s\nstart %s\n\n", transcriptVersion, t.start.Format(startLayout))
		t.begun = true
	}
	for i := range events {
		if events[i].Time.Before(t.start) {
			return errors.New("an event is older than the start of the transcript")
		}
		t.appendEvent(&events[i])
	}
	_, err := t.out.Write(t.text)
	return err
}

// appendEvent appends the line of an event and, if bytes passed, their rows.
func (t *TranscriptWriter) appendEvent(event *Event) {
	t.appendLine(event)
	for data := event.Bytes; len(data) > 0; {
		n := rowLength(data)
		t.text = append(appendRow(t.text, data[:n]), '\n')
		data = data[n:]
	}
}

// appendLine appends the line of an event.
func (t *TranscriptWriter) appendLine(event *Event) {
	since := event.Time.Sub(t.start).Microseconds()
	t.text = fmt.Appendf(t.text, "%d.%06d #%d ", since/1e6, since%1e6, event.Conn)
	switch event.Kind {
	case Opened:
		t.text = fmt.Appendf(t.text, "opened %v %s %s\n", event.Peers.Role,
			strconv.QuoteToASCII(event.Peers.Local), strconv.QuoteToASCII(event.Peers.Remote))
	case Bytes:
		t.text = fmt.Appendf(t.text, "%c %d\n", arrow(event.Direction), len(event.Bytes))
	case Ended:
		t.text = fmt.Appendf(t.text, "%c ended\n", arrow(event.Direction))
	case Closed:
		t.text = fmt.Appendf(t.text, "closed %s\n", strconv.QuoteToASCII(event.Err))
	case Reset:
		t.text = fmt.Appendf(t.text, "reset %s\n", strconv.QuoteToASCII(event.Err))
	}
}

// arrow returns the sign of a direction.
func arrow(direction annotate.Direction) byte {
	if direction == annotate.ClientToServer {
		return '>'
	}
	return '<'
}

// appendRow appends the bytes of a row in hexadecimal and as text.
func appendRow(dst, row []byte) []byte {
	dst = append(dst, ' ')
	for _, c := range row {
		dst = append(dst, ' ', hexDigits[c>>4], hexDigits[c&0x0f])
	}
	for range rowBytes - len(row) {
		dst = append(dst, "   "...)
	}
	dst = append(dst, "  |"...)
	for _, c := range row {
		if c < ' ' || c > '~' {
			c = '.'
		}
		dst = append(dst, c)
	}
	return append(dst, '|')
}

const hexDigits = "0123456789abcdef"

// rowLength returns how many bytes of data are in the next row: up to the line feed, and
// at most 16.
func rowLength(data []byte) int {
	for i, c := range data[:min(len(data), rowBytes)] {
		if c == '\n' {
			return i + 1
		}
	}
	return min(len(data), rowBytes)
}
