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

// Target is what is known of the server under test. Who knows the server fills
// it in; who does not, asks [Discover].
type Target struct {
	Host string // the Host field: host[:port]
	Path string // the request-target of opening handshakes; "" means "/"
	Page string // the request-target of other requests; "" means "/"

	PlainStatus int  // what a plain GET of Page gets; 0: nothing
	WebSocket   bool // Path upgrades
	Echo        bool // on Path messages come back as they went
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

// fill puts the target's names into octets to be sent.
func (t *Target) fill(octets string) string {
	return strings.NewReplacer("{host}", t.Host, "{path}", orRoot(t.Path), "{page}", orRoot(t.Page)).Replace(octets)
}

func orRoot(target string) string {
	if target == "" {
		return "/"
	}
	return target
}

// Dial opens a connection to the server under test.
type Dial func(context.Context) (net.Conn, error)

// probePlain and probeEcho are what Discover asks with.
var (
	probePlain = Fault{Steps: []Step{send("GET {page} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")}}
	probeEcho  = Fault{Steps: []Step{frames("text and binary", text("barewire"), frame(fin, wsframe.Binary, "barewire")), goodbyeAfter(2)}}
)

// Discover returns target with what three connections at most show of the
// server: what a plain GET gets, of Path first and of "/" if that tells nothing,
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

// discoverWebSocket opens a WebSocket, sends one message, and closes.
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
