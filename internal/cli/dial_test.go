package cli

import (
	"bufio"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"barewire/handshake"
	"barewire/internal/app"
	"barewire/internal/server"
	"barewire/wsframe"
)

// startServer runs the server of barewire, and returns its address.
func startServer(t *testing.T, change func(*server.Config)) (addr string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	config := server.DefaultConfig()
	config.Logger = slog.New(slog.DiscardHandler)
	config.App = new(app.App)
	if change != nil {
		change(&config)
	}
	s := server.New(config)
	go s.Serve(listener)
	t.Cleanup(s.Close)
	return listener.Addr().String()
}

// TestDial: dial sends lines and prints messages, and nothing else on standard output.
func TestDial(t *testing.T) {
	addr := startServer(t, nil)
	for _, test := range []struct {
		name, args, in, out string
	}{
		{"the article's digest", "ws://" + addr + "/", "hi\n", "f7ff9e8b7bb2e09b70935a5d785e0cc5d9d0abf0\n"},
		{"text comes back as text", "WS://" + addr + "/echo?x", "one\r\ntwö\n\nlast", "one\ntwö\n\nlast\n"},
		{"a CR without LF does not end a line", "ws://" + addr + "/echo", "one\r\ntwo\r", "one\ntwo\r\n"},
		{"binary comes back in hex", "-binary ws://" + addr + "/echo", "Hi\n", "4869\n"},
		{"no input", "ws://" + addr + "/echo", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			args := append([]string{"dial", "-linger", "0"}, strings.Fields(test.args)...)
			status, out, err := run(test.in, args...)
			if status != exitOK || out != test.out || err != "" {
				t.Errorf("status %d, out %q, err %q; want 0, %q and nothing", status, out, err, test.out)
			}
		})
	}
}

// TestDialTLS: dial refuses a certificate that no authority signed, unless -insecure is
// set. The ClientHello names the host.
//
// req: 6455-4.1-c 6455-4.1-d 9112-9.8-b
func TestDialTLS(t *testing.T) {
	names := make(chan string, 1)
	addr := startServer(t, func(config *server.Config) {
		certificate, err := selfSignedCertificate("localhost", time.Now())
		if err != nil {
			t.Fatal(err)
		}
		config.TLS = server.TLSConfig(certificate)
		config.TLS.GetConfigForClient = nameTo(names)
	})
	_, port, _ := net.SplitHostPort(addr)
	url := "wss://localhost:" + port + "/"

	status, _, err := run("", "dial", url)
	if status != exitFailure || !strings.Contains(err, "certificate") {
		t.Errorf("without -insecure: status %d, %q; want a failure that names the certificate", status, err)
	}
	<-names
	status, out, err := run("hi\n", "dial", "-insecure", url)
	if status != exitOK || out != "f7ff9e8b7bb2e09b70935a5d785e0cc5d9d0abf0\n" {
		t.Errorf("with -insecure: status %d, out %q, err %q", status, out, err)
	}
	if name := <-names; name != "localhost" {
		t.Errorf("the ClientHello names %q, want localhost", name)
	}
}

// answerTo serves one connection: it reads the request, sends answer, in which ACCEPT
// stands for the correct accept key, and what follows, and waits until the client closes.
func answerTo(t *testing.T, answer string, frames []byte) (url string, got <-chan string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	all := make(chan string, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		request := answerHandshake(conn, answer)
		conn.Write(frames)
		conn.(*net.TCPConn).CloseWrite()
		rest, _ := io.ReadAll(conn)
		all <- request + string(rest)
	}()
	return "ws://" + listener.Addr().String() + "/x", all
}

// answerHandshake reads a request from conn, answers it as described at answerTo, and
// returns the request.
func answerHandshake(conn net.Conn, answer string) (request string) {
	for !strings.HasSuffix(request, "\r\n\r\n") {
		b := make([]byte, 1)
		if _, err := conn.Read(b); err != nil {
			return request
		}
		request += string(b)
	}
	key := regexp.MustCompile(`Sec-WebSocket-Key: (\S+)`).FindStringSubmatch(request)
	io.WriteString(conn, strings.Replace(answer, "ACCEPT", handshake.AcceptKey(key[1]), 1))
	return request
}

const goodAnswer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ACCEPT\r\n\r\n"

