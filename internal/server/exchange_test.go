package server

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"barewire/httpwire"
	"barewire/wsframe"
)

// testConfig is the default configuration with the clock of RFC 9110's example.
func testConfig() Config {
	config := DefaultConfig()
	config.App = testApp{}
	config.Clock = func() time.Time { return time.Date(1994, time.November, 6, 8, 49, 37, 0, time.UTC) }
	config.Logger = slog.New(slog.DiscardHandler)
	return config
}

// exchange serves one connection whose client sends the pieces, and returns everything
// that the client received until the server closed. The last request must make the server
// close.
func exchange(t *testing.T, config Config, pieces ...string) string {
	t.Helper()
	client, conn := net.Pipe()
	go New(config).ServeConn(conn)
	go func() {
		for _, piece := range pieces {
			if _, err := client.Write([]byte(piece)); err != nil {
				return // the server has closed
			}
		}
	}()
	got, err := io.ReadAll(client)
	if err != nil {
		t.Fatalf("reading from the server: %v", err)
	}
	return string(got)
}

// exchangeCut runs exchange with the client's bytes cut in two at every offset, and byte by
// byte. All must return the same answer.
func exchangeCut(t *testing.T, config Config, in string) string {
	t.Helper()
	whole := exchange(t, config, in)
	for at := 1; at < len(in); at++ {
		if got := exchange(t, config, in[:at], in[at:]); got != whole {
			t.Fatalf("cut after byte %d, %q, the answer is\n%s\nbut uncut it is\n%s", at, in[:at], got, whole)
		}
	}
	if got := exchange(t, config, strings.Split(in, "")...); got != whole {
		t.Fatalf("byte by byte the answer is\n%s\nbut uncut it is\n%s", got, whole)
	}
	return whole
}

// answer is one response that a client read.
type answer struct {
	httpwire.Response
	content string
}

// field returns the value of a field, or "".
func (a *answer) field(name string) string {
	value, _ := a.Fields.Get(name)
	return value
}

// readAnswers parses the responses to requests with the given methods.
func readAnswers(t *testing.T, responses string, methods ...string) []answer {
	t.Helper()
	var answers []answer
	limits := httpwire.DefaultLimits()
	rest := []byte(responses)
	for len(rest) > 0 {
		method := "GET"
		if final := countFinal(answers); final < len(methods) {
			method = methods[final]
		}
		var a answer
		n, err := httpwire.ParseResponse(&a.Response, rest, method, &limits)
		if n == 0 || err != nil {
			t.Fatalf("%q is not a response: %v", rest, err)
		}
		rest = rest[n:]
		length := min(int(a.Body.Length), len(rest))
		a.content, rest = string(rest[:length]), rest[length:]
		answers = append(answers, a)
	}
	return answers
}

func countFinal(answers []answer) (n int) {
	for _, a := range answers {
		if a.Status >= 200 {
			n++
		}
	}
	return n
}

// upgradeRequest is the handshake of RFC 6455 §1.3, for path.
func upgradeRequest(path string) string {
	return "GET " + path + " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
}

// frame returns a masked frame, as a client sends it.
func frame(opcode wsframe.Opcode, payload string) string {
	header := wsframe.Header{Fin: true, Opcode: opcode, Masked: true, Key: wsframe.Key{1, 2, 3, 4}}
	return string(wsframe.AppendFrame(nil, &header, []byte(payload)))
}

// startTCP serves a listener on the loopback address until the test ends.
func startTCP(t *testing.T, config Config) (*Server, func() *net.TCPConn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := New(config)
	go s.Serve(listener)
	t.Cleanup(s.Close)
	return s, func() *net.TCPConn {
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		return conn.(*net.TCPConn)
	}
}

// lockedBuffer is a log that a server writes while a test reads it.
func logTo(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func contains(t *testing.T, what, got string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(got, want) {
			t.Errorf("%s is %q, want it to contain %q", what, got, want)
		}
	}
}

func repeat(b byte, n int) string { return string(bytes.Repeat([]byte{b}, n)) }
