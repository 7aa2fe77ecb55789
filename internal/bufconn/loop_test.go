package bufconn

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// lineEcho is a program for Loop: it answers each line with the line, and stops
// after "bye". It keeps count of what happened to it.
type lineEcho struct {
	c     *Conn
	steps int
	lines []string
	quiet bool // it answers nothing
}

var errBye = errors.New("bye")

func (p *lineEcho) step() error {
	p.steps++
	for {
		buffered := p.c.Buffered()
		end := bytes.IndexByte(buffered, '\n') + 1
		if end == 0 {
			return p.c.Fill()
		}
		line := string(buffered[:end])
		p.c.Discard(end)
		p.lines = append(p.lines, line)
		if !p.quiet {
			write(p.c, line)
		}
		if line == "bye\n" {
			return errBye
		}
	}
}

// loopResult runs Loop, which must end soon: a lost wake-up is a failure of the
// test, not a hanging one.
func loopResult(t *testing.T, c *Conn, step func() error) error {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- c.Loop(step) }()
	select {
	case err := <-ended:
		return err
	case <-time.After(5 * time.Second):
		t.Error("the loop did not notice what came: it waits for ever")
		c.Close()
		return <-ended
	}
}

// TestLoopPieces: whatever pieces octets come in, step sees the same lines.
func TestLoopPieces(t *testing.T) {
	text := "one\ntwo\n" + strings.Repeat("long ", 3000) + "\nbye\n"
	for _, size := range []int{1, 2, 7, 4096, len(text)} {
		eachForm(t, func(t *testing.T, c *Conn, peer *net.TCPConn) {
			program := &lineEcho{c: c}
			go func() {
				for rest := text; rest != ""; {
					n := min(size, len(rest))
					io.WriteString(peer, rest[:n])
					rest = rest[n:]
				}
			}()
			if err := loopResult(t, c, program.step); err != errBye {
				t.Errorf("the loop returned %v, want what step returned", err)
			}
			if got := strings.Join(program.lines, ""); got != text {
				t.Errorf("in pieces of %d octets step saw %d octets, want %d", size, len(got), len(text))
			}
		})
	}
}

// TestLoopAnswersBeforeItWaits: replies leave before the wait, all in one write.
func TestLoopAnswersBeforeItWaits(t *testing.T) {
	eachForm(t, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		program := &lineEcho{c: c}
		go c.Loop(program.step)
		for range 100 {
			io.WriteString(peer, "ping\n")
			got := make([]byte, 5)
			if _, err := io.ReadFull(peer, got); err != nil || string(got) != "ping\n" {
				t.Fatalf("the peer got %q, %v", got, err)
			}
		}
	})
}

// TestLoopEnds: the end of a connection is noticed, also when it comes together
// with the last octets, whether they were answered or not. An edge-triggered
// wake-up covers both at once, so one who reads only the octets must not go to
// sleep after them.
func TestLoopEnds(t *testing.T) {
	ends := map[string]func(peer *net.TCPConn){
		"half-close": func(peer *net.TCPConn) { peer.CloseWrite() },
		"close":      func(peer *net.TCPConn) { peer.Close() },
		"reset":      func(peer *net.TCPConn) { peer.SetLinger(0); peer.Close() },
	}
	for name, end := range ends {
		for _, quiet := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				eachForm(t, func(t *testing.T, c *Conn, peer *net.TCPConn) {
					program := &lineEcho{c: c, quiet: quiet}
					io.WriteString(peer, "first\n")
					end(peer)
					err := loopResult(t, c, program.step)
					if err == nil || err == ErrWait || IsTimeout(err) {
						t.Errorf("the loop returned %v, want the end of the connection", err)
					}
					if name == "half-close" && (err != io.EOF || len(program.lines) != 1) {
						t.Errorf("got %q and %v, want the line and io.EOF", program.lines, err)
					}
				})
			})
		}
	}
}

