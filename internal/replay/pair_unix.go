//go:build unix

package replay

import (
	"net"
	"os"
	"syscall"
)

// pair returns the two ends of a connection: a Unix socket pair. It needs no address and
// no port, and our side uses it like a TCP connection.
func pair() (ours, theirs net.Conn, err error) {
	descriptors, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		return nil, nil, os.NewSyscallError("socketpair", err)
	}
	ours, err = connOf(descriptors[0])
	theirs, otherErr := connOf(descriptors[1])
	if err == nil {
		err = otherErr
	}
	return ours, theirs, err
}

// connOf returns a net.Conn for a socket, and takes over the descriptor.
func connOf(descriptor int) (net.Conn, error) {
	file := os.NewFile(uintptr(descriptor), "socketpair")
	defer file.Close() // the net.Conn has a duplicate
	return net.FileConn(file)
}
