package e2e

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// curl runs curl without its user's configuration, and returns what it printed.
func curl(t *testing.T, arguments ...string) (stdout, stderr string) {
	t.Helper()
	arguments = append([]string{"-q", "--silent", "--show-error", "--max-time", "60"}, arguments...)
	stdout, stderr, status := run(t, nil, need(t, "curl"), arguments...)
	if status != 0 {
		t.Fatalf("curl %q exited with %d: %s", arguments, status, stderr)
	}
	return stdout, stderr
}

// curlResponse runs curl -i and parses the response that it printed.
func curlResponse(t *testing.T, method string, arguments ...string) (response *http.Response, body string) {
	t.Helper()
	stdout, _ := curl(t, append([]string{"--include"}, arguments...)...)
	response, err := http.ReadResponse(bufio.NewReader(strings.NewReader(stdout)), &http.Request{Method: method})
	if err != nil {
		t.Fatalf("curl did not print a response: %v\n%q", err, stdout)
	}
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("the content of the response is incomplete: %v\n%q", err, stdout)
	}
	return response, string(content)
}

// file returns the path of a file of that many bytes, for curl to send.
func file(t *testing.T, size int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "content")
	if err := os.WriteFile(path, bytes.Repeat([]byte("x"), size), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestCurlHello: the article's first program; any GET or HEAD gets Hello World!.
//
// req: 9110-9.1-a 9110-5.6.7-a 9110-8.3-a 9110-8.6-a 9110-6.2-a 9112-3.2.2-a
func TestCurlHello(t *testing.T) {
	need(t, "curl")
	p := start(t)
	for _, test := range []struct {
		rule      string
		method    string
		arguments []string
		body      string
	}{
		{"GET", "GET", []string{p.http() + "/"}, "Hello World!"},
		{"any path and query", "GET", []string{p.http() + "/a/b.html?c=d%20e"}, "Hello World!"},
		{"HEAD has the fields of GET and no content", "HEAD", []string{"--head", p.http() + "/"}, ""},
		{"HTTP/1.0", "GET", []string{"--http1.0", p.http() + "/"}, "Hello World!"},
		{"absolute-form, as to a proxy", "GET", []string{"--proxy", p.http(), "http://example.com/"}, "Hello World!"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			response, body := curlResponse(t, test.method, test.arguments...)
			if response.StatusCode != 200 || response.Proto != "HTTP/1.1" {
				t.Errorf("the status line is %s %s, want HTTP/1.1 200", response.Proto, response.Status)
			}
			if body != test.body {
				t.Errorf("the content is %q, want %q", body, test.body)
			}
			checkField(t, response, "Content-Type", "text/plain")
			checkField(t, response, "Content-Length", "12")
			checkDate(t, response)
		})
	}
}

func checkField(t *testing.T, response *http.Response, name, want string) {
	t.Helper()
	if got := response.Header.Get(name); got != want {
		t.Errorf("%s is %q, want %q; the response has %v", name, got, want, response.Header)
	}
}

// checkDate checks for the current time, in the form "Sun, 06 Nov 1994 08:49:37 GMT".
func checkDate(t *testing.T, response *http.Response) {
	t.Helper()
	text := response.Header.Get("Date")
	if date, err := time.Parse(http.TimeFormat, text); err != nil || time.Since(date).Abs() > patience {
		t.Errorf("Date is %q, want the current time in the form of RFC 9110 §5.6.7", text)
	}
}

// TestCurlOptions: OPTIONS returns the methods, for a path and for *.
//
// req: 9110-9.3.7-a 9110-9.3.7-b
func TestCurlOptions(t *testing.T) {
	need(t, "curl")
	p := start(t)
	for _, target := range []string{"/", "*"} {
		response, body := curlResponse(t, "OPTIONS", "--request", "OPTIONS", "--request-target", target, p.http())
		if response.StatusCode != 204 || body != "" {
			t.Errorf("OPTIONS %s got %s with content %q, want 204 and none", target, response.Status, body)
		}
		checkField(t, response, "Allow", "GET, HEAD, OPTIONS")
		checkField(t, response, "Content-Length", "")
	}
}

// TestCurlKeepsConnection: after a request that succeeded, or was refused with its end
// known, the next one uses the same connection.
//
// req: 9112-9.3-a 9112-9.3-c
func TestCurlKeepsConnection(t *testing.T) {
	need(t, "curl")
	p := start(t)
	count := []string{"--output", os.DevNull, "--write-out", "%{http_code} %{num_connects}\n"}
	second := append([]string{"--next", "--silent", p.http() + "/second"}, count...)
	for _, test := range []struct {
		rule  string
		first []string
		want  string
	}{
		{"GET", []string{p.http() + "/"}, "200 1\n200 0\n"},
		{"HEAD", []string{"--head", p.http() + "/"}, "200 1\n200 0\n"},
		{"POST with content", []string{"--data", "a=b", p.http() + "/"}, "405 1\n200 0\n"},
		{"POST with chunks", []string{"--data", "a=b", "-H", "Transfer-Encoding: chunked", p.http() + "/"}, "405 1\n200 0\n"},
		{"an unknown method", []string{"--request", "BREW", p.http() + "/"}, "501 1\n200 0\n"},
		{"HTTP/1.0 with keep-alive", []string{"--http1.0", "-H", "Connection: keep-alive", p.http() + "/"}, "200 1\n200 0\n"},
		{"HTTP/1.0 without keep-alive: it closes", []string{"--http1.0", p.http() + "/"}, "200 1\n200 1\n"},
		{"Connection: close: it closes", []string{"-H", "Connection: close", p.http() + "/"}, "200 1\n200 1\n"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			stdout, _ := curl(t, append(append(test.first, count...), second...)...)
			if stdout != test.want {
				t.Errorf("status and number of new connections of two requests: %q, want %q", stdout, test.want)
			}
		})
	}
}

