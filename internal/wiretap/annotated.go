package wiretap

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"barewire/internal/annotate"
)

// AppendAnnotated appends a transcript for people to dst. It has the same events as
// the one that a TranscriptWriter writes, but each row ends at the end of a protocol
// field, and after the bytes it says what they are. Above each unit is a comment with
// its title and notes. options apply to every connection. comment, which may have
// several lines, comes before the first event.
//
//	0.000000 #1 > 11
//	// Text, FIN, 5 bytes, masked: "Hello"
//	  81                                               |.|                 FIN 1; opcode 1 text (RFC 6455 §5.6)
//	  85                                               |.|                 mask bit 1; payload length 5 (RFC 6455 §5.2)
//	  37 fa 21 3d                                      |7.!=|              masking key 37 fa 21 3d (RFC 6455 §5.3)
//	  7f 9f 4d 51 58                                   |..MQX|             text "Hello" (RFC 6455 §5.6)
//
// Parse reads it like any other transcript.
func AppendAnnotated(dst []byte, transcript *Transcript, options annotate.Options, comment string) []byte {
	dst = fmt.Appendf(dst, "%s\nstart %s\n\n", transcriptVersion, transcript.Start.Format(startLayout))
	for line := range strings.Lines(comment) {
		dst = append(dst, strings.TrimSpace("// "+line)...)
		dst = append(dst, '\n')
	}
	if comment != "" {
		dst = append(dst, '\n')
	}
	a := annotated{TranscriptWriter: NewTranscriptWriter(nil, transcript.Start), conns: unitsOf(transcript, options)}
	for i := range transcript.Events {
		a.event(&transcript.Events[i])
	}
	return append(dst, a.text...)
}

// annotated writes a transcript for people.
type annotated struct {
	*TranscriptWriter
	conns map[int]*[2]*explained
}

// explained is one direction of a connection: its units, and how many bytes of it have
// been written.
type explained struct {
	units []annotate.Unit
	at    int64 // bytes
}

// unitsOf returns the units of each connection's two directions.
func unitsOf(transcript *Transcript, options annotate.Options) map[int]*[2]*explained {
	conns := make(map[int]*[2]*explained)
	conversations := make(map[int]*annotate.Conversation)
	add := func(conn int, units []annotate.Unit) {
		for _, unit := range units {
			way := conns[conn][unit.Direction]
			way.units = append(way.units, unit)
		}
	}
	for i := range transcript.Events {
		event := &transcript.Events[i]
		if event.Kind == Opened {
			conversations[event.Conn] = annotate.New(options)
			conns[event.Conn] = &[2]*explained{new(explained), new(explained)}
			continue
		}
		add(event.Conn, event.AddTo(conversations[event.Conn]))
	}
	for conn, conversation := range conversations {
		add(conn, conversation.Finish())
	}
	return conns
}

// event appends an event like a TranscriptWriter, except for the rows.
func (a *annotated) event(event *Event) {
	if event.Kind != Bytes {
		a.appendEvent(event)
		return
	}
	a.text = append(a.text, '\n')
	a.appendLine(event)
	way := a.conns[event.Conn][event.Direction]
	for data := event.Bytes; len(data) > 0; {
		data = data[a.row(way, data):]
	}
}

// row appends the first row of data, and returns how many bytes it has.
func (a *annotated) row(way *explained, data []byte) int {
	for len(way.units) > 1 && way.at >= way.units[0].Offset+way.units[0].Length {
		way.units = way.units[1:]
	}
	unit := &way.units[0] // each byte belongs to a unit
	at := way.at - unit.Offset
	if at == 0 {
		a.title(unit)
	}
	end, text := explainRow(unit, at)
	length := int(min(int64(len(data)), end-at, rowBytes))
	a.text = appendRow(a.text, data[:length])
	if text != "" {
		a.text = append(a.text, strings.Repeat(" ", rowBytes-length+2)...)
		a.text = append(a.text, text...)
	}
	a.text = append(a.text, '\n')
	way.at += int64(length)
	return length
}

// title appends the title and the notes of a unit.
func (a *annotated) title(unit *annotate.Unit) {
	a.text = fmt.Appendf(a.text, "// %s\n", unit.Title)
	for i := range unit.Notes {
		note := &unit.Notes[i]
		a.text = fmt.Appendf(a.text, "//   * %s\n", inSection(cut(note.Field+": "+firstOf(note.Value, note.Meaning)), note.Section))
	}
}

// explainRow returns the end of the field that contains the byte at an offset of a unit,
// and the text for that row. The text describes the field if the field begins there. A
// line of a head is one field, and so are the bits of a byte. A broken rule is added to
// the field's last row.
func explainRow(unit *annotate.Unit, at int64) (end int64, text string) {
	var texts []string
	var section, broken string
	for i := range unit.Spans {
		span := &unit.Spans[i]
		if at < span.Offset || at >= span.Offset+span.Length {
			continue
		}
		broken = firstOf(broken, span.Broken)
		if span.Depth > 0 {
			continue
		}
		end = span.Offset + span.Length
		if t := fieldText(unit, i); at == span.Offset && t != "" {
			texts, section = append(texts, t), span.Section
		}
	}
	text = inSection(strings.Join(texts, "; "), section)
	if broken != "" && at+rowBytes >= end {
		text = strings.TrimSpace(text + "  !! " + broken)
	}
	return end, text
}

// fieldText returns the text for a span, or "" for a reserved bit that is 0.
func fieldText(unit *annotate.Unit, index int) string {
	span := &unit.Spans[index]
	switch {
	case span.Bits == 1 && span.Value == "0" && strings.HasPrefix(span.Field, "RSV"):
		return ""
	case span.Field == "CRLF":
		return span.Meaning
	case !unit.Leaf(index) && span.Meaning != "": // a header field, whose value is readable in the same row
		return span.Field + ": " + span.Meaning
	case !unit.Leaf(index):
		return span.Field
	}
	return cut(span.Field + " " + span.Value)
}

// maxRowText is how many characters a text may have; explain shows all of it.
const maxRowText = 80

// cut shortens text to maxRowText characters.
func cut(text string) string {
	if utf8.RuneCountInString(text) <= maxRowText {
		return text
	}
	return string([]rune(text)[:maxRowText]) + " ..."
}

// inSection adds the section in parentheses, if neither text nor section is empty.
func inSection(text, section string) string {
	if text == "" || section == "" {
		return text
	}
	return text + " (" + section + ")"
}

// firstOf returns first, or second if first is empty.
func firstOf(first, second string) string {
	if first != "" {
		return first
	}
	return second
}
