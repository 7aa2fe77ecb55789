package e2e

import (
	"fmt"
	"testing"
)

// inflated is what inflate.py saw; what it did not expect has ended it.
type inflated struct {
	Accepted          string
	Compressed, Plain int // messages
	Bytes, OnWire     int // of the messages, and of their frames' payloads
	Pongs             int
	Close             int
}

// TestZlibInflates: what the server compresses, zlib inflates with a window of the
// size that was agreed on and no byte more; only messages of -compress-min and
// above have RSV1, and between them Pings are answered.
//
// req: 7692-6.1-a 7692-6.1-b 7692-7.2.1-a 7692-7.2.1-c 7692-7.2.1-e 7692-7.2.1-g 7692-7.2.3.2-a
func TestZlibInflates(t *testing.T) {
	t.Parallel()
	python := need(t, "python3")
	p := start(t)
	messages := fewer(250)
	for bits := 8; bits <= 15; bits++ {
		for _, takeover := range []bool{true, false} {
			t.Run(fmt.Sprintf("window of 2^%d, takeover %v", bits, takeover), func(t *testing.T) {
				want := fmt.Sprintf("permessage-deflate; server_max_window_bits=%d", bits)
				if !takeover {
					want = fmt.Sprintf("permessage-deflate; server_no_context_takeover; server_max_window_bits=%d", bits)
				}
				got := observed[inflated](t, []string{python}, "inflate.py", map[string]any{
					"addr": p.addr, "bits": bits, "takeover": takeover, "messages": messages})
				checkExtensions(t, got.Accepted, want)
				if got.Compressed+got.Plain != messages || got.Compressed == 0 || got.Plain == 0 || got.Pongs != messages/5 || got.Close != 1000 {
					t.Errorf("of %d messages, some of them short, and %d Pings it saw %+v", messages, messages/5, got)
				}
				t.Logf("%d messages of %d bytes took %d on the wire", messages, got.Bytes, got.OnWire)
			})
		}
	}
}
