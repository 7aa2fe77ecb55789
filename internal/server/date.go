package server

import (
	"sync/atomic"
	"time"

	"barewire/httpwire"
)

// dateCache caches what changes once per second: the value of the Date field (RFC 9110
// §6.6.1), and the last constant response with that value.
type dateCache struct {
	latest     atomic.Pointer[datedSecond]
	serialized atomic.Pointer[serialized]
}

// serialized is a constant response in the form that answers a GET in HTTP/1.1 on a
// connection that stays open.
type serialized struct {
	response *httpwire.Response
	date     string
	bytes    []byte
}

type datedSecond struct {
	second int64 // since 1970
	text   string
}

// at returns the date of now.
func (d *dateCache) at(now time.Time) string {
	latest := d.latest.Load()
	if latest == nil || latest.second != now.Unix() { // req: 9110-6.6.1-b
		latest = &datedSecond{second: now.Unix(), text: string(httpwire.AppendDate(nil, now))}
		d.latest.Store(latest)
	}
	return latest.text
}

// serialize returns the bytes of a constant response. They are shared: the caller must not
// change them.
func (d *dateCache) serialize(response *httpwire.Response, date string) ([]byte, error) {
	latest := d.serialized.Load()
	if latest == nil || latest.response != response || latest.date != date {
		bytes, err := httpwire.AppendResponse(nil, response, date, "GET")
		if err != nil {
			return nil, err
		}
		latest = &serialized{response, date, bytes}
		d.serialized.Store(latest)
	}
	return latest.bytes, nil
}

// date returns the current value of the Date field.
func (s *Server) date() string { return s.dates.at(s.config.Clock()) }
