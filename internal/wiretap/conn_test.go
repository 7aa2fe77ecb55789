package wiretap

import (
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/nettest"

	"barewire/internal/annotate"
	"barewire/internal/bufconn"
	"barewire/wsframe"
)

// tcpPair returns both ends of a TCP connection.
func tcpPair(t testing.TB) (client, server net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if client, err = net.Dial("tcp", listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if server, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(); server.Close() })
	return client, server
}

// unixPair returns both ends of a Unix connection.
func unixPair(t testing.TB) (client, server net.Conn) {
	t.Helper()
	listener, err := nettest.NewLocalListener("unix")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if client, err = net.Dial("unix", listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if server, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(); server.Close() })
	return client, server
}

// TestFaithful runs Go's own tests of net.Conn over a tapped connection. (TLS is not among
// the cases: crypto/tls itself fails three of the eleven. Package wsstream runs all of
// them over a tap on TLS.)
func TestFaithful(t *testing.T) {
	for name, pair := range map[string]func() (net.Conn, net.Conn){
		"pipe": net.Pipe,
		"TCP":  func() (net.Conn, net.Conn) { return tcpPair(t) },
		"Unix": func() (net.Conn, net.Conn) { return unixPair(t) },
	} {
		t.Run(name, func(t *testing.T) {
			nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
				tap := New(nil)
				tap.Add("test", NewTranscriptWriter(io.Discard, tap.Start()))
				a, b := pair()
				c1, c2 = tap.Wrap(a, wsframe.Client), tap.Wrap(b, wsframe.Server)
				return c1, c2, func() { c1.Close(); c2.Close(); tap.Close() }, nil
			})
		})
	}
}

// recorder is a sink that keeps all events.
type recorder struct {
	mu     sync.Mutex
	events []Event
}

func (r *recorder) Record(events []Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, events...)
	return nil
}

// sent returns all bytes that passed in one direction of a connection.
func (r *recorder) sent(conn int, direction annotate.Direction) (data []byte) {
	for _, event := range r.events {
		if event.Conn == conn && event.Kind == Bytes && event.Direction == direction {
			data = append(data, event.Bytes...)
		}
	}
	return data
}

// TestEvents checks that both sides of a connection report its events once and in
// order: a question, a half-close, the answer, the end.
func TestEvents(t *testing.T) {
	rawClient, rawServer := tcpPair(t)
	tap, events := New(nil), new(recorder)
	tap.Add("test", events)
	client, server := tap.Wrap(rawClient, wsframe.Client), tap.Wrap(rawServer, wsframe.Server)

	io.WriteString(client, "question")
	if err := client.CloseWrite(); err != nil {
		t.Fatal("half-closing a TCP connection through the tap:", err)
	}
	if got, err := io.ReadAll(server); string(got) != "question" || err != nil {
		t.Fatalf("the server read %q, %v", got, err)
	}
	io.WriteString(server, "answer")
	server.Close()
	if got, err := io.ReadAll(client); string(got) != "answer" || err != nil {
		t.Fatalf("after its half-close the client read %q, %v", got, err)
	}
	client.Close()
	tap.Close()

	want := map[int][]Kind{
		1: {Opened, Bytes, Ended, Bytes, Ended, Closed},
		2: {Opened, Bytes, Ended, Bytes, Closed},
	}
	for conn, kinds := range want {
		var got []Kind
		for _, event := range events.events {
			if event.Conn == conn {
				got = append(got, event.Kind)
			}
		}
		if !slices.Equal(got, kinds) {
			t.Errorf("connection %d: the tap reports %v, want %v", conn, got, kinds)
		}
		if question := events.sent(conn, annotate.ClientToServer); string(question) != "question" {
			t.Errorf("connection %d: the client's bytes are %q", conn, question)
		}
		if answer := events.sent(conn, annotate.ServerToClient); string(answer) != "answer" {
			t.Errorf("connection %d: the server's bytes are %q", conn, answer)
		}
	}
}

// TestNoHalfClose checks that CloseWrite returns the right error for a pipe.
func TestNoHalfClose(t *testing.T) {
	a, b := net.Pipe()
	defer b.Close()
	conn := New(nil).Wrap(a, wsframe.Client)
	defer conn.Close()
	if err := conn.CloseWrite(); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("CloseWrite: %v, want errors.ErrUnsupported", err)
	}
}

