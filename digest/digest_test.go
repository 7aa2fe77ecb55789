package digest

import (
	"encoding/hex"
	"errors"
	"testing"
)

// helloSum is SHA-1("Hello"), as computed by other implementations.
const helloSum = "f7ff9e8b7bb2e09b70935a5d785e0cc5d9d0abf0"

// recorder is an Out that keeps copies of what is sent.
type recorder struct {
	sent []string // in hex
	err  error
}

func (r *recorder) ReplyBinary(payload []byte) error {
	r.sent = append(r.sent, hex.EncodeToString(payload))
	return r.err
}

func TestEveryMessageIsAnsweredWithTheSameDigest(t *testing.T) {
	for _, message := range []string{"", "Hello", "anything", "\x00\xFF"} {
		out := &recorder{}
		server := Server{Out: out}
		server.OnOpen()
		if len(out.sent) != 0 {
			t.Errorf("the server sent a message before its client: %v", out.sent)
		}
		if err := server.OnMessage([]byte(message)); err != nil {
			t.Errorf("message %q: %v", message, err)
		}
		if len(out.sent) != 1 || out.sent[0] != helloSum {
			t.Errorf("message %q was answered with %v, want one reply, %s", message, out.sent, helloSum)
		}
	}
}

func TestTheErrorOfOutIsPassedOn(t *testing.T) {
	gone := errors.New("the client is gone")
	server := Server{Out: &recorder{err: gone}}
	if err := server.OnMessage(nil); !errors.Is(err, gone) {
		t.Errorf("OnMessage returned %v, want the error of Out", err)
	}
}

// The examples of FIPS 180, and an empty reply.
func TestSum(t *testing.T) {
	tests := []struct{ reply, want string }{
		{"", "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
		{"Hello", helloSum},
		{"abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", // two blocks
			"84983e441c3bd26ebaae4aa1f95129e5e54670f1"},
	}
	for _, test := range tests {
		sum := Sum(test.reply)
		if got := hex.EncodeToString(sum[:]); got != test.want {
			t.Errorf("SHA-1 of %q is %s, want %s", test.reply, got, test.want)
		}
	}
}

// discard is an Out that only counts bytes.
type discard struct{ size int }

func (d *discard) ReplyBinary(payload []byte) error {
	d.size += len(payload)
	return nil
}

func TestOnMessageDoesNotAllocate(t *testing.T) {
	server := Server{Out: &discard{}}
	message := []byte("hash me")
	allocs := testing.AllocsPerRun(100, func() {
		if err := server.OnMessage(message); err != nil {
			t.Fatal(err)
		}
	})
	if allocs != 0 {
		t.Errorf("OnMessage allocates %v times a message, want 0", allocs)
	}
}

func BenchmarkOnMessage(b *testing.B) {
	server := Server{Out: &discard{}}
	message := []byte("hash me")
	b.ReportAllocs()
	for b.Loop() {
		if err := server.OnMessage(message); err != nil {
			b.Fatal(err)
		}
	}
}
