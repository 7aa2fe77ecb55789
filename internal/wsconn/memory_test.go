package wsconn

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"barewire/internal/bufconn"
	"barewire/wsframe"
)

// limited returns a server's connection that shares a budget.
func limited(conn net.Conn, budget *bufconn.Budget, config Config) *Conn {
	buf := bufconn.New(conn)
	buf.SetBudget(budget)
	return New(buf, config)
}

const noMemoryReason = "RFC 6455 §10.4: there is no memory left here for a large message: try again later"

// TestUsedUpBudget: what is large gets 1013, however it comes; what is small passes.
func TestUsedUpBudget(t *testing.T) {
	noise := make([]byte, 40_000)
	for i := range noise {
		noise[i] = byte(rand.Uint32())
	}
	large := strings.Repeat("x", 40_000)
	small := strings.Repeat("x", bufconn.Uncharged-100)
	refused := failure(1013, noMemoryReason)
	for name, test := range map[string]struct {
		config  Config
		in, out []byte
	}{
		"a large message":   {in: fromClient(true, wsframe.Binary, large), out: refused},
		"large in the end":  {in: join(fromClient(false, wsframe.Binary, small), fromClient(true, wsframe.Continuation, small)), out: refused},
		"large inside":      {Config{Deflate: fullDeflate}, compressedFrame(wsframe.Binary, squeeze(large)), refused},
		"a small one":       {in: fromClient(true, wsframe.Binary, small), out: fromServer(true, wsframe.Binary, small)},
		"small, compressed": {Config{Deflate: fullDeflate, CompressMin: 1 << 20}, compressedFrame(wsframe.Binary, squeeze(small)), fromServer(true, wsframe.Binary, small)},
	} {
		transport := &script{pieces: [][]byte{test.in}}
		limited(transport, bufconn.NewBudget(1), test.config).Serve(new(recorder))
		if got := transport.wrote.Bytes(); !bytes.Equal(got, test.out) {
			t.Errorf("%s is answered with %d bytes, %.100q", name, len(got), got)
		}
	}
	for name, config := range map[string]Config{"compressed": {Deflate: fullDeflate}, "plain": {Deflate: fullDeflate, CompressMin: 1 << 20}} {
		transport := &script{}
		err := limited(transport, bufconn.NewBudget(1), config).Send(wsframe.Binary, noise)
		if !errors.Is(err, ErrClosed) || !errors.Is(err, bufconn.ErrNoMemory) || !bytes.Equal(transport.wrote.Bytes(), refused) {
			t.Errorf("a large message of ours, %s: %v, and sent was %.100q", name, err, transport.wrote.Bytes())
		}
	}
}

// TestPieceTimeout: a peer that sends a byte a second is given up in the end; one that
// sends 64 KiB at a time may take longer.
func TestPieceTimeout(t *testing.T) {
	message := fromClient(true, wsframe.Binary, strings.Repeat("x", 200_000))
	fragments := bytes.Repeat(fromClient(false, wsframe.Continuation, ""), 1000)
	for name, test := range map[string]struct {
		first, rest []byte
		step        int
		pause, took time.Duration
	}{
		"byte by byte":       {message[:1000], message[1000:], 1, time.Second, 2 * time.Minute},
		"a header's bytes":   {message[:1], message[1:], 1, 50 * time.Second, 2 * time.Minute},
		"in empty fragments": {fromClient(false, wsframe.Binary, "x"), fragments, 6, time.Second, 2 * time.Minute},
		"after some of it":   {message[:70_000], message[70_000:], 1, time.Second, 2 * time.Minute},
		"slow but not idle":  {message[:1000], message[1000:], 64 << 10, 110 * time.Second, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			peer, conn := net.Pipe()
			defer peer.Close()
			ended := make(chan []byte, 1)
			go New(bufconn.New(conn), Config{KeepAlive: time.Hour, PieceTimeout: 2 * time.Minute}).Serve(new(recorder))
			go func() {
				got, _ := io.ReadAll(peer)
				ended <- got
			}()
			peer.Write(test.first)
			start := time.Now()
			for rest := test.rest; len(rest) > 0; {
				time.Sleep(test.pause)
				n, err := peer.Write(rest[:min(test.step, len(rest))])
				if err != nil {
					break
				}
				rest = rest[n:]
				if len(rest) == 0 {
					peer.Write(fromClient(true, wsframe.Close, ""))
				}
			}
			got := <-ended
			want := failure(1008, "RFC 6455 §10.4: each 64 KiB of a message must arrive within 2m0s")
			if cut := bytes.Equal(got, want); cut != (test.took > 0) {
				t.Errorf("%s: the peer got %d bytes, %.100q", name, len(got), got)
			}
			if took := time.Since(start); test.took > 0 && (took < test.took || took > test.took+time.Minute) {
				t.Errorf("%s: it was given up after %v", name, took)
			}
		})
	}
}

