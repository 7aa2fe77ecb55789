package lab

import (
	"encoding/json"
	"net"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"barewire/handshake"
	"barewire/httpwire"
	"barewire/internal/annotate"
	"barewire/internal/app"
	"barewire/internal/bufconn"
	"barewire/internal/server"
	"barewire/internal/wsconn"
	"barewire/wsframe"
)

// request returns a GET as the server parses it.
func request(t *testing.T, path, host string, fields ...string) *httpwire.Request {
	t.Helper()
	head := "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n"
	for _, field := range fields {
		head += field + "\r\n"
	}
	r := new(httpwire.Request)
	if n, err := httpwire.ParseRequest(r, []byte(head+"\r\n"), nil); n == 0 || err != nil {
		t.Fatalf("the test's own request: %v", err)
	}
	return r
}

// loopback is the address of the tests' server.
var loopback = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}

// newLab returns a lab in front of the barewire application.
func newLab() *Lab {
	config := server.DefaultConfig()
	config.App = new(app.App)
	return New(config, loopback, annotate.Options{})
}

// TestPage: the page and its parts are served, complete and with a strict policy;
// other paths go to the next App.
func TestPage(t *testing.T) {
	l := newLab()
	defer l.Close()
	for path, contentType := range map[string]string{
		"/lab":                "text/html; charset=utf-8",
		"/lab/lab.css":        "text/css; charset=utf-8",
		"/lab/main.js":        "text/javascript; charset=utf-8",
		"/lab/catalogue.json": "application/json",
		"/lab/rules.json":     "application/json",
	} {
		response, _ := l.Page(request(t, path, "127.0.0.1:8080"))
		if response == nil || response.Status != 200 || len(response.Content) == 0 {
			t.Errorf("%s: got %+v, want content", path, response)
			continue
		}
		if got, _ := response.Fields.Get("Content-Type"); got != contentType {
			t.Errorf("%s has Content-Type %q, want %q", path, got, contentType)
		}
		if got, _ := response.Fields.Get("Content-Security-Policy"); !strings.Contains(got, "default-src 'none'") {
			t.Errorf("%s has the policy %q, want default-src 'none'", path, got)
		}
	}
	for _, path := range []string{"/", "/laboratory", "/echo"} {
		response, err := l.Page(request(t, path, "127.0.0.1:8080"))
		if err != nil || string(response.Content) != "Hello World!" {
			t.Errorf("%s got %v, %v; want the page of the next App", path, response, err)
		}
	}
	for _, path := range []string{"/lab/nothing.js", "/lab/../lab.go", "/lab/page", "/lab/"} {
		_, err := l.Page(request(t, path, "127.0.0.1:8080"))
		if path != "/lab/" && (err == nil || err.Status != 404) {
			t.Errorf("%s got %v, want 404", path, err)
		}
	}
}

// received is a happening as a page reads it.
type received struct {
	What  string
	Text  string
	Conn  int
	State *state
	Unit  *struct {
		Kind, Direction, Title, Bytes, Payload string
	}
	Verdict *report
}

// feed plays the page.
type feed struct {
	t       *testing.T
	conn    *wsconn.Conn
	close   func()
	in      chan []received // what arrives; closed at the end
	end     error           // why the feed ended
	pending []received      // arrived, and not yet returned by until
	all     []received      // everything that arrived
}

// openFeed starts a server with a lab and opens a feed over a pipe. Nothing here takes
// real time.
func openFeed(t *testing.T, l *Lab) *feed {
	t.Helper()
	config := server.DefaultConfig()
	config.App = l
	s := server.New(config)
	near, far := net.Pipe()
	go s.ServeConn(far)
	url, _ := handshake.ParseURL("ws://127.0.0.1:8080/lab/feed")
	offer := handshake.Offer{URL: url, Key: "dGhlIHNhbXBsZSBub25jZQ==", Origin: "http://127.0.0.1:8080"}
	conn, _, err := wsconn.Open(bufconn.New(near), &offer, wsconn.Config{Role: wsframe.Client, MaxMessage: 64 << 20})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { near.Close(); s.Close() })
	f := &feed{t: t, conn: conn, close: func() { near.Close() }, in: make(chan []received, 10_000)}
	go f.read()
	return f
}

