package deflate

import (
	"bytes"
	"compress/flate"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// position returns the i-th of many messages that resemble each other, of about 108
// bytes: the kind for which takeover was made.
func position(i int) []byte {
	return fmt.Appendf(nil, `{"type":"position","vehicle":"bus-%02d","line":"M41","next":"Hermannplatz","speed":%d,"late":%v,"sequence":%d}`,
		i%7, 20+i*13%30, i%3 == 0, 10000+i)
}

// conversation returns n messages of mixed sizes and kinds, the same for each seed.
func conversation(n int, seed uint64) [][]byte {
	random := rand.New(rand.NewPCG(seed, 7692))
	messages := make([][]byte, n)
	for i := range messages {
		switch random.IntN(20) {
		case 0:
			messages[i] = []byte{}
		case 1: // what cannot be compressed
			messages[i] = make([]byte, random.IntN(1000))
			for at := range messages[i] {
				messages[i][at] = byte(random.Uint32())
			}
		case 2: // longer than small windows
			messages[i] = bytes.Repeat(position(i), random.IntN(12))
		case 3: // the length of a window, and one less or more
			size := 1<<(minWindowBits+random.IntN(4)) - 1 + random.IntN(3)
			messages[i] = bytes.Repeat(position(i), 1+size/100)[:size]
		default:
			messages[i] = position(random.IntN(1000))
		}
	}
	return messages
}

// everySetting runs a test with each window size, with and without takeover.
func everySetting(t *testing.T, test func(t *testing.T, bits int, takeover bool)) {
	for bits := minWindowBits; bits <= MaxWindowBits; bits++ {
		for _, takeover := range []bool{true, false} {
			t.Run(fmt.Sprintf("w=%d,takeover=%v", bits, takeover), func(t *testing.T) { test(t, bits, takeover) })
		}
	}
}

// req: 7692-7.2.1-a 7692-7.2.2-b 7692-7.2.2-c
func TestRoundTrip(t *testing.T) {
	n := 2000
	if raceEnabled { // it takes seventy times as long to clear a Writer
		n = 150
	}
	messages := conversation(n, 1)
	messages = append(messages, slices.Concat(messages...), []byte("and on")) // all of them in one
	everySetting(t, func(t *testing.T, bits int, takeover bool) {
		c, d := NewCompressor(bits, takeover), NewDecompressor(bits, takeover)
		var payload, got []byte
		for i, message := range messages {
			var err error
			payload = c.AppendMessage(payload[:0], message)
			got, err = d.AppendMessage(got[:0], payload, len(message))
			if err != nil || !bytes.Equal(got, message) {
				t.Fatalf("message %d of %d bytes, compressed to %d, came back as %d bytes, error %v",
					i, len(message), len(payload), len(got), err)
			}
		}
		if len(d.window) > 1<<bits || cap(d.window) > 1<<bits || !takeover && d.window != nil {
			t.Errorf("the window holds %d bytes in room for %d", len(d.window), cap(d.window))
		}
	})
}

// The plain inflater is given no more of the past than was agreed on: 2^w bytes with
// takeover, nothing without. And it says how far the blocks referred back, within a
// message too.
//
// req: 7692-7.2.1-c 7692-7.2.1-d 7692-7.2.1-e 7692-7.2.1-f 7692-7.2.1-g
func TestNothingRefersBackBeyondTheWindow(t *testing.T) {
	messages := conversation(200, 2)
	messages = append(messages, slices.Concat(messages...))
	everySetting(t, func(t *testing.T, bits int, takeover bool) {
		c := NewCompressor(bits, takeover)
		var window []byte
		farthest := 0
		for i, message := range messages {
			got, distance, err := plainInflate(window, c.AppendMessage(nil, message), len(message))
			if err != nil || !bytes.Equal(got, message) {
				t.Fatalf("message %d of %d bytes came back as %d, error %v", i, len(message), len(got), err)
			}
			farthest = max(farthest, distance)
			if takeover {
				window = append(window, message...)
				window = window[max(0, len(window)-1<<bits):]
			}
		}
		if farthest > 1<<bits {
			t.Errorf("a block refers %d bytes back: the window has %d", farthest, 1<<bits)
		}
		if farthest < 1<<bits/4 {
			t.Errorf("no block refers further back than %d bytes: the window of %d is wasted", farthest, 1<<bits)
		}
	})
}

// A message longer than a small window costs no clearing of hash tables: at 8 bits it is
// one part with Huffman codes alone, from 9 on level 1 forgets after each part. Of random
// bytes, one part in nine is tried at level 1.
func TestAMessageLongerThanItsWindowIsCheap(t *testing.T) {
	message, noise := bytes.Repeat(position(1), 1000), make([]byte, 256<<10)
	random := rand.NewChaCha8([32]byte{})
	random.Read(noise)
	for bits := minWindowBits; bits < MaxWindowBits; bits++ {
		level, size := flate.BestSpeed, 1<<bits
		if bits == minWindowBits {
			level, size = flate.HuffmanOnly, len(message)
		}
		var want bytes.Buffer
		w, _ := flate.NewWriter(&want, level)
		for part := range slices.Chunk(message, size) {
			w.Reset(&want)
			w.Write(part)
			w.Flush()
		}
		c := NewCompressor(bits, true)
		c.AppendMessage(nil, position(1)) // leaves a Writer of level 4 that must not be used
		if got := c.AppendMessage(nil, message); string(got)+tail != want.String() {
			t.Errorf("%d bits: compressed to %d bytes, want the %d of level %d", bits, len(got), want.Len()-len(tail), level)
		}
		got, parts := c.AppendMessage(nil, noise), len(noise)>>bits
		if flushes := bytes.Count(got, []byte(tail)); flushes > parts*2/9+1 {
			t.Errorf("%d bits: %d flushes for %d parts of random bytes", bits, flushes, parts)
		}
	}
}

// Without takeover a message is compressed as if it were the first.
//
// req: 7692-7.2.1-d 7692-7.2.1-e
func TestWithoutTakeoverEveryMessageIsTheFirst(t *testing.T) {
	for bits := minWindowBits; bits <= MaxWindowBits; bits++ {
		c := NewCompressor(bits, false)
		for i, message := range conversation(50, 3) {
			first := NewCompressor(bits, false).AppendMessage(nil, message)
			if payload := c.AppendMessage(nil, message); !bytes.Equal(payload, first) {
				t.Fatalf("w=%d: message %d is % X; alone it would be % X", bits, i, payload, first)
			}
			if c.deflater != nil {
				t.Fatalf("w=%d: a Writer of 786 KiB is kept between messages", bits)
			}
		}
	}
}

// What takeover is for. The bounds are what the code reaches, rounded up.
func TestSimilarMessagesShrink(t *testing.T) {
	tests := []struct {
		name     string
		bits     int
		takeover bool
		percent  int // of the original size, at most
	}{
		{"takeover and the largest window", 15, true, 15},
		{"4 KiB: forgotten after some 38 messages", 12, true, 20},
		{"512 bytes: after 4", 9, true, 40},
		{"no takeover: nothing to gain on so small messages", 15, false, 95},
	}
	for _, test := range tests {
		c := NewCompressor(test.bits, test.takeover)
		sent, size := 0, 0
		for i := range 500 {
			size += len(position(i))
			sent += len(c.AppendMessage(nil, position(i)))
		}
		if 100*sent > test.percent*size {
			t.Errorf("%s: 500 messages of together %d bytes became %d, %d %%; want %d %% at most",
				test.name, size, sent, 100*sent/size, test.percent)
		}
	}
}

// A caller may rely on this when it makes room.
func TestWhatCannotBeCompressedGrowsLittle(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 4))
	message := make([]byte, 100_000)
	for i := range message {
		message[i] = byte(random.Uint32())
	}
	for bits := minWindowBits; bits <= MaxWindowBits; bits++ {
		payload := NewCompressor(bits, true).AppendMessage(nil, message)
		allowed := 5*(len(message)>>14+1) + 6
		if bits < 15 {
			allowed += 10 * (len(message)>>bits + 1)
		}
		if growth := len(payload) - len(message); growth > allowed {
			t.Errorf("w=%d: %d bytes grew by %d, want %d at most", bits, len(message), growth, allowed)
		}
	}
}

