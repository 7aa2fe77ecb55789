package annotate_test

import (
	"fmt"

	"barewire/handshake"
	"barewire/internal/annotate"
)

// The examples of RFC 7692 §7.2.3, as frames of one server: the text "Hello" again and
// again, compressed in every possible way. The second one is shorter because it refers
// back to the first.
func ExampleOptions_deflate() {
	agreed := &handshake.Deflate{ServerMaxWindowBits: 15, ClientMaxWindowBits: 15}
	c := annotate.New(annotate.Options{Frames: true, Deflate: agreed})
	for _, data := range []string{
		"\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00",             // §7.2.3.1
		"\xc1\x05\xf2\x00\x11\x00\x00",                     // §7.2.3.2, with the window
		"\x41\x03\xf2\x48\xcd", "\x80\x04\xc9\xc9\x07\x00", // §7.2.3.1, in two fragments
		"\xc1\x0b\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00",         // §7.2.3.3, not compressed
		"\xc1\x08\xf3\x48\xcd\xc9\xc9\x07\x00\x00",                     // §7.2.3.4, BFINAL
		"\xc1\x0d\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", // §7.2.3.5, two blocks
		"\xc1\x01\x00", // §7.2.3.6, an empty message
	} {
		for _, unit := range c.Add(annotate.ServerToClient, []byte(data)) {
			for _, note := range unit.Notes {
				if note.Field == "inflated" {
					fmt.Println(note.Value, "-", note.Meaning)
				}
			}
		}
	}
	// Output:
	// "Hello" - 7 bytes on the wire, 5 bytes inflated: 0.7 times as many
	// "Hello" - 5 bytes on the wire, 5 bytes inflated: 1.0 times as many
	// "Hello" - 7 bytes on the wire, 5 bytes inflated: 0.7 times as many
	// "Hello" - 11 bytes on the wire, 5 bytes inflated: 0.5 times as many
	// "Hello" - 8 bytes on the wire, 5 bytes inflated: 0.6 times as many
	// "Hello" - 13 bytes on the wire, 5 bytes inflated: 0.4 times as many
	// "" - 1 byte on the wire, 0 bytes inflated: 0.0 times as many
}
