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
	// Text, FIN, 5 bytes, masked: "Hello"
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

// The same frame, as text for people.
func ExamplePrinter() {
	c := annotate.New(annotate.Options{Frames: true})
	units := c.Add(annotate.ClientToServer, []byte("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"))
	var printer annotate.Printer
	fmt.Print(string(printer.AppendUnit(nil, &units[0])))
	// Output:
	// → Text, FIN, 5 bytes, masked: "Hello"                                                            bytes 0 to 10
	//     0  1... ....                FIN              1         the last frame of its message      RFC 6455 §5.4
	//     0  .0.. ....                RSV1             0         1 would mark a compressed message  RFC 7692 §6
	//     0  ..0. ....                RSV2             0         reserved                           RFC 6455 §5.2
	//     0  ...0 ....                RSV3             0         reserved                           RFC 6455 §5.2
	//     0  .... 0001                opcode           1 text    a text message begins              RFC 6455 §5.6
	//     1  1... ....                mask bit         1         masked: a key follows              RFC 6455 §5.1
	//     1  .000 0101                payload length   5         bytes of payload                   RFC 6455 §5.2
	//     2  37 fa 21 3d              masking key      37 fa 21 3d  byte i XOR key byte i mod 4     RFC 6455 §5.3
	//                                 text             "Hello"   unmasked: 7f XOR 37 = 48 'H'       RFC 6455 §5.6
	//     6  7f 9f 4d 51 58           unmasked         48 65 6c 6c 6f           Hello
}

// All examples of RFC 6455 §5.7, one line each. The payloads of the last two have 256
// bytes and 64 KiB.
func ExampleConversation_frames() {
	c := annotate.New(annotate.Options{Frames: true})
	for _, data := range []string{
		"\x81\x05Hello",
		"\x01\x03Hel", "\x80\x02lo",
		"\x89\x05Hello",
		"\x82\x7e\x01\x00" + string(make([]byte, 256)),
		"\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00" + string(make([]byte, 65536)),
	} {
		for _, unit := range c.Add(annotate.ServerToClient, []byte(data)) {
			fmt.Println("←", unit.Title)
		}
	}
	for _, data := range []string{
		"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58",
		"\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58",
	} {
		for _, unit := range c.Add(annotate.ClientToServer, []byte(data)) {
			fmt.Println("→", unit.Title)
		}
	}
	// Output:
	// ← Text, FIN, 5 bytes: "Hello"
	// ← Text, 3 bytes: "Hel"
	// ← Continuation, FIN, 2 bytes: "lo"
	// ← Ping, FIN, 5 bytes: "Hello"
	// ← Binary, FIN, 256 bytes: 00 00 00 00 00 00 00 00 00 00 ...
	// ← Binary, FIN, 65536 bytes: 00 00 00 00 00 00 00 00 00 00 ...
	// → Text, FIN, 5 bytes, masked: "Hello"
	// → Pong, FIN, 5 bytes, masked: "Hello"
}

// Only the application knows what its messages mean. In this example they are
// temperatures, in tenths of a degree.
func ExampleOptions_explain() {
	c := annotate.New(annotate.Options{Frames: true, Explain: func(path string, message []byte) []annotate.Note {
		return []annotate.Note{{Layer: annotate.Application, Field: "temperature", Value: fmt.Sprint(float64(message[0]) / 10)}}
	}})
	units := c.Add(annotate.ServerToClient, []byte("\x82\x01\xd7"))
	for _, note := range units[0].Notes {
		fmt.Println(note.Field, note.Value)
	}
	// Output: temperature 21.5
}

// A unit as JSON, the shortest one possible.
func ExampleUnit() {
	c := annotate.New(annotate.Options{Frames: true})
	units := c.Add(annotate.ServerToClient, []byte("\x8a\x00"))
	units[0].Spans = units[0].Spans[:1]
	line, _ := json.Marshal(units[0])
	fmt.Println(string(line))
	// Output:
	// {"number":1,"kind":"frame","direction":"server_to_client","offset":0,"length":2,"title":"Pong, FIN, 0 bytes","spans":[{"offset":0,"length":1,"bits":1,"layer":"websocket","field":"FIN","value":"1","meaning":"a control frame is never fragmented","section":"RFC 6455 §5.4"}],"bytes":"8a00"}
}
