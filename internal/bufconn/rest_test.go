package bufconn

import (
	"bytes"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestRestStaysTogether: what EndWriteAndSend sends from its caller's memory
// follows what was appended, whatever other goroutines write meanwhile.
func TestRestStaysTogether(t *testing.T) {
	const rounds, size = 10, 200_000
	eachForm(t, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		var writers sync.WaitGroup
		for _, letter := range []byte("abc") {
			writers.Go(func() {
				rest := bytes.Repeat([]byte{letter}, size-1)
				for range rounds {
					out := c.BeginWrite(1)
					if err := c.EndWriteAndSend(append(out, letter), rest); err != nil {
						t.Error(err)
					}
				}
			})
		}
		writers.Go(func() {
			for range 100 * rounds {
				write(c, "x")
				c.Flush()
			}
		})
		go func() {
			writers.Wait()
			c.closeWrite()
		}()
		octets, err := io.ReadAll(peer)
		if err != nil {
			t.Fatal(err)
		}
		for len(octets) > 0 {
			piece := 1
			if octets[0] != 'x' {
				piece = size
			}
			if len(octets) < piece || !bytes.Equal(octets[:piece], bytes.Repeat(octets[:1], piece)) {
				t.Fatalf("%d octets from the end: other octets are among those of one message", len(octets))
			}
			octets = octets[piece:]
		}
	})
}

// TestManySenders: those who find the socket busy have their octets taken along by
// another one, and touch nothing of what that one is about to send.
func TestManySenders(t *testing.T) {
	const senders, rounds = 6, 500
	eachForm(t, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		rest := make([]byte, 3000)
		var sending sync.WaitGroup
		for range senders {
			sending.Go(func() {
				for range rounds {
					if err := c.EndWriteAndSend(append(c.BeginWrite(1), 'm'), rest); err != nil {
						t.Error(err)
					}
				}
			})
		}
		go func() {
			sending.Wait()
			c.closeWrite()
		}()
		n, err := io.Copy(io.Discard, peer)
		if want := int64(senders * rounds * (1 + len(rest))); n != want || err != nil {
			t.Errorf("the peer got %d octets, %v; want %d", n, err, want)
		}
	})
}

// TestRestIsForgotten: after a write that failed nobody uses the caller's memory
// any more.
func TestRestIsForgotten(t *testing.T) {
	eachForm(t, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		peer.SetLinger(0)
		peer.Close()
		rest := make([]byte, 1<<20)
		var err error
		for err == nil {
			err = c.EndWriteAndSend(append(c.BeginWrite(1), 'a'), rest)
		}
		if c.rest != nil {
			t.Error("the connection still holds its caller's memory")
		}
		write(c, "b")
		if err := c.Flush(); err == nil {
			t.Error("a write to a peer that is gone succeeded")
		}
	})
}

// TestRestThatIsCutOff: after a write that failed in the middle of a message, what
// another goroutine sends is not taken for the message's other half.
func TestRestThatIsCutOff(t *testing.T) {
	eachForm(t, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		rest := bytes.Repeat([]byte{'r'}, 20<<20)
		c.SetWriteTimeout(100 * time.Millisecond)
		if err := c.EndWriteAndSend(append(c.BeginWrite(1), 'm'), rest); !IsTimeout(err) {
			t.Fatalf("20 MB to a peer that reads nothing: %v, want a time-out", err)
		}
		clear(rest) // it is ours again
		write(c, "next")
		go func() {
			for c.Flush() != nil {
			}
			c.closeWrite()
		}()
		got, err := io.ReadAll(peer)
		if want := "m" + strings.Repeat("r", len(rest)) + "next"; err != nil || string(got) != want {
			t.Errorf("the peer got %d octets, %v; want the whole message before the next one, %d octets", len(got), err, len(want))
		}
	})
}

// TestTryFlush: it waits for nobody, and what the socket does not take at once
// leaves later, in order.
func TestTryFlush(t *testing.T) {
	eachForm(t, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		_, plain := c.NetConn().(plainOnly)
		write(c, "first")
		if all := c.TryFlush(); all == plain {
			t.Errorf("TryFlush of five octets reported %v; with a descriptor they fit, without one it cannot try", all)
		}
		large := bytes.Repeat([]byte("0123456789"), 2<<20)
		out := c.BeginWrite(len(large))
		c.EndWrite(append(out, large...))
		if c.TryFlush() {
			t.Error("20 MB fitted in a socket whose peer reads nothing")
		}
		go func() {
			c.Flush()
			c.closeWrite()
		}()
		got, err := io.ReadAll(peer)
		if want := append([]byte("first"), large...); err != nil || !bytes.Equal(got, want) {
			t.Errorf("the peer got %d octets, %v; want all %d in order", len(got), err, len(want))
		}
	})
}
