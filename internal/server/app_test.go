package server

import (
	"strings"
	"testing"

	"barewire/httpwire"
	"barewire/internal/wsconn"
)

// testApp is what these tests serve: Hello World! on every page, and an echo on
// every WebSocket. /nowhere has neither.
type testApp struct {
	newHandler func() wsconn.Handler // instead of the echo, if it is not nil
}

var (
	testHello = &httpwire.Response{
		Status:  200,
		Fields:  httpwire.Fields{{Name: "Content-Type", Value: "text/plain"}},
		Content: []byte("Hello World!"),
	}
	testNowhere = &httpwire.Error{Status: 404, Field: "request-target", Rule: "there is nothing here", Section: "RFC 9110 §15.5.5"}
)

func (a testApp) Page(request *httpwire.Request) (*httpwire.Response, *httpwire.Error) {
	if request.Path == "/nowhere" {
		return nil, testNowhere
	}
	return testHello, nil
}

func (a testApp) Upgrade(request *httpwire.Request) (wsconn.Handler, *httpwire.Error) {
	switch {
	case request.Path == "/nowhere":
		return nil, testNowhere
	case a.newHandler != nil:
		return a.newHandler(), nil
	}
	return echoHandler{}, nil
}

type echoHandler struct{ wsconn.NopHandler }

func (echoHandler) OnMessage(out *wsconn.Conn, message wsconn.Message) error {
	return out.Echo(message)
}

// sharing is an App that answers every request with the same response, or with the
// same error if there is one.
type sharing struct {
	response httpwire.Response
	err      *httpwire.Error
}

func (s *sharing) Page(*httpwire.Request) (*httpwire.Response, *httpwire.Error) {
	return &s.response, s.err
}

func (s *sharing) Upgrade(*httpwire.Request) (wsconn.Handler, *httpwire.Error) {
	return nil, testNowhere
}

// TestAnswersAreShared: whatever becomes of the connection, a response and an error
// stay as the App made them, for the next request.
func TestAnswersAreShared(t *testing.T) {
	fields := func() httpwire.Fields { // with room for more
		return append(make(httpwire.Fields, 0, 4), httpwire.Field{Name: "Server", Value: "x"})
	}
	refusal := &httpwire.Error{Status: 404, Rule: "there is nothing here", Fields: fields()}
	page := &sharing{response: httpwire.Response{Status: 200, Fields: fields()}}
	for _, app := range []*sharing{page, {err: refusal}} {
		config := testConfig()
		config.App = app
		for _, request := range []string{
			"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + last,
			"GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx",
			strings.Replace(upgradeRequest("/"), "\r\n\r\n", "\r\nContent-Length: 1\r\n\r\nx", 1),
		} {
			contains(t, "the answer", exchange(t, config, request), "\r\nConnection: close\r\n")
		}
	}
	for _, shared := range []httpwire.Fields{page.response.Fields, refusal.Fields} {
		if added := shared[:2][1]; len(shared) > 1 || added.Name != "" {
			t.Errorf("the field %q was added to what is shared", added.Name)
		}
	}
	if refusal.Close || testNowhere.Close {
		t.Error("Close was set in the error that is shared")
	}
}
