package lab

import (
	"io"
	"net"
	"testing"

	"golang.org/x/net/nettest"
)

// TestPipe: the pipe behaves as Go expects of a connection.
func TestPipe(t *testing.T) {
	nettest.TestConn(t, func() (near, far net.Conn, stop func(), err error) {
		one, other := newPipe()
		return one, other, func() { one.Close(); other.Close() }, nil
	})
}

// TestPipeEndsInOneDirection: after a FIN the other direction continues.
func TestPipeEndsInOneDirection(t *testing.T) {
	near, far := newPipe()
	defer near.Close()
	near.CloseWrite()
	if got, err := io.ReadAll(far); len(got) > 0 || err != nil {
		t.Errorf("after a FIN got %q, %v; want the end of the stream", got, err)
	}
	go func() {
		far.Write([]byte("still here"))
		far.Close()
	}()
	if got, err := io.ReadAll(near); string(got) != "still here" || err != nil {
		t.Errorf("the other direction got %q, %v", got, err)
	}
}
