//go:build !linux

package socket

// Queued returns 0: it asks the system only on Linux.
func (c *Conn) Queued() int { return 0 }
