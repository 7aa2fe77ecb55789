package server

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"barewire/httpwire"
	"barewire/internal/wsconn"
	"barewire/wsframe"
)

// pipeTo serves one end of a pipe and returns the other.
func pipeTo(s *Server) net.Conn {
	client, conn := net.Pipe()
	go s.ServeConn(conn)
	return client
}

// TestTimeouts: a client that is too slow, at each point of a request.
func TestTimeouts(t *testing.T) {
	hello := "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
	tests := []struct {
		name  string // what the client sends before it falls silent
		in    string
		after time.Duration // when the connection ends: exact, or up to an eighth later
		ends  string        // status of the last answer, "" for none
	}{
		{"nothing at all", "", 10 * time.Second, ""},                                                                        // req: 9112-9.5-a
		{"half a head", "GET / HTTP/1.1\r\nHo", 10 * time.Second, "408"},                                                    // req: 9112-8-a 9110-15.5.9-a 9110-5.3-b
		{"a request, then silence", hello, 2 * time.Minute, "200"},                                                          // req: 9112-9.5-a
		{"a request, then half a head", hello + "GET", 10 * time.Second, "408"},                                             //
		{"half a body", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhal", 2 * time.Minute, "408"},               // req: 9112-6.3-h
		{"half a chunk", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nha", 2 * time.Minute, "408"}, //
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := pipeTo(New(testConfig()))
				start := time.Now()
				go io.WriteString(client, test.in)
				got, err := io.ReadAll(client)
				if err != nil {
					t.Fatal(err)
				}
				if took := time.Since(start); took < test.after || took > test.after*9/8 {
					t.Errorf("the connection ended after %v, want %v or little more", took, test.after)
				}
				answers := readAnswers(t, string(got))
				switch {
				case test.ends == "" && len(answers) > 0:
					t.Errorf("got %q, want silence", got)
				case test.ends != "" && (len(answers) == 0 || !strings.HasPrefix(answers[len(answers)-1].Head, "HTTP/1.1 "+test.ends)):
					t.Errorf("got %q, want a %s at the end", got, test.ends)
				}
			})
		})
	}
}

// TestSlowHead: a client that sends one byte per second does not get more time for a head.
func TestSlowHead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := pipeTo(New(testConfig()))
		start := time.Now()
		var sending sync.WaitGroup
		defer sending.Wait()
		sending.Go(func() {
			for _, b := range []byte("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: yes\r\n\r\n") {
				if _, err := client.Write([]byte{b}); err != nil {
					return
				}
				time.Sleep(time.Second)
			}
		})
		io.ReadAll(client)
		if took := time.Since(start); took > 12*time.Second {
			t.Errorf("a client that sends a byte per second was served for %v, want 10 s", took)
		}
	})
}

