package deflate

import (
	"bytes"
	"slices"
	"testing"
)

// The examples of RFC 7692 §7.2.3. The bytes are payloads, without frame headers.
var rfcExamples = []struct {
	name     string
	payloads []string // one message after the other, on one connection
	takeover bool
	exact    bool // compress/flate makes the same bytes
}{
	// req: 7692-7.2.1-a 7692-7.2.2-a
	{"§7.2.3.1 one block with fixed codes", []string{"F2 48 CD C9 C9 07 00"}, true, true},
	{"§7.2.3.2 the second Hello without takeover is the first again",
		[]string{"F2 48 CD C9 C9 07 00", "F2 48 CD C9 C9 07 00"}, false, true},
	// compress/flate makes 02 13 00 00 of the second one: the same length, in other
	// words. "H" and then a reference, or one reference: DEFLATE leaves that open.
	{"§7.2.3.2 with takeover it is a reference", []string{"F2 48 CD C9 C9 07 00", "F2 00 11 00 00"}, true, false},
	{"§7.2.3.3 a stored block", []string{"00 05 00 FA FF 48 65 6C 6C 6F 00"}, true, false},
	// req: 7692-7.2.1-h
	{"§7.2.3.4 BFINAL=1, and the empty block after it", []string{"F3 48 CD C9 C9 07 00 00"}, true, false},
	// "He" in one block, then the 00 00 FF FF that would be removed at the end of a
	// message: here it is not at the end.
	{"§7.2.3.5 two blocks", []string{"F2 48 05 00 00 00 FF FF CA C9 C9 07 00"}, true, false},
}

// req: 7692-7.2.1-a 7692-7.2.2-a 7692-7.2.1-h
func TestTheExamplesOfTheRFC(t *testing.T) {
	for _, example := range rfcExamples {
		t.Run(example.name, func(t *testing.T) {
			d := NewDecompressor(MaxWindowBits, example.takeover)
			c := NewCompressor(MaxWindowBits, example.takeover)
			for i, text := range example.payloads {
				payload := unhex(t, text)
				message, err := d.AppendMessage(nil, payload, 5)
				if err != nil || string(message) != "Hello" {
					t.Errorf("message %d, % X, is inflated to %q, error %v; want Hello", i+1, payload, message, err)
				}
				ours := c.AppendMessage(nil, []byte("Hello"))
				if example.exact && !bytes.Equal(ours, payload) {
					t.Errorf("message %d is compressed to % X; want % X", i+1, ours, payload)
				}
			}
		})
	}
}

// §7.2.3.1 shows a message in two frames as well: the payload is cut anywhere, and the
// four bytes are missing at the end of the message alone.
//
// req: 7692-7.2.1-b
func TestTheFourBytesAreRemovedFromTheEndAlone(t *testing.T) {
	c := NewCompressor(9, true) // a window of 512 bytes: 1200 take two flushes on the way
	message := bytes.Repeat([]byte("abcdefgh"), 150)
	payload := c.AppendMessage([]byte("in front"), message)[len("in front"):]
	if n := bytes.Count(payload, []byte(tail)); n != 2 {
		t.Errorf("00 00 FF FF is there %d times, want 2, at the flushes within: % X", n, payload)
	}
	if bytes.HasSuffix(payload, []byte(tail)) {
		t.Errorf("00 00 FF FF is there at the end: % X", payload)
	}
	if got, _, err := plainInflate(nil, payload, len(message)); err != nil || !bytes.Equal(got, message) {
		t.Errorf("it is inflated to %q, error %v", got, err)
	}
}

// A message that ends in 00 00 FF FF itself loses nothing of that.
//
// req: 7692-7.2.1-b
func TestAMessageThatLooksLikeTheTail(t *testing.T) {
	for _, message := range []string{tail, tail + tail, ending, "\x00"} {
		c, d := NewCompressor(15, true), NewDecompressor(15, true)
		payload := c.AppendMessage(nil, []byte(message))
		if got, err := d.AppendMessage(nil, payload, 100); err != nil || string(got) != message {
			t.Errorf("% X became % X, error %v", message, got, err)
		}
	}
}

// req: 7692-7.2.3.6-a
func TestAnEmptyMessageIsTheByte00(t *testing.T) {
	for _, takeover := range []bool{false, true} {
		for bits := minWindowBits; bits <= MaxWindowBits; bits++ {
			c, d := NewCompressor(bits, takeover), NewDecompressor(bits, takeover)
			for _, message := range []string{"", "", "Hello", ""} {
				payload := c.AppendMessage(nil, []byte(message))
				if message == "" && !slices.Equal(payload, []byte{0}) {
					t.Errorf("w=%d, takeover %v: an empty message is % X, want 00", bits, takeover, payload)
				}
				got, err := d.AppendMessage(nil, payload, 100)
				if err != nil || string(got) != message {
					t.Errorf("w=%d, takeover %v: % X is %q, error %v; want %q", bits, takeover, payload, got, err, message)
				}
			}
		}
	}
}

// The two payloads of §7.2.3.2, with something uncompressed sent in between: the
// window is as the first Hello left it, on either side.
//
// req: 7692-7.2.3.2-a
func TestUncompressedMessagesLeaveTheWindowAlone(t *testing.T) {
	d := NewDecompressor(15, true)
	for i, payload := range []string{"F2 48 CD C9 C9 07 00", "F2 00 11 00 00"} {
		// Here an uncompressed message would come. It passes by both d and c.
		got, err := d.AppendMessage(nil, unhex(t, payload), 5)
		if err != nil || string(got) != "Hello" {
			t.Errorf("message %d is %q, error %v", i+1, got, err)
		}
	}
}
