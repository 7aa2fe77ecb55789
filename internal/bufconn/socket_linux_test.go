//go:build !386 && !race

package bufconn

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestLoopKnowsThatNothingIsLeft: the kernel says how much it has left, so nobody asks
// it for more after the last octets.
func TestLoopKnowsThatNothingIsLeft(t *testing.T) {
	c, peer := socketPair(t)
	program := &lineEcho{c: c}
	known := false
	step := func() error {
		err := program.step()
		known = c.drained
		if len(program.lines) == 2 {
			return errBye
		}
		return err
	}
	io.WriteString(peer, "one\n")
	go func() {
		io.ReadFull(peer, make([]byte, len("one\n")))
		io.WriteString(peer, "two\n")
	}()
	loopResult(t, c, step)
	if !known {
		t.Error("the kernel did not say that it has nothing left, or nobody listened")
	}
}

// TestNoFilesFromThePeer: what a peer sends through a Unix socket beside its octets,
// open files, this process does not take.
func TestNoFilesFromThePeer(t *testing.T) {
	listener, err := net.Listen("unix", filepath.Join(t.TempDir(), "socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	peer, err := net.Dial("unix", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	conn, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	file, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()

	c := New(conn)
	const octets = 50
	before := openFiles(t)
	got := 0
	step := func() error {
		got += len(c.Buffered())
		c.Discard(len(c.Buffered()))
		if got == octets {
			return errBye
		}
		return c.Fill()
	}
	go func() {
		for range octets {
			peer.(*net.UnixConn).WriteMsgUnix([]byte("x"), syscall.UnixRights(int(file.Fd())), nil)
		}
	}()
	if err := loopResult(t, c, step); err != errBye {
		t.Fatal(err)
	}
	if after := openFiles(t); after >= before+octets {
		t.Errorf("%d files were open before %d octets came with one each, and %d after", before, octets, after)
	}
}

func openFiles(t *testing.T) int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}