// TestCurlRefusals: what the server does not accept gets the right status, and one line of
// text with the reason. The client can read it even while it is still sending.
//
// req: 9110-9.1-b 9110-9.1-c 9110-15.5.6-a 9110-15.5.14-a 9112-3-c 9110-7.4-a 9110-6.6.1-a
func TestCurlRefusals(t *testing.T) {
	need(t, "curl")
	p := start(t, "-max-body", "256KiB")
	large, long := "@"+file(t, 4<<20), strings.Repeat("x", 20_000)
	for _, test := range []struct {
		rule      string
		arguments []string
		status    int
		ends      bool // the connection must close, because its next bytes could be content
	}{
		{"POST", []string{"--data", "a=b", p.http()}, 405, false},
		{"DELETE", []string{"--request", "DELETE", p.http()}, 405, false},
		{"an unknown method", []string{"--request", "BREW", p.http()}, 501, false},
		{"content above -max-body", []string{"-X", "GET", "-H", "Expect:", "--data-binary", large, p.http()}, 413, true},
		{"chunks above -max-body", []string{"-X", "GET", "-H", "Expect:", "-H", "Transfer-Encoding: chunked", "--data-binary", large, p.http()}, 413, true},
		{"content above -max-body that waits for a 100", []string{"-X", "GET", "-H", "Expect: 100-continue", "--data-binary", large, p.http()}, 413, true},
		{"a field above -max-header", []string{"-H", "X-Long: " + long, p.http()}, 431, true},
		{"a target above the limit", []string{p.http() + "/" + long}, 414, true},
		{"https on a port without TLS", []string{"--request-target", "https://example.com/", p.http()}, 421, false},
		{"* with a method other than OPTIONS", []string{"--request-target", "*", p.http()}, 400, true},
	} {
		t.Run(test.rule, func(t *testing.T) {
			response, body := curlResponse(t, "GET", test.arguments...)
			if response.StatusCode != test.status || response.Close != test.ends {
				t.Errorf("got %s (%s), and Connection: close %v; want %d and %v", response.Status, body, response.Close, test.status, test.ends)
			}
			checkDate(t, response)
			if test.status == 405 {
				checkField(t, response, "Allow", "GET, HEAD, OPTIONS")
			}
			if body == "" || strings.Count(strings.TrimSuffix(body, "\n"), "\n") > 0 {
				t.Errorf("the content is %q, want one line with the reason", body)
			}
		})
	}
}

// TestCurlContinue: a client that waits before it sends its content gets a 100 at once, and
// a final response after the content.
//
// req: 9110-10.1.1-d
func TestCurlContinue(t *testing.T) {
	need(t, "curl")
	p := start(t)
	// Without the 100, curl would wait for an hour.
	stdout, log := curl(t, "--verbose", "-X", "GET", "-H", "Expect: 100-continue", "--expect100-timeout", "3600",
		"--data-binary", "@"+file(t, 900<<10), p.http())
	first, second := strings.Index(log, "< HTTP/1.1 100 Continue"), strings.Index(log, "< HTTP/1.1 200 OK")
	if first < 0 || second < first || stdout != "Hello World!" {
		t.Errorf("want 100, then 200 with Hello World!; got content %q and\n%s", stdout, log)
	}
}

// TestCurlUpgrade does the opening handshake of RFC 6455 §1.3 with curl, which does not know
// WebSocket, and shows the first bytes after it: the Ping for a client that is silent for
// the time of -ping.
//
// req: 6455-4.2.2-h 6455-4.2.2-i 6455-4.2.2-j 6455-4.2.2-k
func TestCurlUpgrade(t *testing.T) {
	need(t, "curl")
	p := start(t, "-ping", "200ms")
	stdout, _ := curl(t, "--include", "--no-buffer", "-H", "Connection: keep-alive, Upgrade", "-H", "Upgrade: WebSocket",
		"-H", "Sec-WebSocket-Version: 13", "-H", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", p.http()+"/echo")
	head, frames, _ := strings.Cut(stdout, "\r\n\r\n")
	for _, line := range []string{
		"HTTP/1.1 101 Switching Protocols\r\n",
		"\r\nUpgrade: websocket\r\n",
		"\r\nConnection: Upgrade\r\n",
		"\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n",
	} {
		if !strings.Contains(head+"\r\n", line) {
			t.Errorf("the response lacks %q:\n%s", line, head)
		}
	}
	if frames != "\x89\x00" {
		t.Errorf("after the 101 got % x, want 89 00: an empty Ping, and then the end, because the client is silent", frames)
	}
}
