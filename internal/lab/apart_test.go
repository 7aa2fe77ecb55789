package lab

import (
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"barewire/internal/fault"
)

// data returns what a happening shows of the wire.
func (h *received) data() string {
	if h.Unit == nil {
		return ""
	}
	data, _ := hex.DecodeString(h.Unit.Bytes)
	payload, _ := hex.DecodeString(h.Unit.Payload)
	return string(data) + string(payload)
}

// TestPagesAreApart: two pages use everything at the same time. Every connection
// carries the id of its page in its request, and no page gets a byte of the other
// one, except for what /chat delivers.
func TestPagesAreApart(t *testing.T) { synctest.Test(t, testPagesAreApart) }

func testPagesAreApart(t *testing.T) {
	l := newLab()
	defer l.Close()
	feeds := [2]*feed{openFeed(t, l), openFeed(t, l)}
	var ids [2]string
	for i, f := range feeds {
		ids[i] = f.until("the page's id", func(h received) bool { return h.What == "page" }).Text
	}
	if ids[0] == ids[1] || len(ids[0]) < 26 {
		t.Fatalf("the pages have the ids %q: want 128 random bits each", ids)
	}
	var done sync.WaitGroup
	for i, f := range feeds {
		done.Add(1)
		go func() {
			defer done.Done()
			f.doEverything(fmt.Sprintf("secret of page %d", i))
		}()
	}
	done.Wait()
	for i, f := range feeds {
		requests := 0
		for _, h := range f.all {
			data := h.data()
			if strings.Contains(data, ids[1-i]) || strings.Contains(data, fmt.Sprintf("secret of page %d", 1-i)) {
				t.Errorf("page %d got a byte of the other page: %q", i, data)
			}
			if h.Unit != nil && h.Unit.Kind == "request" {
				requests++
				if !strings.Contains(data, "?page="+ids[i]+" HTTP/1.1") {
					t.Errorf("a request of page %d does not contain its id: %q", i, data)
				}
			}
		}
		if requests != 4 { // fetch, open, open, break
			t.Errorf("page %d got %d requests, want 4", i, requests)
		}
	}
}

// doEverything fetches, opens, sends, chats and breaks a rule. All of it but the chat
// contains the secret.
func (f *feed) doEverything(secret string) {
	f.ask(fmt.Sprintf(`{"do":"fetch","path":"/%s"}`, strings.ReplaceAll(secret, " ", "%20")))
	f.unit("Hello World!")
	f.ask(`{"do":"open","path":"/echo"}`)
	f.ask(fmt.Sprintf(`{"do":"send","text":%q}`, secret))
	f.unit("Text, FIN, 16 bytes: ")
	f.ask(fmt.Sprintf(`{"do":"ping","text":%q}`, secret))
	f.unit("Pong, FIN")
	f.ask(`{"do":"open","path":"/chat"}`)
	f.unit("101 Switching Protocols")
	f.ask(`{"do":"send","text":"for all to read"}`)
	f.unit("Text, FIN, 15 bytes: ")
	f.ask(`{"do":"break","fault":"frame-unmasked"}`)
	f.until("a verdict", func(h received) bool { return h.Verdict != nil })
}

// TestAPageThatHasLeft: its connections are closed, and its id opens no more.
func TestAPageThatHasLeft(t *testing.T) { synctest.Test(t, testAPageThatHasLeft) }

func testAPageThatHasLeft(t *testing.T) {
	l := newLab()
	defer l.Close()
	f := openFeed(t, l)
	id := f.until("the page's id", func(h received) bool { return h.What == "page" }).Text
	if l.connect(id) == nil {
		t.Fatal("an open page gets no connection")
	}
	f.ask(`{"do":"open","path":"/chat"}`)
	f.unit("101 Switching Protocols")
	f.ask(`{"do":"break","fault":"frame-pause-in-header"}`)
	f.until("two connections", func(h received) bool { return h.What == "opened" && h.Conn > 2 })
	synctest.Wait()
	if open := l.server.Counters.Open.Load(); open != 3 {
		t.Fatalf("%d connections are open, want 3: for connect, the WebSocket and the fault", open)
	}
	f.close()
	synctest.Wait() // no time passes
	if open := l.server.Counters.Open.Load(); open != 0 {
		t.Errorf("%d connections are open after their page has left", open)
	}
	if l.connect(id) != nil {
		t.Error("a page that has left still gets connections")
	}
}

// TestCatalogue runs every fault as a page does, over a pipe: our server passes all of
// them, and all of them apply.
func TestCatalogue(t *testing.T) { synctest.Test(t, testCatalogue) }

func testCatalogue(t *testing.T) {
	l := newLab()
	defer l.Close()
	waiting := make(chan *fault.Fault)
	var done sync.WaitGroup
	for range 16 {
		f := openFeed(t, l)
		done.Add(1)
		go func() {
			defer done.Done()
			for next := range waiting {
				f.ask(fmt.Sprintf(`{"do":"break","fault":%q}`, next.ID))
				h := f.until("a verdict", func(h received) bool { return h.Verdict != nil || h.What == "problem" })
				switch {
				case h.Verdict == nil:
					t.Errorf("%s: %s", next.ID, h.Text)
				case h.Verdict.Verdict != string(fault.Pass) && h.Verdict.Verdict != string(fault.Tolerated):
					t.Errorf("%s: %+v", next.ID, *h.Verdict)
				case h.Verdict.Teaches == "" || h.Verdict.Want == "" || h.Verdict.Section == "":
					t.Errorf("%s: the verdict teaches nothing: %+v", next.ID, *h.Verdict)
				}
				f.pending = nil
			}
		}()
	}
	for i := range fault.All() {
		waiting <- &fault.All()[i]
	}
	close(waiting)
	done.Wait()
}