// TestDialBadServers: each fault of a server ends the program with status 1 and one line
// that names the fault and the section of the RFC.
//
// req: 6455-9.1-e
func TestDialBadServers(t *testing.T) {
	tests := []struct {
		name   string
		answer string
		frames []byte
		wants  []string
	}{
		// The handshake.
		{"another status", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", nil, []string{"200 OK", "§4.1"}},
		{"no Upgrade", strings.Replace(goodAnswer, "Upgrade: websocket\r\n", "", 1), nil, []string{"Upgrade", "§4.1"}},
		{"another Upgrade", strings.Replace(goodAnswer, "websocket", "h2c", 1), nil, []string{"Upgrade", "§4.1"}},
		{"no Connection", strings.Replace(goodAnswer, "Connection: Upgrade\r\n", "", 1), nil, []string{"Connection", "§4.1"}},
		{"no accept key", strings.Replace(goodAnswer, "Sec-WebSocket-Accept: ACCEPT\r\n", "", 1), nil, []string{"Sec-WebSocket-Accept", "§4.1"}},
		{"a wrong accept key", strings.Replace(goodAnswer, "ACCEPT", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", 1), nil, []string{"Sec-WebSocket-Accept", "§4.1"}},
		{"two accept keys", strings.Replace(goodAnswer, "\r\n\r\n", "\r\nSec-WebSocket-Accept: x\r\n\r\n", 1), nil, []string{"Sec-WebSocket-Accept"}},
		{"a subprotocol that was not offered", strings.Replace(goodAnswer, "\r\n\r\n", "\r\nSec-WebSocket-Protocol: chat\r\n\r\n", 1), nil, []string{"subprotocol", "§4.1"}},
		{"an extension that was not offered", strings.Replace(goodAnswer, "\r\n\r\n", "\r\nSec-WebSocket-Extensions: bogus\r\n\r\n", 1), nil, []string{"extension", "§4.1"}},
		{"HTTP/1.0", strings.Replace(goodAnswer, "HTTP/1.1", "HTTP/1.0", 1), nil, []string{"HTTP/1.0"}},
		{"no HTTP at all", "220 mail.example ESMTP\r\n", nil, []string{"RFC 9112"}},
		{"an endless status line", "HTTP/1.1 200 " + strings.Repeat("a", 20_000), nil, []string{"status line", "RFC 9112 §4"}},
		{"commands to the terminal in a name", strings.Replace(goodAnswer, "websocket", "\x9b2J", 1), nil, []string{"Upgrade", `\x9b2J`}},
		{"the end", "", nil, []string{"closed the connection"}},

		// The frames.
		{"a masked frame", goodAnswer, []byte("\x81\x81\x01\x02\x03\x04y"), []string{"a server must not mask any frame", "§5.1"}},
		{"a reserved bit", goodAnswer, []byte("\xa1\x00"), []string{"RSV2", "§5.2"}},
		{"compression that was not agreed on", goodAnswer, []byte("\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00"), []string{"RSV1", "§5.2"}},
		{"a reserved opcode", goodAnswer, []byte("\x83\x00"), []string{"opcode", "§5.2"}},
		{"a length in a longer form", goodAnswer, []byte("\x82\x7e\x00\x01x"), []string{"shortest form", "§5.2"}},
		{"a continuation of nothing", goodAnswer, []byte("\x80\x00"), []string{"continue", "§5.4"}},
		{"a fragmented Ping", goodAnswer, []byte("\x09\x00"), []string{"must not be fragmented", "§5.5"}},
		{"text that is not UTF-8", goodAnswer, []byte("\x81\x01\xff"), []string{"valid UTF-8", "§8.1"}},
		{"a bad close code", goodAnswer, []byte("\x88\x02\x03\xed"), []string{"1005", "§7.4"}},
		{"no closing handshake", goodAnswer, nil, []string{"1006", "ended early"}},
		{"a Close that says why", goodAnswer, wsframe.AppendFrame(nil, &wsframe.Header{Fin: true, Opcode: wsframe.Close}, []byte("\x03\xf3sorry\x1b[2J\n")),
			[]string{"1011", `sorry\x1b[2J\n`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			url, _ := answerTo(t, test.answer, test.frames)
			stdin, typing := io.Pipe() // a user who types nothing
			defer typing.Close()
			var out, errors strings.Builder
			status := Run([]string{"dial", "-compress=false", url}, stdin, &out, &errors)
			if status != exitFailure || out.Len() > 0 || strings.Count(errors.String(), "\n") != 1 {
				t.Errorf("status %d, out %q, err %q; want 1, nothing, and one line", status, out.String(), errors.String())
			}
			if text := errors.String(); harmless(text) != text || goNames.MatchString(text) {
				t.Errorf("the error is %q; want no terminal commands and no names of Go packages", text)
			}
			for _, want := range test.wants {
				if !strings.Contains(errors.String(), want) {
					t.Errorf("the error is %q, which does not name %q", errors.String(), want)
				}
			}
		})
	}
}

// TestDialRequest: the flags appear in the request.
func TestDialRequest(t *testing.T) {
	url, got := answerTo(t, goodAnswer, []byte("\x88\x02\x03\xe8"))
	url = strings.Replace(url, "ws://", "ws://user:pass@", 1)
	status, _, err := run("", "dial", "-origin", "https://a.example", "-subprotocol", "v2, v1", "-header", "X-Token: 1", url)
	if status != exitOK {
		t.Errorf("status %d, %q", status, err)
	}
	request := <-got
	for _, want := range []string{
		"GET /x HTTP/1.1\r\nHost: 127.0.0.1:", "Origin: https://a.example\r\n", "Sec-WebSocket-Protocol: v2, v1\r\n",
		"X-Token: 1\r\n", "Authorization: Basic dXNlcjpwYXNz\r\n",
	} {
		if !strings.Contains(request, want) {
			t.Errorf("the request lacks %q:\n%s", want, request)
		}
	}
}

// nameTo sends the server name of each ClientHello to a channel.
func nameTo(names chan<- string) func(*tls.ClientHelloInfo) (*tls.Config, error) {
	return func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		names <- hello.ServerName
		return nil, nil
	}
}

// TestDialLingers: dial waits for a server that answers some time after it has read a
// message, and sends no answers once it has received a Close frame.
func TestDialLingers(t *testing.T) {
	answer := wsframe.AppendFrame(nil, &wsframe.Header{Fin: true, Opcode: wsframe.Text}, []byte("answer"))
	for _, test := range []struct {
		rule, flags string
		answers     []time.Duration // each since the previous answer, the first since the line
		printing    time.Duration   // how long it takes to print an answer
		closed      time.Duration   // when our Close frame arrives
		status      int
	}{
		{"no answer", "", nil, 0, 500 * time.Millisecond, exitOK},
		{"each answer restarts it", "", []time.Duration{400 * time.Millisecond, 400 * time.Millisecond}, 0, 1300 * time.Millisecond, exitOK},
		{"a slow screen does not use it up", "", []time.Duration{0, 0, 0}, 1200 * time.Millisecond, 2900 * time.Millisecond, exitOK},
		{"-linger 0", "-linger 0", nil, 0, 0, exitOK},
		{"-linger 10s", "-linger 10s", []time.Duration{9 * time.Second}, 0, 19 * time.Second, exitOK},
	} {
		t.Run(test.rule, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var errors strings.Builder
				screen, output := io.Pipe()
				std := streams{strings.NewReader("line\n"), output, &errors}
				options, done, _ := parseDial(append(strings.Fields(test.flags), "-deterministic", "ws://127.0.0.1/"), std)
				if done {
					t.Fatal(&errors)
				}
				printed := 0
				var printing sync.WaitGroup
				printing.Go(func() {
					for line := bufio.NewScanner(screen); line.Scan(); printed++ {
						time.Sleep(test.printing)
					}
				})
				client, server := net.Pipe()
				ended := make(chan int)
				go func() { ended <- options.converse(client, std, newScreen(std)) }()

				answerHandshake(server, goodAnswer)
				line := make([]byte, 2+4+len("line"))
				io.ReadFull(server, line)
				start := time.Now()
				go func() {
					for _, pause := range test.answers {
						time.Sleep(pause)
						server.Write(answer)
					}
				}()
				io.ReadFull(server, make([]byte, 2+4+2))
				if took := time.Since(start); took.Round(100*time.Millisecond) != test.closed {
					t.Errorf("Close came after %v, want %v", took, test.closed)
				}
				server.Write([]byte("\x88\x02\x03\xe8")) // the server does not close TCP
				start = time.Now()
				status := <-ended
				took := time.Since(start)
				output.Close()
				printing.Wait()
				if status != test.status || printed != len(test.answers) || errors.Len() > 0 {
					t.Errorf("status %d, %q, %d answers; want %d, nothing and %d", status, &errors, printed, test.status, len(test.answers))
				}
				if took > 500*time.Millisecond {
					t.Errorf("dial ended %v after the closing handshake", took)
				}
			})
		})
	}
}