// TestTimeThatSendingTakesIsNotTheClients: a request that was sent in time is answered,
// even if the client reads our earlier answer so slowly that the time for the request has
// passed.
func TestTimeThatSendingTakesIsNotTheClients(t *testing.T) {
	const withBody = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n"
	for _, second := range [][2]string{ // the second request: its part that comes with the first one, and the rest
		{"", last},
		{last[:8], last[8:]},
		{withBody + "a", "b"},
	} {
		synctest.Test(t, func(t *testing.T) {
			config := testConfig()
			config.HeaderTimeout, config.IdleTimeout = time.Second, time.Second
			client := pipeTo(New(config))
			go func() {
				io.WriteString(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"+second[0])
				io.WriteString(client, second[1])
			}()
			time.Sleep(config.WriteTimeout / 2)
			got, _ := io.ReadAll(client)
			if answers := readAnswers(t, string(got)); len(answers) != 2 || answers[1].Status != 200 {
				t.Errorf("after %q the client got %q, want two answers", second[0], got)
			}
		})
	}
}

// TestEmptyLines: an empty line between two requests is not a request. It is dropped at
// once, however it is cut, and does not end the idle time since the last answer: it
// restarts no timeout and causes no 408.
//
// req: 9112-2.2-d
func TestEmptyLines(t *testing.T) {
	hello := "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
	for _, test := range []struct {
		name     string
		pieces   []string // one every 20 s, the first one at once
		statuses string
		after    time.Duration // when the connection ends
	}{
		{"one, then silence", []string{hello, "\r\n"}, "200", 2 * time.Minute},
		{"one with the request before it", []string{hello + "\r\n"}, "200", 2 * time.Minute},
		{"in two pieces", []string{hello, "\r", "\n", "\r\n\r", "\n" + hello}, "200 200", 80*time.Second + 2*time.Minute},
		{"half of one, then silence", []string{hello, "\r"}, "200", 2 * time.Minute},
		{"one, then a request in pieces", []string{hello, "\r\n", "GET / HTTP/1.1\r\n"}, "200 408", 50 * time.Second},
		{"eight, then a request", []string{hello, "\r\n\r\n", "\r\n\r\n\r\n", "\r\n\r\n\r\n" + last}, "200 200", 60 * time.Second},
		{"nine", []string{"HEAD" + hello[3:], "\r\n\r\n\r\n\r\n", "\r\n\r\n\r\n\r\n", "\r\n" + last}, "200 400", 60 * time.Second},
		{"nine at once", []string{"HEAD" + hello[3:] + strings.Repeat("\r\n", 9) + last}, "200 400", 0},
		{"a CR that does not begin an empty line", []string{hello, "\r", "GET / HTTP/1.1\r\n\r\n"}, "200 400", 40 * time.Second},
		{"one before the first request", []string{"\r\n"}, "", 10 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := pipeTo(New(testConfig()))
				start := time.Now()
				var sending sync.WaitGroup
				defer sending.Wait()
				sending.Go(func() {
					for _, piece := range test.pieces {
						io.WriteString(client, piece)
						time.Sleep(20 * time.Second)
					}
				})
				got, _ := io.ReadAll(client)
				var statuses []string
				for _, a := range readAnswers(t, string(got), strings.Fields(test.pieces[0] + "x")[0]) {
					statuses = append(statuses, strconv.Itoa(a.Status))
				}
				if strings.HasPrefix(test.name, "nine") && !strings.Contains(string(got), "more than 8 empty lines") {
					t.Errorf("got %q, which does not name the fault", got)
				}
				if took := time.Since(start); strings.Join(statuses, " ") != test.statuses || took != test.after {
					t.Errorf("answered %v, ended after %v; want %s and %v", statuses, took, test.statuses, test.after)
				}
			})
		})
	}
}

// TestDebugger: with -debugger a connection survives a breakpoint at any point.
func TestDebugger(t *testing.T) {
	hello := frame(wsframe.Text, "Hello")
	for _, test := range []struct {
		name   string
		pieces []string // an hour apart
		want   []string
	}{
		{"a head, a body, and then the next request",
			[]string{"GET / HTTP/1.1\r\nHo", "st: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n", "bo", "dy", last},
			[]string{"HTTP/1.1 100 Continue\r\n", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\n"}},
		{"a frame, and then Close",
			[]string{upgradeRequest("/echo"), hello[:3], hello[3:], closeFrame},
			[]string{"HTTP/1.1 101 ", "\x81\x05Hello", "\x88\x02\x03\xe8"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				config := testConfig()
				config.Debugger = true
				client := pipeTo(New(config))
				go func() {
					for _, piece := range test.pieces {
						time.Sleep(time.Hour)
						io.WriteString(client, piece)
					}
				}()
				got, _ := io.ReadAll(client)
				rest := string(got)
				for _, want := range test.want {
					_, after, found := strings.Cut(rest, want)
					if !found {
						t.Fatalf("got %q, want it to contain %q here", got, want)
					}
					rest = after
				}
			})
		})
	}
}

