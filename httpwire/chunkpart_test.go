package httpwire

import (
	"bytes"
	"testing"
)

// TestChunkedExpects: a body given part by part. Each row is one part, with what
// the decoder says of it before it has seen it.
func TestChunkedExpects(t *testing.T) {
	var d ChunkedDecoder
	for _, row := range []struct {
		octets string
		part   ChunkPart
		left   int64
	}{
		{"5;a=1\r\n", ChunkSizeLine, 0},
		{"hel", ChunkContent, 5},
		{"lo", ChunkContent, 2},
		{"\r\n", ChunkEnd, 0},
		{"0\r\n", ChunkSizeLine, 0},
		{"Digest: x\r\n", TrailerLine, 0},
		{"\r\n", TrailerLine, 0},
	} {
		part, left := d.Expects()
		if part != row.part || left != row.left {
			t.Errorf("before %q: part %d with %d octets left, want %d with %d", row.octets, part, left, row.part, row.left)
		}
		data, n, _, err := d.Next([]byte(row.octets))
		if err != nil || n != len(row.octets) {
			t.Fatalf("%q: %d octets used, error %v; want all of them", row.octets, n, err)
		}
		if row.part == ChunkContent && !bytes.Equal(data, []byte(row.octets)) {
			t.Errorf("%q: content %q", row.octets, data)
		}
	}
	if part, _ := d.Expects(); part != ChunkedEnd {
		t.Errorf("behind the empty line: part %d, want the end", part)
	}
}
