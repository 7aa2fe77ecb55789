package wiretap

import (
	"fmt"
	"io"
	"time"

	"barewire/internal/annotate"
)

// Printer is a Sink that explains to a person what passes, while it passes. It writes each
// unit in one Write, so that units of several connections do not mix, and with the number
// of its connection. Between the units are lines about the connections themselves:
//
//	→ #1  GET / HTTP/1.1                                          bytes 0 to 36
//	...
//
//	• #1 closed after 0.002 s: 37 bytes from the client, 129 from the server
//
// NewPrinter creates one.
type Printer struct {
	out     io.Writer
	style   annotate.Printer
	options annotate.Options
	conns   map[int]*printed
	text    []byte
}

// printed is a connection in a Printer.
type printed struct {
	conversation *annotate.Conversation
	opened       time.Time
	passed       [2]int64 // bytes, indexed by annotate.Direction
}

// NewPrinter returns a printer that writes to out. It sets the Label of style itself.
func NewPrinter(out io.Writer, style annotate.Printer, options annotate.Options) *Printer {
	return &Printer{out: out, style: style, options: options, conns: make(map[int]*printed)}
}

// Record prints the units that the events complete. It returns the error of out.
func (p *Printer) Record(events []Event) error {
	for i := range events {
		p.text = p.text[:0]
		p.print(&events[i])
		if len(p.text) == 0 {
			continue
		}
		if _, err := p.out.Write(p.text); err != nil {
			return err
		}
	}
	return nil
}

// print appends the text of one event.
func (p *Printer) print(event *Event) {
	c := p.conns[event.Conn]
	if c == nil {
		if event.Kind == Opened {
			p.open(event)
		}
		return // or the connection was opened before the printer was added
	}
	p.units(event.Conn, event.AddTo(c.conversation))
	switch event.Kind {
	case Bytes:
		c.passed[event.Direction] += int64(len(event.Bytes))
	case Ended:
		p.line("#%d %s ended its direction", event.Conn, sender(event.Direction))
	case Closed, Reset:
		p.close(event, c)
		delete(p.conns, event.Conn)
	}
}

func (p *Printer) open(event *Event) {
	p.conns[event.Conn] = &printed{conversation: annotate.New(p.options), opened: event.Time}
	p.line("#%d opened: client %s, server %s", event.Conn, event.Peers.Client(), event.Peers.Server())
}

// close appends how a connection ended, and how many bytes passed.
func (p *Printer) close(event *Event, c *printed) {
	how := "closed"
	if event.Kind == Reset {
		how = "reset by the peer"
	}
	reason := ""
	if event.Err != "" {
		reason = fmt.Sprintf(" (%q)", event.Err)
	}
	p.line("#%d %s%s after %.3f s: %d bytes from the client, %d from the server", event.Conn, how, reason,
		event.Time.Sub(c.opened).Seconds(), c.passed[annotate.ClientToServer], c.passed[annotate.ServerToClient])
}

// units appends units, labeled with the number of their connection.
func (p *Printer) units(conn int, units []annotate.Unit) {
	p.style.Label = fmt.Sprintf("#%d", conn)
	for i := range units {
		p.text = p.style.AppendUnit(p.text, &units[i])
	}
}

// line appends a line about a connection, and an empty line as after a unit.
func (p *Printer) line(format string, arguments ...any) {
	p.text = fmt.Appendf(p.text, "• "+format+"\n\n", arguments...)
}

// sender names the side that sends in a direction.
func sender(direction annotate.Direction) string {
	if direction == annotate.ClientToServer {
		return "the client"
	}
	return "the server"
}
