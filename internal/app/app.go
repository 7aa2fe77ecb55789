package app

import (
	"barewire/httpwire"
	"barewire/internal/wsconn"
)

// App is what barewire serves: a server.App. Its zero value is ready for use, by any number
// of servers at once.
type App struct {
	chat wsconn.Room
}

// The paths with their own handlers.
const (
	echoPath = "/echo"
	chatPath = "/chat"
	labPath  = "/lab" // served by package lab, if the lab is running
)

// hello is the response to most requests. All connections share it and must not change it.
var hello = &httpwire.Response{
	Status:  200,
	Fields:  httpwire.Fields{{Name: "Content-Type", Value: "text/plain"}}, // req: 9110-8.3-a
	Content: []byte("Hello World!"),

	Constant: true,
}

// Page answers a GET or HEAD with the article's Hello World!.
func (a *App) Page(request *httpwire.Request) (*httpwire.Response, *httpwire.Error) {
	if request.Path == labPath { // req: 9110-15.5.5-a
		return nil, &httpwire.Error{Status: 404, Field: "request-target", Rule: "there is no page here", Section: "RFC 9110 §15.5.5"}
	}
	return hello, nil
}

// Upgrade returns a handler for a new WebSocket, by the path of its request.
func (a *App) Upgrade(request *httpwire.Request) (wsconn.Handler, *httpwire.Error) {
	switch request.Path {
	case echoPath:
		return echo{}, nil
	case chatPath:
		return member{room: &a.chat}, nil
	case labPath: // req: 6455-4.2.2-d
		return nil, &httpwire.Error{Status: 404, Field: "request-target", Rule: "no WebSocket is served here", Section: "RFC 6455 §4.2.2"}
	}
	return new(digester), nil
}
