package wsconn

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"barewire/internal/bufconn"
	"barewire/wsframe"
)

func newServerConn(transport net.Conn) *Conn {
	return New(bufconn.New(transport), Config{Role: wsframe.Server})
}

// TestSendRefusesInvalidText: text that is not UTF-8 is not sent.
//
// req: 6455-5.6-b
func TestSendRefusesInvalidText(t *testing.T) {
	transport := &script{}
	c := newServerConn(transport)
	if err := c.Send(wsframe.Text, []byte("ab\xff")); err == nil {
		t.Error("Send accepted text that is not UTF-8")
	}
	if err := c.SendFragments(wsframe.Text, []byte("\xe2"), []byte("\x82")); err == nil {
		t.Error("SendFragments accepted text that ends inside a code point")
	}
	if transport.wrote.Len() > 0 {
		t.Errorf("% x was sent nevertheless", transport.wrote.Bytes())
	}
	if err := c.SendFragments(wsframe.Text, []byte("\xe2"), []byte("\x82\xac")); err != nil {
		t.Errorf("a code point may be cut by a frame's end: %v", err)
	}
}

// TestSendFragments shows the frames of RFC 6455 §5.7: "a fragmented unmasked
// text message".
//
// req: 6455-5.1-c 6455-5.2-a 6455-5.4-a
func TestSendFragments(t *testing.T) {
	transport := &script{}
	if err := newServerConn(transport).SendFragments(wsframe.Text, []byte("Hel"), []byte("lo")); err != nil {
		t.Fatal(err)
	}
	if want := wire("01 03 48656c  80 02 6c6f"); !bytes.Equal(transport.wrote.Bytes(), want) {
		t.Errorf("sent % x, want % x", transport.wrote.Bytes(), want)
	}
}

// TestClientMasks: each frame has a new key, from the source of randomness. The caller
// may change its payload afterwards.
//
// req: 6455-5.1-a 6455-5.3-a 6455-5.3-b 6455-10.3-a
func TestClientMasks(t *testing.T) {
	transport := &script{}
	random := bytes.NewReader(wire("37fa213d 01020304"))
	c := New(bufconn.New(transport), Config{Role: wsframe.Client, Random: random})
	payload := []byte("Hello")
	if err := c.Reply(wsframe.Text, payload); err != nil {
		t.Fatal(err)
	}
	copy(payload, "xxxxx")
	if err := c.Ping(nil); err != nil {
		t.Fatal(err)
	}
	if want := wire("81 85 37fa213d 7f9f4d5158  89 80 01020304"); !bytes.Equal(transport.wrote.Bytes(), want) {
		t.Errorf("sent % x, want % x", transport.wrote.Bytes(), want)
	}
	if err := c.Send(wsframe.Text, nil); !errors.Is(err, io.EOF) {
		t.Errorf("without randomness Send returned %v, want its source's error", err)
	}
	if err := c.Close(wsframe.NormalClosure, ""); err != nil || transport.wrote.Len() != 11+6 {
		t.Errorf("without randomness Close returned %v, and something was sent", err)
	}
}

// TestNoMessageAfterClose: no sending method sends anything after Close.
//
// req: 6455-5.5.1-d 6455-6.1-a 6455-7.1.2-a
func TestNoMessageAfterClose(t *testing.T) {
	transport := &script{}
	c := newServerConn(transport)
	if err := c.Close(wsframe.NormalClosure, "enough"); err != nil {
		t.Fatal(err)
	}
	for name, send := range map[string]func() error{
		"Send":          func() error { return c.Send(wsframe.Text, nil) },
		"Reply":         func() error { return c.Reply(wsframe.Text, nil) },
		"SendFragments": func() error { return c.SendFragments(wsframe.Text, nil, nil) },
		"Ping":          func() error { return c.Ping(nil) },
		"Close":         func() error { return c.Close(wsframe.GoingAway, "") },
	} {
		if err := send(); err != ErrClosed {
			t.Errorf("%s after Close returned %v, want ErrClosed", name, err)
		}
	}
	if want := failure(1000, "enough"); !bytes.Equal(transport.wrote.Bytes(), want) {
		t.Errorf("sent % x, want the Close frame alone, % x", transport.wrote.Bytes(), want)
	}
}

// TestCloseRefusesReservedCodes: codes that must not be sent are refused.
func TestCloseRefusesReservedCodes(t *testing.T) {
	for _, code := range []wsframe.CloseCode{0, 999, 1004, 1006, 1015, 2999, 5000} {
		transport := &script{}
		if err := newServerConn(transport).Close(code, ""); err == nil || transport.wrote.Len() > 0 {
			t.Errorf("Close(%d) returned %v and sent % x", code, err, transport.wrote.Bytes())
		}
	}
}

