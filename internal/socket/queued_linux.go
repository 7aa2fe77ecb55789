package socket

import (
	"net"
	"syscall"
	"unsafe"
)

// Queued returns how many of the bytes that Write has sent are not yet acknowledged by the
// peer's system, or 0 if this is not known.
func (c *Conn) Queued() (n int) {
	if c.raw == nil {
		if above, ok := c.Conn.(interface{ NetConn() net.Conn }); ok { // TLS
			if under, ok := above.NetConn().(*Conn); ok {
				return under.Queued()
			}
		}
		return 0
	}
	c.raw.Control(func(descriptor uintptr) {
		var queued int32
		_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, descriptor, syscall.TIOCOUTQ, uintptr(unsafe.Pointer(&queued)))
		if errno == 0 {
			n = int(queued)
		}
	})
	return n
}
