package annotate

import (
	"strconv"
	"strings"

	"barewire/httpwire"
)

// chunk labels the parts of a chunk that break no rule, and returns the data that
// was kept.
//
//	5;name=value CR LF     a size line, the first of lines
//	hello CR LF            the data, and the second line
func (l *labels) chunk(c *chunking, lines []string, data []byte) (kept []byte) {
	if len(lines) > 0 {
		l.sizeLine(lines[0], c.meaning)
	}
	kept = data[min(l.at, int64(len(data))):]
	kept = kept[:min(c.data, int64(len(kept)))]
	if c.data > 0 {
		l.spans = append(l.spans, Span{Offset: l.at, Length: c.data, Layer: Application, Field: "chunk-data",
			Value: contentValue(kept), Meaning: "a piece of the content", Section: "RFC 9112 §7.1"})
		l.at += c.data
	}
	if len(lines) > 1 {
		l.leaf(len(lines[1]), "CRLF", "", "the data has the length that the size promised", "RFC 9112 §7.1")
	}
	return kept
}

// chunkTitle returns "Chunk, 5 bytes: "hello"".
func chunkTitle(length int64, kept []byte) string {
	if length == 0 {
		return "The last chunk"
	}
	return contentTitle("Chunk", length, kept)
}

// sizeLine labels "5;name=value CR LF".
func (l *labels) sizeLine(line, meaning string) {
	line = strings.TrimSuffix(line, "\r\n")
	size := line[:len(line)-len(strings.TrimLeft(line, "0123456789abcdefABCDEF"))]
	l.leaf(len(size), "chunk-size", printable(size), meaning, "RFC 9112 §7.1")
	extension := line[len(size):]
	l.leaf(len(extension), "chunk-ext", printable(extension), "an extension: usually ignored", "RFC 9112 §7.1.1")
	l.lineEnd()
}

// trailer labels the lines after the last chunk; fields are the parsed ones.
func (l *labels) trailer(fields httpwire.Fields, lines []string) {
	for i, line := range lines {
		if i < len(fields) {
			l.field(fields[i], line)
		} else {
			l.leaf(len(line), "CRLF", "", "the empty line: the body ends here", "RFC 9112 §7.1")
		}
	}
}

// trailerTitle returns "Trailer, 2 fields" and so on.
func trailerTitle(fields httpwire.Fields) string {
	switch len(fields) {
	case 0:
		return "Trailer without fields"
	case 1:
		return "Trailer, 1 field"
	}
	return "Trailer, " + strconv.Itoa(len(fields)) + " fields"
}
