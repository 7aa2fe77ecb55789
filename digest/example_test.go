package digest_test

import (
	"fmt"

	"barewire/digest"
)

// printer is an Out that prints a message instead of sending it.
type printer struct{}

func (printer) ReplyBinary(payload []byte) error {
	_, err := fmt.Printf("%x\n", payload)
	return err
}

// One connection opens, and two messages arrive.
func ExampleServer() {
	server := digest.Server{Out: printer{}}
	server.OnOpen()
	server.OnMessage([]byte("good morning"))
	server.OnMessage([]byte("good night"))
	// Output:
	// f7ff9e8b7bb2e09b70935a5d785e0cc5d9d0abf0
	// f7ff9e8b7bb2e09b70935a5d785e0cc5d9d0abf0
}

func ExampleSum() {
	reply := digest.ProcessMessage([]byte("good morning"))
	fmt.Printf("%s: %x\n", reply, digest.Sum(reply))
	// Output: Hello: f7ff9e8b7bb2e09b70935a5d785e0cc5d9d0abf0
}
