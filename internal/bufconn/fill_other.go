//go:build !unix

package bufconn

// waiter is empty here: this system does not let us read a descriptor
// ourselves, and a connection holds its read buffer while it waits.
type waiter struct{}

func (c *Conn) openWaiter() {}

func (c *Conn) receive() error { return c.receivePlain() }
