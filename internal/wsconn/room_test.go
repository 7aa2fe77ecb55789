package wsconn

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"barewire/internal/bufconn"
	"barewire/internal/socket"
	"barewire/wsframe"
)

// joined puts a connection into a room, served by a goroutine, and returns its peer's end.
func joined(room *Room, seen Handler) (peer net.Conn) {
	peer, conn := net.Pipe()
	c := newServerConn(conn)
	room.Join(c)
	go func() {
		defer room.Leave(c)
		c.Serve(seen)
	}()
	return peer
}

// TestRoom: every member gets every message, in the same order.
func TestRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		room := new(Room)
		peers := []net.Conn{joined(room, NopHandler{}), joined(room, NopHandler{}), joined(room, NopHandler{})}
		var want []byte
		for i := range 10 {
			text := fmt.Sprintf("message %d", i)
			want = append(want, fromServer(true, wsframe.Text, text)...)
			if err := room.Send(wsframe.Text, []byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		for i, peer := range peers {
			got := make([]byte, len(want))
			if _, err := io.ReadFull(peer, got); err != nil || !bytes.Equal(got, want) {
				t.Errorf("member %d got %q, %v; want %q", i, got, err, want)
			}
			peer.Close()
		}
		synctest.Wait()
		if room.Size() != 0 {
			t.Errorf("%d members are left after all have gone", room.Size())
		}
		if err := room.Send(wsframe.Text, []byte("\xff")); err == nil {
			t.Error("a room accepted text that is not UTF-8")
		}
	})
}

// TestRoomSlowMember: a member that does not read delays no other member, and is closed with
// 1013 when it is more than maxBehind bytes late. Until then it gets whole frames.
func TestRoomSlowMember(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		room, seen := new(Room), new(recorder)
		slow, quick := joined(room, seen), joined(room, NopHandler{})
		received := make(chan int)
		go func() {
			n, _ := io.Copy(io.Discard, quick)
			received <- int(n)
		}()
		text := []byte(strings.Repeat("x", 100_000))
		size := len(fromServer(true, wsframe.Text, string(text)))
		start := time.Now()
		const count = maxBehind/100_000 + 1
		for i := range count {
			if room.Size() != 2 {
				t.Fatalf("the slow member was closed after %d bytes", i*size)
			}
			room.Send(wsframe.Text, text)
			synctest.Wait() // until the quick member has read
		}
		if room.Size() != 1 {
			t.Error("the slow member is still there")
		}
		if took := time.Since(start); took > 0 {
			t.Errorf("sending waited %v for the slow member", took)
		}
		got, err := io.ReadAll(slow) // now it reads
		if err != nil {
			t.Errorf("the slow member: %v", err)
		}
		want := join(fromServer(true, wsframe.Text, string(text)), failure(1013, "messages came faster than they were read"))
		if !bytes.Equal(got, want) {
			t.Errorf("the slow member got %d bytes that end with %q, want one message and a Close with 1013", len(got), got[max(0, len(got)-60):])
		}
		quick.Close()
		if n := <-received; n != count*size {
			t.Errorf("the quick member got %d bytes, want all %d", n, count*size)
		}
		slow.Close()
	})
}

// TestRoomLargeMessage: a message larger than maxBehind does not close a member that
// reads.
func TestRoomLargeMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		room := new(Room)
		peer := joined(room, NopHandler{})
		text := strings.Repeat("x", 2*maxBehind)
		want := fromServer(true, wsframe.Text, text)
		for range 2 {
			room.Send(wsframe.Text, []byte(text))
			got := make([]byte, len(want))
			if _, err := io.ReadFull(peer, got); err != nil || !bytes.Equal(got, want) {
				t.Errorf("the member did not get the message whole: %v", err)
			}
			synctest.Wait() // until the room knows that the member has it all
		}
		peer.Close()
	})
}

// TestPeerThatStopsReading: its connection is closed after the write timeout.
func TestPeerThatStopsReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, conn := net.Pipe()
		c := New(bufconn.New(socket.New(conn, 8*time.Second)), Config{})
		seen := new(recorder)
		ended := make(chan error)
		go func() { ended <- c.Serve(seen) }()
		if err := c.Send(wsframe.Text, []byte("anybody?")); !errors.Is(err, os.ErrDeadlineExceeded) || !errors.Is(err, ErrClosed) {
			t.Errorf("Send returned %v, want a timeout that closed the connection", err)
		}
		<-ended
		if seen.code != wsframe.AbnormalClosure || !errors.Is(seen.err, os.ErrDeadlineExceeded) {
			t.Errorf("the connection ended with %d and %v, want 1006 and the timeout", seen.code, seen.err)
		}
	})
}

// TestRoomClosingMembers: members that join one after the other, each before another
// message, and never read, do not hold a message each until the write timeout: what is
// still being sent to members that are being closed is bounded, too.
func TestRoomClosingMembers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		room := new(Room)
		text := []byte(strings.Repeat("x", 1<<20))
		const count = 20
		var slow []net.Conn
		for range count {
			slow = append(slow, joined(room, NopHandler{}))
			room.Send(wsframe.Text, text)
			synctest.Wait()
		}
		open := 0
		for _, peer := range slow { // those that were given up report EOF at once
			peer.SetReadDeadline(time.Now().Add(time.Millisecond))
			if n, _ := io.Copy(io.Discard, io.LimitReader(peer, 1<<10)); n > 0 {
				open++
			}
		}
		if open > 2*maxBehind>>20 {
			t.Errorf("%d of %d members hold a message of 1 MiB each, want at most %d", open, count, 2*maxBehind>>20)
		}
		for _, peer := range slow {
			peer.Close()
		}
		synctest.Wait()
		if room.closing != 0 {
			t.Errorf("%d bytes are counted for members that have gone", room.closing)
		}
	})
}