// TestClosesThatCross: both sides begin the closing handshake at once; each
// sends one Close frame, and both end cleanly.
//
// req: 6455-7.1.2-a 6455-5.5.1-h 6455-7.1.4-a
func TestClosesThatCross(t *testing.T) {
	transport := &script{pieces: [][]byte{fromClient(true, wsframe.Close, "\x0b\xb8mine")}}
	c := newServerConn(transport)
	c.Close(wsframe.GoingAway, "ours")
	_, err := c.ReadMessage()
	closed := err.(*CloseError)
	if !closed.Clean || closed.Code != 3000 || closed.Reason != "mine" {
		t.Errorf("ended as %+v, want the peer's code 3000 and reason, cleanly", closed)
	}
	if want := failure(1001, "ours"); !bytes.Equal(transport.wrote.Bytes(), want) || !transport.closed {
		t.Errorf("sent % x, closed %v; want % x and closed", transport.wrote.Bytes(), transport.closed, want)
	}
}

// TestConcurrentSenders: messages of many goroutines arrive whole, and no other message
// comes between the fragments of one.
//
// req: 6455-5.4-e
func TestConcurrentSenders(t *testing.T) {
	client, server := socketPair(t, "tcp")
	sender := newServerConn(server)
	receiver := New(bufconn.New(client), Config{Role: wsframe.Client})

	const goroutines, each = 8, 50
	var sending sync.WaitGroup
	for g := range goroutines {
		sending.Go(func() {
			letter := []byte(strings.Repeat(string(rune('a'+g)), 1000))
			for i := range each {
				var err error
				if i%2 == 0 {
					err = sender.Send(wsframe.Text, letter)
				} else {
					err = sender.SendFragments(wsframe.Text, letter[:300], letter[300:600], letter[600:])
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	go func() {
		sending.Wait()
		sender.Close(wsframe.NormalClosure, "")
	}()
	go sender.ReadMessage()

	count := make(map[string]int)
	for {
		message, err := receiver.ReadMessage()
		if err != nil {
			if closed := err.(*CloseError); !closed.Clean {
				t.Fatal(err)
			}
			break
		}
		text := string(message.Payload)
		if text != strings.Repeat(text[:1], 1000) {
			t.Fatalf("a message was mixed with another one: %.80q", text)
		}
		count[text[:1]]++
	}
	for letter, n := range count {
		if n != each {
			t.Errorf("%d messages of %q came, want %d", n, letter, each)
		}
	}
	if len(count) != goroutines {
		t.Errorf("messages of %d goroutines came, want %d", len(count), goroutines)
	}
}

// TestKeepAlive: a silent peer gets a Ping; if it does not answer, the connection is closed.
func TestKeepAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := net.Pipe()
		seen := new(recorder)
		start := time.Now()
		ended := make(chan error, 1)
		go func() {
			ended <- New(bufconn.New(server), Config{KeepAlive: 30 * time.Second}).Serve(seen)
		}()

		ping := make([]byte, 2)
		if _, err := io.ReadFull(client, ping); err != nil || !bytes.Equal(ping, wire("89 00")) {
			t.Fatalf("after silence came % x, %v; want an empty Ping", ping, err)
		}
		checkBetween(t, "the Ping", time.Since(start), 30*time.Second, 34*time.Second)
		client.Write(fromClient(true, wsframe.Pong, ""))

		pong := time.Now()
		io.ReadFull(client, ping)
		if !bytes.Equal(ping, wire("89 00")) {
			t.Fatalf("after a Pong and silence came % x, want the next Ping", ping)
		}
		checkBetween(t, "the next Ping", time.Since(pong), 30*time.Second, 34*time.Second)

		asked := time.Now()
		<-ended
		checkBetween(t, "giving up", time.Since(asked), 30*time.Second, 34*time.Second)
		if seen.code != wsframe.AbnormalClosure || !bufconn.IsTimeout(seen.err) {
			t.Errorf("ended with %d and %v, want 1006 and a timeout", seen.code, seen.err)
		}
	})
}

// TestPeerThatReadsSlowlyIsNotSilent: bytes that the peer sent while we waited for it to
// read are read, however long that took.
func TestPeerThatReadsSlowlyIsNotSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := net.Pipe()
		seen := new(recorder)
		ended := make(chan error, 1)
		go func() { ended <- New(bufconn.New(server), Config{KeepAlive: 30 * time.Second}).Serve(seen) }()
		go func() {
			client.Write(fromClient(true, wsframe.Ping, ""))
			client.Write(fromClient(true, wsframe.Close, "\x03\xe8"))
		}()
		time.Sleep(time.Hour)
		go io.Copy(io.Discard, client)
		<-ended
		if seen.code != wsframe.NormalClosure {
			t.Errorf("ended with %d and %v, want the code of the peer", seen.code, seen.err)
		}
	})
}

