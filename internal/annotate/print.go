package annotate

import "strconv"

// Printer formats units as text, for people. The zero Printer is ready to use: it has
// no colors and 110 columns. Its methods do no I/O and do not change it.
//
//	→ Text, FIN, 5 bytes, masked: "Hello"                                     bytes 0 to 10
//	   0  1... ....                FIN              1        the last frame of its message
//	...
//	   6  7f 9f 4d 51 58           unmasked         48 65 6c 6c 6f           Hello
//
// An arrow to the right marks bytes from the client, one to the left bytes from the
// server. Offsets in the rows count from the start of the unit. A broken rule has a
// line of its own, which begins with !!.
type Printer struct {
	// Color asks for ANSI escape sequences. The caller finds out whether there is
	// a terminal, and whether NO_COLOR is set.
	Color bool

	// Width is the number of columns; 0 means 110, and values below 80 mean 80.
	Width int

	// Label is printed before each title, for example the connection's number.
	Label string
}

// The columns of a row: offset, bytes, text, section.
const (
	offsetWidth  = 5
	rowBytes     = 8
	bytesWidth   = 3*rowBytes - 1
	textAt       = offsetWidth + 2 + bytesWidth + 2
	sectionWidth = 16
	fieldWidth   = 17
	valueWidth   = 10

	// payloadRows is how many rows of a payload are shown, and printedValue how
	// many bytes of a value: nobody reads a page of hexadecimal.
	payloadRows  = 4
	printedValue = 140
)

// The colors, as ANSI escape sequences.
const (
	bold  = "\x1b[1m"
	faint = "\x1b[2m"
	red   = "\x1b[1;31m"
	blue  = "\x1b[1;36m"
	green = "\x1b[1;32m"
	reset = "\x1b[0m"
)

// AppendUnit appends the text of u, which ends in an empty line, to dst. Whatever a
// peer sent is escaped where it is not printable, so that it cannot control the
// terminal.
func (p *Printer) AppendUnit(dst []byte, u *Unit) []byte {
	dst = p.appendTitle(dst, u)
	for i := 0; i < len(u.Spans); i++ {
		dst = p.appendSpan(dst, u, i)
	}
	for i := range u.Notes {
		note := &u.Notes[i]
		text := oneBelow(note.Value, note.Meaning, p.textWidth()-1)
		dst = p.appendRow(dst, row{left: "* " + note.Field, text: text, section: note.Section})
		dst = p.appendBroken(dst, note.Broken)
	}
	return append(dst, '\n')
}

// appendTitle appends the first line of a unit.
func (p *Printer) appendTitle(dst []byte, u *Unit) []byte {
	arrow, color := "→ ", blue
	if u.Direction == ServerToClient {
		arrow, color = "← ", green
	}
	title := u.Title
	if u.Incomplete {
		title += " (incomplete)"
	}
	if p.Label != "" {
		title = p.Label + "  " + title
	}
	place := "byte " + strconv.FormatInt(u.Offset, 10)
	if u.Length > 1 {
		place = "bytes " + strconv.FormatInt(u.Offset, 10) + " to " + strconv.FormatInt(u.Offset+u.Length-1, 10)
	}
	title = arrow + title
	dst = p.appendColored(dst, color, title)
	gap := p.width() - columns(title) - len(place)
	dst = appendSpaces(dst, max(gap, 2))
	dst = p.appendColored(dst, faint, place)
	return append(dst, '\n')
}

