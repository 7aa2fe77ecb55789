//go:build !386 && !race

package socket

import (
	"syscall"
	"unsafe"
)

// The system calls that carry bytes are made here, with syscall.RawSyscall, which
// does nothing but enter the kernel: its first argument is the number of the call,
// the others are machine words. A pointer is converted to such a word in the
// argument list itself, for only there does the compiler keep alive what it points
// to.
//
// syscall.Read and syscall.Write do more: they tell the scheduler before and after,
// because a call that waits would keep its P, the right to run goroutines, from
// everyone else. A thread of the runtime, sysmon, takes the P away from a call that
// lasts. These calls never wait: with MSG_DONTWAIT the kernel returns EAGAIN instead.
// So the scheduler need not be told, and as nothing waits, no signal interrupts a
// call: EINTR cannot happen.
//
// The plain form is in now_unix.go. It also serves the race detector, which sees the
// memory that syscall.Read and syscall.Write touch but not that of RawSyscall, and
// 386, for which package syscall has no numbers for these calls.

const usesDescriptors = true

// errWouldWait is what a call returns that would have to wait.
var errWouldWait error = syscall.EAGAIN

// maxCall is the most that one call moves. The kernel copies this much in about
// 0.2 ms, during which the P runs no other goroutine.
const maxCall = 1 << 20

// receiveNow reads what has arrived into p, or returns errWouldWait if nothing has.
func receiveNow(descriptor uintptr, p []byte) (n int, err error) {
	p = p[:min(len(p), maxCall)]
	got, _, errno := syscall.RawSyscall6(syscall.SYS_RECVFROM, descriptor,
		uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)), syscall.MSG_DONTWAIT, 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return int(got), nil
}

// peek returns the error that receiveNow would return. If that says why the connection
// has failed, the kernel forgets it: receiveNow then finds the end, and no error.
func peek(descriptor uintptr) error {
	var one [1]byte
	_, _, errno := syscall.RawSyscall6(syscall.SYS_RECVFROM, descriptor,
		uintptr(unsafe.Pointer(&one)), 1, syscall.MSG_DONTWAIT|syscall.MSG_PEEK, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// sendNow sends what the socket accepts of two pieces of memory, one of which may be
// empty, or returns errWouldWait if that is nothing.
func sendNow(descriptor uintptr, first, second []byte) (n int, err error) {
	const flags = syscall.MSG_DONTWAIT | syscall.MSG_NOSIGNAL // a peer that is gone: EPIPE, but no SIGPIPE
	if len(first) == 0 {
		first, second = second, nil
	}
	first = first[:min(len(first), maxCall)]
	second = second[:min(len(second), maxCall-len(first))]
	var sent uintptr
	var errno syscall.Errno
	if len(second) == 0 {
		sent, _, errno = syscall.RawSyscall6(syscall.SYS_SENDTO, descriptor,
			uintptr(unsafe.Pointer(unsafe.SliceData(first))), uintptr(len(first)), flags, 0, 0)
	} else {
		pieces := [2]syscall.Iovec{{Base: unsafe.SliceData(first)}, {Base: unsafe.SliceData(second)}}
		pieces[0].SetLen(len(first))
		pieces[1].SetLen(len(second))
		message := syscall.Msghdr{Iov: &pieces[0], Iovlen: 2}
		sent, _, errno = syscall.RawSyscall(syscall.SYS_SENDMSG, descriptor,
			uintptr(unsafe.Pointer(&message)), flags)
	}
	if errno != 0 {
		return 0, errno
	}
	return int(sent), nil
}