// read reads everything as it comes, because a pipe would block the server.
func (f *feed) read() {
	defer close(f.in)
	for {
		message, err := f.conn.ReadMessage()
		var more []received
		if err == nil {
			err = json.Unmarshal(message.Payload, &more)
		}
		if err != nil {
			f.end = err
			return
		}
		f.in <- more
	}
}

func (f *feed) ask(command string) {
	f.t.Helper()
	if err := f.conn.Send(wsframe.Text, []byte(command)); err != nil {
		f.t.Fatal(err)
	}
}

// until returns the first happening that is wanted, and waits for it.
func (f *feed) until(what string, wanted func(received) bool) received {
	f.t.Helper()
	for {
		for i, h := range f.pending {
			if wanted(h) {
				f.pending = slices.Delete(f.pending, i, i+1) // events of the tap and of the session come in no fixed order
				return h
			}
		}
		more, ok := <-f.in
		if !ok {
			f.t.Fatalf("the feed ended before %s: %v", what, f.end)
		}
		f.pending, f.all = append(f.pending, more...), append(f.all, more...)
	}
}

// unit waits for a unit with a title that contains text.
func (f *feed) unit(text string) received {
	f.t.Helper()
	return f.until(text, func(h received) bool { return h.Unit != nil && strings.Contains(h.Unit.Title, text) })
}

// TestSession uses every command, and checks what the page is told.
func TestSession(t *testing.T) { synctest.Test(t, testSession) }

func testSession(t *testing.T) {
	l := newLab()
	defer l.Close()
	f := openFeed(t, l)
	state := func(open bool) func(received) bool {
		return func(h received) bool { return h.What == "state" && h.State.Open == open }
	}

	f.ask(`{"do":"fetch","path":"/"}`)
	f.unit("GET /?page=")
	f.unit("200 OK")
	f.unit("Hello World!")

	f.ask(`{"do":"send","text":"too early"}`)
	if h := f.until("a problem", func(h received) bool { return h.What == "problem" }); h.Text != errNotOpen.Error() {
		t.Errorf("a message without a WebSocket got %q", h.Text)
	}

	f.ask(`{"do":"open","path":"/echo"}`)
	f.until("the state", state(true))
	f.unit("101 Switching Protocols")

	f.ask(`{"do":"send","text":"Hello","fragments":[2,0]}`)
	for _, title := range []string{"Text, 2 bytes, masked", "Continuation, 0 bytes, masked", "Continuation, FIN, 3 bytes, masked", `Text, FIN, 5 bytes: "Hello"`} {
		f.unit(title)
	}
	f.ask(`{"do":"send","text":"00 ff","binary":true}`)
	if got := f.unit("Binary, FIN, 2 bytes, masked").Unit.Payload; got != "00ff" {
		t.Errorf("a binary message carried %s, want 00ff", got)
	}
	f.ask(`{"do":"ping","text":"are you there?"}`)
	f.unit("Ping, FIN")
	f.unit("Pong, FIN")
	f.ask(`{"do":"close","code":4000,"reason":"enough"}`)
	f.unit("Close, FIN, 8 bytes, masked")
	f.unit("Close, FIN, 2 bytes")
	f.until("the end", state(false))

	f.ask(`{"do":"break","fault":"frame-unmasked"}`)
	verdict := f.until("a verdict", func(h received) bool { return h.Verdict != nil })
	if verdict.Verdict.Verdict != "pass" {
		t.Errorf("the verdict on our server for an unmasked frame: %+v", verdict.Verdict)
	}
	f.ask(`{"do":"sneeze"}`)
	f.until("a problem", func(h received) bool { return h.What == "problem" })
}

