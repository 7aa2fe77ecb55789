package e2e

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// proxy is a reverse proxy in front of barewire.
type proxy struct {
	program // what clients connect to: only addr is set
	foreign *foreign
}

// proxies are the proxies under test. timeout is how long each waits for a silent
// WebSocket.
var proxies = map[string]func(t *testing.T, p *program, timeout string) *proxy{"nginx": startNginx, "HAProxy": startHAProxy}

const nginxConfig = `
daemon off; worker_processes 1; pid %[1]s/pid; error_log stderr notice; %[2]s
events { worker_connections 256; }
http {
	access_log off;
	client_body_temp_path %[1]s; proxy_temp_path %[1]s; fastcgi_temp_path %[1]s; uwsgi_temp_path %[1]s; scgi_temp_path %[1]s;
	map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
	upstream barewire { server %[4]s; keepalive 8; }
	server {
		listen %[3]s;
		location / {
			proxy_pass http://barewire;
			proxy_http_version 1.1;
			proxy_set_header Host $http_host;
			proxy_set_header Upgrade $http_upgrade;
			proxy_set_header Connection $connection_upgrade;
			proxy_read_timeout %[5]s;
		}
	}
}
`

func startNginx(t *testing.T, p *program, timeout string) *proxy {
	t.Helper()
	name, folder, addr, account := need(t, "nginx"), t.TempDir(), freeAddr(t), ""
	if me, err := user.Current(); err == nil && me.Uid == "0" {
		account = "user root;" // otherwise its worker cannot read the folder
	}
	config := writeConfig(t, folder, fmt.Sprintf(nginxConfig, folder, account, addr, p.addr, timeout))
	f := launch(t, name, "-p", folder, "-c", config, "-e", "stderr")
	f.listens(t, addr)
	return &proxy{program{addr: addr}, f}
}

const haproxyConfig = `
global
	maxconn 256
defaults
	mode http
	timeout connect 5s
	timeout client 10s
	timeout server 10s
	timeout tunnel %[3]s
frontend front
	bind %[1]s
	default_backend barewire
backend barewire
	http-reuse always
	server one %[2]s
`

func startHAProxy(t *testing.T, p *program, timeout string) *proxy {
	t.Helper()
	name, addr := need(t, "haproxy"), freeAddr(t)
	f := launch(t, name, "-db", "-f", writeConfig(t, t.TempDir(), fmt.Sprintf(haproxyConfig, addr, p.addr, timeout)))
	f.listens(t, addr)
	return &proxy{program{addr: addr}, f}
}

func writeConfig(t *testing.T, folder, text string) (path string) {
	t.Helper()
	path = filepath.Join(folder, "config")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// throughProxies runs a test with each proxy.
func throughProxies(t *testing.T, timeout string, flags []string, test func(t *testing.T, p *program, front *proxy)) {
	t.Parallel()
	for name, startProxy := range proxies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, flags...)
			test(t, p, startProxy(t, p, timeout))
		})
	}
}

// TestProxyMessages: through a reverse proxy every message comes back, compressed or not,
// up to 1 MiB, and the proxy's host counts as the server's own origin.
func TestProxyMessages(t *testing.T) {
	throughProxies(t, "20s", nil, func(t *testing.T, _ *program, front *proxy) {
		node := nodeWithWS(t)
		for name, deflate := range map[string]bool{"permessage-deflate": true, "": false} {
			got := observed[messages](t, node, "ws_messages.js", conversation(&front.program, deflate))
			checkMessages(t, got)
			checkExtensions(t, got.Extensions, name)
		}
		got := observed[compressed](t, node, "ws_compressed.js", map[string]any{"url": front.ws(), "sizes": mixtureSizes})
		checkCompressed(t, got, "permessage-deflate")
		for origin, want := range map[string]string{front.http(): "", "http://evil.example": "Unexpected server response: 403"} {
			got := observed[visit](t, node, "ws_client.js", map[string]any{"url": front.ws(), "options": map[string]any{"origin": origin}})
			if got.Error != want {
				t.Errorf("a page of %s got %q, want %q", origin, got.Error, want)
			}
		}
	})
}

