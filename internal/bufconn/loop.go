package bufconn

import "errors"

// ErrWait is what a step of Loop returns when it can go on only with more
// octets.
var ErrWait = errors.New("bufconn: more octets are needed")

// Loop calls step again and again, each time with more octets in Buffered, until
// step returns something else than ErrWait, and returns that.
//
//	        ┌─▶ step: parse, check, answer what is in Buffered
//	octets  │                    │ Fill: ErrWait
//	        └── receive ◀────────┘
//
// Within it Fill, Wait and Read do not wait: they say ErrWait, which step hands
// down to here, and when more has come, step begins anew and finds in Buffered
// what it had left there. So the wait is at the bottom of the stack, where it can
// stay inside one call of the runtime: see loop_unix.go for what that saves. If
// waiting fails (a time-out, the peer's end, a lost connection), step is called
// once more, and its next Fill returns the error.
func (c *Conn) Loop(step func() error) error {
	c.enterLoop(step)
	defer c.leaveLoop()
	for {
		if c.loop.result = step(); c.loop.result != ErrWait {
			return c.loop.result
		}
		c.loop.failure = c.receiveInLoop()
		for c.allowForStop(c.loop.failure) {
			c.loop.failure = c.receiveInLoop()
		}
		if c.loop.result != ErrWait { // steps were made on the way
			return c.loop.result
		}
	}
}

// loop is the state of Loop. All but running belongs to the goroutine in it.
type loop struct {
	running bool // set under Conn.mu, for Close
	step    func() error
	result  error // what step returned last
	failure error // why waiting failed, for the next Fill

	// With a descriptor, see loop_unix.go.
	inside     bool    // the runtime is calling stepWhileReadable, with descriptor
	descriptor uintptr // valid while inside
	direct     bool    // Read waits, and receives into its own memory
}

func (c *Conn) enterLoop(step func() error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.loop = loop{running: true, step: step}
}

func (c *Conn) leaveLoop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.loop = loop{}
}

// askLoop is what Fill does within a Loop: it says ErrWait, or why there is no
// more to come. sent tells whether the flush before it has written something.
func (c *Conn) askLoop(sent bool) error {
	if err := c.takeFailure(); err != nil {
		return err
	}
	// A reset that came right behind the octets is in no count of what is left. It
	// would have made our write fail; where nothing was written, one more read has
	// to find out.
	c.empty = c.empty && sent
	return ErrWait
}

// takeFailure returns why waiting failed, once.
func (c *Conn) takeFailure() error {
	err := c.loop.failure
	c.loop.failure = nil
	return err
}
