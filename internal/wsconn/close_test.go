package wsconn

import (
	"bytes"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"barewire/internal/bufconn"
	"barewire/internal/socket"
	"barewire/wsframe"
)

// TestStates takes every path of the picture in close.go, except those that take time
// (TestCloseWait, TestKeepAlive).
//
// req: 6455-7.1.2-a
func TestStates(t *testing.T) {
	ourClose := wire("88 02 03e8")
	for _, test := range []struct {
		rule     string
		from     state
		in       string // the peer's bytes, masked with zeros; after them its FIN
		messages []string
		last     state // when reading stopped
		out      []byte
		code     wsframe.CloseCode
		clean    bool
	}{
		{"the peer's Close is answered", open, "88 82 00000000 03e9",
			nil, closeReceived, wire("88 02 03e9"), 1001, true},
		{"a broken rule", open, "81 82 00000000 61ff",
			nil, open, failure(1007, "RFC 6455 §8.1: a text message must be valid UTF-8"), 1006, false},
		{"TCP's end", open, "81 81 00000000 78",
			[]string{"x"}, open, nil, 1006, false},
		{"the peer's Close is not answered again", closeSent, "88 82 00000000 03e9",
			nil, closeSent, ourClose, 1001, true},
		{"messages and Pings still come", closeSent, "81 81 00000000 78  89 81 00000000 70  88 80 00000000",
			[]string{"x"}, closeSent, wire("88 02 03e8  8a 01 70"), 1005, true},
		{"a broken rule brings no second Close", closeSent, "81 01 78",
			nil, closeSent, ourClose, 1006, false},
		{"TCP's end after our Close", closeSent, "",
			nil, closeSent, ourClose, 1006, false},
	} {
		t.Run(test.rule, func(t *testing.T) {
			cuts(t, wire(test.in), func(t *testing.T, pieces ...[]byte) {
				transport := &script{pieces: pieces}
				c := newServerConn(transport)
				if test.from == closeSent {
					c.Close(wsframe.NormalClosure, "")
				}
				var messages []string
				message, err := c.readMessage()
				for ; err == nil; message, err = c.readMessage() {
					messages = append(messages, string(message.Payload))
				}
				if !slices.Equal(messages, test.messages) || c.state != test.last {
					t.Fatalf("in %d pieces: received %q, and stopped in state %d; want %q and %d", len(pieces), messages, c.state, test.messages, test.last)
				}
				closed := c.end(err)
				if closed.Code != test.code || closed.Clean != test.clean || c.state != ended || c.Ping(nil) != ErrClosed {
					t.Fatalf("in %d pieces: ended as %+v in state %d, want %d, clean %v", len(pieces), closed, c.state, test.code, test.clean)
				}
				if got := transport.wrote.Bytes(); !bytes.Equal(got, test.out) {
					t.Fatalf("in %d pieces: sent % x, want % x", len(pieces), got, test.out)
				}
			})
		})
	}
}

// TestAbort: ReadMessage returns the reason, and sending returns ErrClosed.
func TestAbort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		peer, conn := net.Pipe()
		c := newServerConn(conn)
		go func() {
			synctest.Wait() // until the reader waits
			c.Abort()
		}()
		_, err := c.ReadMessage()
		if closed := err.(*CloseError); closed.Code != wsframe.AbnormalClosure || closed.Err != errAborted {
			t.Errorf("ReadMessage returned %v, want 1006 and the reason", err)
		}
		if err := c.Send(wsframe.Text, nil); !errors.Is(err, ErrClosed) {
			t.Errorf("Send returned %v, want ErrClosed", err)
		}
		if got, err := io.ReadAll(peer); len(got) > 0 || err != nil {
			t.Errorf("the peer got % x, %v; want only EOF", got, err)
		}
	})
}

// TestCloseTimerEnds: a connection that has ended leaves no timer running.
func TestCloseTimerEnds(t *testing.T) {
	c := New(bufconn.New(&script{pieces: [][]byte{fromClient(true, wsframe.Close, "")}}), Config{})
	c.Close(wsframe.NormalClosure, "")
	if _, err := c.ReadMessage(); !err.(*CloseError).Clean || c.closeTimer.Stop() {
		t.Errorf("ended with %v, and CloseWait goes on", err)
	}
}

