package wsconn

import (
	"bytes"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"barewire/internal/bufconn"
	"barewire/wsframe"
)

// testKeepAlive is longer than the silence after which a connection may be parked: when
// a Ping arrives, that moment has passed. So the Ping is the clock of these tests.
const testKeepAlive = 600 * time.Millisecond

// expect reads what the peer has to get.
func expect(t *testing.T, peer net.Conn, want string) {
	t.Helper()
	got := make([]byte, len(wire(want)))
	if _, err := io.ReadFull(peer, got); err != nil || !bytes.Equal(got, wire(want)) {
		t.Fatalf("the peer got % x, %v; want %s", got, err, want)
	}
}

// TestNotParked: nowhere but before the first byte of a message does Serve return
// ErrIdle. What has arrived of a message is in local variables.
func TestNotParked(t *testing.T) {
	t.Parallel()
	var waiting sync.WaitGroup // all at once: each waits for most of its time
	for _, test := range []struct{ where, before, ping, after, out string }{
		{"between fragments", "01 81 00000000 61", "89 00", "80 81 00000000 62", "81 02 6162"},
		{"after a Pong between fragments", "01 81 00000000 61  8a 80 00000000", "89 00", "80 81 00000000 62", "81 02 6162"},
		{"after an empty fragment", "01 80 00000000", "89 00", "80 82 00000000 6162", "81 02 6162"},
		{"in half a header", "81", "89 00", "82 00000000 6162", "81 02 6162"},
		{"after a header", "81 82 00000000", "89 00", "6162", "81 02 6162"},
		{"inside a payload", "81 82 00000000 61", "89 00", "62", "81 02 6162"},
		{"inside a Ping, after a message", "81 80 00000000  89 82 00000000 70", "81 00  89 00", "71", "8a 02 7071"},
	} {
		waiting.Go(func() {
			t.Run(test.where, func(t *testing.T) {
				peer, conn := socketPair(t, "tcp")
				buf := bufconn.New(conn)
				buf.AllowParking()
				served := make(chan error, 1)
				go func() {
					served <- New(buf, Config{KeepAlive: testKeepAlive}).Serve(new(recorder))
					conn.Close() // so that nothing below waits if it was parked
				}()
				peer.Write(wire(test.before))
				expect(t, peer, test.ping)
				peer.Write(wire(test.after + "88 80 00000000"))
				expect(t, peer, test.out+"88 00")
				if closed, ok := (<-served).(*CloseError); !ok || !closed.Clean {
					t.Errorf("Serve returned %v, want a clean end", closed)
				}
			})
		})
	}
	waiting.Wait()
}

// TestParked: between messages Serve returns ErrIdle. A parked connection sends its Ping
// when it is due, notices a peer that does not answer it, and a message resumes it.
// OnOpen is called once all the same.
func TestParked(t *testing.T) {
	t.Parallel()
	var waiting sync.WaitGroup // all at once: each waits for most of its time
	for _, test := range []struct {
		name, in, out string
		code          wsframe.CloseCode
	}{
		{"the peer goes on", "81 82 00000000 6162  88 80 00000000", "81 02 6162  88 00", 1005},
		{"the peer answers the Ping alone", "8a 80 00000000", "89 00", 1006},
		{"the peer stays silent", "", "", 1006},
	} {
		waiting.Go(func() {
			t.Run(test.name, func(t *testing.T) {
				peer, conn := socketPair(t, "tcp")
				buf := bufconn.New(conn)
				buf.AllowParking()
				c, seen := New(buf, Config{KeepAlive: testKeepAlive}), new(recorder)
				var parked atomic.Int32
				ended := make(chan error, 1)
				var serve func()
				serve = func() {
					err := c.Serve(seen)
					for ; err == bufconn.ErrIdle; err = c.Serve(seen) {
						parked.Add(1)
						if buf.Park(serve) {
							return
						}
					}
					ended <- err
				}
				go serve()

				expect(t, peer, "89 00")
				if parked.Load() == 0 {
					t.Error("the Ping came, and the connection was not parked before it")
				}
				peer.Write(wire(test.in))
				expect(t, peer, test.out)
				if closed := (<-ended).(*CloseError); closed.Code != test.code || seen.opened != 1 {
					t.Errorf("ended with %v after %d calls of OnOpen, want %d after one", closed, seen.opened, test.code)
				}
			})
		})
	}
	waiting.Wait()
}

// TestFailedWriteHidesNothing: the peer sends its last frames and resets the connection,
// while we are still sending. What it sent can be read all the same, and decides how the
// connection ended, though none of our answers can leave.
func TestFailedWriteHidesNothing(t *testing.T) {
	for _, test := range []struct {
		name, in string // from a server
		messages int
		code     wsframe.CloseCode
	}{
		{"a Close that says why", "88 02 03f0", 0, wsframe.PolicyViolation},
		{"a normal Close", "88 02 03e8", 0, wsframe.NormalClosure},
		{"messages before it", "81 01 61  81 01 62  88 02 03e8", 2, wsframe.NormalClosure},
		{"a Ping before it", "89 00  88 02 03f0", 0, wsframe.PolicyViolation},
	} {
		t.Run(test.name, func(t *testing.T) {
			conn, peer := socketPair(t, "tcp")
			peer.Write(wire(test.in))
			peer.(*net.TCPConn).SetLinger(0)
			peer.Close()
			c, seen := New(bufconn.New(conn), Config{Role: wsframe.Client}), new(recorder)
			for c.Send(wsframe.Binary, make([]byte, 128<<10)) == nil {
			}
			closed := c.Serve(seen).(*CloseError)
			if closed.Code != test.code || !closed.Clean || seen.err != nil || len(seen.messages) != test.messages {
				t.Errorf("after %d messages it ended with %v, clean %v; want %d and %d, clean",
					len(seen.messages), closed, closed.Clean, test.messages, test.code)
			}
		})
	}
}
