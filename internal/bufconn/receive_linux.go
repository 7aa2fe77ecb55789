package bufconn

import (
	"encoding/binary"
	"syscall"
)

// tcpINQ is TCP_INQ (Linux 4.18), for which package syscall has no name.
const tcpINQ = 36

// countRest asks the kernel to say with each receive how much it has left. Other
// sockets than those of TCP cannot do that; then receive does not know.
func countRest(descriptor uintptr) {
	syscall.SetsockoptInt(int(descriptor), syscall.IPPROTO_TCP, tcpINQ, 1)
}

// receive reads what is there, without waiting. left is how many octets the
// socket still has, or -1 if that is not known. A FIN counts as one octet, so
// that 0 means that there is nothing to learn from another receive, but for a
// reset.
//
//	control message: | length (a word) | level | type = TCP_INQ | octets left |
func receive(descriptor uintptr, p []byte) (n, left int, err error) {
	var control [32]byte
	n, size, _, _, err := syscall.Recvmsg(int(descriptor), p, control[:], 0)
	for err == syscall.EINTR {
		n, size, _, _, err = syscall.Recvmsg(int(descriptor), p, control[:], 0)
	}
	left = -1
	if value := syscall.CmsgLen(0); err == nil && size >= value+4 {
		left = int(binary.NativeEndian.Uint32(control[value:]))
	}
	return max(n, 0), left, err
}
