package cli

import (
	"net"
	"time"
)

// betweenTries is the pause between two attempts to connect.
const betweenTries = 100 * time.Millisecond

// tryFor calls dial until it succeeds, or has failed for as long as limit: a server
// that is started together with its client, by an editor say, listens a moment
// later. It is always called once.
func tryFor(limit time.Duration, dial func() (net.Conn, error)) (net.Conn, error) {
	start := time.Now()
	for {
		conn, err := dial()
		if err == nil || time.Since(start) >= limit {
			return conn, err
		}
		time.Sleep(betweenTries)
	}
}
