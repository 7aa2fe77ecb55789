//go:build !unix

package bufconn

// rawSocket is empty here: this system does not let us read a descriptor
// ourselves, and a connection holds its read buffer while it waits.
type rawSocket struct{}

func (c *Conn) openSocket() {}

func (c *Conn) receive() error { return c.receivePlain() }

// writeNow writes nothing: only a descriptor can be written to without waiting.
func (c *Conn) writeNow() (n int, err error) { return 0, nil }

// receiveInLoop waits for octets, for Loop.
func (c *Conn) receiveInLoop() error {
	c.compact()
	return c.receive()
}

// readInLoop is Read within a Loop. Here it waits.
func (c *Conn) readInLoop(p []byte) (int, error) {
	if err := c.takeFailure(); err != nil {
		return 0, err
	}
	return c.readDirectly(p)
}
