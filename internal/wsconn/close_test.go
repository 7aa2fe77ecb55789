package wsconn

import (
	"bytes"
	"errors"
	"io"
	"net"
	"slices"
	"testing"
	"testing/synctest"

	"barewire/internal/bufconn"
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

// TestAbort: the reader learns why, and whatever is sent after it returns ErrClosed.
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
			t.Errorf("ReadMessage returned %v, want 1006 and why", err)
		}
		if err := c.Send(wsframe.Text, nil); !errors.Is(err, ErrClosed) {
			t.Errorf("Send returned %v, want ErrClosed", err)
		}
		if got, err := io.ReadAll(peer); len(got) > 0 || err != nil {
			t.Errorf("the peer got % x, %v; want the end alone", got, err)
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
