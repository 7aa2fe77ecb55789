package wiretap

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"barewire/internal/annotate"
	"barewire/wsframe"
)

// These tests read the transcripts in this package's comments, and hold them to what
// the code reads and writes.

// drawn returns the indented lines of a file's comments, from one that begins with
// first to one that begins with last.
func drawn(t *testing.T, file, first, last string) string {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, text, found := strings.Cut(string(source), "\n//\t"+first)
	text, end, ended := strings.Cut(text, "\n//\t"+last)
	if !found || !ended {
		t.Fatalf("%s has no drawing from %q to %q", file, first, last)
	}
	rest, _, _ := strings.Cut(end, "\n")
	lines := strings.Split(first+text+"\n//\t"+last+rest, "\n")
	for i := range lines {
		lines[i] = strings.TrimPrefix(strings.TrimPrefix(lines[i], "//"), "\t")
	}
	return strings.Join(lines, "\n") + "\n"
}

// TestPageTranscript: the transcript on the page can be read, and is written again
// just so.
func TestPageTranscript(t *testing.T) {
	text := drawn(t, "doc.go", "barewire transcript", "0.001544 #1 closed")
	recording, err := Parse(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	var again bytes.Buffer
	if err := NewTranscript(&again, recording.Start).Record(recording.Events); err != nil || again.String() != text {
		t.Errorf("the page's transcript is written again (%v) as\n%s\nand on the page it is\n%s", err, &again, text)
	}
}

// TestAnnotatedDrawing: the frame over AppendAnnotated is what that writes.
func TestAnnotatedDrawing(t *testing.T) {
	text := drawn(t, "annotated.go", "0.000000 #1 > 11", "  7f")
	octets := func(direction annotate.Direction, octets string) Event {
		return Event{Conn: 1, Time: began, Kind: Octets, Direction: direction, Octets: []byte(octets)}
	}
	recording := Recording{Start: began, Events: []Event{
		{Conn: 1, Time: began, Kind: Opened, Peers: Peers{wsframe.Server, "a", "b"}},
		octets(annotate.ClientToServer, "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
			"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"),
		octets(annotate.ServerToClient, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
			"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"),
		octets(annotate.ClientToServer, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"),
	}}
	if written := string(AppendAnnotated(nil, &recording, annotate.Options{}, "")); !strings.Contains(written, text) {
		t.Errorf("over AppendAnnotated stands\n%s\nand it writes\n%s", text, written)
	}
}

// TestPrinterDrawing: the rows over Printer are rows that it prints, blanks aside.
func TestPrinterDrawing(t *testing.T) {
	var out bytes.Buffer
	const request = "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"
	after := began.Add(2 * time.Millisecond)
	err := NewPrinter(&out, annotate.Printer{}, annotate.Options{}).Record([]Event{
		{Conn: 1, Time: began, Kind: Opened, Peers: Peers{wsframe.Server, "127.0.0.1:8080", "127.0.0.1:40000"}},
		{Conn: 1, Time: began, Kind: Octets, Direction: annotate.ClientToServer, Octets: []byte(request)},
		{Conn: 1, Time: after, Kind: Octets, Direction: annotate.ServerToClient, Octets: bytes.Repeat([]byte("x"), 129)},
		{Conn: 1, Time: after, Kind: Closed},
	})
	if err != nil {
		t.Fatal(err)
	}
	oneBlank := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	for _, row := range strings.Split(drawn(t, "printer.go", "→ #1  GET", "• #1 closed"), "\n") {
		if row != "..." && !strings.Contains(oneBlank(out.String()), oneBlank(row)) {
			t.Errorf("the row %q is drawn, and printed is\n%s", row, &out)
		}
	}
}

// TestPageLimits: the page says how far a sink may fall behind, and how long a row is.
func TestPageLimits(t *testing.T) {
	source, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`\s*\n//\s*`).ReplaceAllString(string(source), " ")
	for _, want := range []string{
		fmt.Sprintf("falls behind by more than %d MiB", maxWaiting>>20), fmt.Sprintf("two blanks, 1 to %d octets", rowOctets),
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}
