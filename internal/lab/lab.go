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

// maxPages is how many pages may be open at once. Each may hold the 32 MiB that
// wiretap lets wait for a slow sink, as long as the server's budget has them.
const maxPages = 64

// patience bounds everything that a session does on a connection of its own, except
// under a debugger.
const patience = 5 * time.Second

// Lab is a server.App: the page and its feeds, in front of another App.
type Lab struct {
	next     server.App       // what is served everywhere else
	options  annotate.Options // of what passes
	addr     net.Addr         // where the page is served
	scheme   string           // of the page: "http" or "https"
	origins  []string         // whose names the operator vouches for
	server   *server.Server   // what the pages talk to, over pipes
	compress bool             // that server agrees on permessage-deflate
	memory   *bufconn.Budget  // what waits for the pages is charged to it
	patience time.Duration    // 0 under a debugger: no timeout

	mu    sync.Mutex
	pages map[string]*session // the open ones, by their ids
}

// New returns a lab for a server with the configuration config, which listens on
// addr. What is not the lab's, it leaves to config.App. Its pages talk to a server
// of their own, which serves that App in the same way, but without TLS: what passes
// is to be read, and annotated with options.
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
		if origin != "*" { // who lets in everybody has vouched for nobody
			l.origins = append(l.origins, origin)
		}
	}
	config.TLS, config.Wrap = nil, nil
	config.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	config.MaxConns = 3*maxPages + 1 // a WebSocket, a request and a fault for each page
	l.server = server.New(config)
	return l
}

// closeWait is patience as wsconn.Config has it.
func (l *Lab) closeWait() time.Duration {
	if l.patience == 0 {
		return -1
	}
	return l.patience
}

// Close ends what the pages are doing.
func (l *Lab) Close() { l.server.Close() }

// feedPath is where the feed is.
const feedPath = Path + "/feed"

// Upgrade returns the handler of a feed, or an error if this client may not have
// one. Other paths are the next App's.
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

// enter makes room for a page, or reports false.
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

// connect returns one end of a connection to the server, with the tap of the page
// with this id on it: nobody but that page is told what passes. It is nil when the
// page has left, and closed when it leaves.
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
