package bufconn_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"

	"barewire/internal/bufconn"
)

// counted is a connection that counts its reads and writes.
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

// Flush before you wait: sixteen lines that arrive with one read are answered with one
// write. Nobody counts them, and there is no timer. The answers leave when no line is
// left, because then Fill has to wait.
func Example() {
	client, far := net.Pipe()
	go func() {
		defer client.Close()
		client.Write([]byte(strings.Repeat("ping\n", 16)))
		io.ReadFull(client, make([]byte, 16*len("pong\n")))
	}()

	conn := &counted{Conn: far}
	c := bufconn.New(conn)
	lines := 0
	for {
		line, _, whole := bytes.Cut(c.Buffered(), []byte("\n"))
		if !whole {
			if err := c.Fill(); err != nil { // sends what is unsent, then waits
				fmt.Println(lines, "lines,", conn.reads, "read,", conn.writes, "write, then", err)
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
