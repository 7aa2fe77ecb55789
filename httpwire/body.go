package httpwire

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// BodyDecoder decodes a body of any framing, and limits the size of its content.
type BodyDecoder struct {
	body    Body
	maxBody int64 // limit of the content
	taken   int64 // bytes of content so far, if the body is not chunked
	chunks  ChunkedDecoder
}

// NewBodyDecoder returns a decoder for the body after a head. Content of more than
// maxBody bytes is an error: without that limit, one request of 10 GB takes 10 GB of
// memory in a handler that collects the content. A negative maxBody means no limit. A
// nil limits means the defaults.
func NewBodyDecoder(body Body, maxBody int64, limits *Limits) BodyDecoder {
	d := BodyDecoder{body: body, maxBody: maxBody}
	d.chunks = ChunkedDecoder{Limits: limits.orDefault(), bounded: maxBody >= 0, maxBody: maxBody}
	if maxBody < 0 {
		d.maxBody = math.MaxInt64
	}
	return d
}

// Next decodes bytes from the start of b, as [ChunkedDecoder.Next] does. For a body by
// length, done is true together with the last piece. For a body until close, done is
// never true: the end of the connection ends the body.
//
// A body over the limit fails with 413 as soon as its length is known: with a
// Content-Length at the first call, for which b may be empty; with chunks at the size
// line that exceeds the limit.
func (d *BodyDecoder) Next(b []byte) (content []byte, n int, done bool, err error) {
	switch d.body.Framing {
	case ByLength:
		if d.body.Length > d.maxBody {
			return nil, 0, false, refuseContent("Content-Length", 0, d.maxBody)
		}
		if left := d.body.Length - d.taken; int64(len(b)) > left {
			b = b[:left]
		}
		d.taken += int64(len(b))
		return b, len(b), d.taken == d.body.Length, nil // req: 9112-6.3-h

	case Chunked:
		return d.chunks.Next(b)

	case UntilClose:
		d.taken += int64(len(b))
		if d.taken > d.maxBody {
			return nil, 0, false, refuseContent("content", int(d.maxBody), d.maxBody)
		}
		return b, len(b), false, nil
	}
	return nil, 0, true, nil
}

// Trailer returns the trailer fields of a chunked body. It is complete after Next has
// returned done.
func (d *BodyDecoder) Trailer() Fields {
	return d.chunks.Trailer
}

// refuseContent returns the error for a body over its limit.
func refuseContent(field string, offset int, maxBody int64) *Error {
	return refuse(413, offset, field,
		"the body has more than "+strconv.FormatInt(maxBody, 10)+" bytes", "RFC 9110 §15.5.14") // req: 9110-15.5.14-a
}

// ChunkedDecoder decodes a chunked body (RFC 9112 §7.1) that arrives in pieces of any
// size. The zero value is ready for one body.
//
//	chunked-body = *chunk last-chunk trailer-section CRLF
//
//	5;ext=1 CR LF    chunk size in hex, extensions     ChunkSizeLine
//	hello CR LF      that many bytes, and a line end   ChunkContent, ChunkEnd
//	0 CR LF          a size of zero: the last chunk    ChunkSizeLine
//	Digest: abc CR LF                trailer fields    TrailerLine
//	CR LF                            the end           TrailerLine
type ChunkedDecoder struct {
	// Limits limits the chunk extensions and the trailer section; zero members mean
	// the defaults.
	Limits Limits
	// Trailer holds the trailer fields. It is complete after Next has returned done.
	// The fields are kept apart from the header because a Host or Content-Length
	// among them must have no effect (RFC 9110 §6.5.1).
	Trailer Fields

	state     ChunkPart
	left      int64 // bytes of the chunk that have not arrived
	announced int64 // bytes of content in all chunks whose size is known
	excess    int   // bytes of size lines beyond 16 each
	trailing  int   // bytes of trailer lines
	offset    int   // bytes of the body so far

	bounded bool  // maxBody, which BodyDecoder sets, applies
	maxBody int64 // limit of the content
}

// ChunkPart is one part of a chunked body. The part that comes next is the state of a
// decoder.
type ChunkPart uint8