// appendSpan appends the rows of one span. Whitespace and line ends have no rows
// unless they break a rule. The parts of a header field have none either: the field
// is shown as one line.
func (p *Printer) appendSpan(dst []byte, u *Unit, index int) []byte {
	span := &u.Spans[index]
	field := !u.Leaf(index) && u.Spans[index+1].Field == "field-name"
	switch {
	case span.Broken != "":
	case !u.Leaf(index) && !field:
		return dst
	case span.Depth > 0 && (span.Meaning == "" || span.Field == "CRLF" || insideField(u, index)):
		return dst
	}
	offset := strconv.FormatInt(span.Offset, 10)
	switch {
	case field:
		text := oneBelow(span.Field+": "+span.Value, span.Meaning, p.textWidth()-1)
		dst = p.appendRow(dst, row{offset, fewBytes(u, span), text, 2, span.Section})
	case u.Payload != nil && span.Offset+span.Length > u.Length-u.payloadLength() && span.Bits == 0:
		dst = p.appendPayload(dst, u, span)
	default:
		text, hang := inColumns(span.Field, span.Value, span.Meaning)
		dst = p.appendRow(dst, row{offset, fewBytes(u, span), text, hang, span.Section})
	}
	return p.appendBroken(dst, span.Broken)
}

// insideField reports whether the span at index is a part of a header field.
func insideField(u *Unit, index int) bool {
	for index > 0 && u.Spans[index].Depth > 0 {
		if u.Spans[index].Field == "field-name" {
			return true
		}
		index--
	}
	return false
}

// payloadLength returns how many bytes of the unit, a frame, are payload.
func (u *Unit) payloadLength() int64 {
	return u.Missing + int64(len(u.Payload))
}

// appendPayload appends the rows of a piece of payload: its text, and all of its
// bytes, as they were on the wire and unmasked.
func (p *Printer) appendPayload(dst []byte, u *Unit, span *Span) []byte {
	start := int(min(span.Offset, int64(len(u.Bytes))))
	wire := u.Bytes[start:min(span.Offset+span.Length, int64(len(u.Bytes)))]
	meant := u.Payload[start-(len(u.Bytes)-len(u.Payload)):][:len(wire)]
	masked := string(wire) != string(meant)

	text, hang := inColumns(span.Field, span.Value, span.Meaning)
	first := row{strconv.FormatInt(span.Offset, 10), fewBytes(u, span), text, hang, span.Section}
	if !masked && span.Length <= rowBytes {
		return p.appendRow(dst, first)
	}
	first.offset, first.left = "", ""
	dst = p.appendRow(dst, first)

	shown := min(len(wire), payloadRows*rowBytes)
	beside := appendPadded(nil, "", fieldWidth)
	if masked {
		beside = appendPadded(nil, "unmasked", fieldWidth)
	}
	for at := 0; at < shown; at += rowBytes {
		end := min(at+rowBytes, shown)
		line := beside
		if masked {
			line = appendPadded(beside, hexBytes(meant[at:end], rowBytes), bytesWidth+2)
		}
		line = appendText(line, meant[at:end])
		dst = p.appendRow(dst, row{offset: strconv.Itoa(start + at), left: hexBytes(wire[at:end], rowBytes), text: string(line)})
	}
	if more := span.Length - int64(shown); more > 0 {
		dst = p.appendRow(dst, row{left: "...", text: "and " + byteCount(more) + " more"})
	}
	return dst
}

// appendBroken appends the line of a broken rule, if there is one.
func (p *Printer) appendBroken(dst []byte, rule string) []byte {
	if rule == "" {
		return dst
	}
	for i, line := range wrapped(rule, p.width()-textAt, 0) {
		mark := "!! BROKEN RULE"
		if i > 0 {
			mark = "!!"
		}
		dst = p.appendColored(dst, red, string(appendPadded(nil, mark, textAt))+line)
		dst = append(dst, '\n')
	}
	return dst
}

// textWidth is the width between the bytes and the section.
func (p *Printer) textWidth() int { return p.width() - textAt - sectionWidth }

func (p *Printer) width() int {
	if p.Width == 0 {
		return 110
	}
	return max(p.Width, 80)
}

// appendColored appends text in a color, if colors are asked for.
func (p *Printer) appendColored(dst []byte, color, text string) []byte {
	if !p.Color || text == "" {
		return append(dst, text...)
	}
	dst = append(dst, color...)
	dst = append(dst, text...)
	return append(dst, reset...)
}
