//go:build unix && (!linux || 386 || race)

package socket

import "syscall"

const usesDescriptors = true

// errWouldWait is what a call returns that would have to wait.
var errWouldWait error = syscall.EAGAIN

// receiveNow reads what has arrived into p, or returns errWouldWait if nothing
// has: Go has made the socket non-blocking.
func receiveNow(descriptor uintptr, p []byte) (n int, err error) {
	n, err = syscall.Read(int(descriptor), p)
	for err == syscall.EINTR {
		n, err = syscall.Read(int(descriptor), p)
	}
	return max(n, 0), err
}

// peek returns the error that receiveNow would return. If that says why the connection
// has failed, the kernel forgets it: receiveNow then finds the end, and no error.
func peek(descriptor uintptr) error {
	var one [1]byte
	_, _, err := syscall.Recvfrom(int(descriptor), one[:], syscall.MSG_PEEK)
	for err == syscall.EINTR {
		_, _, err = syscall.Recvfrom(int(descriptor), one[:], syscall.MSG_PEEK)
	}
	return err
}

// sendNow sends what the socket accepts of two pieces of memory, one after the other,
// or returns errWouldWait if that is nothing.
func sendNow(descriptor uintptr, first, second []byte) (n int, err error) {
	if len(first) == 0 {
		first = second
	}
	n, err = syscall.Write(int(descriptor), first)
	for err == syscall.EINTR {
		n, err = syscall.Write(int(descriptor), first)
	}
	return max(n, 0), err
}
