package bufconn

import (
	"bytes"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestCloseGracefullyReachesAClientThatStillSends(t *testing.T) {
	for _, interrupted := range []bool{false, true} {
		eachForm(t, 0, func(t *testing.T, c *Conn, peer *net.TCPConn) {
			sent := make(chan error, 1)
			go func() {
				_, err := peer.Write(bytes.Repeat([]byte("x"), 16<<20))
				sent <- err
				peer.CloseWrite()
			}()
			c.Fill() // some of it has come, most has not
			write(c, "413: too much")
			if interrupted {
				c.Interrupt() // for a reader that waits for a request; closing goes on
			}
			go c.Close(Gracefully, time.Hour)
			if interrupted {
				c.Interrupt()
			}
			if err := <-sent; err != nil {
				t.Errorf("the client's write failed: %v", err)
			}
			answer, err := io.ReadAll(peer)
			if err != nil || string(answer) != "413: too much" {
				t.Errorf("the client read %q, %v; want the answer and the end, no reset", answer, err)
			}
		})
	}
}

func TestCloseIsBounded(t *testing.T) {
	for _, how := range []Ending{Gracefully, AfterPeer} {
		eachForm(t, 0, func(t *testing.T, c *Conn, peer *net.TCPConn) {
			c.Close(how, time.Millisecond) // returns, though the peer is silent
		})
		eachForm(t, 0, func(t *testing.T, c *Conn, peer *net.TCPConn) {
			go func() {
				piece := make([]byte, 1<<20)
				for {
					if _, err := peer.Write(piece); err != nil {
						return
					}
				}
			}()
			c.Close(how, 0) // returns, though the peer sends forever
		})
	}
}

// TestDrainWaitsForSilence: a peer that goes on sending is heard to its end, one that
// falls silent is not waited for, and the read deadline bounds both.
//
// req: 9112-9.6-e
func TestDrainWaitsForSilence(t *testing.T) {
	for _, test := range []struct {
		rule               string
		pause              time.Duration // between two bytes of the peer
		bytes              int           // after which it sends FIN, or is silent
		fin                bool
		deadline, closedAt time.Duration
	}{
		{"a slow peer sends all that it has", 4 * time.Second, 100, true, 0, 400 * time.Second},
		{"a peer that falls silent", 4 * time.Second, 3, false, 0, 17 * time.Second},
		{"a pause that is too long", 6 * time.Second, 3, true, 0, 5 * time.Second},
		{"a peer that never ends", 4 * time.Second, 1000, true, time.Minute, time.Minute},
		{"a deadline within the silence", 4 * time.Second, 1, false, 6 * time.Second, 6 * time.Second},
	} {
		t.Run(test.rule, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				conn, peer := net.Pipe()
				var sending sync.WaitGroup
				defer sending.Wait()
				defer peer.Close()
				c := New(conn)
				c.QuietSince()
				time.Sleep(time.Hour) // silence before Close does not count
				sending.Go(func() {
					for range test.bytes {
						time.Sleep(test.pause)
						if _, err := peer.Write([]byte("x")); err != nil {
							return
						}
					}
					if test.fin {
						peer.Close()
					}
				})
				start := time.Now()
				if test.deadline > 0 {
					c.SetReadDeadline(start.Add(test.deadline))
				}
				c.Close(AfterPeer, 5*time.Second)
				if took := time.Since(start); took != test.closedAt {
					t.Errorf("Close took %v, want %v", took, test.closedAt)
				}
			})
		})
	}
}

func TestCloseAfterLastByte(t *testing.T) {
	for _, after := range []string{"", "more", strings.Repeat("more", 10_000)} {
		eachForm(t, 0, func(t *testing.T, c *Conn, peer *net.TCPConn) {
			io.WriteString(peer, "end"+after)
			go peer.CloseWrite()
			for len(c.Buffered()) < len("end") {
				if err := c.Fill(); err != nil {
					t.Fatal(err)
				}
			}
			c.Discard(len("end"))
			write(c, "goodbye")
			c.Close(AfterLastByte, time.Minute)
			if got, err := io.ReadAll(peer); err != nil || string(got) != "goodbye" {
				t.Errorf("with %d bytes after the end the peer got %q, %v", len(after), got, err)
			}
		})
	}
}

func TestCloseAfterPeerLetsThePeerCloseFirst(t *testing.T) {
	eachForm(t, 0, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		write(c, "goodbye")
		closed := make(chan error, 1)
		go func() { closed <- c.Close(AfterPeer, 0) }()
		got := make([]byte, len("goodbye"))
		if _, err := io.ReadFull(peer, got); err != nil || string(got) != "goodbye" {
			t.Errorf("the peer got %q, %v", got, err)
		}
		select {
		case <-closed:
			t.Error("it did not wait for the peer")
		default:
		}
		if _, err := io.WriteString(peer, "late"); err != nil {
			t.Error(err)
		}
		peer.CloseWrite()
		if err := <-closed; err != nil {
			t.Error(err)
		}
		if _, err := peer.Read(got); err != io.EOF {
			t.Errorf("then the peer read %v, want the end and no reset", err)
		}
	})
}

func TestCloseAtOnceEndsEverybody(t *testing.T) {
	eachForm(t, 0, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		ended := make(chan error, 3)
		go func() { ended <- c.EndWriteAndFlush(c.BeginWrite(0), make([]byte, 32<<20)) }()
		go func() {
			write(c, "x")
			ended <- c.Flush()
		}()
		go func() { ended <- c.Fill() }()
		c.Close(AtOnce, 0)
		for range cap(ended) {
			if <-ended == nil {
				t.Error("a call on a closed connection succeeded")
			}
		}
	})
}
