package server

import (
	"sync/atomic"
	"time"

	"barewire/httpwire"
)

// dateCache keeps what changes once a second for the second in which it is true:
// a server that answers 100,000 requests a second writes it once.
type dateCache struct {
	latest atomic.Pointer[datedSecond]
}

type datedSecond struct {
	second int64  // since 1970
	text   string // the Date field's value (RFC 9110 §6.6.1)
}

// at returns what belongs to the second of now.
func (d *dateCache) at(now time.Time) *datedSecond {
	latest := d.latest.Load()
	if latest == nil || latest.second != now.Unix() {
		latest = &datedSecond{second: now.Unix(), text: string(httpwire.AppendDate(nil, now))}
		d.latest.Store(latest)
	}
	return latest
}