// TestHalfClose: a client that closes its write side still gets its answers.
//
// req: 9112-9.6-f 9112-9.5-b
func TestHalfClose(t *testing.T) {
	_, dial := startTCP(t, testConfig())
	client := dial()
	io.WriteString(client, strings.Repeat("GET / HTTP/1.1\r\nHost: x\r\n\r\n", 3))
	client.CloseWrite()
	got, err := io.ReadAll(client)
	if answers := readAnswers(t, string(got)); err != nil || len(answers) != 3 {
		t.Errorf("got %q, %v; want three answers and EOF", got, err)
	}
}

// TestBodyCutShort: a request whose body ends early gets a 400.
//
// req: 9112-6.3-h
func TestBodyCutShort(t *testing.T) {
	_, dial := startTCP(t, testConfig())
	client := dial()
	io.WriteString(client, "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf")
	client.CloseWrite()
	got, _ := io.ReadAll(client)
	if answers := readAnswers(t, string(got)); len(answers) != 1 || answers[0].Status != 400 {
		t.Errorf("got %q, want a 400", got)
	}
}

// TestErrorArrives: a client that keeps sending gets its answer; it is not lost to a reset.
//
// req: 9112-9.6-e
func TestErrorArrives(t *testing.T) {
	_, dial := startTCP(t, testConfig())
	client := dial()
	go func() {
		io.WriteString(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n")
		io.WriteString(client, repeat('x', 4_000_000))
		client.CloseWrite()
	}()
	got, err := io.ReadAll(client)
	if answers := readAnswers(t, string(got)); err != nil || len(answers) != 1 || answers[0].Status != 413 {
		t.Errorf("got %q, %v; want a 413 and the end of the stream", got, err)
	}
}

// TestConnectionLimit: one connection more than MaxConns gets a 503.
//
// req: 9110-15.6.4-a
func TestConnectionLimit(t *testing.T) {
	config := testConfig()
	config.MaxConns = 1
	s, dial := startTCP(t, config)
	first := dial()
	io.WriteString(first, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	first.Read(make([]byte, 1)) // it is being served

	got, err := io.ReadAll(dial())
	answers := readAnswers(t, string(got))
	if err != nil || len(answers) != 1 || answers[0].Status != 503 || answers[0].field("Retry-After") != "1" {
		t.Errorf("the second connection got %q, %v; want a 503 with Retry-After", got, err)
	}
	if s.Counters.Refused.Load() != 1 || s.Counters.Open.Load() != 1 {
		t.Errorf("counted %d refused and %d open, want 1 and 1", s.Counters.Refused.Load(), s.Counters.Open.Load())
	}
}

// failingListener fails several times and then returns connections.
type failingListener struct {
	net.Listener
	failures int
	conns    chan net.Conn
}

func (l *failingListener) Accept() (net.Conn, error) {
	if l.failures > 0 {
		l.failures--
		return nil, errors.New("accept: too many open files")
	}
	conn, ok := <-l.conns
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (l *failingListener) Close() error { return nil }

// TestAcceptBackOff: when there are no free descriptors the server waits, longer each time,
// and then goes on.
func TestAcceptBackOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		listener := &failingListener{failures: 12, conns: make(chan net.Conn, 1)}
		client, conn := net.Pipe()
		listener.conns <- conn
		served := make(chan error)
		start := time.Now()
		go func() { served <- New(testConfig()).Serve(listener) }()
		io.WriteString(client, last)
		if got, err := io.ReadAll(client); err != nil || !strings.Contains(string(got), "Hello World!") {
			t.Errorf("got %q, %v", got, err)
		}
		// 5, 10, ... 640 ms, then four times a second: 5.275 s.
		if waited := time.Since(start); waited < 5*time.Second || waited > 6*time.Second {
			t.Errorf("twelve failures cost %v, want about 5.3 s", waited)
		}
		close(listener.conns)
		if err := <-served; !errors.Is(err, net.ErrClosed) {
			t.Errorf("Serve returned %v", err)
		}
	})
}