// After Release the compressor has forgotten and the receiver has not. They still
// understand each other: a window may hold what nobody refers to.
//
// req: 7692-7.2.2-b 7692-7.2.2-c
func TestReleaseWithinAConversation(t *testing.T) {
	everySetting(t, func(t *testing.T, bits int, takeover bool) {
		c, d := NewCompressor(bits, takeover), NewDecompressor(bits, true)
		for i, message := range conversation(100, 5) {
			if i%10 == 9 {
				c.Release()
				c.Release() // and again, which does nothing
			}
			got, err := d.AppendMessage(nil, c.AppendMessage(nil, message), len(message))
			if err != nil || !bytes.Equal(got, message) {
				t.Fatalf("message %d of %d bytes came back as %d, error %v", i, len(message), len(got), err)
			}
		}
	})
}

// A broadcast is compressed once, without takeover, and sent to many. Where it goes in
// between, the connection's own compressor has to forget: it would count back over it.
func TestAPayloadFromElsewhere(t *testing.T) {
	c, d := NewCompressor(15, true), NewDecompressor(15, true)
	broadcast := NewCompressor(15, false).AppendMessage(nil, []byte("to all"))
	send := func(payload []byte, want string) {
		t.Helper()
		if got, err := d.AppendMessage(nil, payload, 100); err != nil || string(got) != want {
			t.Errorf("% X is %q, error %v; want %q", payload, got, err, want)
		}
	}
	send(c.AppendMessage(nil, []byte("Hello")), "Hello")
	send(broadcast, "to all")
	c.Release()
	send(c.AppendMessage(nil, []byte("Hello")), "Hello")
	send(c.AppendMessage(nil, []byte("Hello")), "Hello")
}

