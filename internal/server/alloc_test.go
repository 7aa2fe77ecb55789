//go:build !race

// The race detector makes sync.Pool drop objects at random, so these tests count
// allocations without it.

package server

import (
	"io"
	"net"
	"strings"
	"testing"

	"barewire/wsframe"
)

// roundTrip returns a function that sends request and reads an answer of the
// given length, allocating nothing itself.
func roundTrip(tb testing.TB, conn net.Conn, request string, answer int) func() {
	in, got := []byte(request), make([]byte, answer)
	return func() {
		if _, err := conn.Write(in); err != nil {
			tb.Fatal(err)
		}
		if _, err := io.ReadFull(conn, got); err != nil {
			tb.Fatal(err)
		}
	}
}

// TestAllocations: a message costs no allocation, and a request costs one: its head as a
// string.
func TestAllocations(t *testing.T) {
	_, dial := startTCP(t, testConfig())

	http := dial()
	io.WriteString(http, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	buffer := make([]byte, 1000)
	length, _ := http.Read(buffer)
	request := roundTrip(t, http, "GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: test\r\n\r\n", length)
	if n := testing.AllocsPerRun(1000, request); n > 1 {
		t.Errorf("a request costs %v allocations, want 1 at most", n)
	}

	for name, payload := range map[string]string{
		"small": "Hello", "of 64 KiB": strings.Repeat("x", 64<<10),
	} {
		webSocket := dial()
		io.WriteString(webSocket, upgradeRequest("/echo"))
		readUntil(t, webSocket, "\r\n\r\n")
		message := frame(wsframe.Text, payload)
		echo := roundTrip(t, webSocket, message, len(message)-4) // the echo has no key
		for range 20 {
			echo() // fills the pools
		}
		if n := testing.AllocsPerRun(1000, echo); n > 0 {
			t.Errorf("a message %s costs %v allocations, want none", name, n)
		}
	}
}

// The cost of deadlines and of Wrap: with deadlines, without them, and with a Wrap that
// returns its argument.
var benchmarkConfigs = []struct {
	name   string
	change func(*Config)
}{
	{"as served", func(*Config) {}},
	{"without deadlines", func(c *Config) { c.Debugger = true }},
	{"with a Wrap that returns its argument", func(c *Config) { c.Wrap = func(conn net.Conn) net.Conn { return conn } }},
}

func BenchmarkRequest(b *testing.B) {
	request := "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
	for _, bench := range benchmarkConfigs {
		b.Run(bench.name, func(b *testing.B) {
			conn := benchmarkConn(b, bench.change)
			io.WriteString(conn, request)
			buffer := make([]byte, 1000)
			length, _ := conn.Read(buffer)
			run(b, roundTrip(b, conn, request, length))
		})
	}
}

func BenchmarkEcho(b *testing.B) {
	message := frame(wsframe.Binary, strings.Repeat("x", 64))
	for _, bench := range benchmarkConfigs {
		b.Run(bench.name, func(b *testing.B) {
			conn := benchmarkConn(b, bench.change)
			io.WriteString(conn, upgradeRequest("/echo"))
			conn.Read(make([]byte, 1000))
			run(b, roundTrip(b, conn, message, len(message)-4))
		})
	}
}

func run(b *testing.B, once func()) {
	b.ReportAllocs()
	for b.Loop() {
		once()
	}
}

func benchmarkConn(b *testing.B, change func(*Config)) net.Conn {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	config := testConfig()
	change(&config)
	s := New(config)
	go s.Serve(listener)
	b.Cleanup(s.Close)
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close() })
	return conn
}
