//go:build unix && (!linux || 386 || race)

package bufconn

import "syscall"

// countRest does nothing: here the kernel is not asked how much it has left.
func countRest(uintptr) (counts bool) { return false }

// receive reads what is there, without waiting: if nothing is, it returns
// syscall.EAGAIN. left is -1: unknown.
func receive(descriptor uintptr, p []byte, _ bool) (n, left int, err error) {
	n, err = syscall.Read(int(descriptor), p)
	for err == syscall.EINTR {
		n, err = syscall.Read(int(descriptor), p)
	}
	return max(n, 0), -1, err
}

// send hands the socket what it takes of the first of two pieces of memory, or else
// of the second, without waiting: if it takes nothing, that is syscall.EAGAIN.
func send(descriptor uintptr, first, second []byte) (n int, err error) {
	if len(first) == 0 {
		first = second
	}
	n, err = syscall.Write(int(descriptor), first)
	for err == syscall.EINTR {
		n, err = syscall.Write(int(descriptor), first)
	}
	return max(n, 0), err
}
