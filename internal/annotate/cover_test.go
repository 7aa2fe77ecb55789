package annotate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"barewire/handshake"
)

// TestEveryByteIsLabeled checks that the leaves of a unit cover it without a gap or an
// overlap.
func TestEveryByteIsLabeled(t *testing.T) {
	for _, conversation := range conversations {
		t.Run(conversation.name, func(t *testing.T) {
			checkUnits(t, unitsFor(conversation.options, conversation.pieces, whole), conversation.pieces)
		})
	}
}

// checkUnits checks what holds for every conversation: its units cover both streams,
// their spans cover the units, and their bytes are the ones that passed.
func checkUnits(t *testing.T, units []Unit, pieces []piece) {
	t.Helper()
	var streams [2]string
	for _, p := range pieces {
		streams[p.direction] += p.data
	}
	var ends [2]int64
	for i := range units {
		u := &units[i]
		if u.Number != i+1 {
			t.Errorf("unit %d has the number %d", i+1, u.Number)
		}
		if u.Offset != ends[u.Direction] {
			t.Fatalf("unit %d begins at byte %d, but the unit before it ended at %d", u.Number, u.Offset, ends[u.Direction])
		}
		ends[u.Direction] += u.Length
		if int64(len(u.Bytes))+u.Missing != u.Length {
			t.Errorf("unit %d: %d bytes kept plus %d missing is not %d", u.Number, len(u.Bytes), u.Missing, u.Length)
		}
		if !strings.HasPrefix(streams[u.Direction][u.Offset:], string(u.Bytes)) {
			t.Errorf("unit %d: its bytes are not the ones that passed", u.Number)
		}
		if err := checkLeaves(u); err != nil {
			t.Fatalf("unit %d, %s: %v\n%s", u.Number, u.Title, err, new(Printer).AppendUnit(nil, u))
		}
		checkText(t, u)
	}
	for direction, end := range ends {
		if end != int64(len(streams[direction])) {
			t.Errorf("%v: the units have %d bytes, the stream has %d", Direction(direction), end, len(streams[direction]))
		}
	}
}

// checkLeaves walks along the leaves of a unit, byte by byte and bit by bit, and
// checks that the parts of a span end where the span ends.
func checkLeaves(u *Unit) error {
	at, bit := int64(0), uint8(0)
	for i, span := range u.Spans {
		switch {
		case span.Offset != at || span.Bits > 0 && span.Bit != bit || span.Bits == 0 && bit != 0:
			return fmt.Errorf("span %d (%s) begins at byte %d, bit %d; expected byte %d, bit %d",
				i, span.Field, span.Offset, span.Bit, at, bit)
		case span.Length < 1 || span.Bits > 0 && span.Length != 1:
			return fmt.Errorf("span %d (%s) has %d bytes", i, span.Field, span.Length)
		case !u.Leaf(i) && partsEnd(u, i) != span.Offset+span.Length:
			return fmt.Errorf("the parts of span %d (%s) end at byte %d, it ends at %d",
				i, span.Field, partsEnd(u, i), span.Offset+span.Length)
		case !u.Leaf(i):
		case span.Bits > 0 && bit+span.Bits < 8:
			bit += span.Bits
		default:
			at, bit = at+span.Length, 0
		}
	}
	if at != u.Length || bit != 0 {
		return fmt.Errorf("the spans end at byte %d, bit %d; the unit has %d bytes", at, bit, u.Length)
	}
	return nil
}

// partsEnd returns where the last part of a span ends.
func partsEnd(u *Unit, index int) int64 {
	end := int64(0)
	for i := index + 1; i < len(u.Spans) && u.Spans[i].Depth > u.Spans[index].Depth; i++ {
		end = u.Spans[i].Offset + u.Spans[i].Length
	}
	return end
}

// checkText checks the printed text of a unit: it must not contain anything that
// controls a terminal.
func checkText(t *testing.T, u *Unit) {
	t.Helper()
	if line, err := json.Marshal(u); err != nil || bytes.ContainsRune(line, utf8.RuneError) && utf8.Valid(u.Bytes) {
		t.Errorf("unit %d as JSON: %s, error %v", u.Number, line, err)
	}
	for line := range strings.Lines(string(new(Printer).AppendUnit(nil, u))) {
		line = strings.TrimSuffix(line, "\n")
		for _, r := range line {
			if r < ' ' || r == 0x7F || r == utf8.RuneError {
				t.Errorf("%q: %q must not reach a terminal", line, r)
			}
		}
	}
}

// FuzzUnits checks for any input that every byte is labeled once, and that splitting
// it makes no difference. The first two arguments choose the options.
func FuzzUnits(f *testing.F) {
	for _, conversation := range conversations {
		var fromClient, fromServer []byte
		for _, p := range conversation.pieces {
			if p.direction == ClientToServer {
				fromClient = append(fromClient, p.data...)
			} else {
				fromServer = append(fromServer, p.data...)
			}
		}
		f.Add(conversation.options.Frames, conversation.options.Alone, fromClient, fromServer)
	}
	f.Fuzz(func(t *testing.T, frames, alone bool, fromClient, fromServer []byte) {
		if len(fromClient)+len(fromServer) > 4<<10 {
			t.Skip("long inputs test nothing that short ones do not")
		}
		options := Options{Frames: frames, Alone: alone}
		if frames && alone {
			options.Deflate = &handshake.Deflate{ServerMaxWindowBits: 15, ClientMaxWindowBits: 8}
		}
		pieces := []piece{{ClientToServer, string(fromClient)}, {ServerToClient, string(fromServer)}}
		units := unitsFor(options, pieces, whole)
		checkUnits(t, units, pieces)
		same(t, "byte by byte", unitsFor(options, pieces, singly), units)
	})
}