// TestLoopEndsWhileItSleeps is TestLoopEnds for a loop that sleeps when the last
// octets and the end come.
func TestLoopEndsWhileItSleeps(t *testing.T) {
	for range 50 {
		eachForm(t, func(t *testing.T, c *Conn, peer *net.TCPConn) {
			program := &lineEcho{c: c}
			go func() {
				io.WriteString(peer, "first\n")
				io.ReadFull(peer, make([]byte, len("first\n")))
				io.WriteString(peer, "last\n")
				peer.SetLinger(0)
				peer.Close()
			}()
			if err := loopResult(t, c, program.step); err == nil || err == ErrWait {
				t.Errorf("the loop returned %v, want the end of the connection", err)
			}
		})
	}
}

// TestLoopTimeout: a time-out is told to the step that would wait on, once; the
// loop goes on if step does.
func TestLoopTimeout(t *testing.T) {
	eachForm(t, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		c.ReadFor(10 * time.Millisecond)
		timeouts := 0
		program := &lineEcho{c: c}
		step := func() error {
			err := program.step()
			if IsTimeout(err) {
				timeouts++
				c.ReadFor(0)
				io.WriteString(peer, "bye\n")
				return program.step()
			}
			return err
		}
		if err := loopResult(t, c, step); err != errBye || timeouts != 1 {
			t.Errorf("the loop returned %v after %d time-outs, want what came after one", err, timeouts)
		}
	})
}

// TestLoopClose: Close does not wait for a step that calls it, nor for one that
// works.
func TestLoopClose(t *testing.T) {
	eachForm(t, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		program := &lineEcho{c: c}
		step := func() error {
			err := program.step()
			if len(program.lines) > 0 {
				c.Close()
			}
			return err
		}
		io.WriteString(peer, "first\n")
		if err := loopResult(t, c, step); !errors.Is(err, net.ErrClosed) {
			t.Errorf("the loop returned %v, want net.ErrClosed", err)
		}
	})
}

// TestLoopRead: Read takes what comes to its own memory, piece by piece.
func TestLoopRead(t *testing.T) {
	want := bytes.Repeat([]byte("0123456789"), 50_000)
	eachForm(t, func(t *testing.T, c *Conn, peer *net.TCPConn) {
		got, have := make([]byte, len(want)), 0
		step := func() error {
			for have < len(got) {
				n, err := c.Read(got[have:])
				if err != nil {
					return err
				}
				have += n
			}
			return errBye
		}
		go peer.Write(want)
		if err := loopResult(t, c, step); err != errBye || !bytes.Equal(got, want) {
			t.Errorf("the loop returned %v with %d octets, want all %d", err, have, len(want))
		}
		go peer.CloseWrite()
		got = append(got, 0)
		if err := loopResult(t, c, step); err != io.EOF {
			t.Errorf("the loop returned %v at the end, want io.EOF", err)
		}
	})
}

// BenchmarkLoop compares the loop on a descriptor with its plain form.
func BenchmarkLoop(b *testing.B) {
	forms := map[string]func(conn *net.TCPConn) net.Conn{
		"descriptor": func(conn *net.TCPConn) net.Conn { return conn },
		"plain":      func(conn *net.TCPConn) net.Conn { return plainOnly{conn} },
	}
	for name, form := range forms {
		b.Run(name, func(b *testing.B) {
			c, peer := socketPair(b)
			c = New(form(c.NetConn().(*net.TCPConn)))
			step := func() error {
				if buffered := c.Buffered(); len(buffered) > 0 {
					out := c.BeginWrite(len(buffered))
					c.EndWrite(append(out, buffered...))
					c.Discard(len(buffered))
				}
				return c.Fill()
			}
			go c.Loop(step)
			message := make([]byte, 64)
			b.ReportAllocs()
			for b.Loop() {
				peer.Write(message)
				io.ReadFull(peer, message)
			}
		})
	}
}
