package wsconn

import (
	"bytes"
	"errors"
	"testing"

	"barewire/wsframe"
)

// FuzzServe feeds arbitrary bytes to a server that echoes, whole and cut. Its answer must
// not depend on the cut, must be frames that a client accepts, must end with a Close frame
// unless TCP ended first, and must not be much larger than what came in.
func FuzzServe(f *testing.F) {
	for _, talk := range conversations {
		f.Add(talk.in, len(talk.in)/2)
	}
	f.Fuzz(func(t *testing.T, in []byte, cut int) {
		config := Config{MaxMessage: 4096, MaxFragments: 16}
		whole, seen, closed := converse(config, bytes.Clone(in))
		if cut = max(0, min(cut, len(in))); cut > 0 && cut < len(in) {
			parts, seenParts, closedParts := converse(config, bytes.Clone(in[:cut]), bytes.Clone(in[cut:]))
			if !bytes.Equal(whole.wrote.Bytes(), parts.wrote.Bytes()) || len(seen.messages) != len(seenParts.messages) {
				t.Errorf("cut at %d the answer to % x is\n% x\nand whole it is\n% x", cut, in, parts.wrote.Bytes(), whole.wrote.Bytes())
			}
			if closed.Code != closedParts.Code || closed.Clean != closedParts.Clean {
				t.Errorf("cut at %d it ended with %v, and whole with %v", cut, closedParts, closed)
			}
		}

		sent := whole.wrote.Bytes()
		checker := wsframe.Checker{Role: wsframe.Client}
		lastOpcode := wsframe.Continuation
		for len(sent) > 0 {
			var header wsframe.Header
			n := wsframe.ParseHeader(&header, sent)
			if n == 0 || header.Length > uint64(len(sent)-n) {
				t.Fatalf("the answer ends inside a frame: % x", sent)
			}
			if err := checker.Check(&header); err != nil {
				t.Fatalf("our own frame %v breaks a rule: %v", header, err)
			}
			if lastOpcode == wsframe.Close {
				t.Fatalf("a frame follows our Close: %v", header)
			}
			lastOpcode, sent = header.Opcode, sent[n+int(header.Length):]
		}
		var violation *wsframe.Error
		if (closed.Clean || errors.As(closed, &violation)) && lastOpcode != wsframe.Close {
			t.Errorf("it ended with %v, and the last frame sent is %v", closed, lastOpcode)
		}
		if most := 2*len(in) + 64 + wsframe.MaxControlPayload; whole.wrote.Len() > most {
			t.Errorf("%d bytes brought an answer of %d", len(in), whole.wrote.Len())
		}
	})
}
