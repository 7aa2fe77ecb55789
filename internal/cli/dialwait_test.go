package cli

import (
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// TestTryFor: a client with -wait connects to a server that starts later, and gives up in
// time if none starts.
func TestTryFor(t *testing.T) {
	refused := errors.New("connection refused")
	for _, test := range []struct {
		name         string
		wait, begins time.Duration // begins is when the server begins to listen
		tries        int
		err          error
	}{
		{"the server is there", 0, 0, 1, nil},
		{"no wait, no server", 0, time.Minute, 1, refused},
		{"the server comes", time.Second, 250 * time.Millisecond, 4, nil},
		{"it comes too late", time.Second, time.Minute, 11, refused},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start, tries := time.Now(), 0
				_, err := tryFor(test.wait, func() (net.Conn, error) {
					tries++
					if time.Since(start) < test.begins {
						return nil, refused
					}
					return nil, nil
				})
				if err != test.err || tries != test.tries {
					t.Errorf("after %d tries the error is %v, want %v after %d", tries, err, test.err, test.tries)
				}
			})
		})
	}
}
