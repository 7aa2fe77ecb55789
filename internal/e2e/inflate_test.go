package e2e

import (
	"fmt"
	"testing"
)

// inflated is the result of inflate.py, which fails when something unexpected arrives.
type inflated struct {
	Accepted          string
	Compressed, Plain int // messages
	Bytes, OnWire     int // the sizes of the messages, and of their frames' payloads
	Pongs             int
	Close             int
}

// TestZlibInflates: zlib inflates what the server compresses, with exactly the agreed window.
// Only messages of at least -compress-min bytes have RSV1, and Pings between messages are
// answered.
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
					t.Errorf("of %d messages, some of them short, and %d Pings it got %+v", messages, messages/5, got)
				}
				t.Logf("%d messages of %d bytes took %d on the wire", messages, got.Bytes, got.OnWire)
			})
		}
	}
}
