package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/user"
	"testing"

	"golang.org/x/net/websocket"
)

// probeWait is how long a fault waits for a server that never answers.
const probeWait = "1s"

// TestProbeNodeWS: the npm package ws, behind Node's HTTP server.
func TestProbeNodeWS(t *testing.T) {
	long(t)
	t.Parallel()
	addr := serverScript(t, nodeWithWS(t), "ws_server.js", map[string]any{"deflate": true})
	report, _ := probe(t, "ws://"+addr+"/echo", "-timeout", probeWait)
	if target := report.Target; !target.WebSocket || !target.Echo || !target.Deflate {
		t.Errorf("discovered %+v, want a server that echoes and compresses", target)
	}
	checkShortcomings(t, "ws", report, knownOfWS)
}

// TestProbePythonWebSockets: the Python package websockets.
func TestProbePythonWebSockets(t *testing.T) {
	long(t)
	t.Parallel()
	addr := serverScript(t, pythonWithWebSockets(t), "server.py", map[string]any{"deflate": true})
	report, _ := probe(t, "ws://"+addr+"/echo", "-timeout", probeWait)
	if target := report.Target; !target.WebSocket || !target.Echo || !target.Deflate {
		t.Errorf("discovered %+v, want a server that echoes and compresses", target)
	}
	checkShortcomings(t, "websockets", report, knownOfWebSockets)
}

// TestProbeXNet: golang.org/x/net/websocket, behind net/http.
func TestProbeXNet(t *testing.T) {
	long(t)
	t.Parallel()
	routes := http.NewServeMux()
	routes.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "Hello World!") })
	routes.Handle("/echo", websocket.Server{Handler: func(conn *websocket.Conn) { io.Copy(conn, conn) }})
	server := httptest.NewServer(routes)
	defer server.Close()
	report, _ := probe(t, server.URL+"/echo", "-timeout", probeWait, "-limit", "2m")
	if !report.Target.WebSocket || report.Target.Deflate {
		t.Errorf("discovered %+v, want a WebSocket without compression", report.Target)
	}
	checkShortcomings(t, "x/net", report, knownOfXNet)
}

const nginxPageConfig = `
daemon off; worker_processes 1; pid %[1]s/pid; error_log stderr crit; %[2]s
events { worker_connections 256; }
http {
	access_log off;
	client_body_temp_path %[1]s; proxy_temp_path %[1]s; fastcgi_temp_path %[1]s; uwsgi_temp_path %[1]s; scgi_temp_path %[1]s;
	server { listen %[3]s; location / { return 200 "Hello World!"; } }
}
`

// TestProbeNginx: nginx, which serves a page and no WebSocket.
func TestProbeNginx(t *testing.T) {
	long(t)
	t.Parallel()
	name, folder, addr, account := need(t, "nginx"), t.TempDir(), freeAddr(t), ""
	if me, err := user.Current(); err == nil && me.Uid == "0" {
		account = "user root;"
	}
	config := writeConfig(t, folder, fmt.Sprintf(nginxPageConfig, folder, account, addr))
	launch(t, name, "-p", folder, "-c", config, "-e", "stderr").listens(t, addr)
	report, _ := probe(t, "http://"+addr+"/", "-timeout", probeWait)
	if report.Target.PlainStatus != 200 || report.Target.WebSocket {
		t.Errorf("discovered %+v, want a page and no WebSocket", report.Target)
	}
	checkShortcomings(t, "nginx", report, knownOfNginx)
}
