package deflate

import (
	"bytes"
	"compress/flate"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
)

// What is inflated beside the RFC's examples. Blocks are separated by a bar.
//
// req: 7692-7.2.1-h
func TestBlocksOfAnyKindAreInflated(t *testing.T) {
	tests := []struct{ name, payload, message string }{
		// req: 7692-7.2.3.6-a
		{"an empty message", "00", ""},
		{"an empty fragment after the text", "F2 48 CD C9 C9 07 00 | 00 00 FF FF 00", "Hello"},
		{"an empty block with fixed codes", "02 00", ""},
		{"empty blocks before the text", "00 00 00 FF FF | 00 00 00 FF FF | F2 48 CD C9 C9 07 00", "Hello"},
		{"stored blocks alone", "00 02 00 FD FF 48 65 | 00 03 00 FC FF 6C 6C 6F | 00", "Hello"},
		{"two final blocks", "F3 48 CD C9 C9 07 00 | F3 48 CD C9 C9 07 00 | 00", "HelloHello"},
		{"final blocks that are empty", "03 00 | 01 00 00 FF FF | F3 48 CD C9 C9 07 00 | 03 00 | 00", "Hello"},
		{"a final stored block, then one with fixed codes", "01 02 00 FD FF 48 65 | CA C9 C9 07 00", "Hello"},
		{"after a final block the window goes on", "F3 48 CD C9 C9 07 00 | 02 13 00 00", "HelloHello"},
		{"and after another one", "F3 48 CD C9 C9 07 00 | 03 13 00 | 02 13 00 00", "HelloHelloHello"},
		{"a final block that fills the payload, without the 00 it should have", "F3 48 CD C9 C9 07 00", "Hello"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			payload := unhex(t, strings.ReplaceAll(test.payload, "|", ""))
			for _, takeover := range []bool{true, false} {
				d := NewDecompressor(8, takeover)
				for range 2 { // what a message ends with must not harm the next one
					got, err := d.AppendMessage([]byte("in front "), payload, 15)
					if err != nil || string(got) != "in front "+test.message {
						t.Errorf("takeover %v: % X is %q, error %v; want %q", takeover, payload, got, err, test.message)
					}
				}
			}
		})
	}
}

// req: 7692-7.2.2-f
func TestWhatIsNotDeflateIsRefused(t *testing.T) {
	const corrupt, cut = "not DEFLATE", "cut short"
	tests := []struct{ name, payload, says string }{
		{"no byte at all: an empty message has one", "", cut},
		{"the reserved block type 3", "06 00", corrupt},
		{"a stored block whose lengths differ", "00 05 00 FA FE 48 65 6C 6C 6F 00", corrupt},
		{"a reference to before the first byte", "02 13 00 00", corrupt},
		{"a message that is not compressed", "48 65 6C 6C 6F 20 77 6F 72 6C 64", corrupt},
		{"a zlib header", "78 9C F2 48 CD C9 C9 07 00", corrupt},
		{"four codes of one bit each, where there is room for two", "04 00 92 04 00 00", corrupt},
		{"garbage after a final block", "F3 48 CD C9 C9 07 00 FF 00", corrupt},
		{"the four bytes left in: a fifth block begins", "F2 48 CD C9 C9 07 00 00 00 FF FF", cut},
		{"Hello without its last byte", "F2 48 CD C9 C9 07", cut},
		{"a stored block without its data", "00 05 00 FA FF", cut},
		{"half of the lengths of a stored block", "00 05 00", cut},
		{"the head of codes of its own", "04", cut},
	}
	for _, test := range tests {
		for _, takeover := range []bool{true, false} {
			got, err := NewDecompressor(15, takeover).AppendMessage(nil, unhex(t, test.payload), 1000)
			var refusal *Error
			if !errors.As(err, &refusal) {
				t.Errorf("%s: %s is inflated to %q, error %v; want an *Error", test.name, test.payload, got, err)
				continue
			}
			if !strings.Contains(err.Error(), test.says) || refusal.Section != "RFC 7692 §7.2.2" {
				t.Errorf("%s: the error is %q; want it to say %q", test.name, err, test.says)
			}
			if size := len(unhex(t, test.payload)); refusal.Offset > size {
				t.Errorf("%s: the error is at byte %d of %d", test.name, refusal.Offset, size)
			}
		}
	}
}

