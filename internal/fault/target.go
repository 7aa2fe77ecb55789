package fault

import (
	"context"
	"crypto/rand"
	"io"
	"net"
	"strings"
	"time"

	"barewire/wsframe"
)

// Target is what is known about the server under test. Fill it in, or let
// [Discover] find out.
type Target struct {
	Host string // the Host field: host[:port]
	Path string // the request-target of opening handshakes; "" means "/"
	Page string // the request-target of other requests; "" means "/"

	PlainStatus int  // what a plain GET of Page gets; 0: no answer
	WebSocket   bool // Path upgrades
	Echo        bool // messages to Path come back unchanged
	Deflate     bool // permessage-deflate is agreed on

	Wait   time.Duration // the longest wait for an answer; 0 means DefaultWait
	Random io.Reader     // where keys come from; nil means crypto/rand
}

// DefaultWait is how long a fault waits for its answer unless Target says
// otherwise.
const DefaultWait = 2 * time.Second

func (t *Target) wait() time.Duration {
	if t.Wait > 0 {
		return t.Wait
	}
	return DefaultWait
}

func (t *Target) random() io.Reader {
	if t.Random != nil {
		return t.Random
	}
	return rand.Reader
}

// fill replaces the placeholders with the target's values.
func (t *Target) fill(data string) string {
	return strings.NewReplacer("{host}", t.Host, "{path}", orRoot(t.Path), "{page}", orRoot(t.Page)).Replace(data)
}

func orRoot(target string) string {
	if target == "" {
		return "/"
	}
	return target
}

// Dial opens a connection to the server under test.
type Dial func(context.Context) (net.Conn, error)

// probePlain and probeEcho are the requests of Discover.
var (
	probePlain = Fault{Steps: []Step{send("GET {page} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")}}
	probeEcho  = Fault{Steps: []Step{frames("text and binary", text("barewire"), frame(fin, wsframe.Binary, "barewire")), goodbyeAfter(2)}}
)

// Discover returns target with what it learns over at most three connections: the
// status of a plain GET (of Path first, then of "/" if Path gives no useful answer),
// and whether Path upgrades, echoes and compresses. The error is that of dial.
func Discover(ctx context.Context, dial Dial, target Target) (Target, error) {
	for _, page := range []string{orRoot(target.Path), "/"} {
		target.Page = page
		conn, err := dial(ctx)
		if err != nil {
			return target, err
		}
		got, _ := converse(ctx, conn, &probePlain, target)
		if len(got) > 0 && got[0].Kind == Response {
			target.PlainStatus = got[0].Status
		}
		if (target.PlainStatus != 0 && target.PlainStatus != 400) || page == "/" {
			break
		}
	}
	conn, err := dial(ctx)
	if err != nil {
		return target, err
	}
	return discoverWebSocket(ctx, conn, target), nil
}

// discoverWebSocket opens a WebSocket, sends two messages, and closes.
func discoverWebSocket(ctx context.Context, conn net.Conn, target Target) Target {
	c := begin(ctx, conn, &probeEcho, target)
	defer c.finish()
	c.open(openDeflate().Offer) // a server that declines the offer may still echo
	if c.listener.webSocket {
		c.perform()
	}
	c.awaitEnd()
	got := c.listener.events
	target.WebSocket = c.listener.webSocket
	target.Deflate = c.listener.inflate != nil
	target.Echo = target.WebSocket && len(got) >= 2 && Outcome{textBack("barewire"), binaryBack("barewire")}.matches(got[:2], target)
	return target
}
