package annotate

import (
	"runtime"
	"strings"
	"testing"

	"barewire/handshake"
	"barewire/wsframe"
)

// deflated is what an offer and an answer without parameters agree on.
var deflated = &handshake.Deflate{ServerMaxWindowBits: 15, ClientMaxWindowBits: 15}

// TestLongPayload checks that of a payload of 64 MiB the first 4 KiB are kept and all of
// it is counted, for every kind of content and framing.
func TestLongPayload(t *testing.T) {
	const size = 64 << 20
	for _, test := range []struct {
		name, start string
		options     Options
	}{
		{"text", unhex("81 7f 0000000004000000"), Options{Frames: true}},
		{"binary", unhex("82 7f 0000000004000000"), Options{Frames: true}},
		{"compressed", unhex("c1 7f 0000000004000000"), Options{Frames: true, Deflate: deflated}},
		{"a body", "HTTP/1.1 200 OK\r\nContent-Length: 67108864\r\n\r\n", Options{}},
		{"a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4000000\r\n", Options{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := New(test.options)
			units := c.Add(ServerToClient, []byte(test.start))
			zeros := make([]byte, 1<<20)
			before := heap()
			for range size / len(zeros) {
				units = append(units, c.Add(ServerToClient, zeros)...)
			}
			if grown := heap() - before; grown > 4<<20 {
				t.Errorf("the conversation holds %d bytes more than before; it must not keep the payload", grown)
			}
			units = append(units, c.Add(ServerToClient, []byte("\r\n"))...)
			units = append(units, c.Finish()...)
			long := 0
			for i := range units {
				if units[i].Length >= size && len(units[i].Bytes) < 2*shownBytes && units[i].Missing > size-2*shownBytes {
					long++
				}
			}
			if long != 1 {
				t.Errorf("%d units have a length of 64 MiB and keep little of it, want 1", long)
			}
			runtime.KeepAlive(c)
		})
	}
}

// heap returns how many bytes are in use.
func heap() int64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// TestAnnouncedLength checks that a header costs little memory, whatever length it
// announces: up to 2^63-1 bytes.
func TestAnnouncedLength(t *testing.T) {
	units := unitsFor(Options{Frames: true}, []piece{serverHex("82 7f 7fffffffffffffff 41")}, whole)
	if len(units) != 1 || !units[0].Incomplete || units[0].Length != 11 {
		t.Fatalf("units %+v; want one of 11 bytes, incomplete", units)
	}
	if last := units[0].Notes[0].Meaning; !strings.Contains(last, "9223372036854775806 more") {
		t.Errorf("the note is %q; want how many bytes are missing", last)
	}
}

// TestBomb checks that 8 MiB of zeros, which are 8 KB on the wire, are inflated only up
// to the limit of 4 MiB, and that the note shows the ratio.
func TestBomb(t *testing.T) {
	bomb := wsframe.AppendFrame(nil, &wsframe.Header{Fin: true, RSV1: true, Opcode: wsframe.Binary}, zeros(t, 8<<20))
	hello := unhex("c1 07 f248cdc9c90700")
	for _, takeover := range []bool{false, true} {
		agreed := *deflated
		agreed.ServerNoContextTakeover = !takeover
		units := unitsFor(Options{Frames: true, Deflate: &agreed}, []piece{{ServerToClient, string(bomb)}, {ServerToClient, hello}}, whole)
		if value := units[0].Notes[0].Value; value != "more than 4194304 bytes" {
			t.Errorf("the bomb's inflated size is %q", value)
		}
		after := units[1].Notes[0]
		if takeover && !strings.Contains(after.Meaning, "lost") {
			t.Errorf("with takeover, a message after the bomb: %+v; want a note that the window is lost", after)
		}
		if !takeover && after.Value != `"Hello"` {
			t.Errorf("without takeover, a message after the bomb: %+v; want Hello", after)
		}
	}
}

// TestManyRequests checks that at most 256 unanswered requests are remembered.
func TestManyRequests(t *testing.T) {
	c := New(Options{})
	c.Add(ClientToServer, []byte(strings.Repeat("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 10_000)))
	if len(c.exchanges) != maxUnanswered {
		t.Errorf("%d requests are remembered, want %d", len(c.exchanges), maxUnanswered)
	}
}

// TestHeld checks that bytes after a request to upgrade wait for the response, up to a
// limit.
func TestHeld(t *testing.T) {
	c := New(Options{})
	c.Add(ClientToServer, []byte(client(upgradeRequest+"\n").data))
	for range 4 {
		c.Add(ClientToServer, make([]byte, heldBytes))
	}
	if held := len(c.streams[ClientToServer].pending); held != 0 {
		t.Errorf("%d bytes wait, want 0: they are over the limit", held)
	}
	units := c.Finish()
	if len(units) != 1 || units[0].Kind != Raw || units[0].Length != 4*heldBytes {
		t.Errorf("%d units at the end; want one raw unit with all bytes", len(units))
	}
}

// TestHeldEnd checks that nothing is lost if the client sends a frame and its FIN
// before the response.
func TestHeldEnd(t *testing.T) {
	c := New(Options{})
	c.Add(ClientToServer, []byte(client(upgradeRequest+"\n").data+unhex("81 81 00000000 41 81")))
	if units := c.End(ClientToServer); len(units) != 0 {
		t.Errorf("%d units at the end of the client's bytes, want none before the response", len(units))
	}
	units := c.Add(ServerToClient, []byte(server(upgradeResponse+"\n").data))
	if len(units) != 3 || units[1].Kind != Frame || !units[2].Incomplete {
		t.Fatalf("%d units with the response; want the response, the frame, and the beginning of the next frame", len(units))
	}
	if units := c.Add(ClientToServer, []byte("x")); units != nil {
		t.Errorf("bytes after the end complete %d units, want none", len(units))
	}
	if units := c.Finish(); len(units) != 0 {
		t.Errorf("Finish returns %d units, want none", len(units))
	}
}

// TestLongHead checks that a head over the limit is given up at the same byte, whether it
// arrives at once or byte by byte.
func TestLongHead(t *testing.T) {
	for _, test := range []struct{ name, head, section string }{
		{"a target without end", "GET /" + strings.Repeat("a", 2*headLimit), "RFC 9112 §3"},
		{"a field without end", "GET / HTTP/1.1\r\nA: " + strings.Repeat("a", 2*headLimit), "RFC 6585 §5"},
		{"fields without end", "GET / HTTP/1.1\r\n" + strings.Repeat("A: a\r\n", 101), "RFC 6585 §5"},
	} {
		t.Run(test.name, func(t *testing.T) {
			pieces := []piece{{ClientToServer, test.head}}
			units := unitsFor(Options{}, pieces, whole)
			checkUnits(t, units, pieces)
			if !strings.Contains(units[0].Broken(), test.section) || units[0].Length > int64(headLimit) {
				t.Errorf("%d bytes, broken: %s; want at most %d, %s", units[0].Length, units[0].Broken(), headLimit, test.section)
			}
			same(t, "byte by byte", unitsFor(Options{}, pieces, singly), units)
		})
	}
}
