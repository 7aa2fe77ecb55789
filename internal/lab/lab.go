package lab

import (
	"context"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"barewire/httpwire"
	"barewire/internal/annotate"
	"barewire/internal/bufconn"
	"barewire/internal/server"
	"barewire/internal/wiretap"
	"barewire/internal/wsconn"
	"barewire/wsframe"
)

// maxPages limits the pages that may be open at once. For each of them wiretap may
// hold 32 MiB that wait for a slow sink, if the server's memory budget allows it.
const maxPages = 64

// patience limits the time of everything that a session does on its connections,
// except under a debugger.
const patience = 5 * time.Second

// Lab is a server.App: the page and its feeds, in front of another App.
type Lab struct {
	next     server.App       // serves all other paths
	options  annotate.Options // how traffic is annotated
	addr     net.Addr         // where the page is served
	scheme   string           // of the page: "http" or "https"
	origins  []string         // the origins that the operator gave
	server   *server.Server   // the server that pages talk to, over pipes
	compress bool             // that server accepts permessage-deflate
	memory   *bufconn.Budget  // the budget for what waits for pages
	patience time.Duration    // 0 under a debugger: no timeout

	mu    sync.Mutex
	pages map[string]*session // the open pages, by id
}

// New returns a lab for a server with this configuration, which listens on addr.
// Paths outside /lab go to config.App. The pages talk to a server of their own with
// the same configuration, but without TLS, because traffic must be readable to be
// annotated.
func New(config server.Config, addr net.Addr, options annotate.Options) *Lab {
	l := &Lab{next: config.App, options: options, addr: addr, scheme: "http", compress: config.Compress, patience: patience, memory: config.Memory,
		pages: make(map[string]*session)}
	if config.Debugger {
		l.patience = 0
	}
	if config.TLS != nil {
		l.scheme = "https"
	}
	for _, origin := range config.Origins {
		if origin != "*" { // * allows everyone, so it names no one
			l.origins = append(l.origins, origin)
		}
	}
	config.TLS, config.Wrap = nil, nil
	config.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	config.MaxConns = 3*maxPages + 1 // for each page: a WebSocket, a request and a fault
	l.server = server.New(config)
	return l
}

// closeWait is patience in the form that wsconn.Config needs.
func (l *Lab) closeWait() time.Duration {
	if l.patience == 0 {
		return -1
	}
	return l.patience
}

// Close ends everything that the pages are doing.
func (l *Lab) Close() { l.server.Close() }

// feedPath is the path of the feed.
const feedPath = Path + "/feed"

// Upgrade returns the handler of a feed, or an error if this client may not open
// one. Other paths go to the next App.
func (l *Lab) Upgrade(request *httpwire.Request) (wsconn.Handler, *httpwire.Error) {
	if request.Path != feedPath {
		return l.next.Upgrade(request)
	}
	if refusal := l.checkHost(request); refusal != nil {
		return nil, refusal
	}
	if refusal := l.checkOrigin(request); refusal != nil {
		return nil, refusal
	}
	return newSession(l, request.Authority), nil
}

// enter adds a page, and reports false if there are too many.
func (l *Lab) enter(s *session) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.pages) == maxPages {
		return false
	}
	l.pages[s.id] = s
	return true
}

func (l *Lab) leave(s *session) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.pages, s.id)
}

// connect returns the client's end of a connection to the server. It has the tap of
// the page with this id, so only that page is shown the traffic. connect returns nil
// when the page has left; when it leaves, the connection is closed.
func (l *Lab) connect(id string) *wiretap.Conn {
	l.mu.Lock()
	s := l.pages[id]
	l.mu.Unlock()
	if s == nil {
		return nil
	}
	near, far := newPipe()
	stop := context.AfterFunc(s.ctx, func() {
		near.Close()
		far.Close()
	})
	go func() {
		l.server.ServeConn(far)
		stop()
	}()
	return s.tap.Wrap(near, wsframe.Client)
}
