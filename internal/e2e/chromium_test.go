package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"barewire/handshake"
	"barewire/wsframe"
)

// browsed is the result of browser.js.
type browsed struct {
	Digest     string // hex
	Extensions string
	Sent, Same int // the messages, and those that came back unchanged
	Clean      bool
	Closed     closeRecord
	Closes     []closeRecord
	TooBig     closeRecord
}

// TestChromium: a page of the server opens WebSockets to it, with and without compression,
// and everything that it sends comes back. Our own client controls the browser.
//
// req: 6455-4.2.2-b
func TestChromium(t *testing.T) {
	t.Parallel()
	devTools := openDevTools(t, chromium(t))
	t.Run("pages", func(t *testing.T) {
		devTools.t = t
		for _, test := range []struct {
			rule       string
			flags      []string
			extensions string
		}{
			{"compressed", nil, "permessage-deflate"},
			{"-compress=false", []string{"-compress=false"}, ""},
		} {
			t.Run(test.rule, func(t *testing.T) {
				devTools.t, devTools.session = t, ""
				checkBrowser(t, devTools, start(t, test.flags...), test.extensions)
			})
		}
	})
	t.Run("origins", func(t *testing.T) {
		devTools.t, devTools.session, devTools.events = t, "", nil
		checkBrowserOrigins(t, devTools)
	})
}

func checkBrowser(t *testing.T, d *devTools, p *program, extensions string) {
	d.openPage(p.http())
	var body string
	if d.evaluate("document.body.innerText", &body); body != "Hello World!" {
		t.Errorf("the page shows %q, want Hello World!", body)
	}
	script, err := os.ReadFile("testdata/browser.js")
	if err != nil {
		t.Fatal(err)
	}
	wanted, _ := json.Marshal(map[string]any{"url": p.ws(), "texts": echoTexts, "sizes": echoSizes, "limit": 1 << 20,
		"closes": append(sentCloses[:3:3], closeRecord{})})
	var got browsed
	d.evaluate(fmt.Sprintf("(async (wanted) => {%s})(%s)", script, wanted), &got)

	checkExtensions(t, got.Extensions, extensions)
	if got.Digest != helloDigest {
		t.Errorf("the digest handler answered %s, want %s", got.Digest, helloDigest)
	}
	if got.Same != got.Sent || got.Sent != len(echoTexts)+2*len(echoSizes) || !got.Clean {
		t.Errorf("of %d messages %d came back unchanged; closed cleanly: %v", got.Sent, got.Same, got.Clean)
	}
	if want := (closeRecord{1000, ""}); got.Closed != want {
		t.Errorf("after close(1000, done) the page got %+v, want %+v", got.Closed, want)
	}
	checkCloses(t, got.Closes, append(gotCloses[:3:3], closeRecord{1005, ""}))
	checkTooBig(t, got.TooBig)
}

// checkBrowserOrigins: a page of another site is refused, unless the server was told to
// accept it.
func checkBrowserOrigins(t *testing.T, d *devTools) {
	site := start(t)
	strict, lenient := start(t), start(t, "-origin", site.http())
	d.openPage(site.http())
	for _, test := range []struct {
		rule   string
		server *program
		want   string
	}{
		{"its own server", site, "open close 1000"},
		{"another one", strict, "error close 1006"},
		{"one that names the site with -origin", lenient, "open close 1000"},
	} {
		const visit = `new Promise((resolve) => {
			const ws = new WebSocket(%q);
			let seen = '';
			ws.onopen = () => { seen += 'open '; ws.close(1000); };
			ws.onerror = () => { seen += 'error '; };
			ws.onclose = ({ code }) => resolve(seen + 'close ' + code);
		})`
		var got string
		if d.evaluate(fmt.Sprintf(visit, test.server.ws()+"/echo"), &got); got != test.want {
			t.Errorf("a page that opened a WebSocket to %s got %q, want %q", test.rule, got, test.want)
		}
	}
	if log := d.logged(); !strings.Contains(log, "Unexpected response code: 403") {
		t.Errorf("the console does not mention a 403: %s", log)
	}
}

// TestDevTools: Chromium's DevTools is a WebSocket server. Our client receives large
// messages from it, compressed or not, and closes cleanly.
func TestDevTools(t *testing.T) {
	t.Parallel()
	url := chromium(t)
	p := start(t)
	// A picture that does not compress, as large as the screen.
	const paint = `(() => {
		const canvas = document.createElement('canvas');
		canvas.width = 700; canvas.height = 500;
		const context = canvas.getContext('2d');
		const image = context.createImageData(700, 500);
		for (let at = 0; at < image.data.length; at += 65536) crypto.getRandomValues(image.data.subarray(at, at + 65536));
		for (let at = 3; at < image.data.length; at += 4) image.data[at] = 255;
		context.putImageData(image, 0, 0);
		document.body.replaceChildren(canvas);
		return true;
	})()`
	for _, test := range []struct {
		rule       string
		extensions []handshake.Extension
	}{
		{"without extensions", nil},
		{"permessage-deflate offered", []handshake.Extension{handshake.OfferDeflate(handshake.Deflate{})}},
		{"windows of 512 bytes offered", []handshake.Extension{handshake.OfferDeflate(handshake.Deflate{ServerMaxWindowBits: 9, ClientMaxWindowBits: 9})}},
	} {
		t.Run(test.rule, func(t *testing.T) {
			d := openDevTools(t, url, test.extensions...)
			t.Logf("Chromium accepted %v", d.agreement.Extensions)
			d.openPage(p.http())
			var painted bool
			d.evaluate(paint, &painted)
			var screenshot struct{ Data string }
			d.call("Page.captureScreenshot", params{"format": "png"}, &screenshot)
			picture, err := base64.StdEncoding.DecodeString(screenshot.Data)
			if err != nil || !bytes.HasPrefix(picture, []byte("\x89PNG\r\n\x1a\n")) || !bytes.HasSuffix(picture, []byte("IEND\xaeB\x60\x82")) {
				t.Errorf("the screenshot is not a complete PNG: %v, %d bytes, %.20q", err, len(picture), picture)
			}
			if len(picture) < 500<<10 {
				t.Errorf("the screenshot has %d bytes, want more than 500 KiB", len(picture))
			}
			for _, size := range []int{0, 1, 125, 126, 65535, 65536, 2 << 20} {
				text := strings.Repeat("aé", size)[:size]
				text = strings.ToValidUTF8(text, "")
				var echo string
				quoted, _ := json.Marshal(text)
				if d.evaluate(string(quoted), &echo); echo != text {
					t.Errorf("%d bytes of text came back from the page as %d bytes", len(text), len(echo))
				}
			}
			t.Logf("the largest message had %d bytes", d.largest)
			if err := d.conn.Close(wsframe.NormalClosure, ""); err != nil {
				t.Errorf("Close: %v", err)
			}
			for {
				if _, err := d.conn.ReadMessage(); err != nil {
					t.Logf("it ended with %v", err)
					break
				}
			}
		})
	}
}
