package e2e

import (
	"bytes"
	"compress/flate"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// upgradedWith is upgraded with an offer of extensions, which the server must accept with
// these parameters.
func upgradedWith(t *testing.T, p *program, offer, accepted string) *peer {
	t.Helper()
	c := dial(t, p)
	c.send(strings.TrimSuffix(upgradeRequest, "\r\n") + "Sec-WebSocket-Extensions: " + offer + "\r\n\r\n")
	if head := c.head(); !strings.Contains(head, "\r\nSec-WebSocket-Extensions: "+accepted+"\r\n") {
		t.Fatalf("the offer %q got %q, want %q in it", offer, head, accepted)
	}
	return c
}

// compressedFrame returns a Binary message with RSV1, made by compress/flate.
func compressedFrame(content io.Reader) string {
	var payload bytes.Buffer
	deflater, _ := flate.NewWriter(&payload, flate.BestCompression)
	io.Copy(deflater, content)
	deflater.Flush()
	data := bytes.TrimSuffix(payload.Bytes(), []byte("\x00\x00\xff\xff"))
	n := len(data)
	header := []byte{0xc2, 0xff, 0, 0, 0, 0, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}
	switch {
	case n < 126:
		header = []byte{0xc2, 0x80 | byte(n)}
	case n < 1<<16:
		header = []byte{0xc2, 0xfe, byte(n >> 8), byte(n)}
	}
	return string(header) + noMask + string(data)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// peakMemory returns the most memory that the program has used so far, in bytes, or 0 on
// a system without /proc.
func peakMemory(t *testing.T, p *program) int { return statusLine(t, p, "VmHWM:") }

// TestBomb: a message that inflates to 64 MiB is refused with 1009 as soon as it exceeds
// -max-message, and never takes more memory than that.
//
// req: 6455-10.4-b
func TestBomb(t *testing.T) {
	p := start(t, "-max-message", "1MiB")
	bomb := compressedFrame(io.LimitReader(zeros{}, 64<<20))
	throw := func() {
		c := upgradedWith(t, p, "permessage-deflate", "permessage-deflate")
		c.send(bomb)
		c.expectClose(tooBig)
		c.expectEnd("after 1009")
	}
	before := peakMemory(t, p)
	throw()
	one := peakMemory(t, p) - before
	for range 20 {
		throw()
	}
	many := peakMemory(t, p) - before
	t.Logf("messages of %d bytes that inflate to 64 MiB: peak memory grew by %d KiB for one, by %d KiB for 21", len(bomb), one>>10, many>>10)
	if (one >= 8<<20 || many >= 32<<20) && !raced {
		t.Errorf("memory grew by %d bytes for one and by %d for 21, want less than 8 MiB and 32 MiB, which includes garbage that is not yet collected", one, many)
	}
}

// TestIdleCompression: an idle connection that agreed on compression without takeover
// costs no more memory than one without compression. After it has inflated and compressed
// messages, it costs a little more, because its goroutine's stack has grown; if it kept
// its compressor, it would cost much more.
func TestIdleCompression(t *testing.T) {
	long(t)
	const warmUp, connections = 200, 1000
	// The heap of a Go program is up to twice as large as what is in use, and the share of
	// garbage varies. GOGC=5 limits it to a twentieth.
	t.Setenv("GOGC", "5")
	text := strings.Repeat("compressible ", 20)
	plainFrame := "\x82\xfe\x01\x04" + noMask + text
	compressing := func(p *program) *peer {
		return upgradedWith(t, p, "permessage-deflate", "permessage-deflate; server_no_context_takeover; client_no_context_takeover")
	}
	// once returns the memory per connection, in bytes, after open has made connections and
	// each has echoed a message. cost is the median of three programs.
	once := func(open func(p *program) *peer, message, echo string) int {
		p := start(t, "-takeover-conns", "0", "-ping", "1m")
		var peers []*peer
		exchange := func(times int) {
			for range times {
				c := open(p)
				c.send(message)
				c.expect("the echo", echo)
				peers = append(peers, c)
			}
		}
		exchange(warmUp) // fills the pools, and starts the threads that a busy machine needs
		before := residentMemory(t, p)
		exchange(connections)
		after := residentMemory(t, p)
		for _, c := range peers {
			c.conn.Close()
		}
		p.stop(t)
		return (after - before) / connections
	}
	cost := func(open func(p *program) *peer, message, echo string) int {
		costs := []int{once(open, message, echo), once(open, message, echo), once(open, message, echo)}
		slices.Sort(costs)
		return costs[1]
	}
	without := cost(func(p *program) *peer { return upgraded(t, p) }, plainFrame, "\x82\x7e\x01\x04")
	agreed := cost(compressing, "\x82\x85"+noMask+"Hello", "\x82\x05Hello")
	used := cost(compressing, compressedFrame(strings.NewReader(text)), "\xc2")
	t.Logf("an idle connection costs %d bytes of memory without compression, %d with it, %d after it was used", without, agreed, used)
	if agreed > without*11/10 && !raced {
		t.Errorf("an idle connection costs %d bytes of memory with compression agreed on and %d without, want no more than 10 %% more", agreed, without)
	}
	if used > without+8<<10 && !raced {
		t.Errorf("an idle connection costs %d bytes of memory after compressing and %d without, want no more than 8 KiB more", used, without)
	}
}

// statusLine returns a line of /proc/PID/status about the program's memory, in bytes.
func statusLine(t *testing.T, p *program, name string) int {
	t.Helper()
	status, err := os.ReadFile("/proc/" + strconv.Itoa(p.process.Pid) + "/status")
	if os.IsNotExist(err) {
		return 0 // not Linux
	}
	_, rest, _ := strings.Cut(string(status), name)
	kibibytes, err := strconv.Atoi(strings.Fields(rest + " ?")[0])
	if err != nil {
		t.Fatalf("no %s in /proc/PID/status: %q", name, status)
	}
	return kibibytes << 10
}
