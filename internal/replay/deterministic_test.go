package replay

import (
	"fmt"
	"io"
	"testing"
	"testing/iotest"

	"barewire/handshake"
	"barewire/httpwire"
)

// TestRandom: the nonce of the RFC, and then its masking key, counted up; however
// it is read.
func TestRandom(t *testing.T) {
	const want = "the sample nonce\x37\xfa\x21\x3d\x37\xfa\x21\x3e\x37\xfa\x21\x3f\x37\xfa\x21\x40"
	for how, random := range map[string]io.Reader{
		"in one go": NewRandom(), "byte by byte": iotest.OneByteReader(NewRandom()),
	} {
		got := make([]byte, len(want))
		if _, err := io.ReadFull(random, got); err != nil || string(got) != want {
			t.Errorf("%s it is % x (%v), want % x", how, got, err, want)
		}
	}
}

// TestClock: the clock stands at the Date of the example in RFC 9110 §6.6.1.
func TestClock(t *testing.T) {
	if got := string(httpwire.AppendDate(nil, Clock())); got != "Tue, 15 Nov 1994 08:12:31 GMT" {
		t.Errorf("the clock stands at %q", got)
	}
}

// ExampleNewRandom draws a Sec-WebSocket-Key: that of RFC 6455 §1.3.
func ExampleNewRandom() {
	key, err := handshake.NewKey(NewRandom())
	fmt.Println(key, err)
	// Output: dGhlIHNhbXBsZSBub25jZQ== <nil>
}
