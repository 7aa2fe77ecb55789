//go:build unix

package bufconn

import (
	"io"
	"testing"
	"time"
)

func TestIdleConnectionHoldsNoBuffer(t *testing.T) {
	conn, peer := socketPair(t)
	c := New(conn)
	for range 3 {
		c.SetReadDeadline(time.Now().Add(time.Millisecond))
		if err := c.AwaitNext(); !IsTimeout(err) {
			t.Fatalf("nothing was sent, and AwaitNext returned %v", err)
		}
		// The wait was cut short in the middle: this is what it held.
		if c.in != nil || c.out.unsent != nil {
			t.Errorf("an idle connection holds buffers: %v, %v", c.in, c.out.unsent)
		}
		c.SetReadDeadline(time.Time{})
		io.WriteString(peer, "x")
		if err := c.AwaitNext(); err != nil {
			t.Fatal(err)
		}
		write(c, "y")
		c.Discard(1)
	}
}
