package annotate_test

import (
	"encoding/json"
	"fmt"

	"barewire/internal/annotate"
)

// The second example of RFC 6455 §5.7: "Hello" from a client, which masks it.
func ExampleConversation() {
	c := annotate.New(annotate.Options{Frames: true})
	units := c.Add(annotate.ClientToServer, []byte("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"))
	fmt.Println(units[0].Title)
	for _, span := range units[0].Spans {
		fmt.Println(span.Field, "=", span.Value)
	}
	// Output:
	// Text, FIN, 5 octets, masked: "Hello"
	// FIN = 1
	// RSV1 = 0
	// RSV2 = 0
	// RSV3 = 0
	// opcode = 1 text
	// mask bit = 1
	// payload length = 5
	// masking key = 37 fa 21 3d
	// text = "Hello"
}

// The same as a learner sees it.
func ExamplePrinter() {
	c := annotate.New(annotate.Options{Frames: true})
	units := c.Add(annotate.ClientToServer, []byte("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"))
	var printer annotate.Printer
	fmt.Print(string(printer.AppendUnit(nil, &units[0])))
	// Output:
	// → Text, FIN, 5 octets, masked: "Hello"                                                          octets 0 to 10
	//     0  1... ....                FIN              1         the last frame of its message      RFC 6455 §5.4
	//     0  .0.. ....                RSV1             0         1 would mark a compressed message  RFC 7692 §6
	//     0  ..0. ....                RSV2             0         reserved                           RFC 6455 §5.2
	//     0  ...0 ....                RSV3             0         reserved                           RFC 6455 §5.2
	//     0  .... 0001                opcode           1 text    a message of text begins           RFC 6455 §5.6
	//     1  1... ....                mask bit         1         masked: a key follows              RFC 6455 §5.1
	//     1  .000 0101                payload length   5         octets of payload                  RFC 6455 §5.2
	//     2  37 fa 21 3d              masking key      37 fa 21 3d  octet i XOR key octet i mod 4   RFC 6455 §5.3
	//                                 text             "Hello"   unmasked: 7f XOR 37 = 48 'H'       RFC 6455 §5.6
	//     6  7f 9f 4d 51 58           unmasked         48 65 6c 6c 6f           Hello
}

// All examples of RFC 6455 §5.7, one line each; the last two carry 256 octets
// and 64 KiB.
func ExampleConversation_frames() {
	c := annotate.New(annotate.Options{Frames: true})
	for _, octets := range []string{
		"\x81\x05Hello",
		"\x01\x03Hel", "\x80\x02lo",
		"\x89\x05Hello",
		"\x82\x7e\x01\x00" + string(make([]byte, 256)),
		"\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00" + string(make([]byte, 65536)),
	} {
		for _, unit := range c.Add(annotate.ServerToClient, []byte(octets)) {
			fmt.Println("←", unit.Title)
		}
	}
	for _, octets := range []string{
		"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58",
		"\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58",
	} {
		for _, unit := range c.Add(annotate.ClientToServer, []byte(octets)) {
			fmt.Println("→", unit.Title)
		}
	}
	// Output:
	// ← Text, FIN, 5 octets: "Hello"
	// ← Text, 3 octets: "Hel"
	// ← Continuation, FIN, 2 octets: "lo"
	// ← Ping, FIN, 5 octets: "Hello"
	// ← Binary, FIN, 256 octets: 00 00 00 00 00 00 00 00 00 00 ...
	// ← Binary, FIN, 65536 octets: 00 00 00 00 00 00 00 00 00 00 ...
	// → Text, FIN, 5 octets, masked: "Hello"
	// → Pong, FIN, 5 octets, masked: "Hello"
}

// The digest that the article's server answers with is twenty octets that tell
// nothing. A note says where they come from.
func ExampleNote() {
	c := annotate.New(annotate.Options{Frames: true})
	units := c.Add(annotate.ServerToClient,
		[]byte("\x82\x14\xf7\xff\x9e\x8b\x7b\xb2\xe0\x9b\x70\x93\x5a\x5d\x78\x5e\x0c\xc5\xd9\xd0\xab\xf0"))
	for _, note := range units[0].Notes {
		fmt.Println(note.Field, note.Value)
	}
	// Output:
	// 1. reply "Hello"
	// 2. SHA-1 f7 ff 9e 8b 7b b2 e0 9b 70 93 5a 5d 78 5e 0c c5 d9 d0 ab f0
}

// A unit as JSON: the shortest one there is.
func ExampleUnit() {
	c := annotate.New(annotate.Options{Frames: true})
	units := c.Add(annotate.ServerToClient, []byte("\x8a\x00"))
	units[0].Spans = units[0].Spans[:1]
	line, _ := json.Marshal(units[0])
	fmt.Println(string(line))
	// Output:
	// {"number":1,"kind":"frame","direction":"server_to_client","offset":0,"length":2,"title":"Pong, FIN, 0 octets","spans":[{"offset":0,"length":1,"bits":1,"layer":"websocket","field":"FIN","value":"1","meaning":"a control frame is always whole","section":"RFC 6455 §5.4"}],"bytes":"8a00"}
}
