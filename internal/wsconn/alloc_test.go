//go:build !race

// The race detector makes pools forget what they hold.

package wsconn

import (
	"bytes"
	"io"
	"testing"
)

// TestAllocations: a message costs no memory of its own, however it came.
func TestAllocations(t *testing.T) {
	peer, conn := socketPair(t, "tcp")
	go newServerConn(conn).Serve(echo{})
	for _, test := range []struct{ name, in, out string }{
		{"in one frame", "81 82 00000000 6162", "81 02 6162"},
		{"in fragments, with a Ping", "01 81 00000000 61  89 80 00000000  80 81 00000000 62", "8a 00  81 02 6162"},
	} {
		in, out := wire(test.in), wire(test.out)
		got := make([]byte, len(out))
		allocations := testing.AllocsPerRun(500, func() {
			peer.Write(in)
			if _, err := io.ReadFull(peer, got); err != nil || !bytes.Equal(got, out) {
				t.Fatalf("%s: the answer is % x, %v; want % x", test.name, got, err, out)
			}
		})
		if allocations > 0 {
			t.Errorf("a message %s costs %v allocations, want none", test.name, allocations)
		}
	}
}
