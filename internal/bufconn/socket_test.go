//go:build unix

package bufconn

import (
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
)

// withDescriptor calls test with the descriptor of a TCP socket and with its peer.
func withDescriptor(t *testing.T, test func(descriptor uintptr, peer *net.TCPConn)) {
	c, peer := socketPair(t)
	if err := c.socket.raw.Control(func(descriptor uintptr) { test(descriptor, peer) }); err != nil {
		t.Fatal(err)
	}
}

// TestSendWaitsForNobody: a full socket takes what it has room for, and then says
// so at once; as read(2) does of one that is empty.
func TestSendWaitsForNobody(t *testing.T) {
	withDescriptor(t, func(descriptor uintptr, _ *net.TCPConn) {
		piece := make([]byte, 1<<20)
		var err error
		for range 100 {
			if _, err = sendNow(descriptor, piece, nil); err != nil {
				break
			}
		}
		if err != syscall.EAGAIN {
			t.Errorf("a socket whose peer reads nothing said %v, want EAGAIN", err)
		}
		if n, left, err := receiveNow(descriptor, piece, false); n != 0 || left != -1 || err != syscall.EAGAIN {
			t.Errorf("receive from an empty socket: %d octets, %d left, %v; want EAGAIN", n, left, err)
		}
	})
}

// TestReceive: octets come as far as there is room for them, and the end as none.
func TestReceive(t *testing.T) {
	withDescriptor(t, func(descriptor uintptr, peer *net.TCPConn) {
		io.WriteString(peer, "one two")
		peer.CloseWrite()
		var got strings.Builder
		for {
			p := make([]byte, 4)
			n, _, err := receiveNow(descriptor, p, false)
			if err == syscall.EAGAIN {
				continue // loopback delivers in a moment
			}
			if err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				break
			}
			got.Write(p[:n])
		}
		if got.String() != "one two" {
			t.Errorf("got %q, want what the peer sent", got.String())
		}
	})
}

// TestWriteToOneThatIsGone: a write that failed at once has net.Conn's kind of
// error, and ends this process with no signal.
func TestWriteToOneThatIsGone(t *testing.T) {
	eachForm(t, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		peer.SetLinger(0)
		peer.Close()
		var err error
		for err == nil {
			write(c, "is anybody there?")
			err = c.Flush()
		}
		var failed *net.OpError
		if !errors.As(err, &failed) || failed.Op != "write" || failed.Addr == nil {
			t.Errorf("the write failed with %#v, want a *net.OpError of a write to an address", err)
		}
		if !errors.Is(err, syscall.EPIPE) && !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("the write failed with %v, want a broken pipe or a reset", err)
		}
	})
}
