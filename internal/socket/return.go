package socket

import (
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// Use is how many bytes are in use for something. When they have fallen to a quarter of
// their peak, memory is given back to the system: the runtime by itself would keep it for
// the next time. The zero value is ready for use, by any number of goroutines.
type Use struct{ now, peak atomic.Int64 }

// muchMemory is the least peak, in bytes, after which it is worth a collection.
const muchMemory = 16 << 20

// Add adds n bytes, or takes them away if n is negative, and returns what is in use now.
func (u *Use) Add(n int) int64 {
	now := u.now.Add(int64(n))
	peak := u.peak.Load()
	switch {
	case now > peak:
		u.peak.CompareAndSwap(peak, now) // if another one was faster, the peak is about right
	case peak >= muchMemory && now < peak/4 && u.peak.CompareAndSwap(peak, now):
		returnMemory()
	}
	return now
}

// Load returns what is in use now.
func (u *Use) Load() int64 { return u.now.Load() }

// returnDelay is how long returnMemory waits: what becomes unused in the meantime is
// returned as well, and load that comes and goes does not cause one collection after the
// other.
const returnDelay = 2 * time.Second

var returning atomic.Bool

// returnMemory gives memory that is no longer used back to the system, a little later.
func returnMemory() {
	if returning.CompareAndSwap(false, true) {
		time.AfterFunc(returnDelay, func() {
			returning.Store(false)
			runtime.GC() // a sync.Pool gives up what it holds at the second collection
			debug.FreeOSMemory()
		})
	}
}
