package annotate

import "strconv"

// Printer writes units as text, for people. The zero Printer is ready: without
// colours, and 110 columns wide. It does no I/O and is not changed by its use.
//
//	→ Text, FIN, 5 octets, masked: "Hello"                                    octets 0 to 10
//	   0  1... ....                FIN              1        the last frame of its message
//	...
//	   6  7f 9f 4d 51 58           unmasked         48 65 6c 6c 6f           Hello
//
// An arrow to the right is the client's, one to the left the server's. Offsets in
// the rows count from the start of the unit. A broken rule has a line of its own,
// which begins with !!.
type Printer struct {
	// Colour asks for ANSI escape sequences. The caller knows whether there is a
	// terminal, and whether NO_COLOR is set.
	Colour bool

	// Width is how many columns there are; 0 means 110, and less than 80 is
	// taken for 80.
	Width int

	// Label stands in front of each title: which connection this is, say.
	Label string
}

// The columns of a row: offset, octets, and behind them text and section.
const (
	offsetWidth  = 5
	rowOctets    = 8
	octetsWidth  = 3*rowOctets - 1
	textAt       = offsetWidth + 2 + octetsWidth + 2
	sectionWidth = 16
	fieldWidth   = 17
	valueWidth   = 10

	// payloadRows is how many rows of a payload are shown, and printedValue how
	// much of a value is: a page of hexadecimal explains nothing.
	payloadRows  = 4
	printedValue = 140
)

// The colours, as ANSI has them.
const (
	bold  = "\x1b[1m"
	faint = "\x1b[2m"
	red   = "\x1b[1;31m"
	blue  = "\x1b[1;36m"
	green = "\x1b[1;32m"
	plane = "\x1b[0m"
)

// AppendUnit appends the text of u, which ends in an empty line, to dst. All that
// the peers chose is spelled out as far as it is not printable, so a terminal
// obeys nobody but us.
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
	arrow, colour := "→ ", blue
	if u.Direction == ServerToClient {
		arrow, colour = "← ", green
	}
	title := u.Title
	if u.Incomplete {
		title += " (incomplete)"
	}
	if p.Label != "" {
		title = p.Label + "  " + title
	}
	place := "octet " + strconv.FormatInt(u.Offset, 10)
	if u.Length > 1 {
		place = "octets " + strconv.FormatInt(u.Offset, 10) + " to " + strconv.FormatInt(u.Offset+u.Length-1, 10)
	}
	title = arrow + title
	dst = p.appendColoured(dst, colour, title)
	gap := p.width() - columns(title) - len(place)
	dst = appendSpaces(dst, max(gap, 2))
	dst = p.appendColoured(dst, faint, place)
	return append(dst, '\n')
}

// appendSpan appends the rows of one span. White space and line ends have none
// unless they are what is wrong; neither have the parts of a header field, whose
// line is read as one.
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
		dst = p.appendRow(dst, row{offset, fewOctets(u, span), text, 2, span.Section})
	case u.Payload != nil && span.Offset+span.Length > u.Length-u.payloadLength() && span.Bits == 0:
		dst = p.appendPayload(dst, u, span)
	default:
		text, hang := inColumns(span.Field, span.Value, span.Meaning)
		dst = p.appendRow(dst, row{offset, fewOctets(u, span), text, hang, span.Section})
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

// payloadLength returns how many octets of the unit, a frame, are payload.
func (u *Unit) payloadLength() int64 {
	return u.Missing + int64(len(u.Payload))
}

// appendPayload appends the rows of a piece of payload: what it says and, octet
// by octet, what stood on the wire beside what was masked.
func (p *Printer) appendPayload(dst []byte, u *Unit, span *Span) []byte {
	start := int(min(span.Offset, int64(len(u.Bytes))))
	wire := u.Bytes[start:min(span.Offset+span.Length, int64(len(u.Bytes)))]
	meant := u.Payload[start-(len(u.Bytes)-len(u.Payload)):][:len(wire)]
	masked := string(wire) != string(meant)

	text, hang := inColumns(span.Field, span.Value, span.Meaning)
	first := row{strconv.FormatInt(span.Offset, 10), fewOctets(u, span), text, hang, span.Section}
	if !masked && span.Length <= rowOctets {
		return p.appendRow(dst, first)
	}
	first.offset, first.left = "", ""
	dst = p.appendRow(dst, first)

	shown := min(len(wire), payloadRows*rowOctets)
	beside := appendPadded(nil, "", fieldWidth)
	if masked {
		beside = appendPadded(nil, "unmasked", fieldWidth)
	}
	for at := 0; at < shown; at += rowOctets {
		end := min(at+rowOctets, shown)
		line := beside
		if masked {
			line = appendPadded(beside, hexOctets(meant[at:end], rowOctets), octetsWidth+2)
		}
		line = appendText(line, meant[at:end])
		dst = p.appendRow(dst, row{offset: strconv.Itoa(start + at), left: hexOctets(wire[at:end], rowOctets), text: string(line)})
	}
	if more := span.Length - int64(shown); more > 0 {
		dst = p.appendRow(dst, row{left: "...", text: "and " + octetCount(more) + " more"})
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
		dst = p.appendColoured(dst, red, string(appendPadded(nil, mark, textAt))+line)
		dst = append(dst, '\n')
	}
	return dst
}

// textWidth is the width of what stands between octets and section.
func (p *Printer) textWidth() int { return p.width() - textAt - sectionWidth }

func (p *Printer) width() int {
	if p.Width == 0 {
		return 110
	}
	return max(p.Width, 80)
}

// appendColoured appends text in a colour, if colours are asked for.
func (p *Printer) appendColoured(dst []byte, colour, text string) []byte {
	if !p.Colour || text == "" {
		return append(dst, text...)
	}
	dst = append(dst, colour...)
	dst = append(dst, text...)
	return append(dst, plane...)
}
