// Package servers contains the servers that barewire races: libraries, each set up as an
// expert would set it up, and two limits.
//
// Every server answers GET / with "Hello World!" if it has an HTTP server, echoes messages
// on /echo, and sends each message on /chat to everyone connected.
package servers

import (
	"net"
	"sync"
)

// hello is the body of every HTTP answer.
const hello = "Hello World!"

// maxMessage is barewire's default limit, for libraries that need one to be set.
const maxMessage = 1<<20 + 1<<10

// compressMin is the smallest message that is compressed, as in barewire.
const compressMin = 128

// Can describes the scenarios that a server supports.
type Can struct {
	HTTP, WebSocket bool
	Fragments       bool // joins the fragments of a message
	Compression     bool // permessage-deflate
}

// Server is one competitor.
type Server struct {
	Name  string
	Is    string // a description
	Limit bool   // not a server for users, but a limit: the least work that could do
	Can   Can
	Serve func(net.Listener) error // returns only with an error
}

// All is every competitor, in the order of the table.
var All = []Server{
	{"raw", "a goroutine for each connection, nothing checked", true, Can{true, true, true, true}, serveRaw},
	{"gnet", "an event loop for each core (gnet), nothing checked", true, Can{true, true, true, true}, serveGnet},
	{"net/http", "the standard library", false, Can{HTTP: true}, serveNetHTTP},
	{"fasthttp", "valyala/fasthttp with fasthttp/websocket", false, Can{true, true, true, true}, serveFastHTTP},
	{"gorilla", "gorilla/websocket", false, Can{false, true, true, true}, serveGorilla},
	{"coder", "coder/websocket", false, Can{false, true, true, true}, serveCoder},
	{"gobwas", "gobwas/ws with its user's buffers", false, Can{false, true, true, false}, serveGobwas},
	{"gws", "lxzan/gws", false, Can{false, true, true, true}, serveGws},
	{"x/net", "golang.org/x/net/websocket", false, Can{false, true, false, false}, serveXNet},
}

// Find returns the competitor with this name.
func Find(name string) (Server, bool) {
	for _, s := range All {
		if s.Name == name {
			return s, true
		}
	}
	return Server{}, false
}

// room is the members of /chat. It sends to one member after the other. A member that does
// not read blocks the others, but this costs less than a queue per member, as barewire has.
type room[C comparable] struct {
	mu      sync.Mutex
	members map[C]struct{}
}

func (r *room[C]) join(c C) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.members == nil {
		r.members = make(map[C]struct{})
	}
	r.members[c] = struct{}{}
}

func (r *room[C]) leave(c C) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.members, c)
}

// each calls send for every member, in the same order for all messages.
func (r *room[C]) each(send func(C)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.members {
		send(c)
	}
}
