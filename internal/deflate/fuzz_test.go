package deflate

import (
	"bytes"
	"errors"
	"testing"
)

// More seeds, good and bad, are in testdata/fuzz; "go test" runs them all.
// To search on: go test -run=NONE -fuzz=FuzzDecompress ./internal/deflate

// FuzzDecompress: whatever arrives after whatever window, the outcome is that of the
// plain inflater, and never more than limit bytes.
func FuzzDecompress(f *testing.F) {
	for _, example := range rfcExamples {
		for _, payload := range example.payloads {
			f.Add(unhex(f, payload), []byte("Hello"), uint8(15), uint16(100))
		}
	}
	f.Add(referenceBlock(256), bytes.Repeat([]byte("abc"), 100), uint8(8), uint16(3))
	f.Add(NewCompressor(15, false).AppendMessage(nil, position(1)), []byte{}, uint8(9), uint16(500))
	f.Fuzz(func(t *testing.T, payload, past []byte, w uint8, limit16 uint16) {
		bits := minWindowBits + int(w)%(MaxWindowBits-minWindowBits+1)
		limit := int(limit16)
		window := past[max(0, len(past)-1<<bits):]
		want, _, wantErr := plainInflate(window, payload, limit)

		d := NewDecompressor(bits, true)
		first := NewCompressor(bits, false).AppendMessage(nil, past)
		if _, err := d.AppendMessage(nil, first, len(past)); err != nil {
			t.Fatalf("the past cannot be inflated: %v", err)
		}
		got, err := d.AppendMessage([]byte("in front "), payload, limit)
		if !bytes.HasPrefix(got, []byte("in front ")) {
			t.Fatalf("what was there before is gone: %q", got)
		}
		got = got[len("in front "):]
		if len(got) > limit || len(d.window) > 1<<bits {
			t.Fatalf("%d bytes came of %d allowed, and the window holds %d", len(got), limit, len(d.window))
		}
		if errors.Is(err, ErrTooLarge) != errors.Is(wantErr, ErrTooLarge) || (err == nil) != (wantErr == nil) {
			t.Fatalf("% X: the error is %v, of the plain form %v", payload, err, wantErr)
		}
		if err == nil && !bytes.Equal(got, want) {
			t.Fatalf("% X is % X, of the plain form % X", payload, got, want)
		}
		var refusal *Error
		if errors.As(err, &refusal) && refusal.Offset > len(payload) {
			t.Fatalf("% X is wrong at byte %d, it is said", payload, refusal.Offset)
		}
		if err == nil {
			mustComeBack(t, NewCompressor(bits, true), NewDecompressor(bits, true), got)
		}
	})
}

// FuzzRoundTrip: a conversation, one message to a line of data, comes back as it was.
// A line that begins with ! goes uncompressed; one that begins with * is repeated until
// it is longer than small windows.
func FuzzRoundTrip(f *testing.F) {
	f.Add([]byte("Hello\nHello\n\nHello"), uint8(7), true)
	f.Add([]byte("Hello\n!this one goes as it is\nHello"), uint8(0), true)
	f.Add([]byte("*abcdefgh\nabc\n*x\nabcdefgh"), uint8(0), true)
	f.Add([]byte("*abcdefgh\nabc\n*x\nabcdefgh"), uint8(2), false)
	f.Fuzz(func(t *testing.T, data []byte, w uint8, takeover bool) {
		bits := minWindowBits + int(w)%(MaxWindowBits-minWindowBits+1)
		c, d := NewCompressor(bits, takeover), NewDecompressor(bits, takeover)
		for _, message := range bytes.Split(data, []byte("\n")) {
			switch {
			case bytes.HasPrefix(message, []byte("!")):
				continue // sent with RSV1 clear: neither side gives it to us
			case bytes.HasPrefix(message, []byte("*")):
				message = bytes.Repeat(message, 1+700/len(message))
			}
			mustComeBack(t, c, d, message)
		}
	})
}

// mustComeBack sends a message through c and d, and checks what c made of it with the
// plain inflater too.
func mustComeBack(t *testing.T, c *Compressor, d *Decompressor, message []byte) {
	t.Helper()
	payload := c.AppendMessage(nil, message)
	plain, farthest, err := plainInflate(d.window, payload, len(message))
	if err != nil || !bytes.Equal(plain, message) || farthest > c.windowSize {
		t.Fatalf("% X became % X, which is % X, error %v, and refers %d bytes back of %d",
			message, payload, plain, err, farthest, c.windowSize)
	}
	got, err := d.AppendMessage(nil, payload, len(message))
	if err != nil || !bytes.Equal(got, message) {
		t.Fatalf("% X became % X, which is % X, error %v", message, payload, got, err)
	}
}
