package cli

import (
	"net"
	"time"
)

// betweenTries is the pause between two attempts to connect.
const betweenTries = 100 * time.Millisecond

// tryFor calls dial until it succeeds, or until limit has passed: a server that is started
// together with its client, for example by an editor, begins to listen a moment later.
// tryFor calls dial at least once.
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
