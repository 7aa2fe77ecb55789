package server

import (
	"strings"
	"testing"

	"barewire/httpwire"
	"barewire/internal/wsconn"
)

// testApp is the App of these tests: Hello World! on every page, and an echo on every
// WebSocket. /nowhere has neither.
type testApp struct {
	newHandler func() wsconn.Handler // instead of the echo, if it is not nil
}

// Both are shared, and their Fields have capacity for one more field.
var (
	testHello = &httpwire.Response{
		Status:  200,
		Fields:  httpwire.Fields{{Name: "Content-Type", Value: "text/plain"}, {}}[:1],
		Content: []byte("Hello World!"),
	}
	testNowhere = &httpwire.Error{Status: 404, Rule: "there is nothing here", Fields: httpwire.Fields{{Name: "Server", Value: "x"}, {}}[:1]}
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

// TestAnswersAreShared: the server does not change a response or an error of the App,
// which may return it for the next request too.
func TestAnswersAreShared(t *testing.T) {
	for _, path := range []string{"/", "/nowhere"} {
		for _, request := range []string{
			"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + last,
			"GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx",
		} {
			got := exchange(t, testConfig(), strings.Replace(request, "/", path, 1))
			contains(t, "the answer", got, "\r\nConnection: close\r\n")
		}
	}
	for _, shared := range []httpwire.Fields{testHello.Fields, testNowhere.Fields} {
		if added := shared[:2][1]; len(shared) > 1 || added.Name != "" {
			t.Errorf("the field %q was added to the shared value", added.Name)
		}
	}
	if testNowhere.Close {
		t.Error("Close was set in the shared error")
	}
}