// stoppedConn is the connection of a process that is stopped for an hour, as by Ctrl-Z,
// when its first wait is over.
type stoppedConn struct {
	net.Conn
	stop sync.Once
}

func (s *stoppedConn) Read(p []byte) (int, error) {
	n, err := s.Conn.Read(p)
	s.stop.Do(func() { time.Sleep(time.Hour) })
	return n, err
}

// TestPeerIsHeardAfterTheProcessWasStopped: time in which our process was stopped does not
// count as silence of the peer.
func TestPeerIsHeardAfterTheProcessWasStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := net.Pipe()
		seen := new(recorder)
		ended := make(chan error, 1)
		go func() {
			ended <- New(bufconn.New(&stoppedConn{Conn: server}), Config{KeepAlive: 30 * time.Second}).Serve(seen)
		}()
		time.Sleep(time.Minute)
		go io.Copy(io.Discard, client)
		client.Write(fromClient(true, wsframe.Close, "\x03\xe8"))
		<-ended
		if seen.code != wsframe.NormalClosure {
			t.Errorf("ended with %d and %v, want the code of the peer", seen.code, seen.err)
		}
	})
}

// TestKeepAliveInsideAMessage: for a peer that goes on in the middle of a message after a
// Ping, silence is counted from the start again, however many bytes it sends.
func TestKeepAliveInsideAMessage(t *testing.T) {
	message := fromClient(true, wsframe.Binary, strings.Repeat("x", 1500))
	for _, size := range []int{0, 1, 125, 126, 500, 501} { // of a message after that one
		synctest.Test(t, func(t *testing.T) {
			client, server := net.Pipe()
			defer client.Close()
			go New(bufconn.New(server), Config{KeepAlive: 30 * time.Second}).Serve(NopHandler{})
			client.Write(message[:1000])
			ping := make([]byte, 2)
			io.ReadFull(client, ping)
			client.Write(message[1000:])
			client.Write(fromClient(true, wsframe.Binary, strings.Repeat("x", size)))
			if _, err := io.ReadFull(client, ping); err != nil || !bytes.Equal(ping, wire("89 00")) {
				t.Fatalf("after a message of %d bytes and silence came % x, %v; want the next Ping", size, ping, err)
			}
		})
	}
}

// TestCloseWait: the wait for a peer that does not answer our Close is bounded, whether
// ReadMessage is called or not.
func TestCloseWait(t *testing.T) {
	for _, reading := range []bool{true, false} {
		t.Run(fmt.Sprintf("reading %v", reading), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, server := net.Pipe()
				c := New(bufconn.New(server), Config{CloseWait: 5 * time.Second})
				go func() {
					if reading {
						c.ReadMessage()
					}
				}()
				go c.Close(wsframe.GoingAway, "")
				start := time.Now()
				got, err := io.ReadAll(client)
				if err != nil || !bytes.Equal(got, wire("88 02 03e9")) {
					t.Errorf("the peer got % x, %v; want a Close frame and the end", got, err)
				}
				checkBetween(t, "the end", time.Since(start), 5*time.Second, 5*time.Second)
			})
		})
	}
}

// TestServerThatLeavesTCPOpenIsNotWaitedFor: not for CloseWait, when both Close frames have
// been sent.
func TestServerThatLeavesTCPOpenIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := net.Pipe()
		go func() {
			server.Write(wire("88 02 03e8"))
			io.Copy(io.Discard, server)
		}()
		start := time.Now()
		_, err := New(bufconn.New(client), Config{Role: wsframe.Client, CloseWait: time.Hour}).ReadMessage()
		if closed, ok := err.(*CloseError); !ok || !closed.Clean {
			t.Errorf("ReadMessage returned %v", err)
		}
		checkBetween(t, "the end", time.Since(start), 0, defaultCloseWait)
	})
}

func checkBetween(t *testing.T, what string, got, least, most time.Duration) {
	t.Helper()
	if got < least || got > most {
		t.Errorf("%s came after %v, want between %v and %v", what, got, least, most)
	}
}
