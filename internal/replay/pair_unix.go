//go:build unix

package replay

import (
	"net"
	"os"
	"syscall"
)

// pair returns the two ends of a connection: a Unix socket pair, which needs no address
// and no port, and which our side reads and writes as it does a TCP connection.
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

// connOf makes a net.Conn of a socket, which it takes over.
func connOf(descriptor int) (net.Conn, error) {
	file := os.NewFile(uintptr(descriptor), "socketpair")
	defer file.Close() // the net.Conn has a copy
	return net.FileConn(file)
}
