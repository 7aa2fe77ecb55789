package cli

import (
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"unicode"

	"barewire/internal/wsconn"
	"barewire/wsframe"
)

// screen prints what comes without tearing apart what is being typed. On a
// terminal there is a prompt; a message that comes takes its line, and the prompt
// moves to the next one. Anywhere else there are the messages and nothing more.
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
	fmt.Fprintf(s.out, "%s< %s\n> ", eraseLine, harmless(text))
}

// harmless returns text with its control characters spelled out, but for line
// feeds and tabs: a terminal obeys them, and they come from a stranger.
func harmless(text string) string {
	if !strings.ContainsFunc(text, isCommand) {
		return text
	}
	var spelled strings.Builder
	for _, r := range text {
		if isCommand(r) {
			fmt.Fprintf(&spelled, "\\x%02x", r)
		} else {
			spelled.WriteRune(r)
		}
	}
	return spelled.String()
}

// isCommand tells whether a terminal might take r for a command.
func isCommand(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }

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
