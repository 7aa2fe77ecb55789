package load_test

import (
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"barewire/internal/bench/load"
	"barewire/internal/bench/servers"
)

// listen runs a server in this process until the test ends.
func listen(t *testing.T, serve func(net.Listener) error) netip.AddrPort {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go serve(l)
	return netip.MustParseAddrPort(l.Addr().String())
}

// few makes a scenario small enough for a test.
func few(s load.Scenario) load.Scenario {
	s.Conns = min(s.Conns, 20)
	return s
}

var short = load.Window{Warm: 5 * time.Millisecond, Time: 50 * time.Millisecond}

// tick returns a meter that needs no other process.
func tick() load.Meter {
	began := time.Now()
	return func() (time.Duration, error) { return time.Since(began), nil }
}

func TestEveryScenarioAgainstEveryServer(t *testing.T) {
	for _, server := range servers.All {
		if server.Name == "gnet" {
			continue // it opens its own listener, a little later
		}
		t.Run(strings.ReplaceAll(server.Name, "/", "-"), func(t *testing.T) {
			t.Parallel()
			addr := listen(t, server.Serve)
			for _, s := range load.Scenarios() {
				if s.WebSocket() != server.Can.WebSocket && s.WebSocket() || !s.WebSocket() && !server.Can.HTTP ||
					s.Fragments > 0 && !server.Can.Fragments || s.Deflate && !server.Can.Compression {
					continue
				}
				try(t, addr, few(s))
			}
		})
	}
}

func try(t *testing.T, addr netip.AddrPort, s load.Scenario) {
	t.Helper()
	if s.Kind == load.Idle {
		if _, err := load.RunIdle(addr, s, func() (int, error) { return 0, nil }); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
		return
	}
	got, err := load.Run(addr, s, short, tick())
	if err != nil || got.Messages == 0 || got.CPU < short.Time {
		t.Errorf("%s: %+v, %v", s.Name, got, err)
	}
}

// TestWrongAnswersAreSeen: a server that answers wrongly must not get into the table.
func TestWrongAnswersAreSeen(t *testing.T) {
	// This server adds one to every byte after the handshake.
	liar := func(l net.Listener) error {
		for {
			conn, err := l.Accept()
			if err != nil {
				return err
			}
			go func() {
				defer conn.Close()
				spoil(conn, listen(t, servers.All[0].Serve))
			}()
		}
	}
	addr := listen(t, liar)
	for _, s := range load.Scenarios() {
		if s.Name != "echo-64" {
			continue
		}
		s.Conns = 1
		if got, err := load.Run(addr, s, short, tick()); err == nil || !strings.Contains(err.Error(), "differs") {
			t.Errorf("%+v, %v", got, err)
		}
	}
}

// spoil forwards what a correct server sends, but changes the last byte of everything
// after the handshake.
func spoil(conn net.Conn, honest netip.AddrPort) {
	server, err := net.Dial("tcp", honest.String())
	if err != nil {
		return
	}
	defer server.Close()
	buf := make([]byte, 4<<10)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return
		}
		server.Write(buf[:n])
		if n, err = server.Read(buf); err != nil {
			return
		}
		if buf[0] != 'H' {
			buf[n-1]++
		}
		conn.Write(buf[:n])
	}
}
