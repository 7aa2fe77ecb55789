package bufconn

import (
	"errors"

	"barewire/internal/socket"
)

// Budget bounds the memory that many connections hold together. Without it each of
// 10,000 peers could stop in the middle of a message of a megabyte, or stop reading an
// answer of that size, and we would hold ten gigabytes for them.
//
// A buffer of up to Uncharged bytes costs nothing, so that small messages always pass. A
// larger one is charged when it is taken, and refused if too little of the budget is left.
// A connection keeps the buffers that it has. A nil *Budget has no limit.
type Budget struct {
	max  int64 // bytes; 0: no limit
	used socket.Use
}

// Uncharged is the size, in bytes, up to which a buffer is not charged.
const Uncharged = 16 << 10

// ErrNoMemory means that the budget is used up.
var ErrNoMemory = errors.New("all the memory that connections may hold together is in use")

// NewBudget returns a budget of max bytes; 0 means no limit.
func NewBudget(max int64) *Budget { return &Budget{max: max} }

// Used returns how many bytes are charged now.
func (b *Budget) Used() int64 { return b.used.Load() }

// Take charges n bytes, or reports false if fewer are left.
func (b *Budget) Take(n int) bool {
	if b == nil {
		return true
	}
	if used := b.used.Add(n); b.max > 0 && used > b.max {
		b.used.Add(-n)
		return false
	}
	return true
}

// Give returns n bytes that Take has charged.
func (b *Budget) Give(n int) {
	if b != nil {
		b.used.Add(-n)
	}
}

// isUsedUp reports whether even the smallest charged buffer would be refused.
func (b *Budget) isUsedUp() bool {
	return b != nil && b.max > 0 && b.used.Load() > b.max-2*Uncharged
}
