package annotate

import "strings"

// row is one row of a unit's text, which may take several lines.
type row struct {
	offset  string
	left    string // the octets, or what a note is about
	text    string // what they mean, wrapped behind hang columns
	hang    int
	section string
}

// appendRow appends a row. Its section stands at the right end of its first line.
func (p *Printer) appendRow(dst []byte, r row) []byte {
	for i, line := range wrapped(r.text, p.textWidth()-1, r.hang) {
		left, offset, section := r.left, r.offset, r.section
		if i > 0 {
			left, offset, section = "", "", ""
		}
		dst = appendSpaces(dst, offsetWidth-len(offset))
		dst = p.appendColoured(dst, faint, offset)
		dst = appendSpaces(dst, 2)
		dst = p.appendColoured(dst, bold, string(appendPadded(nil, left, octetsWidth+2)))
		if section == "" {
			dst = append(dst, strings.TrimRight(line, " ")...)
		} else {
			dst = appendPadded(dst, line, p.textWidth())
			dst = p.appendColoured(dst, faint, section)
		}
		for dst[len(dst)-1] == ' ' {
			dst = dst[:len(dst)-1]
		}
		dst = append(dst, '\n')
	}
	return dst
}

// inColumns returns field, value and meaning, each in its column as far as it
// fits, and the column at which the lines behind the first begin. Behind a long
// value the meaning gets a line of its own.
func inColumns(field, value, meaning string) (text string, hang int) {
	line := appendPadded(nil, field, fieldWidth)
	hang = fieldWidth
	value = cut(value)
	switch taken := columns(value); {
	case taken < valueWidth:
		hang += valueWidth
		line = appendPadded(line, value, valueWidth)
	case taken <= 2*valueWidth || meaning == "":
		line = append(line, value...)
		line = append(line, "  "...)
	default:
		line = append(line, value...)
		line = append(line, '\n')
	}
	return strings.TrimRight(string(append(line, meaning...)), " "), hang
}

// oneBelow returns value and, behind it or on a line of its own if that does not
// fit in width, its meaning.
func oneBelow(value, meaning string, width int) string {
	value = cut(value)
	switch {
	case value == "" || meaning == "":
		return value + meaning
	case columns(value+"  "+meaning) > width:
		return value + "\n" + meaning
	}
	return value + "  " + meaning
}

// cut shortens a value that nobody would read to its end.
func cut(value string) string {
	if len(value) <= printedValue {
		return value
	}
	return strings.ToValidUTF8(value[:printedValue], "") + " ..."
}

// fewOctets returns the octets of a span as far as they fit in their column, or
// the bits, with points for those that are not meant: .... 0001.
func fewOctets(u *Unit, span *Span) string {
	if span.Offset >= int64(len(u.Bytes)) {
		return "(not kept)"
	}
	if span.Bits > 0 {
		return bits(u.Bytes[span.Offset], int(span.Bit), int(span.Bits))
	}
	octets := u.Bytes[span.Offset:min(span.Offset+span.Length, int64(len(u.Bytes)))]
	if span.Length <= rowOctets {
		return hexOctets(octets, rowOctets)
	}
	return hexOctets(octets[:min(len(octets), rowOctets-1)], rowOctets) + " .."
}

// bits draws count bits of an octet, from bit first on; bit 0 is the most
// significant one.
func bits(octet byte, first, count int) string {
	drawn := []byte(".... ....")
	for bit := first; bit < first+count; bit++ {
		at := bit + bit/4 // one column further behind the space
		drawn[at] = '0' + octet>>(7-bit)&1
	}
	return string(drawn)
}

// appendText appends octets as ASCII, with points for those that are not.
func appendText(dst, octets []byte) []byte {
	for _, octet := range octets {
		if octet < ' ' || octet > '~' {
			octet = '.'
		}
		dst = append(dst, octet)
	}
	return dst
}

// appendPadded appends text and spaces up to width, at least one.
func appendPadded(dst []byte, text string, width int) []byte {
	dst = append(dst, text...)
	return appendSpaces(dst, max(width-columns(text), 1))
}

func appendSpaces(dst []byte, n int) []byte {
	for ; n > 0; n-- {
		dst = append(dst, ' ')
	}
	return dst
}

// wrapped breaks text into lines of at most width columns: where it has line
// feeds, else at spaces if there are some. All lines but the first begin with hang
// spaces.
func wrapped(text string, width, hang int) []string {
	var lines []string
	indent := ""
	for paragraph := range strings.SplitSeq(text, "\n") {
		for columns(indent+paragraph) > width {
			end := lineEnd(paragraph, width-len(indent))
			lines = append(lines, indent+paragraph[:end])
			paragraph = strings.TrimLeft(paragraph[end:], " ")
			indent = strings.Repeat(" ", hang)
		}
		lines = append(lines, indent+paragraph)
		indent = strings.Repeat(" ", hang)
	}
	return lines
}

// lineEnd returns how many octets of text make a line of at most width columns, which
// text has more of.
func lineEnd(text string, width int) int {
	end := 0
	for at, r := range text {
		if width -= runeColumns(r); width < 0 {
			end = at
			break
		}
	}
	if space := strings.LastIndexByte(text[:end+1], ' '); space > end/2 {
		return space
	}
	return end
}
