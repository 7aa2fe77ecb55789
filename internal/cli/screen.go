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

// screen prints messages while a person types. On a terminal there is a prompt; a message
// replaces the prompt's line, and the prompt moves to the next line. If the output is not
// a terminal, screen prints only the messages.
type screen struct {
	mu       sync.Mutex
	out      io.Writer
	shown    bool // out is a terminal
	terminal bool // the input is a terminal too
	prompted bool
}

// eraseLine moves the cursor to the first column and erases the line.
const eraseLine = "\r\x1b[K"

func newScreen(std streams) *screen {
	shown := isTerminal(std.out)
	return &screen{out: std.out, shown: shown, terminal: shown && isTerminal(std.in)}
}

// isTerminal reports whether stream is a terminal.
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
	null, err := os.Stat(os.DevNull) // also a character device
	return err != nil || !os.SameFile(info, null)
}

// prompt prints the prompt for the next line.
func (s *screen) prompt() {
	if !s.terminal {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprint(s.out, "> ")
	s.prompted = true
}

// message prints one message on its own line.
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

// besideScreen writes whole lines to another stream that appears on the same terminal.
// They replace the prompt's line, as a message does.
type besideScreen struct {
	screen *screen
	other  io.Writer
}

// beside returns a writer to other that prints the prompt again after each write.
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

// printer is the client's handler: it prints the messages.
type printer struct {
	wsconn.NopHandler
	screen *screen
	came   chan struct{} // has an element after a message was printed
}

// OnMessage prints the message. If that fails, the error ends the connection.
func (p *printer) OnMessage(_ *wsconn.Conn, message wsconn.Message) error {
	err := p.screen.message(message)
	select {
	case p.came <- struct{}{}:
	default: // untilQuiet has not yet received the last element
	}
	return err
}

// untilQuiet returns when no message has arrived for the time of silence, and no message
// is being printed.
func (p *printer) untilQuiet(silence time.Duration) {
	for quiet := silence == 0; !quiet; {
		select {
		case <-p.came:
		case <-time.After(silence):
			quiet = p.screen.isFree()
		}
	}
}

// isFree reports whether no message is being printed.
func (s *screen) isFree() bool {
	free := s.mu.TryLock()
	if free {
		s.mu.Unlock()
	}
	return free
}
