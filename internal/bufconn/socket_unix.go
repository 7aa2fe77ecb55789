//go:build unix && (!linux || 386 || race)

package bufconn

import "syscall"

// countRest does nothing: here the kernel is not asked how much it has left.
func countRest(uintptr) (counts bool) { return false }

// receiveNow reads what is there, without waiting, for Go has made the socket
// non-blocking: if nothing is, it returns syscall.EAGAIN. left is -1: unknown.
func receiveNow(descriptor uintptr, p []byte, _ bool) (n, left int, err error) {
	n, err = syscall.Read(int(descriptor), p)
	for err == syscall.EINTR {
		n, err = syscall.Read(int(descriptor), p)
	}
	return max(n, 0), -1, err
}

// sendNow hands the socket what it takes of first without waiting: if it takes nothing,
// that is syscall.EAGAIN. Of two pieces of memory it says so too, for package syscall has
// no call that sends both: the write that waits can.
func sendNow(descriptor uintptr, first, second []byte) (n int, err error) {
	if len(second) > 0 {
		return 0, syscall.EAGAIN
	}
	first = first[:min(len(first), maxAtOnce)]
	n, err = syscall.Write(int(descriptor), first)
	for err == syscall.EINTR {
		n, err = syscall.Write(int(descriptor), first)
	}
	return max(n, 0), err
}