// TestPagesAreBounded: a page beyond the limit is told to try again later.
func TestPagesAreBounded(t *testing.T) { synctest.Test(t, testPagesAreBounded) }

func testPagesAreBounded(t *testing.T) {
	l := newLab()
	defer l.Close()
	for i := range maxPages {
		l.pages[strconv.Itoa(i)] = nil
	}
	f := openFeed(t, l)
	if _, more := <-f.in; more {
		t.Error("a page beyond the limit got a happening")
	}
	if closed, ok := f.end.(*wsconn.CloseError); !ok || closed.Code != wsframe.TryAgainLater {
		t.Errorf("a page beyond the limit got %v, want 1013", f.end)
	}
	if len(l.pages) != maxPages {
		t.Errorf("the lab counts %d pages, want %d", len(l.pages), maxPages)
	}
}

// TestCut: a payload is cut into fragments of the requested sizes, and the rest.
func TestCut(t *testing.T) {
	for _, test := range []struct {
		sizes []int
		want  string
	}{
		{nil, "Hello"}, {[]int{2}, "He|llo"}, {[]int{2, 0, 3}, "He||llo"}, {[]int{9, 1}, "Hello|"}, {[]int{-1}, "|Hello"},
	} {
		var got []string
		for _, part := range cut([]byte("Hello"), test.sizes) {
			got = append(got, string(part))
		}
		if strings.Join(got, "|") != test.want {
			t.Errorf("Hello in fragments of %v: %q, want %q", test.sizes, got, test.want)
		}
	}
}

// TestDocumentedKeys: doc.go documents every key on the feed.
func TestDocumentedKeys(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, carried := range []any{command{}, happening{}, state{}, report{}, entry{}, rule{}, place{}} {
		kind := reflect.TypeOf(carried)
		for i := range kind.NumField() {
			key, _, _ := strings.Cut(kind.Field(i).Tag.Get("json"), ",")
			if found, _ := regexp.Match(`\b`+key+`\b`, text); !found {
				t.Errorf("doc.go does not document the key %q of %s", key, kind.Name())
			}
		}
	}
	for _, word := range []string{`"fetch"`, `"open"`, `"send"`, `"ping"`, `"close"`, `"break"`,
		`"page"`, `"opened"`, `"unit"`, `"ended"`, `"closed"`, `"state"`, `"verdict"`, `"problem"`} {
		if !strings.Contains(string(text), word) {
			t.Errorf("doc.go does not document %s", word)
		}
	}
}

// TestLimits: commands have limits, and the page gets an error that names the limit.
func TestLimits(t *testing.T) { synctest.Test(t, testLimits) }

func testLimits(t *testing.T) {
	l := newLab()
	defer l.Close()
	f := openFeed(t, l)
	f.ask(`{"do":"open","path":"/echo"}`)
	f.unit("101 Switching Protocols")
	for _, test := range []struct{ command, want string }{
		{`{"do":"send","text":"` + strings.Repeat("a", 1000) + `","times":2000}`, errTooMuch.Error()},
		{`{"do":"send","text":"a","fragments":[` + strings.Repeat("0,", 64) + `0]}`, errFragment.Error()},
		{`{"do":"send","text":"0","binary":true}`, errNotHex.Error()},
		{`{"do":"ping","text":"` + strings.Repeat("a", 126) + `"}`, "125"},
		{`{"do":"close","code":1006}`, "1006"},
		{`{"do":"fetch","path":"/a b"}`, "request-target"},
		{`{"do":"open","path":"no path"}`, "invalid port"},
		{`{"do":"break","fault":"nothing"}`, `there is no fault "nothing"`},
		{`{"do":`, "invalid command"},
	} {
		f.ask(test.command)
		h := f.until("a problem", func(h received) bool { return h.What == "problem" })
		if !strings.Contains(h.Text, test.want) {
			t.Errorf("%.60s: the page got %q, want an error about %q", test.command, h.Text, test.want)
		}
	}
}