// However much of a message is missing at its end, it is noticed: others deliver "Helh".
//
// req: 7692-7.2.2-f
func TestAMessageThatIsCutShortIsRefused(t *testing.T) {
	long := NewCompressor(15, false).AppendMessage(nil, bytes.Join(positions, nil))
	for _, whole := range [][]byte{unhex(t, "F2 48 CD C9 C9 07 00"), long} {
		for size := range whole {
			if got, err := NewDecompressor(15, true).AppendMessage(nil, whole[:size], 1<<20); err == nil {
				t.Errorf("the first %d of %d bytes are taken for a message, %q", size, len(whole), got)
			}
		}
	}

	// The one cut that cannot be seen: see ending.
	stored := unhex(t, "00 05 00 FA FF 48 65 6C 6C 6F 00")
	got, err := NewDecompressor(15, true).AppendMessage(nil, stored[:6], 100)
	if err != nil || string(got) != "H"+tail {
		t.Errorf("the four bytes appended make up for four that are missing: got %q, error %v", got, err)
	}
}

// Any window reaches back 2^w bytes over the border of messages, to the byte; the
// largest is the one of a peer who asked for no limit.
//
// req: 7692-7.2.2-b 7692-7.2.2-c 7692-7.2.2-d 7692-7.2.2-e 7692-7.2.2-f
func TestTheWindowIsAsLargeAsAgreed(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 6))
	past := make([]byte, 40_000)
	for i := range past {
		past[i] = byte(random.Uint32())
	}
	for bits := minWindowBits; bits <= MaxWindowBits; bits++ {
		for _, lengths := range [][]int{{40_000}, {39_999, 1}, {20_000, 0, 20_000}, {100, 39_900}} {
			size := 1 << bits
			for _, distance := range []int{3, size - 1, size, size + 1} {
				d := NewDecompressor(bits, true)
				rest := past
				for _, length := range lengths {
					storeMessage(t, d, rest[:length])
					rest = rest[length:]
				}
				if distance > 1<<MaxWindowBits {
					continue // DEFLATE cannot say it
				}
				got, err := d.AppendMessage(nil, referenceBlock(distance), 3)
				want := past[len(past)-distance:][:3]
				switch {
				case distance > size && err == nil:
					t.Errorf("w=%d, messages of %v: a reference %d bytes back gave % X", bits, lengths, distance, got)
				case distance <= size && !bytes.Equal(got, want):
					t.Errorf("w=%d, messages of %v: a reference %d bytes back gave % X, error %v; want % X",
						bits, lengths, distance, got, err, want)
				}
			}
		}
	}
}

// storeMessage puts a message in the window, in a stored block if it fits one.
func storeMessage(t *testing.T, d *Decompressor, message []byte) {
	t.Helper()
	n := len(message)
	payload := []byte{0, byte(n), byte(n >> 8), ^byte(n), ^byte(n >> 8)}
	payload = append(append(payload, message...), 0)
	if got, err := d.AppendMessage(nil, payload, n); err != nil || !bytes.Equal(got, message) {
		t.Fatalf("a stored block of %d bytes came back as %d, error %v", n, len(got), err)
	}
}

// Without takeover the window is empty at the start of a message.
func TestWithoutTakeoverNothingIsRemembered(t *testing.T) {
	d := NewDecompressor(15, false)
	storeMessage(t, d, []byte("Hello"))
	if got, err := d.AppendMessage(nil, referenceBlock(5), 100); err == nil {
		t.Errorf("a reference to the message before gave %q", got)
	}
}

// The simplification that NewDecompressor confesses.
func TestWithinAMessageASmallWindowIsNotEnforced(t *testing.T) {
	message := make([]byte, 300)
	copy(message, "abc")
	payload := append([]byte{0, 44, 1, ^byte(44), ^byte(1)}, message...)
	payload = append(payload, referenceBlock(300)...)
	got, err := NewDecompressor(8, true).AppendMessage(nil, payload, 303)
	if err != nil || string(got[300:]) != "abc" {
		t.Errorf("a reference 300 bytes back, at w=8 and within a message: %q, error %v", got, err)
	}
}

func TestTheLimitIsExact(t *testing.T) {
	tests := []struct {
		name, payload string
		limit         int
		fits          bool
	}{
		{"as many bytes as allowed", "F2 48 CD C9 C9 07 00", 5, true},
		{"one too many", "F2 48 CD C9 C9 07 00", 4, false},
		{"nothing allowed, and nothing there", "00", 0, true},
		{"nothing allowed, but something there", "F2 48 CD C9 C9 07 00", 0, false},
		{"a limit below zero is none that could be met", "F2 48 CD C9 C9 07 00", -1, false},
		{"no limit worth the name", "F2 48 CD C9 C9 07 00", math.MaxInt, true},
		{"full at the end of a final block, then nothing more", "F3 48 CD C9 C9 07 00 03 00 00", 5, true},
		{"full at the end of a final block, then more", "F3 48 CD C9 C9 07 00 F3 48 CD C9 C9 07 00 00", 5, false},
	}
	for _, test := range tests {
		got, err := NewDecompressor(15, true).AppendMessage([]byte("in front "), unhex(t, test.payload), test.limit)
		if test.fits && err != nil || !test.fits && !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: the error is %v", test.name, err)
		}
		if len(got)-len("in front ") > max(test.limit, 0) {
			t.Errorf("%s: %d bytes were appended, %d are allowed", test.name, len(got)-len("in front "), test.limit)
		}
	}
}

