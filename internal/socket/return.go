package socket

import (
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// returnDelay is how long ReturnMemory waits: what becomes unused in the meantime is
// returned as well, and load that comes and goes causes no more than six collections
// a minute.
const returnDelay = 10 * time.Second

var returning atomic.Bool

// ReturnMemory gives memory that is no longer used back to the system, a little later.
// It is called when much has become unused: the runtime by itself would keep it for the
// next time, and a sync.Pool gives up what it holds only at the second collection.
func ReturnMemory() {
	if returning.CompareAndSwap(false, true) {
		time.AfterFunc(returnDelay, func() {
			returning.Store(false)
			runtime.GC()
			debug.FreeOSMemory()
		})
	}
}
