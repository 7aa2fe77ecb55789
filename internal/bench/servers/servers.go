// Package servers holds what barewire races against: each library set up as
// somebody who knows it well would, and two limits.
//
// Every server answers GET / with "Hello World!" if it speaks HTTP for its users,
// echoes messages on /echo, and sends what it gets on /chat to all who are there.
package servers

import (
	"net"
	"sync"
)

// hello is the body of every HTTP answer.
const hello = "Hello World!"

// maxMessage is the limit that barewire has by default, for the libraries that
// want to be told.
const maxMessage = 1<<20 + 1<<10

// compressMin is the smallest message worth compressing, barewire's default.
const compressMin = 128

// Can says what a server can be raced in.
type Can struct {
	HTTP, WebSocket bool
	Fragments       bool // joins the fragments of a message
	Compression     bool // permessage-deflate
}

// Server is one competitor.
type Server struct {
	Name  string
	Is    string // what it is, for a reader
	Limit bool   // no server for users: how little work could be enough
	Can   Can
	Serve func(net.Listener) error // until an error ends it
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

// Find returns the competitor with a name.
func Find(name string) (Server, bool) {
	for _, s := range All {
		if s.Name == name {
			return s, true
		}
	}
	return Server{}, false
}

// room is the members of /chat. It sends to one after the other: a member that
// does not read holds up the others, which costs less than the queue that
// barewire has for it.
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

// each calls send for every member, in the same order of messages to all.
func (r *room[C]) each(send func(C)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.members {
		send(c)
	}
}
