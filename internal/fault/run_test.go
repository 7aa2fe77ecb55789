package fault

import (
	"context"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// runAgainst runs a fault over a pipe, against a function as the server.
func runAgainst(ctx context.Context, f *Fault, target Target, serve func(net.Conn)) Result {
	near, far := net.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		serve(far)
	}()
	result := f.Run(ctx, near, target)
	far.Close()
	<-done
	return result
}

func fault(t *testing.T, id string) *Fault {
	t.Helper()
	f, ok := ByID(id)
	if !ok {
		t.Fatalf("there is no fault %q", id)
	}
	return f
}

var everything = Target{Host: "a", PlainStatus: 200, WebSocket: true, Echo: true, Deflate: true}

// TestRunIsBounded: a fault takes at most Target.Wait and its pauses, whatever the
// server does, and its goroutine ends with it; synctest reports one that does not.
func TestRunIsBounded(t *testing.T) {
	servers := map[string]func(net.Conn){
		"says nothing":  func(conn net.Conn) { io.Copy(io.Discard, conn) },
		"does not read": func(conn net.Conn) { time.Sleep(time.Hour) },
		"sends zeros forever": func(conn net.Conn) {
			for zeros := make([]byte, 1<<16); ; {
				if _, err := conn.Write(zeros); err != nil {
					return
				}
			}
		},
		"sends a response one byte a second": func(conn net.Conn) {
			for _, b := range []byte("HTTP/1.1 200 OK\r\nX-Name: and so on") {
				time.Sleep(time.Second)
				conn.Write([]byte{b})
			}
		},
	}
	for name, serve := range servers {
		for _, id := range []string{"http-no-host", "frame-unmasked", "frame-pause-in-header", "resource-field"} {
			t.Run(name+"/"+id, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					result := runAgainst(t.Context(), fault(t, id), everything, serve)
					if most := DefaultWait + 50*time.Millisecond; result.Took > most {
						t.Errorf("it took %v, want at most %v", result.Took, most)
					}
					if result.Verdict == Pass || result.Verdict == Tolerated {
						t.Errorf("the verdict is %s for %q", result.Verdict, result.Got)
					}
				})
			})
		}
	}
}

// TestRunIsCutShort: when its context ends, a fault ends too, without a verdict on
// the server.
func TestRunIsCutShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		result := runAgainst(ctx, fault(t, "http-no-host"), everything, func(conn net.Conn) { io.Copy(io.Discard, conn) })
		if result.Verdict != NotRun || result.Took > 20*time.Millisecond {
			t.Errorf("%s (%s) after %v, want \"not run\" after 10ms", result.Verdict, result.Reason, result.Took)
		}
	})
}

// TestDiscover: three connections show what a server supports.
func TestDiscover(t *testing.T) {
	echo := func(conn net.Conn) { serveLenient(conn) }
	for _, test := range []struct {
		server string
		serve  func(net.Conn)
		want   Target
	}{
		{"echoes text only, compresses", echo, Target{Page: "/p", PlainStatus: 200, WebSocket: true, Deflate: true}},
		{"only a page", func(conn net.Conn) {
			readHead(conn)
			io.WriteString(conn, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
			conn.Close()
		}, Target{Page: "/p", PlainStatus: 404}},
		{"400 to every request", func(conn net.Conn) {
			readHead(conn)
			io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
			conn.Close()
		}, Target{Page: "/", PlainStatus: 400}},
		{"silence", serveSilent, Target{Page: "/", WebSocket: true, Deflate: true}},
	} {
		t.Run(test.server, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dial := func(context.Context) (net.Conn, error) {
					near, far := net.Pipe()
					go test.serve(far)
					return near, nil
				}
				got, err := Discover(t.Context(), dial, Target{Host: "a", Path: "/p"})
				test.want.Host, test.want.Path = "a", "/p"
				if err != nil || got != test.want {
					t.Errorf("got %+v, %v; want %+v", got, err, test.want)
				}
			})
		})
	}
}

// TestJudge: the right outcome passes, a weaker one is tolerated, and messages count
// only for a server that echoes.
func TestJudge(t *testing.T) {
	want := failed("it goes on", 1002)
	echo := Target{Echo: true}
	for _, test := range []struct {
		name   string
		got    Transcript
		target Target
		want   Verdict
	}{
		{"the code that fits", Transcript{{Kind: CloseFrame, Code: 1002}, {Kind: End}}, echo, Pass},
		{"another code", Transcript{{Kind: CloseFrame, Code: 1011}, {Kind: End}}, echo, Tolerated},
		{"no Close frame", Transcript{{Kind: End}}, echo, Tolerated},
		{"a Close, but TCP stays open", Transcript{{Kind: CloseFrame, Code: 1002}, {Kind: Quiet}}, echo, Fail},
		{"an echo before the Close", Transcript{{Kind: Message}, {Kind: CloseFrame, Code: 1002}, {Kind: End}}, echo, Fail},
		{"a greeting from a server that does not echo", Transcript{{Kind: Message}, {Kind: CloseFrame, Code: 1002}, {Kind: End}}, Target{}, Pass},
		{"silence", Transcript{{Kind: Quiet}}, echo, Fail},
	} {
		if got := want.Judge(test.got, test.target); got != test.want {
			t.Errorf("%s (%s): %s, want %s", test.name, test.got, got, test.want)
		}
	}
}
