package fault_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"barewire/internal/app"
	"barewire/internal/fault"
	"barewire/internal/server"
)

// ours is our server, as it is run on the open network.
func ours() *server.Server {
	config := server.DefaultConfig()
	config.App = new(app.App)
	config.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	return server.New(config)
}

// ourTarget is what is known of it.
var ourTarget = fault.Target{Host: "barewire.test", Path: "/echo", PlainStatus: 200, WebSocket: true, Echo: true, Deflate: true}

// needsTCP are the faults that a pipe cannot carry: it has no half-close.
var needsTCP = map[string]bool{"http-half-close": true, "body-cut-short": true, "frame-cut-short": true, "frame-then-half-close": true}

// TestOursOverPipe: our server does, in every fault of the catalogue, what is
// right: nothing is merely tolerated. Time is that of testing/synctest.
func TestOursOverPipe(t *testing.T) {
	for _, f := range fault.All() {
		t.Run(f.ID, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := ours()
				defer s.Close()
				near, far := net.Pipe()
				go s.ServeConn(far)
				want := fault.Pass
				if needsTCP[f.ID] {
					want = fault.NotApplicable
				}
				checkVerdict(t, f.Run(t.Context(), near, ourTarget), want)
			})
		})
	}
}

// TestOursOverTCP: the same over a socket, where octets come in other pieces and
// there is a half-close. All faults run at the same time, so that each can wait long
// for an answer that a busy machine delays.
//
// req: 6455-4.2.1-b 6455-4.2.1-c 6455-4.2.1-e 6455-4.2.2-b 6455-4.2.2-c 6455-11.3.1-a 6455-11.3.5-a
// req: 6455-5.1-b 6455-5.2-d 6455-5.2-f 6455-5.4-b 6455-5.4-c 6455-5.4-d 6455-5.5-c
// req: 6455-5.5.1-b 6455-5.5.1-c 6455-5.5.1-e 6455-5.5.1-g 6455-5.5.2-a 6455-5.5.3-a 6455-5.5.3-b 6455-5.6-a
// req: 6455-7.4.1-b 6455-7.4.2-a 6455-7.4.2-b 6455-9.1-a
// req: 7692-6.1-c 7692-6.1-d 7692-7-a 7692-7-b 7692-7-c 7692-7.2.3.2-a
// req: 9112-3.2-c 9112-3.2-d 9112-5.1-a 9112-6.1-e 9112-6.3-c 9112-6.3-g 9112-7.1-b 9112-9.6-d
func TestOursOverTCP(t *testing.T) {
	dial := listen(t, ours())
	target := ourTarget
	target.Wait = 30 * time.Second
	var running sync.WaitGroup
	for _, f := range fault.All() {
		running.Go(func() {
			conn, err := dial(t.Context())
			if err != nil {
				t.Errorf("%s: %v", f.ID, err)
				return
			}
			checkVerdict(t, f.Run(t.Context(), conn, target), fault.Pass)
		})
	}
	running.Wait()
}

// TestDiscoverWithoutCompression: a server that does not compress is still found to echo.
func TestDiscoverWithoutCompression(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := server.DefaultConfig()
		config.App, config.Compress = new(app.App), false
		s := server.New(config)
		defer s.Close()
		dial := func(context.Context) (net.Conn, error) {
			near, far := net.Pipe()
			go s.ServeConn(far)
			return near, nil
		}
		want := ourTarget
		want.Page, want.Deflate = "/echo", false
		got, err := fault.Discover(t.Context(), dial, fault.Target{Host: want.Host, Path: want.Path})
		if err != nil || got != want {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
	})
}

// listen runs a server on a free port as long as the test, and returns how to
// reach it.
func listen(t *testing.T, s *server.Server) fault.Dial {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(listener)
	t.Cleanup(s.Close)
	return func(ctx context.Context) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", listener.Addr().String())
	}
}

func checkVerdict(t *testing.T, result fault.Result, want fault.Verdict) {
	t.Helper()
	if result.Verdict != want {
		t.Errorf("%s: %s (%s)\n%s: %s\nwant %s\ngot  %s", result.Fault.ID, result.Fault.Title, result.Fault.Section,
			result.Verdict, result.Reason, result.Want, result.Got)
	}
}
