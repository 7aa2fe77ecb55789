package cli

import (
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"sync"

	"barewire/internal/wsconn"
	"barewire/wsframe"
)

// screen prints what comes without tearing apart what is being typed. On a
// terminal there is a prompt, and a message that comes takes its place and gets a new one
// below. Anywhere else there are the messages and nothing more.
type screen struct {
	mu       sync.Mutex
	out      io.Writer
	terminal bool
	prompted bool
}

// eraseLine moves to the first column and erases what stands there.
const eraseLine = "\r\x1b[K"

func newScreen(std streams) *screen {
	return &screen{out: std.out, terminal: isTerminal(std.in) && isTerminal(std.out)}
}

// isTerminal tells whether a person is at the other end.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && file.Name() != os.DevNull
}

// prompt asks for the next line.
func (s *screen) prompt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.terminal {
		fmt.Fprint(s.out, "> ")
		s.prompted = true
	}
}

// message prints one message, on a line of its own.
func (s *screen) message(m wsconn.Message) {
	text := string(m.Payload)
	if m.Opcode == wsframe.Binary {
		text = hex.EncodeToString(m.Payload)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.terminal {
		fmt.Fprintln(s.out, text)
		return
	}
	fmt.Fprintf(s.out, "%s< %s\n> ", eraseLine, text)
}

// end leaves the terminal with its cursor on a new line.
func (s *screen) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.prompted {
		fmt.Fprintln(s.out)
	}
}

// printer is the client's handler: it prints what comes.
type printer struct {
	wsconn.NopHandler
	screen *screen
}

// OnMessage prints the message.
func (p *printer) OnMessage(_ *wsconn.Conn, message wsconn.Message) error {
	p.screen.message(message)
	return nil
}
