//go:build unix

package socket

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"time"
)

func reset(peer net.Conn) {
	peer.(*net.TCPConn).SetLinger(0)
	peer.Close()
}

func TestFailedCallsHaveTheErrorsOfANetConn(t *testing.T) {
	isGone := func(err error) bool { return errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET) }
	tests := []struct {
		operation string
		call      func(c *Conn) error
	}{
		{"read", func(c *Conn) error { _, err := c.Read(make([]byte, 1)); return err }},
		{"read", func(c *Conn) error { // Await must not lose the error that it sees
			if err := c.Await(); err != nil {
				return err
			}
			_, err := c.Read(make([]byte, 1))
			return err
		}},
		{"write", func(c *Conn) (err error) {
			for err == nil { // the first ones leave before the reset comes
				_, err = c.Write([]byte("is anybody there?"))
			}
			return err
		}},
	}
	for _, test := range tests {
		for _, hidden := range []bool{false, true} {
			conn, peer := connect(t, "tcp")
			if hidden {
				conn = plainOnly{conn}
			}
			c := New(conn, time.Minute)
			reset(peer)
			err := test.call(c)
			var failed *net.OpError
			if !isGone(err) || !errors.As(err, &failed) || failed.Op != test.operation || failed.Net != "tcp" || failed.Addr == nil {
				t.Errorf("a %s failed with %#v, want a *net.OpError that says so", test.operation, err)
			}
		}
	}
}

func TestAPeerCannotPassFileDescriptors(t *testing.T) {
	conn, peer := connect(t, "unix")
	file, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	const bytes = 50
	c, p := New(conn, 0), make([]byte, 1)
	rights := syscall.UnixRights(int(file.Fd()))
	before := lowestFree(t)
	go func() {
		for range bytes {
			peer.(*net.UnixConn).WriteMsgUnix([]byte("x"), rights, nil)
		}
	}()
	for range bytes {
		if err := c.Await(); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Read(p); err != nil {
			t.Fatal(err)
		}
	}
	if after := lowestFree(t); after >= before+bytes {
		t.Errorf("%d bytes came with a descriptor each, and we have taken them", bytes)
	}
}

// lowestFree returns the descriptor that the next file gets.
func lowestFree(t *testing.T) int {
	file, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	return int(file.Fd())
}

// The poller may report bytes that were already read. TryRead then finds nothing.
func TestTryReadDoesNotWait(t *testing.T) {
	conn, peer := connect(t, "tcp")
	c := New(conn, 0)
	p := make([]byte, 10)
	if n, err := c.TryRead(p); n != 0 || err != nil {
		t.Errorf("TryRead returned %d, %v before anything was sent", n, err)
	}
	io.WriteString(peer, "x")
	if err := c.Await(); err != nil {
		t.Fatal(err)
	}
	if n, err := c.TryRead(p); n != 1 || err != nil {
		t.Errorf("TryRead returned %d, %v after Await", n, err)
	}
	peer.Close()
	if err := c.Await(); err != nil {
		t.Fatal(err)
	}
	if n, err := c.TryRead(p); n != 0 || err != io.EOF {
		t.Errorf("TryRead returned %d, %v at the end, want io.EOF", n, err)
	}
}
