package httpwire

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// BodyDecoder takes a body apart, whatever its framing, and bounds its content.
type BodyDecoder struct {
	body    Body
	maxBody int64 // bound of the content
	taken   int64 // bytes of content seen, of bodies that are not chunked
	chunks  ChunkedDecoder
}

// NewBodyDecoder returns a decoder for the body after a head. Content of more than
// maxBody bytes is an error: without that bound, a handler that collects what comes
// lets one request of 10 GB take 10 GB. A negative maxBody allows any length. A nil
// limits means the defaults.
func NewBodyDecoder(body Body, maxBody int64, limits *Limits) BodyDecoder {
	d := BodyDecoder{body: body, maxBody: maxBody}
	d.chunks = ChunkedDecoder{Limits: limits.orDefault(), bounded: maxBody >= 0, maxBody: maxBody}
	if maxBody < 0 {
		d.maxBody = math.MaxInt64
	}
	return d
}

// Next decodes what it can from the front of b, as [ChunkedDecoder.Next] does. The
// last piece of a body by length comes together with done. A body until close is
// never done: the end of the connection ends it.
//
// A body over the limit fails with 413 as soon as its length is known: a
// Content-Length at the first call, which may be made with an empty b, and
// chunks at the size line that passes the limit.
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

// Trailer returns the trailer fields of a chunked body, once Next reports done.
func (d *BodyDecoder) Trailer() Fields {
	return d.chunks.Trailer
}

// refuseContent refuses a body over its limit.
func refuseContent(field string, offset int, maxBody int64) *Error {
	return refuse(413, offset, field,
		"the body has more than "+strconv.FormatInt(maxBody, 10)+" bytes", "RFC 9110 §15.5.14") // req: 9110-15.5.14-a
}

// ChunkedDecoder takes a chunked body apart (RFC 9112 §7.1), in whatever pieces
// it comes. The zero value is ready for one body.
//
//	chunked-body = *chunk last-chunk trailer-section CRLF
//
//	5;ext=1 CR LF    chunk size in hex, extensions     ChunkSizeLine
//	hello CR LF      so many bytes, and a line end     ChunkContent, ChunkEnd
//	0 CR LF          a size of zero: the last chunk    ChunkSizeLine
//	Digest: abc CR LF                trailer fields    TrailerLine
//	CR LF                            the end           TrailerLine
type ChunkedDecoder struct {
	// Limits bounds chunk extensions and the trailer section; zero members mean
	// the defaults.
	Limits Limits
	// Trailer holds the trailer fields, complete when Next reports done. They
	// are apart from the header on purpose: a Host or Content-Length in here
	// must change nothing (RFC 9110 §6.5.1).
	Trailer Fields

	state     ChunkPart
	left      int64 // bytes of the chunk still to come
	announced int64 // bytes of content in all chunks whose size is known
	excess    int   // bytes of size lines beyond 16 each
	trailing  int   // bytes of trailer lines
	offset    int   // bytes of the body used so far

	bounded bool  // maxBody, which BodyDecoder sets, holds
	maxBody int64 // bound of the content
}

// ChunkPart is one of the parts that a chunked body is made of, and so the state
// of a decoder that waits for it.
type ChunkPart uint8

const (
	ChunkSizeLine ChunkPart = iota // a chunk size, its extensions and a CRLF
	ChunkContent                   // as many bytes as the size announced
	ChunkEnd                       // the CRLF after them
	TrailerLine                    // a trailer field, or the empty line that ends the body
	ChunkedEnd                     // the body is complete: nothing comes next
)

// Expects returns the part that the next byte belongs to and, within
// ChunkContent, how many bytes of the chunk are left. A program that shows the
// framing asks before each call of Next, and passes it no more than that part: a
// line up to its LF, or so many bytes.
func (d *ChunkedDecoder) Expects() (part ChunkPart, left int64) {
	return d.state, d.left
}

// Next decodes what it can from the front of b, which must begin where the last
// call stopped: the caller drops the n bytes that were used, framing included,
// before the next call.
//
// content is the next piece of the content; it is a part of b. There are as many
// pieces as there are chunks and calls. done reports that the body is complete,
// trailer included; b[n:] belongs to the next message. If n is 0 and done false,
// b must grow: a line must fit in b whole, which a buffer of Limits.Head bytes
// ensures.
//
// err is always an [*Error], with 413 for a size that no file has, 431 for a
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
	if excess > limit.ChunkExtensions { // RFC 9112 §7.1.1: extensions are ignored, but not without end
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

// content takes as much of the chunk as b holds. Any byte may be in it.
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

// chunkEnd takes the CRLF after a chunk: the only sign that sender and reader agree
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

// trailerLine takes one trailer field, or the empty line that ends the body.
// Grammar and limits are those of the header.
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
// size on. The extensions mean nothing to us, but a malformed line must not be
// accepted: "5 5" is not 5. It returns what is wrong and where, or "".
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

// skipOWS returns the position of the first byte from pos on that is not OWS.
func skipOWS(s string, pos int) int {
	for pos < len(s) && isOWS(s[pos]) {
		pos++
	}
	return pos
}
