//go:build !386 && !race

package bufconn

import (
	"encoding/binary"
	"syscall"
	"unsafe"
)

// The two system calls that carry octets are made here, with syscall.RawSyscall. It
// does nothing but enter the kernel: its first argument is the number of the call, the
// others are machine words. A pointer becomes such a word in the argument list itself,
// for only there does the compiler keep alive what it points to.
//
// syscall.Read and syscall.Write do more: they tell the Go runtime before and after.
// This thread may be gone for long, and its right to run goroutines is of use to another
// one meanwhile. So the runtime has a watchman, a thread named sysmon, which looks every
// 20 µs at threads that are gone so, and hands on the right of one that does not come
// back. That is wise for calls that wait. These never do: with MSG_DONTWAIT the kernel
// says EAGAIN where it would. Nobody need be told, and the watchman sleeps: a small echo
// takes the server 4.1 µs of processor time in place of 4.8. And as they do not wait, no
// signal interrupts them: EINTR cannot come.
//
// The plain form is socket_unix.go. It also serves with the race detector, which follows
// octets through syscall.Read and syscall.Write, but not through RawSyscall; and on 386,
// where package syscall has no numbers for these two calls.

// tcpINQ is TCP_INQ (Linux 4.18), for which package syscall has no name.
const tcpINQ = 36

// countRest asks the kernel to say with each receive how much it has left, and tells
// whether it will: for TCP it does, since Linux 4.18.
func countRest(descriptor uintptr) (counts bool) {
	return syscall.SetsockoptInt(int(descriptor), syscall.IPPROTO_TCP, tcpINQ, 1) == nil
}

// receiveNow reads what is there, without waiting: if nothing is, it returns
// syscall.EAGAIN. left is how many octets the socket still has, or -1 if that is
// not known. A FIN counts as one octet: at 0 another receive would bring nothing new,
// unless a reset has come.
//
// That number comes in a control message, which the kernel writes beside the octets, to
// memory that the caller provides (cmsg(3)):
//
//	| length (a word) | level = IPPROTO_TCP | type = TCP_INQ | octets left |
//
// A socket that does not count gets no room for one: through a Unix socket a peer
// could hand over open files so.
func receiveNow(descriptor uintptr, p []byte, counts bool) (n, left int, err error) {
	p = p[:min(len(p), maxAtOnce)]
	var control [24]byte // enough for a header and the number
	piece := syscall.Iovec{Base: unsafe.SliceData(p)}
	piece.SetLen(len(p))
	message := syscall.Msghdr{Iov: &piece, Iovlen: 1}
	if counts {
		message.Control = &control[0]
		message.SetControllen(len(control))
	}
	got, _, errno := syscall.RawSyscall(syscall.SYS_RECVMSG, descriptor,
		uintptr(unsafe.Pointer(&message)), syscall.MSG_DONTWAIT)
	if errno != 0 {
		return 0, -1, errno
	}
	return int(got), countIn(control[:message.Controllen]), nil
}

// countIn returns what a control message counts, or -1.
func countIn(control []byte) (left int) {
	const value = syscall.SizeofCmsghdr
	if len(control) < value+4 ||
		binary.NativeEndian.Uint32(control[value-8:]) != syscall.IPPROTO_TCP ||
		binary.NativeEndian.Uint32(control[value-4:]) != tcpINQ {
		return -1
	}
	return int(binary.NativeEndian.Uint32(control[value:]))
}

// sendNow hands the socket what it takes of two pieces of memory without waiting, the
// second of which may be empty: if it takes nothing, that is syscall.EAGAIN.
func sendNow(descriptor uintptr, first, second []byte) (n int, err error) {
	const flags = syscall.MSG_DONTWAIT | syscall.MSG_NOSIGNAL // if the peer is gone: the error EPIPE alone, no SIGPIPE
	first = first[:min(len(first), maxAtOnce)]
	second = second[:min(len(second), maxAtOnce-len(first))]
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
