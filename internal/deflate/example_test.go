package deflate_test

import (
	"errors"
	"fmt"

	"barewire/internal/deflate"
)

// The first example of RFC 7692 §7.2.3.
func ExampleCompressor_AppendMessage() {
	c := deflate.NewCompressor(15, true)
	defer c.Release()
	fmt.Printf("% X\n", c.AppendMessage(nil, []byte("Hello")))
	// The second Hello is a reference: "5 bytes, as 5 bytes ago".
	fmt.Printf("% X\n", c.AppendMessage(nil, []byte("Hello")))
	fmt.Printf("% X\n", c.AppendMessage(nil, nil))
	// Output:
	// F2 48 CD C9 C9 07 00
	// 02 13 00 00
	// 00
}

// Two frames bring one message: their payloads are joined, then inflated.
func ExampleDecompressor_AppendMessage() {
	d := deflate.NewDecompressor(15, true)
	defer d.Release()
	payload := append([]byte("\xF2\x48\xCD"), "\xC9\xC9\x07\x00"...)
	message, err := d.AppendMessage(nil, payload, 1<<20)
	fmt.Printf("%s %v\n", message, err)

	// The last byte is missing.
	_, err = deflate.NewDecompressor(15, true).AppendMessage(nil, payload[:6], 1<<20)
	fmt.Println(err)
	// Output:
	// Hello <nil>
	// byte 6 of the payload: the compressed message is cut short (RFC 7692 §7.2.2)
}

// A thousand bytes of zeros are ten on the wire. The limit holds while they come out.
func ExampleErrTooLarge() {
	bomb := deflate.NewCompressor(15, false).AppendMessage(nil, make([]byte, 1000))
	message, err := deflate.NewDecompressor(15, false).AppendMessage(nil, bomb, 100)
	fmt.Println(len(bomb), "bytes in,", len(message), "out,", errors.Is(err, deflate.ErrTooLarge))
	fmt.Println(err)
	// Output:
	// 17 bytes in, 100 out, true
	// the inflated message is larger than the limit (RFC 6455 §10.4)
}
