package cli

import (
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"barewire/internal/wsconn"
	"barewire/wsframe"
)

// screen prints what comes without tearing apart what is being typed. On a
// terminal there is a prompt; a message that comes takes its line, and the prompt
// moves to the next one. Anywhere else there are the messages and nothing more.
type screen struct {
	mu       sync.Mutex
	out      io.Writer
	shown    bool // out is a terminal
	terminal bool // a person types, too
	prompted bool
}

// eraseLine moves to the first column and erases what stands there.
const eraseLine = "\r\x1b[K"

func newScreen(std streams) *screen {
	shown := isTerminal(std.out)
	return &screen{out: std.out, shown: shown, terminal: shown && isTerminal(std.in)}
}

// isTerminal tells whether a person is at the other end.
func isTerminal(stream any) bool {
	if out, ok := stream.(*output); ok {
		stream = out.to
	}
	file, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	nothing, err := os.Stat(os.DevNull) // a character device, too
	return err != nil || !os.SameFile(info, nothing)
}

// prompt asks for the next line.
func (s *screen) prompt() {
	if !s.terminal {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprint(s.out, "> ")
	s.prompted = true
}

// message prints one message, on a line of its own.
func (s *screen) message(m wsconn.Message) error {
	text := string(m.Payload)
	if m.Opcode == wsframe.Binary {
		text = hex.EncodeToString(m.Payload)
	}
	if s.shown {
		text = harmless(text)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.terminal {
		_, err := fmt.Fprintln(s.out, text)
		return err
	}
	_, err := fmt.Fprintf(s.out, "%s< %s\n> ", eraseLine, text)
	return err
}

// end leaves the terminal with its cursor on a new line.
func (s *screen) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.prompted {
		fmt.Fprintln(s.out)
		s.prompted = false
	}
}

// besideScreen writes whole lines to another stream that a person sees in the
// same place: they take the prompt's line, as a message does.
type besideScreen struct {
	screen *screen
	other  io.Writer
}

// beside returns a writer to other that leaves the prompt in one piece.
func (s *screen) beside(other io.Writer) io.Writer {
	if !s.terminal || !isTerminal(other) {
		return other
	}
	return &besideScreen{s, other}
}

// Write writes text, which ends in a line feed.
func (b *besideScreen) Write(text []byte) (int, error) {
	b.screen.mu.Lock()
	defer b.screen.mu.Unlock()
	if !b.screen.prompted {
		return b.other.Write(text)
	}
	fmt.Fprint(b.screen.out, eraseLine)
	n, err := b.other.Write(text)
	fmt.Fprint(b.screen.out, "> ")
	return n, err
}

// printer is the client's handler: it prints what comes.
type printer struct {
	wsconn.NopHandler
	screen *screen
	came   chan struct{} // has an element when a message has come and is printed
}

// OnMessage prints the message. If that cannot be done, nothing more is to be received.
func (p *printer) OnMessage(_ *wsconn.Conn, message wsconn.Message) error {
	err := p.screen.message(message)
	select {
	case p.came <- struct{}{}:
	default: // nobody has looked since the last one
	}
	return err
}

// untilQuiet returns when no message has come for as long as silence, and none is being
// printed.
func (p *printer) untilQuiet(silence time.Duration) {
	for quiet := silence == 0; !quiet; {
		select {
		case <-p.came:
		case <-time.After(silence):
			quiet = p.screen.isFree()
		}
	}
}

// isFree reports whether nothing is being printed.
func (s *screen) isFree() bool {
	free := s.mu.TryLock()
	if free {
		s.mu.Unlock()
	}
	return free
}
