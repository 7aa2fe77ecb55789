//go:build !386 && !race

package socket

import (
	"syscall"
	"unsafe"
)

// The system calls that send and receive bytes use syscall.RawSyscall, which only enters
// the kernel: its first argument is the number of the call, the others are machine words.
// A pointer is converted to uintptr in the argument list itself, because only there does
// the compiler keep the memory that it points to alive.
//
// syscall.Read and syscall.Write do more: they inform the scheduler before and after the
// call, because a call that waits would block its P, which other goroutines need. The
// runtime's thread sysmon takes the P away from a call that takes long. The calls here
// never wait: with MSG_DONTWAIT the kernel returns EAGAIN instead. So they need not inform
// the scheduler, and no signal can interrupt them: EINTR cannot happen.
//
// The plain form is in now_unix.go. It is also used with the race detector, which checks
// the memory that syscall.Read and syscall.Write access but not that of RawSyscall, and on
// 386, where package syscall has no numbers for these calls.

const usesDescriptors = true

// errWouldWait is the error of a call that would have to wait.
var errWouldWait error = syscall.EAGAIN

// maxCall is the most that one call transfers, in bytes. While the kernel copies them, the
// P runs no other goroutine.
const maxCall = 1 << 20

// receiveNow reads bytes that have arrived into p, or returns errWouldWait if there are none.
func receiveNow(descriptor uintptr, p []byte) (n int, err error) {
	p = p[:min(len(p), maxCall)]
	got, _, errno := syscall.RawSyscall6(syscall.SYS_RECVFROM, descriptor,
		uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)), syscall.MSG_DONTWAIT, 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return int(got), nil
}

// peek returns the error that receiveNow would return. The kernel reports why a connection
// failed only once: after peek has returned that error, receiveNow finds the end instead.
func peek(descriptor uintptr) error {
	var one [1]byte
	_, _, errno := syscall.RawSyscall6(syscall.SYS_RECVFROM, descriptor,
		uintptr(unsafe.Pointer(&one)), 1, syscall.MSG_DONTWAIT|syscall.MSG_PEEK, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// sendNow sends as much of first and second as the socket accepts, or returns errWouldWait
// if it accepts nothing. One of them may be empty.
func sendNow(descriptor uintptr, first, second []byte) (n int, err error) {
	const flags = syscall.MSG_DONTWAIT | syscall.MSG_NOSIGNAL // if the peer is gone: EPIPE without SIGPIPE
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