const (
	ChunkSizeLine ChunkPart = iota // a chunk size, its extensions and a CRLF
	ChunkContent                   // as many bytes as the size line announced
	ChunkEnd                       // the CRLF after them
	TrailerLine                    // a trailer field, or the empty line that ends the body
	ChunkedEnd                     // nothing: the body is complete
)

// Expects returns the part that the next byte belongs to and, within ChunkContent, how
// many bytes of the chunk are left. A program that displays the framing calls it before
// each call of Next, and passes Next only that part: a line up to its LF, or that many
// bytes.
func (d *ChunkedDecoder) Expects() (part ChunkPart, left int64) {
	return d.state, d.left
}

// Next decodes bytes from the start of b. n is how many bytes it used, including the
// framing; the caller removes them from b before the next call.
//
// content is the next piece of the content; it is a part of b. A piece ends at the end
// of a chunk or of b. done reports that the body is complete, including the trailer;
// b[n:] then belongs to the next message. If n is 0 and done is false, call again with
// more bytes: a whole line must fit in b, so its buffer needs Limits.Head bytes.
//
// err is always an [*Error]: 413 for content that is too large, 431 for a
// trailer section over the limits, else 400. Its Offset counts from the start of
// the body. After an error the decoder must not be used again.
func (d *ChunkedDecoder) Next(b []byte) (content []byte, n int, done bool, err error) {
	limit := d.Limits.orDefault()
	for d.state != ChunkedEnd {
		var used int
		var e *Error
		switch d.state {
		case ChunkSizeLine:
			used, e = d.sizeLine(b[n:], &limit)
		case ChunkContent:
			content = d.content(b[n:])
			return content, n + len(content), false, nil
		case ChunkEnd:
			used, e = d.chunkEnd(b[n:])
		case TrailerLine:
			used, e = d.trailerLine(b[n:], &limit)
		}
		if e != nil {
			return nil, n, false, e
		}
		if used == 0 {
			return nil, n, false, nil
		}
		n += used
		d.offset += used
	}
	return nil, n, true, nil
}

// sizeLine parses a chunk-size line.
//
//	chunk-size [ chunk-ext ] CRLF       chunk-size = 1*HEXDIG
func (d *ChunkedDecoder) sizeLine(b []byte, limit *Limits) (used int, e *Error) {
	end := bytes.IndexByte(b, '\n')
	length := end
	if end < 0 {
		length = len(b)
	}
	excess := d.excess + max(length-16, 0)
	if excess > limit.ChunkExtensions { // RFC 9112 §7.1.1: extensions are ignored, up to a limit
		return 0, d.refuse(400, 0, "chunk-ext", "extensions and leading zeros have more than "+ // req: 9112-7.1.1-b
			strconv.Itoa(limit.ChunkExtensions)+" bytes in one body", "RFC 9112 §7.1.1")
	}
	if end < 0 {
		return 0, nil
	}
	d.excess = excess

	line := string(b[:end])
	digits := span(line, hexDigit)
	if digits == 0 {
		return 0, d.refuse(400, 0, "chunk-size", "a size must be one or more hexadecimal digits", "RFC 9112 §7.1") // req: 9112-7.1-a
	}
	size, err := strconv.ParseUint(line[:digits], 16, 63) // req: 9112-7.1-b
	if err != nil || int64(size) > math.MaxInt64-d.announced {
		return 0, d.refuse(413, 0, "chunk-size", "the sizes of all chunks together do not fit in 63 bits", "RFC 9112 §7.1")
	}
	if d.bounded && d.announced+int64(size) > d.maxBody {
		return 0, refuseContent("chunk-size", d.offset, d.maxBody)
	}
	if at, rule := checkExtensions(line, digits); rule != "" {
		return 0, d.refuse(400, at, "chunk-ext", rule, "RFC 9112 §7.1.1")
	}

	d.left = int64(size)
	d.announced += d.left
	d.state = ChunkContent
	if size == 0 {
		d.state = TrailerLine
	}
	return end + 1, nil
}