// TestBrokenSink checks that a sink that fails is reported once and gets no more events,
// and that the connection and the other sinks continue.
func TestBrokenSink(t *testing.T) {
	reports := make(chan error, 10)
	tap, events := New(func(err error) { reports <- err }), new(recorder)
	full := errors.New("no space left on device")
	tap.Add("disk", failing{full})
	tap.Add("test", events)
	a, b := net.Pipe()
	conn := tap.Wrap(a, wsframe.Client)
	go io.Copy(io.Discard, b)
	for range 100 {
		if _, err := io.WriteString(conn, "x"); err != nil {
			t.Fatal("the tap broke the connection:", err)
		}
	}
	conn.Close()
	b.Close()
	if err := tap.Close(); err != nil {
		t.Error(err)
	}
	if err := <-reports; !errors.Is(err, full) || len(reports) > 0 {
		t.Errorf("reported: %v and %d more; want %v once", err, len(reports), full)
	}
	if data := events.sent(1, annotate.ClientToServer); len(data) != 100 {
		t.Errorf("the other sink has %d bytes, want 100", len(data))
	}
}

type failing struct{ err error }

func (f failing) Record([]Event) error { return f.err }

// TestStuckSink checks that a sink that blocks delays no connection, and is switched off
// when more than 32 MiB wait for it, or more than is left of the budget.
func TestStuckSink(t *testing.T) {
	for want, budget := range map[error]*bufconn.Budget{
		errBehind: bufconn.NewBudget(0), bufconn.ErrNoMemory: bufconn.NewBudget(20 << 20),
	} {
		testStuckSink(t, budget, want)
		if budget.Used() != 0 {
			t.Errorf("%d bytes are charged after the end", budget.Used())
		}
	}
}

func testStuckSink(t *testing.T, budget *bufconn.Budget, want error) {
	reports, release := make(chan error, 10), make(chan struct{})
	tap := New(func(err error) { reports <- err })
	tap.SetBudget(budget)
	tap.Add("terminal", sinkFunc(func(Event) { <-release }))
	a, b := net.Pipe()
	conn := tap.Wrap(a, wsframe.Client)
	go io.Copy(io.Discard, b)
	for range 34 {
		if _, err := conn.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal("the tap broke the connection:", err)
		}
	}
	if err := <-reports; !errors.Is(err, want) {
		t.Errorf("reported: %v, want %v", err, want)
	}
	close(release)
	conn.Close()
	b.Close()
	tap.Close()
}

// BenchmarkPiece measures what a tap with one sink adds to a write of a short message.
func BenchmarkPiece(b *testing.B) {
	for _, tapped := range []bool{false, true} {
		name := "off"
		if tapped {
			name = "on"
		}
		b.Run(name, func(b *testing.B) {
			local, remote := tcpPair(b)
			conn := local
			if tapped {
				tap := New(nil)
				tap.Add("test", sinkFunc(func(Event) {}))
				conn = tap.Wrap(local, wsframe.Client)
			}
			go io.Copy(io.Discard, remote)
			message := make([]byte, 11)
			conn.SetDeadline(time.Now().Add(time.Minute))
			for b.Loop() {
				if _, err := conn.Write(message); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestClock checks that events have the time of the given clock.
func TestClock(t *testing.T) {
	tap := NewWithClock(func() time.Time { return began }, nil)
	var events []Event
	tap.Add("events", sinkFunc(func(event Event) { events = append(events, event) }))
	near, far := net.Pipe()
	defer far.Close()
	tap.Wrap(near, wsframe.Server).Close()
	if err := tap.Close(); err != nil {
		t.Fatal(err)
	}
	if len(events) != 2 || !events[0].Time.Equal(began) || !events[1].Time.Equal(began) || !tap.Start().Equal(began) {
		t.Errorf("the tap starts at %v, with events %+v; want two events at %v", tap.Start(), events, began)
	}
}

// sinkFunc is a function as a Sink. It is called once for each event.
type sinkFunc func(event Event)

// Record calls f for each event.
func (f sinkFunc) Record(events []Event) error {
	for _, event := range events {
		f(event)
	}
	return nil
}
