//go:build !linux

package socket

// Queued returns 0: only on Linux do we ask the system.
func (c *Conn) Queued() int { return 0 }