// TestShutdown: an idle connection is closed, a busy one finishes, a WebSocket
// gets 1001.
//
// req: 6455-7.4.1-c
func TestShutdown(t *testing.T) {
	s, dial := startTCP(t, testConfig())

	idle := dial()
	io.WriteString(idle, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	readUntil(t, idle, "Hello World!")

	busy := dial()
	io.WriteString(busy, "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
	readUntil(t, busy, "100 Continue\r\n\r\n")

	webSocket := dial()
	io.WriteString(webSocket, upgradeRequest("/echo"))
	readUntil(t, webSocket, "\r\n\r\n")
	io.WriteString(webSocket, frame(wsframe.Text, "hi"))
	readUntil(t, webSocket, "hi")

	shutdown := make(chan error)
	go func() { shutdown <- s.Shutdown(context.Background()) }()

	if got, err := io.ReadAll(idle); len(got) > 0 || err != nil {
		t.Errorf("the idle connection got %q, %v; want EOF", got, err)
	}
	goingAway := make([]byte, 2+2+len(shutdownReason))
	if _, err := io.ReadFull(webSocket, goingAway); err != nil || !bytes.HasPrefix(goingAway[2:], []byte{0x03, 0xe9}) {
		t.Errorf("the WebSocket got % x, %v; want a Close with 1001", goingAway, err)
	}
	io.WriteString(webSocket, frame(wsframe.Close, "\x03\xe9"))
	if got, err := io.ReadAll(webSocket); len(got) > 0 || err != nil {
		t.Errorf("after the closing handshake came %q, %v; want EOF", got, err)
	}
	webSocket.Close()
	idle.Close()

	select {
	case err := <-shutdown:
		t.Errorf("Shutdown returned %v before the busy connection had finished", err)
	default:
	}
	io.WriteString(busy, "body")
	got, _ := io.ReadAll(busy)
	contains(t, "the answer to the busy connection", string(got), "200 OK", "Connection: close", "Hello World!")
	busy.Close()
	if err := <-shutdown; err != nil {
		t.Errorf("Shutdown returned %v", err)
	}
	if open := s.Counters.Open.Load(); open != 0 {
		t.Errorf("%d connections are open after Shutdown", open)
	}
}

// TestShutdownIsBounded: a connection that does not end is closed when the time is over.
func TestShutdownIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(testConfig())
		client := pipeTo(s)
		io.WriteString(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhal") // the rest never comes
		synctest.Wait()                                                                      // until the server processes the request
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		if err := s.Shutdown(ctx); err != context.DeadlineExceeded || time.Since(start) != 3*time.Second {
			t.Errorf("Shutdown returned %v after %v, want a timeout after 3 s", err, time.Since(start))
		}
		if _, err := client.Read(make([]byte, 1)); err == nil {
			t.Error("the connection is still open")
		}
	})
}

// TestShutdownDoesNotWaitForHalfARequest: the client sends half of a head, before Shutdown
// or after it.
//
// req: 9110-15.5.9-a
func TestShutdownDoesNotWaitForHalfARequest(t *testing.T) {
	hello := "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
	for _, test := range []struct{ rule, before, after string }{
		{"half a request", "GET / HTTP/1.1\r\nHo", ""},
		{"half a request after another one", hello + "GET / HTTP/1.1\r\nHo", ""},
		{"half a request that comes during the drain", "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n", "x" + "GET / HTTP/1.1\r\nHo"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := New(testConfig())
				client := pipeTo(s)
				got := make(chan string)
				go func() {
					all, _ := io.ReadAll(client)
					got <- string(all)
				}()
				io.WriteString(client, test.before)
				synctest.Wait()
				start := time.Now()
				shutdown := make(chan error)
				go func() { shutdown <- s.Shutdown(t.Context()) }()
				synctest.Wait()
				io.WriteString(client, test.after)
				if err := <-shutdown; err != nil || time.Since(start) > 0 {
					t.Errorf("Shutdown returned %v after %v, want nil at once", err, time.Since(start))
				}
				answers := readAnswers(t, <-got)
				last := answers[len(answers)-1]
				if want := map[bool]int{false: 408, true: 200}[test.after != ""]; last.Status != want || last.field("Connection") != "close" {
					t.Errorf("the last answer was %d, Connection %q; want %d and close", last.Status, last.field("Connection"), want)
				}
			})
		})
	}
}

