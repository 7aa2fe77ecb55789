//go:build unix && !linux

package bufconn

import "syscall"

// countRest does nothing: this kernel does not tell how much it has left.
func countRest(uintptr) {}

// receive reads what is there, without waiting. left is -1: unknown.
func receive(descriptor uintptr, p []byte) (n, left int, err error) {
	n, err = syscall.Read(int(descriptor), p)
	for err == syscall.EINTR {
		n, err = syscall.Read(int(descriptor), p)
	}
	return max(n, 0), -1, err
}
