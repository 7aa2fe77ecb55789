package smallest

import (
	"io"
	"net"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"barewire/internal/annotate"
	"barewire/internal/fault"
	"barewire/internal/wiretap"
)

// duplex is one end of a connection that is made of two pipes, one for each direction:
// so one direction can end while the other goes on, as in TCP.
type duplex struct {
	net.Conn          // what the other end writes
	out      net.Conn // what this end writes
}

func connect() (near, far duplex) {
	nearIn, farOut := net.Pipe()
	farIn, nearOut := net.Pipe()
	return duplex{nearIn, nearOut}, duplex{farIn, farOut}
}

func (d duplex) Write(b []byte) (int, error) { return d.out.Write(b) }
func (d duplex) CloseWrite() error           { return d.out.Close() }

func (d duplex) Close() error {
	d.Conn.Close()
	return d.out.Close()
}

func (d duplex) SetDeadline(deadline time.Time) error {
	d.Conn.SetDeadline(deadline)
	return d.out.SetDeadline(deadline)
}

// shortfalls are the faults of the catalogue that this server does not withstand as well
// as the whole server, which passes all of them, with the simplification that is the cause.
var shortfalls = []struct {
	simplification string
	verdict        fault.Verdict
	faults         string
}{
	{"every method gets the page", fault.Fail, "http-method-lower-case http-method-unknown"},
	{"a message is one frame", fault.Fail, `
		fragments fragments-binary fragments-empty fragments-all-empty fragments-many fragments-ping
		fragments-ping-first fragments-pong fragments-close fragments-then-whole utf8-split`},
	{"a message is one frame", fault.Tolerated, `
		fragment-unmasked fragment-new-text fragment-new-binary fragment-reserved
		utf8-cut-short-fragments utf8-second-fragment utf8-fail-fast resource-fragments`},
	{"text is checked when it is complete", fault.Tolerated, "utf8-fail-fast-in-frame"},
	{"a body stays unread", fault.Tolerated, `
		smuggle-body-of-get smuggle-body-unread
		chunk-size-no-hex chunk-size-prefix chunk-size-minus chunk-size-empty chunk-size-space
		chunk-size-overflow chunk-no-crlf chunk-line-feed chunk-bare-cr trailer-no-colon
		body-cut-short chunk-extensions chunk-leading-zeros chunk-coding-case trailer-fields
		chunk-octet-by-octet resource-length resource-chunk-size resource-chunk-extension resource-trailer`},
}

// verdicts counts the catalogue's faults by verdict. Those that do not apply need
// compression, to which this server does not agree.
var verdicts = map[fault.Verdict]int{fault.Pass: 165, fault.Tolerated: 31, fault.Fail: 13, fault.NotApplicable: 31}

// TestFaults: this server withstands every fault of the catalogue, but for those that one
// of its simplifications lets through.
func TestFaults(t *testing.T) {
	wants := make(map[string]fault.Verdict)
	causes := make(map[string]string)
	for _, shortfall := range shortfalls {
		for _, id := range strings.Fields(shortfall.faults) {
			wants[id], causes[id] = shortfall.verdict, shortfall.simplification
		}
	}
	target := fault.Target{Host: "barewire.test", Path: "/echo", PlainStatus: 200, WebSocket: true, Echo: true}
	counts := make(map[fault.Verdict]int)
	for _, f := range fault.All() {
		want := wants[f.ID]
		switch {
		case f.Needs&fault.NeedDeflate != 0:
			want = fault.NotApplicable
		case want == "":
			want = fault.Pass
		}
		synctest.Test(t, func(t *testing.T) {
			near, far := connect()
			go serve(far)
			result := f.Run(t.Context(), near, target)
			counts[result.Verdict]++
			if result.Verdict != want {
				t.Errorf("%s: the verdict is %q, want %q %s\n%s\nwant %s\ngot  %s",
					f.ID, result.Verdict, want, causes[f.ID], f.Title, result.Want, result.Got)
			}
		})
		delete(wants, f.ID)
	}
	for id := range wants {
		t.Errorf("the catalogue has no fault %s", id)
	}
	for verdict, want := range verdicts {
		if counts[verdict] != want {
			t.Errorf("%d faults have the verdict %q, and this test and README say %d", counts[verdict], verdict, want)
		}
	}
}

// TestConversations: the kept conversations that are about the article's programs take the
// same course, to the byte, except for the Date.
func TestConversations(t *testing.T) {
	for _, name := range []string{"hello", "digest"} {
		t.Run(name, func(t *testing.T) {
			file, err := os.Open("../tour/conversations/" + name + ".txt")
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			kept, err := wiretap.Parse(file)
			if err != nil {
				t.Fatal(err)
			}
			synctest.Test(t, func(t *testing.T) { converse(t, &kept) })
		})
	}
}

// converse plays the client of a kept conversation.
func converse(t *testing.T, kept *wiretap.Recording) {
	near, far := connect()
	defer near.Close()
	go serve(far)
	for _, event := range kept.Events {
		fromServer := event.Direction == annotate.ServerToClient
		switch {
		case event.Kind == wiretap.Octets && fromServer:
			got := make([]byte, len(event.Octets))
			io.ReadFull(near, got)
			if got, want := withoutDate(got), withoutDate(event.Octets); got != want {
				t.Fatalf("got  %q\nwant %q", got, want)
			}
		case event.Kind == wiretap.Octets:
			near.Write(event.Octets)
		case event.Kind == wiretap.Ended && fromServer:
			if rest, err := io.ReadAll(near); len(rest) > 0 || err != nil {
				t.Fatalf("got %q (%v), want the end", rest, err)
			}
		case event.Kind == wiretap.Ended:
			near.CloseWrite()
		}
	}
}

var date = regexp.MustCompile(`Date: [^\r]*`)

func withoutDate(head []byte) string { return date.ReplaceAllString(string(head), "Date: ...") }

// TestOnePage: it is one page, and names only files that are there.
func TestOnePage(t *testing.T) {
	page, err := os.ReadFile("smallest.go")
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(string(page), "\n"); lines > 150 {
		t.Errorf("smallest.go has %d lines, and should have at most 150", lines)
	}
	for _, name := range regexp.MustCompile(`internal/\w+/\w+\.go`).FindAllString(string(page), -1) {
		if _, err := os.Stat(path.Join("../..", name)); err != nil {
			t.Error(err)
		}
	}
}