// TestIdleAfterShutdownLooked: a connection that was busy when Shutdown visited it ends
// itself when it becomes idle.
func TestIdleAfterShutdownLooked(t *testing.T) {
	s := New(testConfig())
	client, conn := net.Pipe()
	defer client.Close()
	c := s.newConnection(conn)
	s.draining.Store(true)
	if err := c.awaitRequest(new(httpwire.Request)); err != errLastResponse {
		t.Errorf("awaitRequest returned %v, want errLastResponse without waiting", err)
	}
}

// TestHandshakeAfterShutdownLooked: a connection whose TLS handshake begins after Shutdown
// visited it does not wait for its client.
func TestHandshakeAfterShutdownLooked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := testConfig()
		config.TLS = new(tls.Config)
		s := New(config)
		client, conn := net.Pipe()
		defer client.Close()
		c := s.newConnection(conn)
		s.admit(c)
		start := time.Now()
		shutdown := make(chan error)
		go func() { shutdown <- s.Shutdown(t.Context()) }()
		synctest.Wait()
		go c.serve()
		if err := <-shutdown; err != nil || time.Since(start) > 0 {
			t.Errorf("Shutdown returned %v after %v", err, time.Since(start))
		}
	})
}

// TestIdleForgetsTheRequest: an idle connection does not hold the last head, which may have
// 16 KiB.
func TestIdleForgetsTheRequest(t *testing.T) {
	var request httpwire.Request
	head := "GET / HTTP/1.1\r\nHost: x\r\n" + strings.Repeat("A: b\r\n", 40) + "\r\n"
	limits := httpwire.DefaultLimits()
	if _, err := httpwire.ParseRequest(&request, []byte(head), &limits); err != nil {
		t.Fatal(err)
	}
	forget(&request)
	if request.Head != "" || cap(request.Fields) > 0 {
		t.Errorf("an idle connection holds a head of %d bytes and memory for %d fields",
			len(request.Head), cap(request.Fields))
	}
}

// TestZeroMeansNoLimit: a timeout of zero means no timeout, even if another timeout was set
// before it.
func TestZeroMeansNoLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := testConfig()
		config.HeaderTimeout, config.IdleTimeout = time.Second, 0
		client := pipeTo(New(config))
		go func() {
			for _, piece := range []string{"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe", "llo", last} {
				io.WriteString(client, piece)
				time.Sleep(time.Hour)
			}
		}()
		got, _ := io.ReadAll(client)
		if answers := readAnswers(t, string(got)); len(answers) != 2 || answers[0].Status != 200 {
			t.Errorf("got %q, want two answers, hours apart", got)
		}
		time.Sleep(time.Hour)
	})
}

// TestLostPeerIsNoFault: a peer that reads nothing or disappears is neither an error in our
// log nor a failure of the handler.
func TestLostPeerIsNoFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := new(syncBuffer)
		config := testConfig()
		config.Logger = logTo(log)
		s := New(config)
		client := pipeTo(s)
		io.WriteString(client, upgradeRequest("/echo"))
		readUntil(t, client, "\r\n\r\n")
		io.WriteString(client, frame(wsframe.Binary, repeat('x', 100_000))) // the client does not read the echo
		time.Sleep(time.Minute)
		if s.Counters.Open.Load() != 0 || s.Counters.Failures.Load() != 0 {
			t.Errorf("%d connections are open and %d have failed, want none", s.Counters.Open.Load(), s.Counters.Failures.Load())
		}
		contains(t, "the log", log.String(), "websocket lost", "timeout")
		if strings.Contains(log.String(), "ERROR") {
			t.Errorf("the log has an error:\n%s", log)
		}
	})
}

