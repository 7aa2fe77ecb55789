package e2e

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"barewire/handshake"
	"barewire/internal/bufconn"
	"barewire/internal/wsconn"
	"barewire/wsframe"
)

// browser is a Chromium that all tests share. Each test has its own connection to the
// browser's DevTools. TestMain ends the browser.
var browser struct {
	once sync.Once
	*foreign
	cancel context.CancelFunc
	url    string // the URL of its DevTools
}

// chromium starts a browser without a window, unless one is running, and returns the URL
// of its DevTools: a WebSocket server that was not written for our client.
func chromium(t *testing.T) (url string) {
	t.Helper()
	name := need(t, "chromium")
	browser.once.Do(func() {
		var ctx context.Context
		ctx, browser.cancel = context.WithDeadline(context.Background(), lastMoment(t))
		browser.foreign = begin(t, exec.CommandContext(ctx, name, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
			"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-breakpad",
			"--disable-dev-shm-usage", "--no-proxy-server", "--remote-debugging-port=0", "--user-data-dir="+filepath.Join(filepath.Dir(binary), "chromium"), "about:blank"))
		browser.url = browser.says(t, "DevTools listening on ")
	})
	if browser.url == "" {
		t.Fatal("Chromium could not be started; see an earlier test for the reason")
	}
	return browser.url
}

func endBrowser() {
	if browser.foreign != nil {
		browser.end()
		browser.cancel()
	}
}

// devTools is our own client connected to a browser. Requests and responses are JSON, and
// are matched by their ids.
type devTools struct {
	t          *testing.T
	conn       *wsconn.Conn
	agreement  handshake.Agreement
	requests   int
	session    string // the session of the page, once there is one
	largest    int    // the largest message so far, in bytes
	events     []devToolsMessage
	connection net.Conn
}

type devToolsMessage struct {
	ID        int             `json:"id,omitempty"`
	SessionID string          `json:"sessionId,omitempty"`
	Method    string          `json:"method,omitempty"`
	Params    any             `json:"params,omitempty"`
	Result    json.RawMessage `json:"result,omitempty"`
	Error     json.RawMessage `json:"error,omitempty"`
}

// openDevTools does the opening handshake with the browser. It sends no Origin, because
// the browser refuses clients that send one.
func openDevTools(t *testing.T, url string, extensions ...handshake.Extension) *devTools {
	t.Helper()
	where, err := handshake.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	key, err := handshake.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	connection, err := net.Dial("tcp", where.Address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	buf := bufconn.New(connection)
	buf.SetReadDeadline(time.Now().Add(patience))
	offer := handshake.Offer{URL: where, Key: key, Extensions: extensions}
	conn, agreement, err := wsconn.Open(buf, &offer, wsconn.Config{Role: wsframe.Client, MaxMessage: 16 << 20, CompressMin: 128})
	if err != nil {
		t.Fatalf("the opening handshake with Chromium: %v", err)
	}
	return &devTools{t: t, conn: conn, agreement: agreement, connection: connection}
}

// call sends a request, waits for its response and decodes its result.
func (d *devTools) call(method string, params, result any) {
	d.t.Helper()
	stuck := time.AfterFunc(2*patience, func() { d.connection.Close() })
	defer stuck.Stop()
	d.requests++
	request, err := json.Marshal(devToolsMessage{ID: d.requests, SessionID: d.session, Method: method, Params: params})
	if err != nil {
		d.t.Fatal(err)
	}
	if err := d.conn.Send(wsframe.Text, request); err != nil {
		d.t.Fatalf("%s could not be sent: %v", method, err)
	}
	for {
		message, err := d.conn.ReadMessage()
		if err != nil {
			d.t.Fatalf("%s got no response from Chromium: %v", method, err)
		}
		d.largest = max(d.largest, len(message.Payload))
		var response devToolsMessage
		if err := json.Unmarshal(bytes.Clone(message.Payload), &response); err != nil || message.Opcode != wsframe.Text {
			d.t.Fatalf("Chromium sent invalid JSON: %v, %.200q", err, message.Payload)
		}
		if response.ID != d.requests {
			d.events = append(d.events, response)
			continue
		}
		if response.Error != nil {
			d.t.Fatalf("%s: error from Chromium: %s", method, response.Error)
		}
		if result != nil {
			if err := json.Unmarshal(response.Result, result); err != nil {
				d.t.Fatalf("%s: %v in %s", method, err, response.Result)
			}
		}
		return
	}
}

type params = map[string]any

// openPage opens a page, which all later calls are sent to.
func (d *devTools) openPage(url string) {
	d.t.Helper()
	var target struct{ TargetID string }
	d.call("Target.createTarget", params{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	d.call("Target.attachToTarget", params{"targetId": target.TargetID, "flatten": true}, &attached)
	d.session = attached.SessionID
	d.call("Page.enable", params{}, nil)
	d.call("Log.enable", params{}, nil)
	d.navigate(url + "/")
}

// navigate loads a page.
func (d *devTools) navigate(url string) {
	d.t.Helper()
	var navigated struct{ ErrorText string }
	if d.call("Page.navigate", params{"url": url}, &navigated); navigated.ErrorText != "" {
		d.t.Fatalf("Chromium could not open %s: %s", url, navigated.ErrorText)
	}
	d.wait(fmt.Sprintf("document.readyState === 'complete' && location.href === %q", url))
}

// wait waits until a condition holds in the page.
func (d *devTools) wait(condition string) {
	d.t.Helper()
	const waiting = `new Promise((resolve) => {
		const began = performance.now();
		const ask = () => {
			let holds = false;
			try { holds = Boolean(%s); } catch {}
			if (holds || performance.now() - began > %d) resolve(holds);
			else setTimeout(ask, 5);
		};
		ask();
	})`
	var holds bool
	if d.evaluate(fmt.Sprintf(waiting, condition, patience.Milliseconds()), &holds); !holds {
		var shown string
		d.evaluate("document.body.innerText", &shown)
		d.t.Fatalf("the condition did not become true: %s\nthe page shows: %.2000s", condition, shown)
	}
}

// evaluate runs an expression in the page, waits for the result if it is a promise, and
// decodes its value.
func (d *devTools) evaluate(expression string, value any) {
	d.t.Helper()
	var evaluated struct {
		Result struct {
			Value json.RawMessage
		}
		ExceptionDetails json.RawMessage
	}
	d.call("Runtime.evaluate", params{"expression": expression, "awaitPromise": true, "returnByValue": true}, &evaluated)
	if evaluated.ExceptionDetails != nil {
		d.t.Fatalf("%.200s...: error from Chromium: %s", expression, evaluated.ExceptionDetails)
	}
	if err := json.Unmarshal(evaluated.Result.Value, value); err != nil {
		d.t.Fatalf("%.200s...: %v in %s", expression, err, evaluated.Result.Value)
	}
}

// logged returns the messages of the browser's console.
func (d *devTools) logged() (text string) {
	for _, event := range d.events {
		if event.Method == "Log.entryAdded" {
			text += fmt.Sprintln(event.Params)
		}
	}
	return text
}