// Pools are shared: whatever one connection had in its window, the next one that gets
// the Writer and the Reader cannot tell.
func TestConnectionsDoNotSeeEachOther(t *testing.T) {
	secret := []byte("a secret of another connection")
	for range 20 {
		c, d := NewCompressor(15, true), NewDecompressor(15, true)
		if _, err := d.AppendMessage(nil, c.AppendMessage(nil, secret), 100); err != nil {
			t.Fatal(err)
		}
		c.Release()
		d.Release()

		payload := NewCompressor(15, true).AppendMessage(nil, secret)
		if got, _, err := plainInflate(nil, payload, 100); err != nil || !bytes.Equal(got, secret) {
			t.Fatalf("% X refers to what another connection sent: %v", payload, err)
		}
		if got, err := NewDecompressor(15, true).AppendMessage(nil, referenceBlock(5), 100); err == nil {
			t.Fatalf("a first message read %q from the window of another connection", got)
		}
	}
}

// TestWindow does what is drawn over appendShort: three messages that fit, one that is
// longer than what is free, and one that is longer than the window.
func TestWindow(t *testing.T) {
	const window = 1 << 9
	c := NewCompressor(9, true)
	defer c.Release()
	for i, step := range []struct{ length, free int }{
		{160, window - 160}, {160, window - 320}, {160, window - 480}, // m1, m2, m3
		{40, window - 40},                           // m4 is longer than what is free: forget, then m4
		{2*window + 30, window - 40},                // part, part, rest, with another Writer; the next one refers to none of them
		{window - 30, 30}, {30, 0}, {1, window - 1}, // exactly what is free; and the next one
	} {
		c.AppendMessage(nil, make([]byte, step.length))
		if c.free != step.free {
			t.Errorf("message %d, of %d bytes, leaves %d free, want %d", i+1, step.length, c.free, step.free)
		}
	}
}

func TestWindowBitsOutsideTheirRangePanic(t *testing.T) {
	for _, bits := range []int{-1, 0, 7, 16} {
		for name, make := range map[string]func(){
			"NewCompressor":   func() { NewCompressor(bits, true) },
			"NewDecompressor": func() { NewDecompressor(bits, true) },
		} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("%s took %d window bits", name, bits)
					}
				}()
				make()
			}()
		}
	}
}

// In the steady state a message costs no allocation, in either direction and with any
// setting. (Longer ones may: compress/flate makes tables for blocks that bring codes
// of more than 9 bits, and they are not ours to keep.)
func TestMessagesAllocateNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector makes sync.Pool forget at random")
	}
	everySetting(t, func(t *testing.T, bits int, takeover bool) {
		c, d := NewCompressor(bits, takeover), NewDecompressor(bits, takeover)
		var payload, got []byte
		i := 0
		exchange := func() {
			message := positions[i%len(positions)]
			i++
			payload = c.AppendMessage(payload[:0], message)
			var err error
			if got, err = d.AppendMessage(got[:0], payload, 1000); err != nil || !bytes.Equal(got, message) {
				t.Fatalf("%q came back as %q, error %v", message, got, err)
			}
		}
		for range 1000 { // until the window is full and the pools have been filled
			exchange()
		}
		if n := testing.AllocsPerRun(500, exchange); n >= 1 {
			t.Errorf("a message allocates %v times on its way out and back in", n)
		}
	})
}

var positions = func() [][]byte {
	messages := make([][]byte, 100)
	for i := range messages {
		messages[i] = position(i)
	}
	return messages
}()
