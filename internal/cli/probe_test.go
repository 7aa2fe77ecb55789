package cli

import (
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"barewire/internal/app"
	"barewire/internal/fault"
	"barewire/internal/server"
)

// serverOn runs our server on a free port and returns its HOST:PORT.
func serverOn(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	config := server.DefaultConfig()
	config.App = new(app.App)
	config.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	s := server.New(config)
	go s.Serve(listener)
	t.Cleanup(s.Close)
	return listener.Addr().String()
}

// TestProbeUsage: wrong arguments cause one line on standard error and exit status 2.
func TestProbeUsage(t *testing.T) {
	for _, test := range []struct{ args, want string }{
		{"probe", "wants one URL"},
		{"probe ws://a ws://b", "wants one URL"},
		{"probe -list ws://a", "wants one URL"},
		{"probe ftp://a/", "scheme"},
		{"probe -only nonsense ws://a/", `"nonsense" is neither a fault nor a category`},
		{"probe -timeout 1ms ws://a/", "at least 10ms"},
	} {
		status, out, err := run("", strings.Fields(test.args)...)
		if status != exitUsage || out != "" || strings.Count(err, "\n") != 1 || !strings.Contains(err, test.want) {
			t.Errorf("barewire %s: status %d, out %q, err %q; want status 2 and one line with %q",
				test.args, status, out, err, test.want)
		}
	}
}

// TestProbeUnreachable: if there is no server, probe fails with one line.
func TestProbeUnreachable(t *testing.T) {
	status, out, err := run("", "probe", "ws://127.0.0.1:1/")
	if status != exitFailure || out != "" || !strings.Contains(err, "refused") {
		t.Errorf("status %d, out %q, err %q; want status 1 and the reason", status, out, err)
	}
}

// TestProbeUnusable: if nothing of a server can be probed, the exit status is 2, and one
// line contains the server's answer.
func TestProbeUnusable(t *testing.T) {
	secure := startServer(t, func(config *server.Config) {
		certificate, err := selfSignedCertificate("localhost", time.Now())
		if err != nil {
			t.Fatal(err)
		}
		config.TLS = server.TLSConfig(certificate)
	})
	for _, test := range []struct{ name, timeout, url, want string }{
		{"TLS", "1m", "ws://" + secure + "/", "wants TLS; use a URL with wss:// or https://: the server answered 400"},
		{"no answer", "100ms", "ws://" + saying(t, "") + "/", "did not answer the opening handshake in time"},
		{"another protocol", "1m", "ws://" + saying(t, "SSH-2.0-\x1b[2J\r\n") + "/", "this is not HTTP"},
		{"400 to all", "1m", "http://" + saying(t, "HTTP/1.1 400 No\r\nContent-Length: 7\r\n\r\ngo away") + "/", `400 Bad Request, not 101 Switching Protocols (RFC 6455 §4.1): go away`},
	} {
		status, out, err := run("", "probe", "-timeout", test.timeout, test.url)
		if status != exitUsage || out != "" || strings.Count(err, "\n") != 1 || !strings.Contains(err, test.want) || harmless(err) != err {
			t.Errorf("%s: status %d, out %.200q, err %q; want 2 and one line with %q", test.name, status, out, err, test.want)
		}
	}
}

// saying runs a server that sends the same text on each connection, and returns its
// HOST:PORT. If the text is empty, the server sends nothing and waits.
func saying(t *testing.T, text string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			if text != "" {
				io.WriteString(conn, text)
				conn.(*net.TCPConn).CloseWrite()
			}
			go func() {
				io.Copy(io.Discard, conn)
				conn.Close()
			}()
		}
	}()
	return listener.Addr().String()
}

