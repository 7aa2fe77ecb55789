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
	hello  []byte // the response to most requests; see answerHello
}

// at returns what belongs to the second of now.
func (d *dateCache) at(now time.Time) *datedSecond {
	latest := d.latest.Load()
	if latest == nil || latest.second != now.Unix() {
		text := string(httpwire.AppendDate(nil, now))
		latest = &datedSecond{second: now.Unix(), text: text, hello: helloAt(text)}
		d.latest.Store(latest)
	}
	return latest
}

// helloAt returns the response of helloRoute to a GET in HTTP/1.1 whose
// connection stays open.
func helloAt(date string) []byte {
	response := httpwire.Response{Status: helloRoute.status, Fields: helloRoute.fields, Content: helloRoute.content}
	octets, err := httpwire.AppendResponse(nil, &response, date, "GET")
	if err != nil {
		return nil // respond says why
	}
	return octets
}
