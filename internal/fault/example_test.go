package fault_test

import (
	"context"
	"fmt"
	"net"

	"barewire/internal/fault"
)

// Run one fault over a pipe against our server.
func ExampleFault_Run() {
	server := ours()
	defer server.Close()
	client, far := net.Pipe()
	go server.ServeConn(far)

	f, _ := fault.ByID("frame-unmasked")
	target := fault.Target{Host: "barewire.test", Path: "/echo", WebSocket: true, Echo: true}
	result := f.Run(context.Background(), client, target)

	fmt.Println(f.Title, "-", f.Section)
	fmt.Println("want:", result.Want)
	fmt.Println("got: ", result.Got)
	fmt.Println(result.Verdict)
	// Output:
	// a text frame without a mask - RFC 6455 §5.1
	// want: close 1002, end
	// got:  close 1002, end
	// pass
}

// A fault is data: a page can show its bytes before it sends them.
func ExampleByID() {
	f, _ := fault.ByID("smuggle-length-plus")
	fmt.Println(f.Teaches)
	fmt.Printf("%q\n", f.Wire(fault.Target{Host: "a"})[:53])
	// Output:
	// A length is digits only. The number parsers of most languages also accept a sign, so it is easy to let it pass.
	// "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello"
}
