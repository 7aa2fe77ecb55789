package bufconn_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"

	"barewire/internal/bufconn"
)

// counted is a connection that counts the system calls it stands for.
type counted struct {
	net.Conn
	reads, writes int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.reads++
	}
	return n, err
}

func (c *counted) Write(p []byte) (int, error) {
	c.writes++
	return c.Conn.Write(p)
}

// Flush before you block: sixteen lines that come with one read are answered with
// one write. Nobody counts them, and no timer is waited for. The answers leave
// when no line is left, because then Fill has to wait.
func Example() {
	client, far := net.Pipe()
	go func() {
		defer client.Close()
		client.Write([]byte(strings.Repeat("ping\n", 16)))
		io.ReadFull(client, make([]byte, 16*len("pong\n")))
	}()

	socket := &counted{Conn: far}
	c := bufconn.New(socket)
	lines := 0
	for {
		line, _, whole := bytes.Cut(c.Buffered(), []byte("\n"))
		if !whole {
			if err := c.Fill(); err != nil { // sends what is unsent, then waits
				fmt.Println(lines, "lines,", socket.reads, "read,", socket.writes, "write, then", err)
				return
			}
			continue
		}
		c.Discard(len(line) + 1)
		out := c.BeginWrite(len("pong\n"))
		c.EndWrite(append(out, "pong\n"...)) // in the buffer, not on the wire
		lines++
	}
	// Output: 16 lines, 1 read, 1 write, then EOF
}

// The same within a Loop, where the wait is not in Fill, but at the bottom of the
// stack: Fill returns ErrWait, the step hands it down, and is called again when
// more has come. Here the last line comes in two pieces.
func ExampleConn_Loop() {
	client, far := net.Pipe()
	go func() {
		defer client.Close()
		client.Write([]byte("one\ntwo\nthr"))
		client.Write([]byte("ee\n"))
	}()

	c := bufconn.New(far)
	err := c.Loop(func() error {
		fmt.Printf("step: %q has arrived\n", c.Buffered())
		for {
			line, _, whole := bytes.Cut(c.Buffered(), []byte("\n"))
			if !whole {
				return c.Fill()
			}
			fmt.Printf("  %s\n", line)
			c.Discard(len(line) + 1)
		}
	})
	fmt.Println(err)
	// Output:
	// step: "" has arrived
	// step: "one\ntwo\nthr" has arrived
	//   one
	//   two
	// step: "three\n" has arrived
	//   three
	// step: "" has arrived
	// EOF
}
