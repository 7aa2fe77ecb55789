package annotate

import (
	"bytes"

	"barewire/httpwire"
)

// stepChunked takes the next part of a chunked body: a line, or data. Each chunk is
// one unit; everything after the last chunk is another.
//
//	5 CR LF hello CR LF     a chunk
//	0 CR LF                 the last chunk
//	Digest: x CR LF CR LF   the trailer
func (s *stream) stepChunked(b []byte) int {
	part, left := s.chunks.decoder.Expects()
	switch part {
	case httpwire.ChunkContent:
		return s.chunkContent(b, left)
	case httpwire.ChunkEnd:
		return s.chunkLine(b[:min(2, len(b))], part)
	}
	if end := bytes.IndexByte(b, '\n'); end >= 0 {
		b = b[:end+1]
	}
	return s.chunkLine(b, part)
}

// chunking is the part of a stream that reads a chunked body.
type chunking struct {
	decoder httpwire.ChunkedDecoder
	used    int64    // bytes of the body that the decoder has consumed
	lines   []string // the framing lines of the current unit
	data    int64    // bytes of data in it
	meaning string   // what the chunk's size means
}

// chunkContent takes data of a chunk, of which left bytes are still to come.
func (s *stream) chunkContent(b []byte, left int64) int {
	if len(b) == 0 {
		return 0
	}
	b = b[:min(int64(len(b)), left)]
	_, n, _, _ := s.chunks.decoder.Next(b) // it cannot fail: a chunk may contain any byte
	s.take(b[:n])
	s.chunks.data += int64(n)
	s.chunks.used += int64(n)
	return n
}

// chunkLine takes one line of the framing. If the line is complete, line ends with it.
func (s *stream) chunkLine(line []byte, part httpwire.ChunkPart) int {
	if len(line) == 0 {
		return 0
	}
	before := s.chunks.decoder
	_, n, done, err := s.chunks.decoder.Next(line)
	if err != nil {
		n = shortest(len(line), func(n int) bool {
			decoder := before
			_, _, _, err := decoder.Next(line[:n])
			return err != nil
		})
		_, _, _, err = before.Next(line[:n])
		s.addLine(line[:n], part)
		s.finishChunk(part, fault(err), false)
		s.raw("the body before it is broken, so its end is unknown")
		return n
	}
	if n == 0 {
		return 0
	}
	s.addLine(line[:n], part)
	s.chunks.used += int64(n)
	next, left := s.chunks.decoder.Expects()
	switch {
	case next == httpwire.ChunkContent:
		s.keep += shownBytes
		s.chunks.meaning = "hexadecimal: " + byteCount(left) + " of data"
	case part == httpwire.ChunkSizeLine:
		s.chunks.meaning = "no data: this is the last chunk"
		s.finishChunk(part, nil, false)
	case part == httpwire.ChunkEnd || done:
		s.finishChunk(part, nil, false)
	}
	if done {
		s.endMessage()
	}
	return n
}

// addLine adds a line of the framing to its unit.
func (s *stream) addLine(line []byte, part httpwire.ChunkPart) {
	if s.unit.Length == 0 {
		kind := Chunk
		if part == httpwire.TrailerLine {
			kind = Trailer
		}
		s.begin(kind, 0)
		s.chunks.lines, s.chunks.data = s.chunks.lines[:0], 0
	}
	s.keep += len(line)
	s.chunks.lines = append(s.chunks.lines, string(line))
	s.take(line)
}

// finishChunk emits the unit of a chunk or of a trailer. If e is not nil or the unit
// is incomplete, that concerns its last line.
func (s *stream) finishChunk(part httpwire.ChunkPart, e *httpwire.Error, incomplete bool) {
	u := &s.unit
	u.Incomplete = incomplete
	lines, last := s.chunks.lines, ""
	if e != nil || incomplete && part != httpwire.ChunkContent {
		lines, last = lines[:len(lines)-1], lines[len(lines)-1]
	}
	var l labels
	if u.Kind == Trailer {
		l.trailer(s.chunks.decoder.Trailer, lines)
		u.Title = trailerTitle(s.chunks.decoder.Trailer)
	} else {
		kept := l.chunk(&s.chunks, lines, u.Bytes)
		u.Title = chunkTitle(s.chunks.data, kept)
	}
	if e != nil {
		e.Offset += int(l.at - s.chunks.used)
		l.rest(append(make([]byte, l.at), last...), e, false)
		u.Spans = l.spans
		u.breakRule(e)
	} else {
		l.leaf(len(last), "incomplete", printable(last), "the stream ends in the middle of this line", "")
		u.Spans = l.spans
	}
	s.emit()
}

// flushChunked emits the part of a chunk that came before the stream ended; rest is
// the beginning of a line.
func (s *stream) flushChunked(rest []byte) {
	part, _ := s.chunks.decoder.Expects()
	if len(rest) > 0 {
		s.addLine(rest, part)
	}
	if s.unit.Length == 0 {
		return
	}
	if len(rest) == 0 {
		part = httpwire.ChunkContent // no part of a line has come
	}
	s.finishChunk(part, nil, true)
}
