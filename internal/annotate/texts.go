package annotate

import "strings"

// texts makes strings that stand one behind the other in memory. A frame of 38
// octets has four, and to allocate each by itself takes as long as all the rest
// of its annotation.
type texts struct {
	block strings.Builder
}

// textsOctets is the size of a block. Whoever keeps one string of it keeps all.
const textsOctets = 1 << 10

// keep returns text as a string.
func (t *texts) keep(text []byte) string {
	if t.block.Cap()-t.block.Len() < len(text) {
		t.block = strings.Builder{} // the old one belongs to its strings
		t.block.Grow(max(textsOctets, len(text)))
	}
	start := t.block.Len()
	t.block.Write(text)
	return t.block.String()[start:]
}