// TestProbeTable: each fault has a row with expected beside got, each category has a line,
// and the exit status is 0 because no MUST is broken.
func TestProbeTable(t *testing.T) {
	status, out, err := run("", "probe", "-timeout", "1m", "-only", "frame-unmasked,utf8", "http://"+serverOn(t)+"/echo")
	if status != exitOK || err != "" {
		t.Errorf("status %d, err %q; want 0 and nothing", status, err)
	}
	for _, want := range []string{
		"GET /echo gets 200; WebSocket at /echo, echo, permessage-deflate\n",
		"pass           frame-unmasked                  close 1002, end                      close 1002, end                      RFC 6455 §5.1        a text frame without a mask\n",
		"masking         1 pass    0 tolerated    0 fail (0 MUST)    0 not applicable    0 not run\n",
		"total          15 pass",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
}

// TestProbeNotApplicable: a fault that needs something the server does not have is
// reported as such, and does not pass.
func TestProbeNotApplicable(t *testing.T) {
	status, out, _ := run("", "probe", "-timeout", "1m", "-v", "-only", "ping,frame-binary", "ws://"+serverOn(t)+"/chat")
	if status != exitOK || !strings.Contains(out, "the path does not echo") || !strings.Contains(out, "1 not applicable") {
		t.Errorf("status %d; want 0, and that the path does not echo:\n%s", status, out)
	}
}

// TestProbeJSON: the keys are those that -help names.
func TestProbeJSON(t *testing.T) {
	status, out, _ := run("", "probe", "-timeout", "1m", "-json", "-only", "close-1005", "ws://"+serverOn(t)+"/echo")
	var report struct {
		URL     string
		Target  map[string]any
		Results []map[string]any
		Summary map[string]int
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil || status != exitOK {
		t.Fatalf("status %d, %v:\n%s", status, err, out)
	}
	for _, key := range []string{"page", "plainStatus", "webSocket", "echo", "deflate"} {
		if _, ok := report.Target[key]; !ok {
			t.Errorf("target has no %q: %v", key, report.Target)
		}
	}
	if len(report.Results) != 1 || report.Summary["pass"] != 1 {
		t.Fatalf("got %d results, summary %v; want one that passes", len(report.Results), report.Summary)
	}
	for _, key := range []string{"id", "title", "category", "section", "level", "legal", "teaches",
		"verdict", "expected", "got", "reason", "milliseconds"} {
		if _, ok := report.Results[0][key]; !ok {
			t.Errorf("a result has no %q: %v", key, report.Results[0])
		}
	}
}

// TestProbeList: -list prints the catalogue without a server, as text and as JSON.
func TestProbeList(t *testing.T) {
	status, out, _ := run("", "probe", "-list")
	if status != exitOK || strings.Count(out, "\n    expected: ") != len(fault.All()) {
		t.Errorf("status %d, and %d entries; want 0 and %d", status, strings.Count(out, "\n    expected: "), len(fault.All()))
	}
	_, out, _ = run("", "probe", "-list", "-json", "-only", "frame-length-16-bit")
	var list []struct {
		ID    string
		Steps []struct{ Do, Hex, Note string }
	}
	if err := json.Unmarshal([]byte(out), &list); err != nil || len(list) != 1 || len(list[0].Steps) != 2 {
		t.Fatalf("%v, %d entries, want one with two steps:\n%s", err, len(list), out)
	}
	// 81: FIN, text; fe: masked, 16-bit length; 0005; the key; "Hello" masked.
	if got, want := list[0].Steps[1].Hex, "81fe000537fa213d7f9f4d5158"; got != want {
		t.Errorf("the frame is %s, want %s", got, want)
	}
}

// TestProbeSloppy: a server that answers everything with 200 breaks a MUST, and the exit
// status is 1.
func TestProbeSloppy(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			conn.Read(make([]byte, 4096))
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
			conn.Close()
		}
	}()
	status, out, _ := run("", "probe", "-timeout", "1m", "-v", "-only", "http-no-host,ping", "http://"+listener.Addr().String()+"/")
	for _, want := range []string{"fail MUST", "not met: it answers for a site that the client did not name", "the path does not upgrade to WebSocket"} {
		if status != exitFailure || !strings.Contains(out, want) {
			t.Errorf("status %d; want 1, and %q in\n%s", status, want, out)
		}
	}
}
