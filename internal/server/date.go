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
	text  string    // the Date field's value (RFC 9110 §6.6.1)
	hello []byte    // the response to most requests; see answerHello
	ends  time.Time // on the monotonic clock
}

// at returns what belongs to the second that clock tells. It asks clock once a
// second: to look how much is left of one costs half as much.
func (d *dateCache) at(clock func() time.Time) *datedSecond {
	latest := d.latest.Load()
	if latest == nil || time.Until(latest.ends) <= 0 {
		now := clock()
		left := time.Second - time.Duration(now.Nanosecond())
		text := string(httpwire.AppendDate(nil, now))
		latest = &datedSecond{text: text, hello: helloAt(text), ends: time.Now().Add(left)}
		d.latest.Store(latest)
	}
	return latest
}

// helloAt returns the response of helloRoute to a GET in HTTP/1.1 whose
// connection stays open.
func helloAt(date string) []byte {
	response := httpwire.Response{Status: helloRoute.status, Fields: helloRoute.fields, Content: helloRoute.content}
	octets, err := httpwire.AppendResponse(nil, &response, date, false)
	if err != nil {
		return nil // respond says why
	}
	return octets
}