// crowd counts how many OnMessage run at the same time.
type crowd struct {
	NopHandler
	now, most atomic.Int64
}

func (h *crowd) OnMessage(out *Conn, message Message) error {
	now := h.now.Add(1)
	for most := h.most.Load(); now > most && !h.most.CompareAndSwap(most, now); most = h.most.Load() {
	}
	for range 100 {
		runtime.Gosched() // another one begins, if it may
	}
	h.now.Add(-1)
	return out.Reply(message.Opcode, nil)
}

// TestSlots: of many that have a compressed message, no more than GOMAXPROCS are half-way
// through theirs.
func TestSlots(t *testing.T) {
	h := new(crowd)
	bomb := join(compressedFrame(wsframe.Binary, squeeze(strings.Repeat("x", 100_000))), fromClient(true, wsframe.Close, ""))
	var serving sync.WaitGroup
	for range 20 * cap(inflating) {
		serving.Go(func() {
			New(bufconn.New(&script{pieces: [][]byte{bytes.Clone(bomb)}}), Config{Deflate: fullDeflate}).Serve(h)
		})
	}
	serving.Wait()
	if most := h.most.Load(); most < 1 || most > int64(cap(inflating)) {
		t.Errorf("%d were half-way through a message at once, want %d at most", most, cap(inflating))
	}
	if len(inflating) > 0 || len(compressing) > 0 {
		t.Errorf("%d and %d slots are taken after all have ended", len(inflating), len(compressing))
	}
}

// TestSlotsAreGivenBack by peers that do not read, by messages that cannot be inflated
// and by handlers that fail: another peer gets its answer.
func TestSlotsAreGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		noise := make([]byte, 40_000)
		for i := range noise {
			noise[i] = byte(rand.Uint32())
		}
		begin := func(in []byte, h Handler, compressMin int) (peer net.Conn) {
			peer, conn := net.Pipe()
			go New(bufconn.New(conn), Config{Deflate: fullDeflate, CompressMin: compressMin}).Serve(h)
			go peer.Write(in)
			return peer
		}
		var peers []net.Conn
		for range 2 * cap(inflating) {
			large := compressedFrame(wsframe.Binary, squeeze(string(noise)))
			peers = append(peers, begin(large, echo{}, 0), begin(large, echo{}, 1<<20),
				begin(large[:len(large)-2], echo{}, 0), begin(compressedFrame(wsframe.Binary, []byte("\xff")), echo{}, 0),
				begin(large, &failing{fail: func() error { panic("as told") }}, 0))
			synctest.Wait()
		}
		quick := begin(compressedFrame(wsframe.Text, squeeze("Hello")), echo{}, 1<<20)
		got := make([]byte, 7)
		if _, err := io.ReadFull(quick, got); err != nil || string(got) != "\x81\x05Hello" {
			t.Errorf("beside peers that do not read it got %q, %v", got, err)
		}
		for _, peer := range append(peers, quick) {
			peer.Close()
		}
	})
}

// TestRoomLog: members that do not read hold one log, not a copy each, and none when they
// have been closed.
func TestRoomLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		room, budget := new(Room), bufconn.NewBudget(1)
		var peers []net.Conn
		for range 10 {
			peer, conn := net.Pipe()
			c := limited(conn, budget, Config{})
			peers = append(peers, peer)
			room.Join(c)
			go c.Serve(NopHandler{})
		}
		start := room.end
		for room.Size() > 0 {
			room.Send(wsframe.Binary, make([]byte, 1<<20))
			synctest.Wait()
			logged := 0
			for m := range room.members {
				logged = max(logged, room.end.start-room.members[m].accepted)
			}
			if logged > maxBehind {
				t.Fatalf("the log has %d bytes", logged)
			}
		}
		if sent := room.end.start - start.start; sent < maxBehind || sent > maxBehind+2<<20 {
			t.Errorf("the members were closed after %d bytes", sent)
		}
		for _, peer := range peers {
			peer.Close()
		}
	})
}