// TestProxyKeepsConnection: a proxy's requests share one connection, even after refusals,
// and each gets its own response.
func TestProxyKeepsConnection(t *testing.T) {
	throughProxies(t, "20s", nil, func(t *testing.T, p *program, front *proxy) {
		need(t, "curl")
		for range 5 {
			if response, body := curlResponse(t, "GET", front.http()+"/a"); response.StatusCode != 200 || body != "Hello World!" {
				t.Errorf("GET got %s %q", response.Status, body)
			}
			if response, body := curlResponse(t, "HEAD", "--head", front.http()); response.StatusCode != 200 || body != "" {
				t.Errorf("HEAD got %s %q", response.Status, body)
			}
			if response, body := curlResponse(t, "POST", "--data", strings.Repeat("x", 100_000), front.http()); response.StatusCode != 405 {
				t.Errorf("POST got %s %q, want 405", response.Status, body)
			}
		}
		p.signal(t, syscall.SIGTERM)
		p.status(t)
		// HAProxy opens its connection with the first request. A connection that only checks
		// whether the port is open does not come from this test.
		if log := p.stderr.String(); !strings.Contains(log, "served 15 requests and 0 WebSockets on 1 connections") {
			t.Errorf("15 requests came from the proxy over more than one connection:\n%s", log)
		}
	})
}

// TestProxyTimeout: a proxy closes a WebSocket that is silent for longer than its timeout,
// and Pings prevent that.
func TestProxyTimeout(t *testing.T) {
	long(t)
	for _, test := range []struct {
		rule, ping string
		want       visit
	}{
		{"-ping longer than the timeout", "30s", visit{Extensions: "permessage-deflate", Closed: closeRecord{1006, ""}}},
		{"-ping shorter than the timeout", "1s", visit{Extensions: "permessage-deflate", Alive: true, Echo: "same", Closed: closeRecord{1000, ""}}},
	} {
		t.Run(test.rule, func(t *testing.T) {
			throughProxies(t, "3s", []string{"-ping", test.ping}, func(t *testing.T, _ *program, front *proxy) {
				got := observed[visit](t, nodeWithWS(t), "ws_client.js", map[string]any{"url": front.ws(), "idle": 7000})
				if got != test.want {
					t.Errorf("a client that was silent for 7 s got %+v, want %+v", got, test.want)
				}
			})
		})
	}
}

// TestProxyDrain: when barewire ends, its 1001 reaches the client through the proxy.
//
// req: 6455-7.4.1-c
func TestProxyDrain(t *testing.T) {
	throughProxies(t, "20s", nil, func(t *testing.T, p *program, front *proxy) {
		c := upgraded(t, &front.program)
		p.signal(t, syscall.SIGTERM)
		c.expectClose(goingAway)
		c.send("\x88\x82" + noMask + goingAway)
		c.expectEnd("after both Close frames")
		if status := p.status(t); status != 0 {
			t.Errorf("barewire exited with %d, want 0; its log:\n%s", status, p.stderr.String())
		}
	})
}

// TestNginxReload: WebSockets keep working while nginx reloads its configuration, and new
// ones can be opened afterwards.
func TestNginxReload(t *testing.T) {
	t.Parallel()
	p := start(t)
	front := startNginx(t, p, "20s")
	echo := func(c *peer) {
		t.Helper()
		c.send("\x81\x85" + noMask + "Hello")
		c.expect("the echo", "\x81\x05Hello")
	}
	before := upgraded(t, &front.program)
	echo(before)
	if err := front.foreign.command.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	front.foreign.says(t, "gracefully shutting down")
	echo(before)
	after := upgraded(t, &front.program)
	echo(after)
	for _, c := range []*peer{before, after} {
		c.send("\x88\x80" + noMask)
		c.expect("the answer to an empty Close", "\x88\x00")
		c.expectEnd("after both Close frames")
	}
}