// 64 MiB of zeros are 65 KB on the wire, and may cost what the limit allows.
func TestABombCostsNoMoreThanTheLimit(t *testing.T) {
	const limit = 1 << 20
	mebibyte := NewCompressor(15, false).AppendMessage(nil, make([]byte, 1<<20))
	bomb := bytes.Repeat(append(mebibyte, tail...), 64)
	bomb = bytes.TrimSuffix(bomb, []byte(tail))
	if len(bomb) > 70_000 {
		t.Fatalf("the test is wrong: the bomb has %d bytes", len(bomb))
	}
	d := NewDecompressor(15, true)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got, err := d.AppendMessage(nil, bomb, limit)
	runtime.ReadMemStats(&after)
	if !errors.Is(err, ErrTooLarge) || len(got) != limit {
		t.Errorf("%d bytes and the error %v; want %d and ErrTooLarge", len(got), err, limit)
	}
	if raceEnabled {
		return // its own memory is counted too
	}
	if all := after.TotalAlloc - before.TotalAlloc; all > 6*limit || cap(got) > 2*limit {
		t.Errorf("%d bytes were allocated on the way to %d; %d are kept", all, limit, cap(got))
	}
}

// A connection that has had small messages only has a small window.
func TestTheWindowGrowsWithUse(t *testing.T) {
	d := NewDecompressor(15, true)
	for n := 1; n < 2000; n++ {
		storeMessage(t, d, []byte("0123456789"))
		if want := min(10*n, 1<<15); len(d.window) != want || cap(d.window) > min(20*n, 1<<15) {
			t.Fatalf("after %d messages of 10 bytes the window holds %d in room for %d; want %d", n, len(d.window), cap(d.window), want)
		}
	}
	d.Release()
	if d.window != nil {
		t.Error("Release left the window")
	}
}

// Each final block, 03 00 if it is empty, makes compress/flate copy the window.
func TestFinalBlocksAreBounded(t *testing.T) {
	for _, test := range []struct {
		finals, stored int // empty final blocks, and bytes of a stored block (00, length, complement) after them
		err            error
	}{
		{0, 0, nil}, {1, 0, nil}, {16, 0, nil}, {17, 0, ErrFinalBlocks}, {500_000, 0, ErrFinalBlocks},
		{16 + 31, 32_000, nil}, {16 + 32, 32_000, ErrFinalBlocks},
	} {
		d := NewDecompressor(15, true)
		storeMessage(t, d, make([]byte, 40_000))
		payload := bytes.Repeat([]byte{3, 0}, test.finals)
		payload = append(payload, 0, byte(test.stored), byte(test.stored>>8), ^byte(test.stored), ^byte(test.stored>>8))
		payload = append(payload, make([]byte, test.stored)...)
		payload = append(payload, 0)
		if got, err := d.AppendMessage(nil, payload, 1<<20); err != test.err || err == nil && len(got) != test.stored {
			t.Errorf("%d final blocks and %d bytes are %d bytes, error %v; want error %v", test.finals, test.stored, len(got), err, test.err)
		}
	}
}

// All levels of compress/flate, which use different kinds of blocks.
func TestWhatOtherLevelsMakeIsInflated(t *testing.T) {
	text := bytes.Join(conversation(300, 7), nil)
	for level := flate.HuffmanOnly; level <= flate.BestCompression; level++ {
		for _, end := range []string{"Flush", "Close"} {
			var out bytes.Buffer
			w, _ := flate.NewWriter(&out, level)
			_, _ = w.Write(text)
			var payload []byte
			if end == "Flush" {
				_ = w.Flush()
				payload = bytes.TrimSuffix(out.Bytes(), []byte(tail))
			} else { // BFINAL=1, RFC 7692 §7.2.3.4
				_ = w.Close()
				payload = append(out.Bytes(), 0)
			}
			got, err := NewDecompressor(15, true).AppendMessage(nil, payload, len(text))
			if err != nil || !bytes.Equal(got, text) {
				t.Errorf("level %d, ended by %s: %d bytes of %d, error %v", level, end, len(got), len(text), err)
			}
		}
	}
}
