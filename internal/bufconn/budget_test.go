package bufconn

import (
	"bytes"
	"net"
	"sync"
	"testing"
)

// TestBudget: only what is larger than Uncharged counts, and everything is given back.
func TestBudget(t *testing.T) {
	budget := NewBudget(100 << 10)
	small := NewBuffer(Uncharged, budget)
	if budget.Used() != 0 {
		t.Errorf("a buffer of %d bytes costs %d", Uncharged, budget.Used())
	}
	larger := small.grow(Uncharged+1, budget)
	if larger == nil || budget.Used() != 32<<10 {
		t.Fatalf("a buffer of 32 KiB costs %d", budget.Used())
	}
	larger.Bytes = append(larger.Bytes, "kept"...)
	if larger.grow(100<<10, budget) != nil || string(larger.Bytes) != "kept" || budget.Used() != 32<<10 {
		t.Errorf("more than there is was to be had, or %d is charged for nothing", budget.Used())
	}
	if NewBuffer(100<<10, nil) == nil || NewBuffer(5<<20, NewBudget(0)) == nil {
		t.Error("without a limit something was refused")
	}
	larger.Release()
	if budget.Used() != 0 {
		t.Errorf("%d bytes are charged after all has been released", budget.Used())
	}
}

// TestUsedUpBudget: the read buffer stays small, a full one is an error, and the write
// buffer is full early.
func TestUsedUpBudget(t *testing.T) {
	eachForm(t, 0, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		c.SetBudget(NewBudget(1))
		c.size = MaxRead
		peer.Write(bytes.Repeat([]byte("x"), 2*Uncharged))
		var err error
		for err == nil {
			err = c.Fill()
		}
		if have := len(c.Buffered()); err != ErrNoMemory || have != Uncharged || c.Reserve(2*Uncharged) {
			t.Errorf("with %d bytes Fill returned %v", have, err)
		}
		c.Discard(1)
		if err := c.Fill(); err != nil {
			t.Errorf("with room for one byte Fill returned %v", err)
		}
		if c.BeginWrite(Uncharged+overhead+1) != nil {
			t.Error("room for a large message was to be had")
		}
		message := make([]byte, Uncharged-overhead)
		if full := c.EndWrite(append(c.BeginWrite(len(message)), message...)); full {
			t.Error("one small message fills the write buffer")
		}
		if full := c.EndWrite(append(c.BeginWrite(1), 'x')); !full {
			t.Errorf("with %d bytes the write buffer is not full", c.Unsent())
		}
		if c.BeginWrite(0); c.GrowWrite(3*Uncharged) != nil {
			t.Error("the write buffer grew")
		}
		c.EndWrite(c.out.unsent.Bytes)
	})
}

// TestBudgetIsExact however many connections use it.
func TestBudgetIsExact(t *testing.T) {
	budget := NewBudget(1 << 20)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for size := range 1000 {
				buffer := NewBuffer(size<<10, budget)
				buffer.Release()
			}
		})
	}
	all.Wait()
	if budget.Used() != 0 {
		t.Errorf("%d bytes are charged", budget.Used())
	}
}

// TestSmallMessagesPass: a message of up to Uncharged bytes passes with its header although
// the budget is used up, and what it takes stays within the table.
func TestSmallMessagesPass(t *testing.T) {
	_, conn := net.Pipe()
	defer conn.Close()
	c := New(conn)
	budget := NewBudget(1)
	c.SetBudget(budget)
	for _, before := range []int{0, 8 << 10, Uncharged - overhead} {
		c.EndWrite(append(c.BeginWrite(before), make([]byte, before)...))
		out := c.BeginWrite(Uncharged / 2)
		if out == nil {
			t.Fatalf("after %d bytes: no room for half a message", before)
		}
		if out = c.GrowWrite(Uncharged + 14); out == nil {
			t.Fatalf("after %d bytes: no room for a whole message and its header", before)
		}
		if cap(out) > 32<<10 {
			t.Errorf("after %d bytes: the write buffer has %d bytes", before, cap(out))
		}
		c.out.unsent.Bytes = c.out.unsent.Bytes[:0]
		c.EndWrite(c.out.unsent.Bytes)
		if out = c.BeginWrite(Uncharged + 14); out == nil {
			t.Fatal("no room for a whole message and its header")
		}
		c.EndWrite(out)
		c.out.appended = 0
	}
}