// content returns as much of the chunk as b holds. Its bytes are not checked.
func (d *ChunkedDecoder) content(b []byte) []byte {
	if int64(len(b)) > d.left {
		b = b[:d.left]
	}
	d.left -= int64(len(b))
	d.offset += len(b)
	if d.left == 0 {
		d.state = ChunkEnd
	}
	return b
}

// chunkEnd parses the CRLF after a chunk: the only check that sender and recipient agree
// about the chunk's size.
func (d *ChunkedDecoder) chunkEnd(b []byte) (used int, e *Error) {
	const crlf = "\r\n"
	for i := range crlf {
		if i == len(b) {
			return 0, nil
		}
		if b[i] != crlf[i] {
			return 0, d.refuse(400, i, "chunk-data", "it must be followed by CR LF", "RFC 9112 §7.1") // req: 9112-2.2-c 9112-7.1-a
		}
	}
	d.state = ChunkSizeLine
	return len(crlf), nil
}

// trailerLine parses one trailer field, or the empty line that ends the body. Grammar
// and limits are those of the header.
//
// A simplification: a folded line is an error here in responses too, where
// [ParseResponse] would unfold it.
func (d *ChunkedDecoder) trailerLine(b []byte, limit *Limits) (used int, e *Error) {
	end := bytes.IndexByte(b, '\n')
	length := end + 1
	if end < 0 {
		length = len(b)
	}
	if d.trailing+length > limit.Head {
		return 0, d.refuse(431, 0, "trailer",
			"more than "+strconv.Itoa(limit.Head)+" bytes", "RFC 6585 §5") // req: 9112-7.1.2-b
	}
	if end < 0 {
		return 0, nil
	}
	if bytes.HasPrefix(b, []byte("\r\n")) {
		d.state = ChunkedEnd // req: 9112-7.1-a
		return length, nil
	}
	if len(d.Trailer) == limit.Fields {
		return 0, refuseFields("trailer", d.offset, limit.Fields)
	}
	if d.Trailer, _, e = appendFieldLine(d.Trailer, string(b[:length]), 0); e != nil { // req: 9112-7.1.2-b
		e.Offset += d.offset
		return 0, e
	}
	d.Trailer[len(d.Trailer)-1].Offset = d.offset // req: 9112-7.1.2-a
	d.trailing += length
	return length, nil
}

func (d *ChunkedDecoder) refuse(status, offset int, field, rule, section string) *Error {
	return refuse(status, d.offset+offset, field, rule, section)
}

// checkExtensions checks a chunk-size line, without its LF, from the end of the
// size on. We ignore the extensions, but a malformed line must not be accepted: "5 5"
// is not 5. It returns the broken rule and its position, or "" if the line is valid.
//
//	chunk-ext = *( BWS ";" BWS token [ BWS "=" BWS ( token / quoted-string ) ] )
func checkExtensions(line string, pos int) (at int, rule string) { // req: 9112-7.1.1-a
	line, hasCR := strings.CutSuffix(line, "\r")
	if !hasCR {
		return len(line), "a chunk-size line must end in CR LF, not in LF alone" // req: 9112-2.2-b 9112-2.2-c
	}
	for pos < len(line) {
		semicolon := skipOWS(line, pos) // req: 9110-5.6.3-a
		if semicolon == len(line) || line[semicolon] != ';' {
			return pos, "a chunk size must be followed by a semicolon or the end of the line"
		}
		name := skipOWS(line, semicolon+1)
		pos = name + span(line[name:], tchar)
		if pos == name {
			return name, "an extension has no name"
		}
		equals := skipOWS(line, pos)
		if equals == len(line) || line[equals] != '=' {
			continue
		}
		value := skipOWS(line, equals+1)
		pos = value + span(line[value:], tchar)
		if pos == value {
			_, rest, ok := CutQuoted(line[value:])
			if !ok {
				return value, "the value of an extension is neither a token nor a quoted string"
			}
			pos = len(line) - len(rest)
		}
	}
	return 0, ""
}

// skipOWS returns the position of the first byte at or after pos that is not OWS.
func skipOWS(s string, pos int) int {
	for pos < len(s) && isOWS(s[pos]) {
		pos++
	}
	return pos
}
