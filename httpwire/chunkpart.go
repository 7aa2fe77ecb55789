package httpwire

// ChunkPart is one of the parts that a chunked body is made of (RFC 9112 §7.1).
type ChunkPart uint8

const (
	// ChunkSizeLine is a chunk size, its extensions and a CRLF.
	ChunkSizeLine ChunkPart = iota
	// ChunkContent is the octets that the size announced.
	ChunkContent
	// ChunkEnd is the CRLF behind them.
	ChunkEnd
	// TrailerLine is a trailer field, or the empty line that ends the body.
	TrailerLine
	// ChunkedEnd says that the body is complete: nothing comes next.
	ChunkedEnd
)

// Expects returns the part that the next octet belongs to and, within
// ChunkContent, how many octets of the chunk are left. A program that shows the
// framing asks before each call of Next, and gives Next no more than that part:
// a line up to its LF, or so many octets.
func (d *ChunkedDecoder) Expects() (part ChunkPart, left int64) {
	switch d.state {
	case chunkSize:
		return ChunkSizeLine, 0
	case chunkData:
		return ChunkContent, d.left
	case chunkDataEnd:
		return ChunkEnd, 0
	case chunkTrailer:
		return TrailerLine, 0
	}
	return ChunkedEnd, 0
}
