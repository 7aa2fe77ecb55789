package server

import (
	"sync/atomic"
	"time"

	"barewire/httpwire"
)

// dateCache keeps the text of the Date field for the second in which it is
// true: a server that answers 100,000 requests a second writes it once.
type dateCache struct {
	latest atomic.Pointer[datedSecond]
}

type datedSecond struct {
	second int64 // since 1970
	text   string
}

// text returns the Date field's value for now (RFC 9110 §6.6.1).
func (d *dateCache) text(now time.Time) string {
	latest := d.latest.Load()
	if latest == nil || latest.second != now.Unix() {
		latest = &datedSecond{now.Unix(), string(httpwire.AppendDate(nil, now))}
		d.latest.Store(latest)
	}
	return latest.text
}