// TestServeAfterShutdown: Serve after Shutdown returns ErrServerClosed at once.
func TestServeAfterShutdown(t *testing.T) {
	s := New(testConfig())
	s.Shutdown(t.Context())
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Serve(listener); err != ErrServerClosed {
		t.Errorf("Serve returned %v, want ErrServerClosed", err)
	}
}

// readUntil reads from conn until the received bytes end with end, and returns them.
func readUntil(t *testing.T, conn net.Conn, end string) string {
	t.Helper()
	conn.SetReadDeadline(time.Now().Add(time.Minute))
	defer conn.SetReadDeadline(time.Time{})
	var got []byte
	for !strings.HasSuffix(string(got), end) {
		one := make([]byte, 1)
		if _, err := conn.Read(one); err != nil {
			t.Fatalf("waiting for bytes that end with %q: got %q, then %v", end, got, err)
		}
		got = append(got, one...)
	}
	return string(got)
}

// syncBuffer is a log that may be read while it is written.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// TestPanics: a panic ends one connection, with 500 or 1011, and is logged with its stack.
//
// req: 9110-15.6.1-a 6455-7.4.1-e
func TestPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := new(syncBuffer)
		config := testConfig()
		config.Logger = logTo(log)
		config.App = testApp{func() wsconn.Handler { panic("no handler today") }}
		got := exchange(t, config, upgradeRequest("/"))
		contains(t, "the answer", got, "HTTP/1.1 500 ", "Connection: close")
		contains(t, "the log", log.String(), "no handler today", "TestPanics")

		config.App = testApp{func() wsconn.Handler { return panicking{} }}
		got = exchange(t, config, upgradeRequest("/"), frame(wsframe.Text, "x"))
		contains(t, "the answer", got, "HTTP/1.1 101 ", "\x03\xf3") // 1011
		synctest.Wait()
		contains(t, "the log", log.String(), "not this message", "OnMessage")
	})
}

type panicking struct{ wsconn.NopHandler }

func (panicking) OnMessage(*wsconn.Conn, wsconn.Message) error { panic("not this message") }

// TestRefusedClientSendsOn: a client that slowly sends a refused request can send all of it
// and then gets the answer, within CloseTimeout.
//
// req: 9112-9.6-e
func TestRefusedClientSendsOn(t *testing.T) {
	for _, test := range []struct {
		rule    string
		seconds int           // how long the client sends a byte per second
		ended   time.Duration // when the server has closed
	}{
		{"it ends in time", 30, 30 * time.Second},
		{"it never ends", 1000, time.Minute},
	} {
		t.Run(test.rule, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, conn := net.Pipe()
				var serving sync.WaitGroup
				start := time.Now()
				serving.Go(func() {
					New(testConfig()).ServeConn(halfCloser{conn})
					if took := time.Since(start); took != test.ended {
						t.Errorf("the server closed after %v, want %v", took, test.ended)
					}
				})
				serving.Go(func() {
					io.WriteString(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n")
					for range test.seconds {
						time.Sleep(time.Second)
						if _, err := client.Write([]byte("x")); err != nil {
							return
						}
					}
					client.Close()
				})
				readUntil(t, client, "HTTP/1.1 413 ")
				go io.Copy(io.Discard, client)
				serving.Wait()
			})
		})
	}
}

// halfCloser is one end of a pipe with a CloseWrite method, which the other end does not
// notice.
type halfCloser struct{ net.Conn }

func (halfCloser) CloseWrite() error { return nil }
