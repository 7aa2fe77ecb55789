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
//
// A connection that may be parked (see AllowParking) is so when it has been silent
// for a while: then Loop returns ErrParked.
func (c *Conn) Loop(step func() error) error {
	for {
		err := c.loopUntilIdle(step)
		if err != errIdle {
			return err
		}
		if parkingLot.park(c) {
			return ErrParked // c may be another goroutine's by now
		}
	}
}

// loopUntilIdle is Loop to the moment when the connection is to be parked.
func (c *Conn) loopUntilIdle(step func() error) error {
	c.enterLoop(step)
	defer c.leaveLoop()
	if c.idle { // step has left off where it needs more
		c.idle, c.loop.result = false, ErrWait
		c.rearmRead(c.deadlines.readArmed)
	} else if c.loop.result = step(); c.loop.result != ErrWait {
		return c.loop.result
	}
	for {
		err := c.receiveInLoop()
		for c.allowForStop(err) {
			err = c.receiveInLoop()
		}
		switch {
		case c.loop.result != ErrWait: // steps were made on the way
			return c.loop.result
		case c.timeToPark(err):
			if c.nothingUnderWay() {
				c.idle = true
				return errIdle
			}
			c.rearmRead(c.deadlines.readArmed) // and not to be parked
			continue
		}
		c.loop.failure = err
		if c.loop.result = step(); c.loop.result != ErrWait {
			return c.loop.result
		}
	}
}

// loop is the state of Loop. It belongs to the goroutine in it.
type loop struct {
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
	c.loop = &loop{step: step}
}

func (c *Conn) leaveLoop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.loop = nil
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
	c.drained = c.drained && sent
	return ErrWait
}

// takeFailure returns why waiting failed, once.
func (c *Conn) takeFailure() error {
	err := c.loop.failure
	c.loop.failure = nil
	return err
}
