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

// octets returns what a happening shows of the wire.
func (h *told) octets() string {
	if h.Unit == nil {
		return ""
	}
	octets, _ := hex.DecodeString(h.Unit.Bytes)
	payload, _ := hex.DecodeString(h.Unit.Payload)
	return string(octets) + string(payload)
}

// TestPagesAreApart: two pages do all they can at the same time. Every connection
// carries the id of its page in its request, and no page is told of an octet of the
// other one, except for what /chat is there to deliver.
func TestPagesAreApart(t *testing.T) { synctest.Test(t, testPagesAreApart) }

func testPagesAreApart(t *testing.T) {
	l := newLab()
	defer l.Close()
	feeds := [2]*feed{openFeed(t, l), openFeed(t, l)}
	var ids [2]string
	for i, f := range feeds {
		ids[i] = f.until("the page's id", func(h told) bool { return h.What == "page" }).Text
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
		for _, h := range f.seen {
			octets := h.octets()
			if strings.Contains(octets, ids[1-i]) || strings.Contains(octets, fmt.Sprintf("secret of page %d", 1-i)) {
				t.Errorf("page %d was told of an octet of the other one: %q", i, octets)
			}
			if h.Unit != nil && h.Unit.Kind == "request" {
				requests++
				if !strings.Contains(octets, "?page="+ids[i]+" HTTP/1.1") {
					t.Errorf("a request of page %d does not carry its id: %q", i, octets)
				}
			}
		}
		if requests != 4 { // fetch, open, open, break
			t.Errorf("page %d was told of %d requests, want 4", i, requests)
		}
	}
}

// doEverything fetches, opens, sends, chats and breaks a rule, with a secret in all
// of it but what is said in the chat.
func (f *feed) doEverything(secret string) {
	f.ask(fmt.Sprintf(`{"do":"fetch","path":"/%s"}`, strings.ReplaceAll(secret, " ", "%20")))
	f.unit("Hello World!")
	f.ask(`{"do":"open","path":"/echo"}`)
	f.ask(fmt.Sprintf(`{"do":"send","text":%q}`, secret))
	f.unit("Text, FIN, 16 octets: ")
	f.ask(fmt.Sprintf(`{"do":"ping","text":%q}`, secret))
	f.unit("Pong, FIN")
	f.ask(`{"do":"open","path":"/chat"}`)
	f.unit("101 Switching Protocols")
	f.ask(`{"do":"send","text":"for all to read"}`)
	f.unit("Text, FIN, 15 octets: ")
	f.ask(`{"do":"break","fault":"frame-unmasked"}`)
	f.until("a verdict", func(h told) bool { return h.Verdict != nil })
}

// TestAPageThatHasLeft has no connections any more, and its id is nobody's.
func TestAPageThatHasLeft(t *testing.T) { synctest.Test(t, testAPageThatHasLeft) }

func testAPageThatHasLeft(t *testing.T) {
	l := newLab()
	defer l.Close()
	f := openFeed(t, l)
	id := f.until("the page's id", func(h told) bool { return h.What == "page" }).Text
	if l.connect(id) == nil {
		t.Fatal("an open page has no connection")
	}
	f.ask(`{"do":"open","path":"/chat"}`)
	f.unit("101 Switching Protocols")
	f.ask(`{"do":"break","fault":"frame-pause-in-header"}`)
	f.until("two connections", func(h told) bool { return h.What == "opened" && h.Conn > 2 })
	synctest.Wait()
	if open := l.server.Counters.Open.Load(); open != 3 {
		t.Fatalf("%d connections are open, want that of connect, the WebSocket and that of the fault", open)
	}
	f.close()
	synctest.Wait() // no time passes
	if open := l.server.Counters.Open.Load(); open != 0 {
		t.Errorf("%d connections outlive their page", open)
	}
	if l.connect(id) != nil {
		t.Error("a page that has left still gets connections")
	}
}

// TestCabinet runs every fault as a page does, over a pipe: our own server holds
// against all of them, and none is left out for being asked in memory.
func TestCabinet(t *testing.T) { synctest.Test(t, testCabinet) }

func testCabinet(t *testing.T) {
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
				h := f.until("a verdict", func(h told) bool { return h.Verdict != nil || h.What == "problem" })
				switch {
				case h.Verdict == nil:
					t.Errorf("%s: %s", next.ID, h.Text)
				case h.Verdict.Verdict != string(fault.Pass) && h.Verdict.Verdict != string(fault.Tolerated):
					t.Errorf("%s: %+v", next.ID, *h.Verdict)
				case h.Verdict.Teaches == "" || h.Verdict.Want == "" || h.Verdict.Section == "":
					t.Errorf("%s: the verdict teaches nothing: %+v", next.ID, *h.Verdict)
				}
				f.told = nil
			}
		}()
	}
	for i := range fault.All() {
		waiting <- &fault.All()[i]
	}
	close(waiting)
	done.Wait()
}
