package e2e

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// httpClient returns a new client, so that no test shares connections with another. It
// waits for a 100 for longer than a test may take.
func httpClient(t *testing.T) *http.Client {
	transport := &http.Transport{ExpectContinueTimeout: time.Hour}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: patience}
}

// trace is what net/http did for a request.
type trace struct {
	reused    bool // it used an open connection
	continued bool // a 100 came
}

// fetch sends a request and reads the whole response.
func fetch(t *testing.T, client *http.Client, request *http.Request) (response *http.Response, body string, seen trace) {
	t.Helper()
	hooks := &httptrace.ClientTrace{
		GotConn:        func(info httptrace.GotConnInfo) { seen.reused = info.Reused },
		Got100Continue: func() { seen.continued = true },
	}
	response, err := client.Do(request.WithContext(httptrace.WithClientTrace(request.Context(), hooks)))
	if err != nil {
		t.Fatalf("net/http: %v", err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("net/http: the content is incomplete: %v", err)
	}
	return response, string(content), seen
}

func request(t *testing.T, method, url string, body io.Reader) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestNetHTTP: each kind of request that net/http can send gets its answer, and the
// connection can serve the next request.
//
// req: 9110-9.3.1-a
func TestNetHTTP(t *testing.T) {
	p := start(t)
	client := httpClient(t)
	large := bytes.Repeat([]byte("x"), 512<<10)
	chunked := func() io.Reader { return io.MultiReader(bytes.NewReader(large)) } // of a length that net/http cannot know
	withTrailer := request(t, "POST", p.http(), chunked())
	withTrailer.Trailer = http.Header{"X-Sum": {"1"}}

	const hello, refused = "Hello World!", "405 Method Not Allowed: method: this server has GET, HEAD, OPTIONS (RFC 9110 §15.5.6)"
	for i, test := range []struct {
		rule    string
		request *http.Request
		status  int
		body    string
	}{
		{"GET", request(t, "GET", p.http(), nil), 200, hello},
		{"HEAD", request(t, "HEAD", p.http(), nil), 200, ""},
		{"GET with content of half a MiB", request(t, "GET", p.http(), bytes.NewReader(large)), 200, hello},
		{"GET with chunks", request(t, "GET", p.http(), chunked()), 200, hello},
		{"POST with content", request(t, "POST", p.http(), bytes.NewReader(large)), 405, refused},
		{"POST with chunks and a trailer", withTrailer, 405, refused},
		{"OPTIONS", request(t, "OPTIONS", p.http(), nil), 204, ""},
		{"an unknown method", request(t, "BREW", p.http(), nil), 501, "501 Not Implemented: method: this server does not know it (RFC 9110 §9.1)"},
		{"GET after all those", request(t, "GET", p.http(), nil), 200, hello},
	} {
		t.Run(test.rule, func(t *testing.T) {
			response, body, seen := fetch(t, client, test.request)
			if response.StatusCode != test.status || strings.TrimSuffix(body, "\n") != test.body {
				t.Errorf("got %s with %q, want %d with %q", response.Status, body, test.status, test.body)
			}
			if i > 0 && !seen.reused {
				t.Error("this request used a new connection: the one before it should have left the first one usable")
			}
		})
	}
}

// TestNetHTTPOneConnection: one connection serves fifty requests.
func TestNetHTTPOneConnection(t *testing.T) {
	p := start(t)
	client := httpClient(t)
	for i := range 50 {
		response, body, seen := fetch(t, client, request(t, "GET", p.http(), nil))
		if response.StatusCode != 200 || body != "Hello World!" || seen.reused != (i > 0) {
			t.Fatalf("request %d: %s %q, on a reused connection: %v", i, response.Status, body, seen.reused)
		}
	}
}

// TestNetHTTPContinue: the server asks for the content only if it will read it.
//
// req: 9110-10.1.1-b 9110-10.1.1-e
func TestNetHTTPContinue(t *testing.T) {
	p := start(t)
	for _, test := range []struct {
		method    string
		status    int
		continued bool
	}{
		{"GET", 200, true},
		{"POST", 405, false},
	} {
		t.Run(test.method, func(t *testing.T) {
			content := &counter{Reader: bytes.NewReader(make([]byte, 512<<10))}
			r := request(t, test.method, p.http(), content)
			r.ContentLength = 512 << 10
			r.Header.Set("Expect", "100-Continue") // in any letter case
			response, _, seen := fetch(t, httpClient(t), r)
			if response.StatusCode != test.status || seen.continued != test.continued {
				t.Errorf("got %s, with a 100 before it: %v; want %d and %v", response.Status, seen.continued, test.status, test.continued)
			}
			if sent := content.data.Load() > 0; sent != test.continued {
				t.Errorf("the client sent content: %v, want %v", sent, test.continued)
			}
			if again := !response.Close; again != test.continued {
				t.Errorf("the connection stays open: %v; it must close when content was left out, because the next bytes could be content", again)
			}
		})
	}
}

// counter counts the bytes that are read from it.
type counter struct {
	io.Reader
	data atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.data.Add(int64(n))
	return n, err
}

// TestNetHTTPConcurrent: concurrent clients are all served, each with its own answer.
func TestNetHTTPConcurrent(t *testing.T) {
	p := start(t)
	var clients sync.WaitGroup
	for range 16 {
		client := httpClient(t)
		clients.Go(func() {
			for range 50 {
				response, err := client.Get(p.http())
				if err != nil {
					t.Error(err)
					return
				}
				content, err := io.ReadAll(response.Body)
				response.Body.Close()
				if string(content) != "Hello World!" || err != nil {
					t.Errorf("got %q, %v", content, err)
				}
			}
		})
	}
	clients.Wait()
}
