package wsframe_test

import (
	"errors"
	"fmt"

	"barewire/wsframe"
)

// The first example of RFC 6455 §5.7: a text frame as a server sends it.
func ExampleAppendFrame() {
	h := wsframe.Header{Fin: true, Opcode: wsframe.Text}
	wire := wsframe.AppendFrame(nil, &h, []byte("Hello"))
	fmt.Printf("% x\n", wire)
	// Output: 81 05 48 65 6c 6c 6f
}

// The second one: the same text from a client, which masks it.
func ExampleAppendFrame_masked() {
	h := wsframe.Header{
		Fin:    true,
		Opcode: wsframe.Text,
		Masked: true,
		Key:    wsframe.Key{0x37, 0xFA, 0x21, 0x3D},
	}
	wire := wsframe.AppendFrame(nil, &h, []byte("Hello"))
	fmt.Printf("% x\n", wire)
	// Output: 81 85 37 fa 21 3d 7f 9f 4d 51 58
}

// The third one: the text in two frames. The first bears the type and no FIN.
func ExampleAppendFrame_fragmented() {
	first := wsframe.Header{Opcode: wsframe.Text}
	last := wsframe.Header{Opcode: wsframe.Continuation, Fin: true}
	fmt.Printf("% x\n", wsframe.AppendFrame(nil, &first, []byte("Hel")))
	fmt.Printf("% x\n", wsframe.AppendFrame(nil, &last, []byte("lo")))
	// Output:
	// 01 03 48 65 6c
	// 80 02 6c 6f
}

// The fourth one: a Ping, and the masked Pong with which a client answers it.
func ExampleAppendFrame_pingPong() {
	ping := wsframe.Header{Fin: true, Opcode: wsframe.Ping}
	pong := wsframe.Header{
		Fin:    true,
		Opcode: wsframe.Pong,
		Masked: true,
		Key:    wsframe.Key{0x37, 0xFA, 0x21, 0x3D},
	}
	fmt.Printf("% x\n", wsframe.AppendFrame(nil, &ping, []byte("Hello")))
	fmt.Printf("% x\n", wsframe.AppendFrame(nil, &pong, []byte("Hello")))
	// Output:
	// 89 05 48 65 6c 6c 6f
	// 8a 85 37 fa 21 3d 7f 9f 4d 51 58
}

// The last two examples of RFC 6455 §5.7 show the longer forms of the length:
// 256 bytes, and 64 KiB.
func ExampleAppendHeader() {
	h := wsframe.Header{Fin: true, Opcode: wsframe.Binary}
	for _, h.Length = range []uint64{125, 256, 65536} {
		fmt.Printf("% x\n", wsframe.AppendHeader(nil, &h))
	}
	// Output:
	// 82 7d
	// 82 7e 01 00
	// 82 7f 00 00 00 00 00 01 00 00
}

func ExampleParseHeader() {
	wire := []byte("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58")

	var h wsframe.Header
	n := wsframe.ParseHeader(&h, wire[:4])
	fmt.Println("of 4 bytes:", n, "- more are needed")

	// tour 0.3: a whole frame, in bytes (RFC 6455 §5.2)
	n = wsframe.ParseHeader(&h, wire)
	payload := wire[n:]
	wsframe.Mask(payload, h.Key, 0)
	fmt.Printf("of all: %d - FIN %v, %v, length %d, key %x\n", n, h.Fin, h.Opcode, h.Length, h.Key)
	fmt.Printf("%s\n", payload)
	// Output:
	// of 4 bytes: 0 - more are needed
	// of all: 6 - FIN true, text, length 5, key 37fa213d
	// Hello
}

// A payload may be unmasked as it arrives: pos is the position of the piece in it.
func ExampleMask() {
	key := wsframe.Key{0x37, 0xFA, 0x21, 0x3D}
	first, second := []byte("\x7f\x9f\x4d"), []byte("\x51\x58")
	wsframe.Mask(first, key, 0)
	wsframe.Mask(second, key, 3)
	fmt.Printf("%s%s\n", first, second)
	// Output: Hello
}

// A client that does not mask is told so, with the clause.
func ExampleChecker() {
	checker := wsframe.Checker{Role: wsframe.Server}
	var h wsframe.Header
	wsframe.ParseHeader(&h, []byte("\x81\x05Hello"))

	err := checker.Check(&h)
	fmt.Println(err)

	var violation *wsframe.Error
	if errors.As(err, &violation) {
		body, _ := wsframe.AppendClose(nil, violation.Code, violation.Reason())
		fmt.Printf("%q\n", body)
	}
	// Output:
	// close 1002 (protocol error): mask bit: a client must mask every frame (RFC 6455 §5.1)
	// "\x03\xeaRFC 6455 §5.1: a client must mask every frame"
}

func ExampleParseClose() {
	code, reason, err := wsframe.ParseClose([]byte("\x03\xe9bye"))
	fmt.Println(uint16(code), code, reason, err)

	_, _, err = wsframe.ParseClose([]byte("\x03\xee"))
	fmt.Println(err)
	// Output:
	// 1001 going away bye <nil>
	// close 1002 (protocol error): close code: 1006 (abnormal closure) must not be sent in a Close frame (RFC 6455 §7.4)
}

// The euro sign is E2 82 AC. It may arrive in two pieces; but ED A0 would be a
// surrogate, and that is known at the byte A0.
func ExampleUTF8Validator() {
	var v wsframe.UTF8Validator
	fmt.Println(v.Check([]byte("10 \xE2\x82")))
	fmt.Println("complete:", v.Complete())
	fmt.Println(v.Check([]byte("\xAC")))
	fmt.Println("complete:", v.Complete())
	fmt.Println(v.Check([]byte("no \xED\xA0\x80")))
	// Output:
	// 5 true
	// complete: false
	// 1 true
	// complete: true
	// 4 false
}
