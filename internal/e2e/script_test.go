package e2e

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// helloDigest is the reply of the digest handler, as in the article.
const helloDigest = "f7ff9e8b7bb2e09b70935a5d785e0cc5d9d0abf0" // SHA-1("Hello")

// The messages that every client sends to /echo.
var (
	echoTexts = []string{"", "Hello", "Grüße, κόσμε, 世界, 👩‍🚀", "a\x00b"}
	echoSizes = []int{0, 1, 125, 126, 127, 65535, 65536, 1 << 20} // around each length form of RFC 6455 §5.2
)

// observed runs a script of testdata and decodes its result, one line of JSON, for the
// caller to check. The arguments of the script are JSON too.
func observed[Observations any](t *testing.T, interpreter []string, script string, arguments any) (got Observations) {
	t.Helper()
	encoded, err := json.Marshal(arguments)
	if err != nil {
		t.Fatal(err)
	}
	command := append(interpreter[1:len(interpreter):len(interpreter)], filepath.Join("testdata", script), string(encoded))
	stdout, stderr, status := run(t, nil, interpreter[0], command...)
	if status != 0 {
		t.Fatalf("%s exited with %d; its output:\n%s%s", script, status, stdout, stderr)
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil {
		t.Fatalf("%s did not print a line of JSON: %v\n%s%s", script, err, stdout, stderr)
	}
	return got
}

// messages is the result of a script that sends each kind of message.
type messages struct {
	Extensions string      // Sec-WebSocket-Extensions of the 101, or ""
	Digest     blob        // the answer of the digest handler
	Texts      []string    // the echoes of echoTexts
	Blobs      []blobEcho  // the echoes of echoSizes
	Fragmented string      // the echo of "Hel", "lo", " Wörld" sent as three frames
	Pong       string      // hex of what the Pong carried; the Ping had 00 ff 70 69 6e 67
	Burst      burst       // many messages sent before the first echo was read
	Closed     closeRecord // the end of the connection after close(1000, "done")
}

type blob struct {
	Hex    string
	Binary bool
}

type blobEcho struct {
	Size          int
	Equal, Binary bool
}

type burst struct{ Sent, InOrder int }

type closeRecord struct {
	Code   int    `json:"code"`
	Reason string `json:"reason"`
}

const burstSize = 500

// checkMessages checks what every client must get.
func checkMessages(t *testing.T, got messages) {
	t.Helper()
	if want := (blob{helloDigest, true}); got.Digest != want {
		t.Errorf("the digest handler answered %+v, want a Binary message with SHA-1(Hello), %+v", got.Digest, want)
	}
	for i, want := range echoTexts {
		if i >= len(got.Texts) || got.Texts[i] != want {
			t.Errorf("text %q did not come back from /echo; got %q", want, got.Texts)
			break
		}
	}
	for i, size := range echoSizes {
		if want := (blobEcho{size, true, true}); i >= len(got.Blobs) || got.Blobs[i] != want {
			t.Errorf("%d bytes did not come back from /echo unchanged: %+v", size, got.Blobs)
			break
		}
	}
	if want := "Hello Wörld"; got.Fragmented != want {
		t.Errorf("three fragments came back as %q, want one message %q", got.Fragmented, want)
	}
	if want := "00ff70696e67"; got.Pong != want {
		t.Errorf("the Pong carried %q, want the Ping's bytes %q (RFC 6455 §5.5.3)", got.Pong, want)
	}
	if want := (burst{burstSize, burstSize}); got.Burst != want {
		t.Errorf("a burst of messages: %+v, want all %d echoed in order", got.Burst, burstSize)
	}
	if want := (closeRecord{1000, ""}); got.Closed != want {
		t.Errorf("after close(1000, done) the client got %+v, want the same code and no reason, %+v", got.Closed, want)
	}
}

// conversation returns the arguments for checkMessages.
func conversation(p *program, deflate bool) map[string]any {
	return map[string]any{"url": p.ws(), "texts": echoTexts, "sizes": echoSizes, "burst": burstSize, "deflate": deflate}
}

// npmFolder returns a folder with the npm package ws, and fetches it on first use. Node
// finds the folder through the environment.
var npmFolder = sync.OnceValues(func() (string, error) {
	folder, err := fetchWS()
	os.Setenv("NODE_PATH", filepath.Join(folder, "node_modules"))
	return folder, err
})

func fetchWS() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(cache, "barewire-e2e")
	if _, err := os.Stat(filepath.Join(folder, "node_modules", "ws", "package.json")); err == nil {
		return folder, nil
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	install := exec.CommandContext(ctx, "npm", "install", "--no-save", "--no-audit", "--no-fund", "--prefix", folder, "ws@8")
	if output, err := install.CombinedOutput(); err != nil {
		return "", &installError{err, output}
	}
	return folder, nil
}

type installError struct {
	cause  error
	output []byte
}

func (e *installError) Error() string { return e.cause.Error() + "\n" + string(e.output) }

// nodeWithWS returns the command to run a script that requires ws.
func nodeWithWS(t *testing.T) []string {
	t.Helper()
	node := need(t, "node")
	need(t, "npm")
	if _, err := npmFolder(); err != nil {
		missing(t, "the npm package ws could not be installed: %v", err)
	}
	return []string{node}
}

// pythonWithWebSockets returns a Python that has the package websockets: the system's
// Python often has it when the first one in PATH does not.
func pythonWithWebSockets(t *testing.T) []string {
	t.Helper()
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if path, err := exec.LookPath(name); err == nil {
			if _, _, status := run(t, nil, path, "-c", "import websockets"); status == 0 {
				return []string{path}
			}
		}
	}
	missing(t, "no python3 can import websockets (Debian: python3-websockets)")
	return nil
}
