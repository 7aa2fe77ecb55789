package annotate

import "strings"

// texts stores strings one after another in one block of memory. A frame needs four
// short strings, and allocating each of them would take as long as the rest of its
// annotation.
type texts struct {
	block strings.Builder
}

// textsBytes is the size of a block. A caller that keeps one string keeps its block.
const textsBytes = 1 << 10

// keep returns text as a string.
func (t *texts) keep(text []byte) string {
	if t.block.Cap()-t.block.Len() < len(text) {
		t.block = strings.Builder{} // the old one belongs to its strings
		t.block.Grow(max(textsBytes, len(text)))
	}
	start := t.block.Len()
	t.block.Write(text)
	return t.block.String()[start:]
}
