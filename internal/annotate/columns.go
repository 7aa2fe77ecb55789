package annotate

import "strings"

// row is one row of a unit's text, which may take several lines.
type row struct {
	offset  string
	left    string // the bytes, or what a note is about
	text    string // what they mean; lines after the first are indented by hang columns
	hang    int
	section string
}

// appendRow appends a row. Its section is at the right end of its first line.
func (p *Printer) appendRow(dst []byte, r row) []byte {
	for i, line := range wrapped(r.text, p.textWidth()-1, r.hang) {
		left, offset, section := r.left, r.offset, r.section
		if i > 0 {
			left, offset, section = "", "", ""
		}
		dst = appendSpaces(dst, offsetWidth-len(offset))
		dst = p.appendColored(dst, faint, offset)
		dst = appendSpaces(dst, 2)
		dst = p.appendColored(dst, bold, string(appendPadded(nil, left, bytesWidth+2)))
		if section == "" {
			dst = append(dst, strings.TrimRight(line, " ")...)
		} else {
			dst = appendPadded(dst, line, p.textWidth())
			dst = p.appendColored(dst, faint, section)
		}
		for dst[len(dst)-1] == ' ' {
			dst = dst[:len(dst)-1]
		}
		dst = append(dst, '\n')
	}
	return dst
}

// inColumns returns field, value and meaning, each in its column if it fits, and the
// indent of the lines after the first. After a long value, the meaning gets a line of
// its own.
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

// oneBelow returns value and meaning: on one line if they fit in width, otherwise the
// meaning on a line of its own.
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

// cut shortens a value that is too long to read.
func cut(value string) string {
	if len(value) <= printedValue {
		return value
	}
	return strings.ToValidUTF8(value[:printedValue], "") + " ..."
}

// fewBytes returns the bytes of a span, as many as fit in their column. For a span of
// bits it returns the bits, with dots for the other bits of the byte: .... 0001.
func fewBytes(u *Unit, span *Span) string {
	if span.Offset >= int64(len(u.Bytes)) {
		return "(not kept)"
	}
	if span.Bits > 0 {
		return bits(u.Bytes[span.Offset], int(span.Bit), int(span.Bits))
	}
	data := u.Bytes[span.Offset:min(span.Offset+span.Length, int64(len(u.Bytes)))]
	if span.Length <= rowBytes {
		return hexBytes(data, rowBytes)
	}
	return hexBytes(data[:min(len(data), rowBytes-1)], rowBytes) + " .."
}

// bits formats count bits of a byte, starting at bit first; bit 0 is the most
// significant one.
func bits(c byte, first, count int) string {
	drawn := []byte(".... ....")
	for bit := first; bit < first+count; bit++ {
		at := bit + bit/4 // one column further after the space
		drawn[at] = '0' + c>>(7-bit)&1
	}
	return string(drawn)
}

// appendText appends data as ASCII, with dots for bytes that are not printable.
func appendText(dst, data []byte) []byte {
	for _, c := range data {
		if c < ' ' || c > '~' {
			c = '.'
		}
		dst = append(dst, c)
	}
	return dst
}

// appendPadded appends text, then spaces up to width, but at least one.
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

// wrapped breaks text into lines of at most width columns: at line feeds, and at
// spaces where possible. All lines but the first are indented by hang spaces.
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

// lineEnd returns how many bytes of text make a line of at most width columns. text
// is longer than that.
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
