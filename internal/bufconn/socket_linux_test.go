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

// sendAll sends two pieces of memory, and then what is left of them.
func sendAll(t *testing.T, descriptor uintptr, first, second string) {
	t.Helper()
	for len(first)+len(second) > 0 {
		n, err := sendNow(descriptor, []byte(first), []byte(second))
		if err != nil || n == 0 {
			t.Fatalf("send to a socket with room took %d octets, %v", n, err)
		}
		inFirst := min(n, len(first))
		first, second = first[inFirst:], second[n-inFirst:]
	}
}

// TestSendTwoPieces: two pieces of memory leave in their order, whichever is empty.
func TestSendTwoPieces(t *testing.T) {
	for _, pieces := range [][2]string{{"one ", "two"}, {"one", ""}, {"", "two"}} {
		withDescriptor(t, func(descriptor uintptr, peer *net.TCPConn) {
			sendAll(t, descriptor, pieces[0], pieces[1])
			want := pieces[0] + pieces[1]
			got := make([]byte, len(want))
			if _, err := io.ReadFull(peer, got); err != nil || string(got) != want {
				t.Errorf("the peer got %q, %v; want %q", got, err, want)
			}
		})
	}
}

// TestNoFilesFromThePeer: what a peer sends through a Unix socket beside its octets,
// open files, this process does not take.
func TestNoFilesFromThePeer(t *testing.T) {
	conn, peer := connect(t, "unix", filepath.Join(t.TempDir(), "socket"))
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
