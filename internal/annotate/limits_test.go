package annotate

import (
	"runtime"
	"strings"
	"testing"

	"barewire/handshake"
	"barewire/wsframe"
)

// deflated is the agreement of an offer and an answer without parameters.
var deflated = &handshake.Deflate{ServerMaxWindowBits: 15, ClientMaxWindowBits: 15}

// TestLongPayload: of a payload of 64 MiB the first 4 KiB are kept, whatever is in
// it and however it is framed, and all of it is counted.
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
				t.Errorf("the conversation holds %d octets more than before; it must not keep what it is given", grown)
			}
			units = append(units, c.Add(ServerToClient, []byte("\r\n"))...)
			units = append(units, c.Finish()...)
			long := 0
			for i := range units {
				if units[i].Length >= size && len(units[i].Bytes) < 2*shownOctets && units[i].Missing > size-2*shownOctets {
					long++
				}
			}
			if long != 1 {
				t.Errorf("%d units say that they are of 64 MiB and hold little of it, want 1", long)
			}
			runtime.KeepAlive(c)
		})
	}
}

// heap returns how many octets are in use.
func heap() int64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// TestAnnouncedLength: a header costs what a header costs, and not what it
// announces, which may be 2^63-1 octets.
func TestAnnouncedLength(t *testing.T) {
	units := told(Options{Frames: true}, []piece{serverHex("82 7f 7fffffffffffffff 41")}, whole)
	if len(units) != 1 || !units[0].Incomplete || units[0].Length != 11 {
		t.Fatalf("units %+v; want one of 11 octets, incomplete", units)
	}
	if last := units[0].Notes[0].Meaning; !strings.Contains(last, "9223372036854775806 more") {
		t.Errorf("the note says %q; want how much is missing", last)
	}
}

// TestBomb: 8 MiB of zeros are 8 KB on the wire. Half of it is inflated, and the
// ratio says what it is.
func TestBomb(t *testing.T) {
	bomb := wsframe.AppendFrame(nil, &wsframe.Header{Fin: true, RSV1: true, Opcode: wsframe.Binary}, zeros(t, 8<<20))
	hello := unhex("c1 07 f248cdc9c90700")
	for _, takeover := range []bool{false, true} {
		agreed := *deflated
		agreed.ServerNoContextTakeover = !takeover
		units := told(Options{Frames: true, Deflate: &agreed}, []piece{{ServerToClient, string(bomb)}, {ServerToClient, hello}}, whole)
		if value := units[0].Notes[0].Value; value != "more than 4194304 octets" {
			t.Errorf("the bomb's inflated size is %q", value)
		}
		after := units[1].Notes[0]
		if takeover && !strings.Contains(after.Meaning, "lost") {
			t.Errorf("with takeover, a message behind the bomb: %+v; want that the window is lost", after)
		}
		if !takeover && after.Value != `"Hello"` {
			t.Errorf("without takeover, a message behind the bomb: %+v; want Hello", after)
		}
	}
}

// TestManyRequests: a client that never reads an answer is remembered for 256 of
// them.
func TestManyRequests(t *testing.T) {
	c := New(Options{})
	c.Add(ClientToServer, []byte(strings.Repeat("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 10_000)))
	if len(c.exchanges) != maxUnanswered {
		t.Errorf("%d requests are remembered, want %d", len(c.exchanges), maxUnanswered)
	}
}

// TestHeld: octets behind a request to upgrade wait for the answer, but not
// without end.
func TestHeld(t *testing.T) {
	c := New(Options{})
	c.Add(ClientToServer, []byte(client(upgradeRequest+"\n").octets))
	for range 4 {
		c.Add(ClientToServer, make([]byte, heldOctets))
	}
	if held := len(c.streams[ClientToServer].pending); held != 0 {
		t.Errorf("%d octets wait, want that they have been given up", held)
	}
	units := c.Finish()
	if len(units) != 1 || units[0].Kind != Raw || units[0].Length != 4*heldOctets {
		t.Errorf("at the end %d units; want one with all octets, raw", len(units))
	}
}

// TestHeldEnd: the client has sent a frame and its FIN before the answer came.
// Neither is lost.
func TestHeldEnd(t *testing.T) {
	c := New(Options{})
	c.Add(ClientToServer, []byte(client(upgradeRequest+"\n").octets+unhex("81 81 00000000 41 81")))
	if units := c.End(ClientToServer); len(units) != 0 {
		t.Errorf("at the end of the client's octets: %d units, want none before the answer", len(units))
	}
	units := c.Add(ServerToClient, []byte(server(upgradeResponse+"\n").octets))
	if len(units) != 3 || units[1].Kind != Frame || !units[2].Incomplete {
		t.Fatalf("with the answer came %d units; want it, the frame, and the beginning of the next", len(units))
	}
	if units := c.Add(ClientToServer, []byte("x")); units != nil {
		t.Errorf("octets behind the end make %d units, want none", len(units))
	}
	if units := c.Finish(); len(units) != 0 {
		t.Errorf("at the end of it all: %d units, want none", len(units))
	}
}

// TestLongHead: a head over the limit is given up at the same octet, whether it
// comes in one go or octet by octet.
func TestLongHead(t *testing.T) {
	for _, test := range []struct{ name, head, section string }{
		{"a target without end", "GET /" + strings.Repeat("a", 2*headLimit), "RFC 9112 §3"},
		{"a field without end", "GET / HTTP/1.1\r\nA: " + strings.Repeat("a", 2*headLimit), "RFC 6585 §5"},
		{"fields without end", "GET / HTTP/1.1\r\n" + strings.Repeat("A: a\r\n", 101), "RFC 6585 §5"},
	} {
		t.Run(test.name, func(t *testing.T) {
			pieces := []piece{{ClientToServer, test.head}}
			units := told(Options{}, pieces, whole)
			checkUnits(t, units, pieces)
			if !strings.Contains(units[0].Broken(), test.section) || units[0].Length > int64(headLimit) {
				t.Errorf("%d octets, broken: %s; want at most %d, %s", units[0].Length, units[0].Broken(), headLimit, test.section)
			}
			same(t, "octet by octet", told(Options{}, pieces, singly), units)
		})
	}
}
