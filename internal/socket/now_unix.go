//go:build unix && (!linux || 386 || race)

package socket

import "syscall"

const usesDescriptors = true

// errWouldWait is the error of a call that would have to wait.
var errWouldWait error = syscall.EAGAIN

// receiveNow reads bytes that have arrived into p, or returns errWouldWait if there are
// none: Go has made the socket non-blocking.
func receiveNow(descriptor uintptr, p []byte) (n int, err error) {
	n, err = syscall.Read(int(descriptor), p)
	for err == syscall.EINTR {
		n, err = syscall.Read(int(descriptor), p)
	}
	return max(n, 0), err
}

// peek returns the error that receiveNow would return. The kernel reports why a connection
// failed only once: after peek has returned that error, receiveNow finds the end instead.
func peek(descriptor uintptr) error {
	var one [1]byte
	_, _, err := syscall.Recvfrom(int(descriptor), one[:], syscall.MSG_PEEK)
	for err == syscall.EINTR {
		_, _, err = syscall.Recvfrom(int(descriptor), one[:], syscall.MSG_PEEK)
	}
	return err
}

// sendNow sends as much of first, or of second if first is empty, as the socket accepts, or
// returns errWouldWait if it accepts nothing.
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
