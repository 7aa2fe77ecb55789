package socket

import (
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// Use counts bytes in use. When the count falls to a quarter of its peak, memory is returned
// to the system: the runtime itself would keep it for later. The zero value is ready to use.
// Its methods may run concurrently.
type Use struct{ now, peak atomic.Int64 }

// muchMemory is the smallest peak, in bytes, that is worth a garbage collection.
const muchMemory = 16 << 20

// Add adds n bytes, which may be negative, and returns the new count.
func (u *Use) Add(n int) int64 {
	now := u.now.Add(int64(n))
	peak := u.peak.Load()
	switch {
	case now > peak:
		u.peak.CompareAndSwap(peak, now) // if another goroutine changed it first, the peak is about right
	case peak >= muchMemory && now < peak/4 && u.peak.CompareAndSwap(peak, now):
		returnMemory()
	}
	return now
}

// Load returns the count.
func (u *Use) Load() int64 { return u.now.Load() }

// returnDelay is how long returnMemory waits. Memory that becomes unused in the meantime is
// returned too, and a varying load does not cause one collection after another.
const returnDelay = 2 * time.Second

var returning atomic.Bool

// returnMemory returns unused memory to the system, after returnDelay.
func returnMemory() {
	if returning.CompareAndSwap(false, true) {
		time.AfterFunc(returnDelay, func() {
			returning.Store(false)
			runtime.GC() // a sync.Pool drops its objects at the second collection
			debug.FreeOSMemory()
		})
	}
}
