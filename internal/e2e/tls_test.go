package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// visit is the result of ws_client.js.
type visit struct {
	Error      string
	Extensions string
	Alive      bool   // still alive after the wait
	Echo       string // "same" if it came back unchanged
	Closed     closeRecord
}

// certificate creates files with a self-signed certificate for 127.0.0.1 and its key.
func certificate(t *testing.T) (cert, key string) {
	t.Helper()
	folder := t.TempDir()
	cert, key = filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	_, stderr, status := run(t, nil, need(t, "openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
		"-nodes", "-days", "2", "-subj", "/CN=barewire e2e", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert)
	if status != 0 {
		t.Fatalf("openssl exited with %d: %s", status, stderr)
	}
	return cert, key
}

// TestTLSCurl: curl gets its pages over https, on one connection, if it trusts the
// certificate. A client that speaks plain HTTP gets an error that says so.
func TestTLSCurl(t *testing.T) {
	t.Parallel()
	need(t, "curl")
	cert, key := certificate(t)
	p := start(t, "-tls-cert", cert, "-tls-key", key)
	url := "https://" + p.addr

	response, body := curlResponse(t, "GET", "--cacert", cert, url)
	if response.StatusCode != 200 || body != "Hello World!" {
		t.Errorf("with the certificate trusted got %s %q", response.Status, body)
	}
	stdout, _ := curl(t, "-k", "--head", url, "-o", os.DevNull, "--write-out", "%{http_code} %{num_connects}\n",
		"--next", "-s", "-k", url, "-o", os.DevNull, "--write-out", "%{http_code} %{num_connects}\n")
	if stdout != "200 1\n200 0\n" {
		t.Errorf("status and number of new connections of two requests: %q", stdout)
	}
	if _, stderr, status := run(t, nil, need(t, "curl"), "-q", "-sS", url); status != 60 {
		t.Errorf("with the certificate not trusted curl exited with %d (%s), want 60", status, stderr)
	}
	for _, version := range []string{"1.2", "1.3"} {
		if stdout, _ := curl(t, "-k", "--tlsv"+version, "--tls-max", version, url); stdout != "Hello World!" {
			t.Errorf("TLS %s: got %q", version, stdout)
		}
	}
	if _, stderr, status := run(t, nil, need(t, "curl"), "-q", "-sS", "-k", "--tls-max", "1.1", url); status != 35 {
		t.Errorf("TLS 1.1: curl exited with %d (%s), want 35: too old", status, stderr)
	}
	response, body = curlResponse(t, "GET", "http://"+p.addr)
	if response.StatusCode != 400 || !strings.Contains(body, "https") {
		t.Errorf("plain HTTP to the port of https got %s %q, want 400 and the word https", response.Status, body)
	}
}

// TestTLSCurlUpgrade: the opening handshake over https, followed by a Ping.
func TestTLSCurlUpgrade(t *testing.T) {
	t.Parallel()
	need(t, "curl")
	p := start(t, "-tls-self-signed", "-ping", "200ms")
	stdout, _ := curl(t, "-k", "--include", "--no-buffer", "--http1.1", "-H", "Connection: Upgrade", "-H", "Upgrade: websocket",
		"-H", "Origin: https://"+p.addr, "-H", "Sec-WebSocket-Version: 13", "-H", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "https://"+p.addr+"/echo")
	head, frames, _ := strings.Cut(stdout, "\r\n\r\n")
	if !strings.HasPrefix(head, "HTTP/1.1 101 ") || !strings.Contains(head, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") || frames != "\x89\x00" {
		t.Errorf("got %q followed by % x, want 101 and an empty Ping", head, frames)
	}
}

// TestTLSFingerprint: the banner prints the fingerprint of the certificate that openssl
// gets from the server.
func TestTLSFingerprint(t *testing.T) {
	t.Parallel()
	openssl := need(t, "openssl")
	p := start(t, "-tls-self-signed")
	session, stderr, status := run(t, strings.NewReader(""), openssl, "s_client", "-connect", p.addr, "-alpn", "h2,http/1.1")
	if status != 0 || !strings.Contains(session, "ALPN protocol: http/1.1") {
		t.Errorf("openssl s_client exited with %d (%s) and did not agree on http/1.1:\n%s", status, stderr, session)
	}
	seen, _, _ := run(t, strings.NewReader(session), openssl, "x509", "-noout", "-fingerprint", "-sha256")
	_, seen, _ = strings.Cut(strings.TrimSpace(seen), "=")
	printed := regexp.MustCompile(`SHA-256: (\S+)`).FindStringSubmatch(p.stdout.String())
	if printed == nil || printed[1] != seen {
		t.Errorf("the fingerprint is %s on the wire; the banner is\n%s", seen, p.stdout.String())
	}
}

// TestTLSNode: the npm package ws connects over wss, with the certificate or with
// verification turned off.
func TestTLSNode(t *testing.T) {
	t.Parallel()
	node := nodeWithWS(t)
	cert, key := certificate(t)
	files, selfSigned := start(t, "-tls-cert", cert, "-tls-key", key), start(t, "-tls-self-signed")
	anybody := map[string]any{"rejectUnauthorized": false, "perMessageDeflate": map[string]any{"threshold": 0}}
	good := visit{Extensions: "permessage-deflate", Alive: true, Echo: "same", Closed: closeRecord{1000, ""}}
	for _, test := range []struct {
		rule      string
		arguments map[string]any
		want      visit
	}{
		{"a trusted certificate", map[string]any{"url": "wss://" + files.addr, "ca": cert}, good},
		{"verification turned off", map[string]any{"url": "wss://" + selfSigned.addr, "options": anybody}, good},
		{"a large message", map[string]any{"url": "wss://" + selfSigned.addr, "options": anybody, "repeat": 1 << 16}, good},
		{"a page served by https may open wss", map[string]any{"url": "wss://" + files.addr, "ca": cert,
			"options": map[string]any{"origin": "https://" + files.addr}}, good},
		{"a page served by http may not", map[string]any{"url": "wss://" + files.addr, "ca": cert,
			"options": map[string]any{"origin": "http://" + files.addr}}, visit{Error: "Unexpected server response: 403"}},
	} {
		t.Run(test.rule, func(t *testing.T) {
			if got := observed[visit](t, node, "ws_client.js", test.arguments); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

// TestTLSDial: dial connects over wss to barewire and to ws. It refuses a certificate that
// it cannot verify, unless it is told otherwise.
//
// req: 6455-4.1-c
func TestTLSDial(t *testing.T) {
	t.Parallel()
	node := nodeWithWS(t)
	cert, key := certificate(t)
	p := start(t, "-tls-cert", cert, "-tls-key", key)
	foreign := serverScript(t, node, "ws_server.js", map[string]any{"deflate": map[string]any{"threshold": 0}, "cert": cert, "key": key})
	for name, addr := range map[string]string{"barewire": p.addr, "Node": foreign} {
		t.Run(name, func(t *testing.T) {
			url := "wss://" + addr + "/echo"
			checkDialEcho(t, url, "-insecure")
			status, stderr := dialTo(t, url).end()
			if status != 1 || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "certificate") {
				t.Errorf("with an untrusted certificate dial exited with %d and printed %q, want 1 and one line", status, stderr)
			}
			if runtime.GOOS != "darwin" { // on macOS Go asks the keychain instead
				trusting := sitDown(t, need(t, "env"), "SSL_CERT_FILE="+cert, binary, "dial", url)
				trusting.say("Hello")
				if echo := trusting.hear(); echo != "Hello" {
					t.Errorf("with the certificate trusted Hello came back as %q", echo)
				}
				if status, stderr := trusting.hangUp(); status != 0 {
					t.Errorf("with the certificate trusted dial exited with %d and printed %q", status, stderr)
				}
			}
			status, stderr = dialTo(t, "ws://"+addr+"/echo", "-timeout", "3s").end()
			if status != 1 || strings.Count(stderr, "\n") != 1 {
				t.Errorf("ws: to a port of wss: dial exited with %d and printed %q, want 1 and one line", status, stderr)
			}
		})
	}
	status, stderr := dialTo(t, "wss://"+start(t).addr+"/echo", "-insecure").end()
	if status != 1 || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "TLS") {
		t.Errorf("wss: to a port of ws: dial exited with %d and printed %q, want 1 and one line", status, stderr)
	}
}

// TestTLSDrain: after SIGTERM a WebSocket over TLS gets 1001, and TLS is closed properly.
func TestTLSDrain(t *testing.T) {
	t.Parallel()
	p := start(t, "-tls-self-signed")
	c := dialTo(t, "wss://"+p.addr+"/echo", "-insecure")
	c.say("Hello")
	if echo := c.hear(); echo != "Hello" {
		t.Errorf("Hello came back as %q", echo)
	}
	p.signal(t, syscall.SIGTERM)
	if status, stderr := c.end(); status != 0 || !strings.Contains(stderr, "1001") {
		t.Errorf("when the server drained, dial exited with %d and printed %q, want 0 and 1001", status, stderr)
	}
	if status := p.status(t); status != 0 {
		t.Errorf("barewire exited with %d: %s", status, p.stderr.String())
	}
}