// TestCloseWaitBoundsSilence: after our Close the peer may be slow, as long as bytes arrive
// within each CloseWait, here 5 s.
func TestCloseWaitBoundsSilence(t *testing.T) {
	message := fromServer(true, wsframe.Text, "four")
	messageAndClose := join(message, fromServer(true, wsframe.Close, "\x03\xe8"))
	for _, test := range []struct {
		rule     string
		pause    time.Duration // before each piece
		pieces   [][]byte      // what the peer sends after our Close; then it is silent
		handling time.Duration // of each message
		timeout  time.Duration // CloseTimeout
		messages int
		clean    bool
		ended    time.Duration // after our Close
	}{
		{"messages restart it", 4 * time.Second, [][]byte{message, message, messageAndClose}, 0, 0, 3, true, 12 * time.Second},
		{"pieces of one message restart it", 4 * time.Second, pieces(messageAndClose, 1), 0, 0, 1, true, 40 * time.Second},
		{"a peer that is silent", 0, nil, 0, 0, 0, false, 5 * time.Second},
		{"a peer that falls silent", 4 * time.Second, [][]byte{message, message}, 0, 0, 2, false, 13 * time.Second},
		{"our own handler may be slow", time.Second, [][]byte{message, messageAndClose}, 20 * time.Second, 0, 2, true, 41 * time.Second},
		{"CloseTimeout bounds the whole", 1100 * time.Millisecond, slices.Repeat([][]byte{message}, 1000), 0, time.Minute, 54, false, time.Minute},
		{"CloseTimeout does not wait for our handler", 0, [][]byte{join(slices.Repeat([][]byte{message}, 1000)...)}, 25 * time.Second, time.Minute, 3, false, 75 * time.Second},
	} {
		t.Run(test.rule, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				conn, peer := net.Pipe()
				var sending sync.WaitGroup
				defer sending.Wait()
				defer peer.Close()
				c := New(bufconn.New(conn), Config{Role: wsframe.Client, CloseWait: 5 * time.Second, CloseTimeout: test.timeout})
				start := time.Now()
				sending.Go(func() {
					io.ReadFull(peer, make([]byte, 8)) // our Close
					for _, piece := range test.pieces {
						time.Sleep(test.pause)
						if _, err := peer.Write(piece); err != nil {
							return
						}
					}
					if test.clean {
						io.Copy(io.Discard, peer)
					}
				})
				sending.Go(func() { c.Close(wsframe.NormalClosure, "") })

				received := 0
				_, err := c.ReadMessage()
				for ; err == nil; _, err = c.ReadMessage() {
					received++
					time.Sleep(test.handling)
				}
				took := time.Since(start)
				if test.clean {
					took -= serverFIN // for which the peer leaves TCP open
				}
				if clean := err.(*CloseError).Clean; received != test.messages || clean != test.clean || took != test.ended {
					t.Errorf("received %d messages, and ended after %v with %v; want %d, %v, clean %v",
						received, took, err, test.messages, test.ended, test.clean)
				}
			})
		})
	}
}

// TestCloseWaitsForWhatLeaves: our Close follows a large message to a slow peer. CloseWait
// begins when the Close frame is sent.
func TestCloseWaitsForWhatLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, peer := net.Pipe()
		c := New(bufconn.New(socket.New(conn, 10*time.Second)), Config{CloseWait: 2 * time.Second})
		ended := make(chan error, 1)
		go func() {
			_, err := c.ReadMessage()
			ended <- err
		}()
		message := fromServer(true, wsframe.Binary, strings.Repeat("x", 1<<20))
		go c.Send(wsframe.Binary, message[10:])
		synctest.Wait()
		go c.Close(wsframe.GoingAway, "")

		got := make([]byte, len(message)+4)
		for n := 0; n < len(got); n += len(message) / 16 {
			time.Sleep(4 * time.Second)
			if _, err := io.ReadFull(peer, got[n:min(n+len(message)/16, len(got))]); err != nil {
				t.Fatalf("after %d bytes: %v", n, err)
			}
		}
		if !bytes.Equal(got, join(message, wire("88 02 03e9"))) {
			t.Error("the peer did not get the message and the Close")
		}
		time.Sleep(time.Second)
		peer.Write(fromClient(true, wsframe.Close, "\x03\xe9"))
		if err := <-ended; !err.(*CloseError).Clean {
			t.Error(err)
		}
	})
}

// TestGivenUpWhileThePeerFloods: when we abort a connection, messages that have already
// arrived are not handled any more.
func TestGivenUpWhileThePeerFloods(t *testing.T) {
	flood := bytes.Repeat(fromClient(true, wsframe.Text, "x"), 1000)
	c := newServerConn(&script{pieces: [][]byte{flood}})
	received := 0
	_, err := c.ReadMessage()
	for ; err == nil; _, err = c.ReadMessage() {
		received++
		c.Abort()
	}
	if closed := err.(*CloseError); received != 1 || closed.Err != errAborted {
		t.Errorf("received %d messages and %v, want one and %v", received, err, errAborted)
	}
}
