package bufconn

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestMessagesOfManySendersArriveWholeAndInOrder(t *testing.T) {
	const senders, rounds = 6, 200
	// A message: sender, number, length of the tail (5 bytes), the tail.
	eachForm(t, time.Minute, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		var sending sync.WaitGroup
		for sender := range byte(senders) {
			sending.Go(func() {
				tail := bytes.Repeat([]byte{sender}, 50_000)
				for round := range rounds {
					size := round * int(sender) * 97 % len(tail)
					head := binary.BigEndian.AppendUint16([]byte{sender}, uint16(round))
					head = binary.BigEndian.AppendUint16(head, uint16(size))
					out := append(c.BeginWrite(len(head)), head...)
					var err error
					switch sender {
					case 0: // has no tail
						c.EndWrite(out)
						err = c.Flush()
					case 1:
						c.EndWrite(append(out, tail[:size]...))
						err = c.Flush()
					case 2:
						finish, ok := c.EndWriteAndTry(out[:len(out)-len(head)], nil)
						if finish != nil {
							err = finish()
						}
						if out = append(c.BeginLarge(len(head)), head...); !ok || round%2 == 0 {
							err = errors.Join(err, c.EndWriteAndFlush(out, tail[:size]))
						} else if finish, _ = c.EndWriteAndTry(out, tail[:size]); finish != nil {
							err = errors.Join(err, finish())
						}
					default:
						c.EndWrite(out[:len(out)-len(head)])
						err = c.EndWriteAndFlush(append(c.BeginLarge(len(head)), head...), tail[:size])
					}
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		go func() {
			sending.Wait()
			c.conn.CloseWrite()
		}()
		got, err := io.ReadAll(peer)
		if err != nil {
			t.Fatal(err)
		}
		var next [senders]int
		for len(got) >= 5 {
			sender, round, size := got[0], binary.BigEndian.Uint16(got[1:]), int(binary.BigEndian.Uint16(got[3:]))
			got = got[5:]
			if int(sender) >= senders || int(round) != next[sender] || len(got) < size ||
				!bytes.Equal(got[:size], bytes.Repeat([]byte{sender}, size)) {
				t.Fatalf("message %d of sender %d is not whole, or not in order", round, sender)
			}
			next[sender]++
			got = got[size:]
		}
		if len(got) > 0 || next != [senders]int{rounds, rounds, rounds, rounds, rounds, rounds} {
			t.Errorf("messages arrived: %v, and %d bytes", next, len(got))
		}
		if c.Unsent() != 0 || c.out.unsent != nil {
			t.Errorf("%d bytes are unsent, buffer %v", c.Unsent(), c.out.unsent)
		}
	})
}

func TestSenderDoesNotStayToSendWhatOthersAppend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, peer := net.Pipe()
		c := New(conn)
		send := func(message string, sent chan<- error) {
			sent <- c.EndWriteAndFlush(append(c.BeginWrite(len(message)), message...), nil)
		}
		first, second := make(chan error, 1), make(chan error, 1)
		go send("first", first)
		synctest.Wait()
		go send("second", second)
		synctest.Wait()
		got := make([]byte, len("firstsecond"))
		io.ReadFull(peer, got[:len("first")])
		synctest.Wait()
		select {
		case err := <-first:
			if err != nil {
				t.Error(err)
			}
		default:
			t.Error("the first sender sends the message of the second one")
		}
		io.ReadFull(peer, got[len("first"):])
		if err := <-second; err != nil || string(got) != "firstsecond" {
			t.Errorf("the peer got %q, %v", got, err)
		}
	})
}

func TestEndWriteAndTryNeverWaits(t *testing.T) {
	eachForm(t, 0, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		large := bytes.Repeat([]byte("0123456789"), 2<<20)
		finish, ok := c.EndWriteAndTry(append(c.BeginWrite(5), "first"...), large)
		if !ok || finish == nil {
			t.Fatal("20 MB were accepted for a peer that reads nothing")
		}
		write(c, "second")
		if finish, ok := c.EndWriteAndTry(c.BeginWrite(0), []byte("no")); ok || finish != nil {
			t.Error("it overtook what another one is sending")
		}
		go func() {
			finish()
			c.conn.CloseWrite()
		}()
		got, err := io.ReadAll(peer)
		if want := "first" + string(large) + "second"; err != nil || string(got) != want {
			t.Errorf("the peer got %d bytes, %v; want all %d in order", len(got), err, len(want))
		}
	})
}

func TestNothingFollowsAFailedWrite(t *testing.T) {
	eachForm(t, 100*time.Millisecond, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		large := bytes.Repeat([]byte("m"), 32<<20)
		failed := make(chan error)
		go func() { failed <- c.EndWriteAndFlush(c.BeginWrite(0), large) }()
		for c.Unsent() == 0 {
			runtime.Gosched()
		}
		write(c, "next") // while the other one is being sent, in vain
		if err := <-failed; !IsTimeout(err) {
			t.Fatalf("32 MB to a peer that reads nothing: %v, want a timeout", err)
		}
		for range 1000 {
			if c.out.unsent != nil {
				t.Fatalf("%d bytes are kept, though nothing leaves any more", len(c.out.unsent.Bytes))
			}
			write(c, "more")
		}
		for name, err := range map[string]error{"Flush": c.Flush(), "EndWriteAndFlush": c.EndWriteAndFlush(c.BeginWrite(1), large[:9])} {
			if !IsTimeout(err) {
				t.Errorf("%s then returned %v, want what failed", name, err)
			}
		}
		go c.Close(AtOnce, 0)
		if got, err := io.ReadAll(peer); err != nil || !bytes.Equal(got, large[:len(got)]) {
			t.Errorf("the peer got %d bytes, %v; want the beginning of the message and nothing else", len(got), err)
		}
	})
}
