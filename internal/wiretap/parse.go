package wiretap

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"barewire/internal/annotate"
	"barewire/wsframe"
)

// Transcript is the content of a transcript.
type Transcript struct {
	Start  time.Time // in whole microseconds
	Events []Event   // in the order in which they happened
}

// IsTranscript reports whether text begins like a transcript, of this version or of
// another one, which Parse does not accept.
func IsTranscript(text []byte) bool {
	name := strings.TrimRight(transcriptVersion, "0123456789")
	return strings.HasPrefix(string(text[:min(len(text), len(name))]), name)
}

// maxLine limits a line of a transcript, in bytes: without it, a file without line ends
// would be read into memory. The longest valid line has two addresses.
const maxLine = 64 << 10

// maxSeconds limits the time of an event since the start: a hundred years.
const maxSeconds = 100 * 366 * 24 * 3600

// Parse reads a transcript, and returns the events that its TranscriptWriter was given. An
// error names the line that is wrong; the events before it are returned with it. The
// whole transcript is held in memory.
func Parse(r io.Reader) (Transcript, error) {
	p := parser{conns: make(map[int]*parsed)}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		p.number++
		if err := p.line(lines.Text()); err != nil {
			return p.transcript, fmt.Errorf("line %d: %w", p.number, err)
		}
	}
	p.number++
	err := lines.Err()
	if err == nil {
		err = p.end()
	}
	if err != nil {
		err = fmt.Errorf("line %d: %w", p.number, err)
	}
	return p.transcript, err
}

// parser is the state of reading a transcript.
type parser struct {
	number     int // of the line
	header     int // lines of the header so far, of 2
	transcript Transcript
	conns      map[int]*parsed
	missing    int // bytes of the last event that are still to come
	last       time.Duration
}

// parsed is a connection of a transcript.
type parsed struct {
	ended  [2]bool // by annotate.Direction
	closed bool
}

// line reads one line, without its end.
func (p *parser) line(line string) error {
	switch {
	case p.header == 0:
		if line != transcriptVersion {
			return fmt.Errorf("want %q", transcriptVersion)
		}
		p.header = 1
		return nil
	case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "//"):
		return nil
	case p.header == 1:
		return p.startLine(line)
	case strings.HasPrefix(line, "  "):
		return p.row(line)
	case p.missing > 0:
		return p.end()
	}
	return p.event(line)
}

// end returns an error if something is missing at this point.
func (p *parser) end() error {
	switch {
	case p.header < 2:
		return errors.New("the header is missing: it is two lines, the version and the start")
	case p.missing > 0:
		return fmt.Errorf("the piece above has too few bytes: %d more are needed", p.missing)
	}
	return nil
}

func (p *parser) startLine(line string) error {
	text, found := strings.CutPrefix(line, "start ")
	start, err := time.Parse(startLayout, text)
	if !found || err != nil || start.Format(startLayout) != text {
		return errors.New("want start and a time, as in " + startLayout)
	}
	p.transcript.Start, p.header = start, 2
	return nil
}

// row adds the bytes of a row to the last event.
func (p *parser) row(line string) error {
	digits, _, _ := strings.Cut(line[2:], "  ")
	data, err := hex.DecodeString(strings.ReplaceAll(digits, " ", ""))
	switch {
	case err != nil || len(data) == 0 || len(digits) != 3*len(data)-1:
		return errors.New("want two spaces, bytes in hexadecimal separated by single spaces, then two spaces")
	case len(data) > rowBytes:
		return fmt.Errorf("a row may have at most %d bytes", rowBytes)
	case len(data) > p.missing:
		return fmt.Errorf("the piece above has too many bytes: remove %d", len(data)-p.missing)
	}
	last := &p.transcript.Events[len(p.transcript.Events)-1]
	last.Bytes = append(last.Bytes, data...)
	p.missing -= len(data)
	return nil
}

// event parses the line of an event: time, connection, what happened.
func (p *parser) event(line string) error {
	seconds, rest, _ := strings.Cut(line, " ")
	since, err := parseSeconds(seconds)
	if err != nil {
		return err
	}
	if since < p.last {
		return errors.New("time goes back")
	}
	p.last = since
	name, rest, _ := strings.Cut(rest, " ")
	conn, err := strconv.Atoi(strings.TrimPrefix(name, "#"))
	if err != nil || conn < 1 || name != "#"+strconv.Itoa(conn) {
		return fmt.Errorf("%q: want the number of a connection, as in #1", name)
	}
	event := Event{Conn: conn, Time: p.transcript.Start.Add(since)}
	kind, rest, _ := strings.Cut(rest, " ")
	if err := p.parseKind(&event, kind, rest); err != nil {
		return err
	}
	if err := p.inOrder(&event); err != nil {
		return err
	}
	p.transcript.Events = append(p.transcript.Events, event)
	return nil
}

// parseSeconds parses seconds with six decimals.
func parseSeconds(text string) (time.Duration, error) {
	whole, decimals, _ := strings.Cut(text, ".")
	seconds, err1 := strconv.ParseUint(whole, 10, 63)
	micros, err2 := strconv.ParseUint(decimals, 10, 63)
	if err1 != nil || err2 != nil || len(decimals) != 6 || seconds > maxSeconds {
		return 0, fmt.Errorf("%q: want seconds since the start with six decimals, as in 0.000310", text)
	}
	return time.Duration(seconds)*time.Second + time.Duration(micros)*time.Microsecond, nil
}

// parseKind parses what happened.
func (p *parser) parseKind(event *Event, kind, rest string) (err error) {
	switch kind {
	case "opened":
		event.Kind = Opened
		event.Peers, err = parsePeers(rest)
	case ">":
		event.Direction = annotate.ClientToServer
		err = p.piece(event, rest)
	case "<":
		event.Direction = annotate.ServerToClient
		err = p.piece(event, rest)
	case "closed", "reset":
		event.Kind = Closed
		if kind == "reset" {
			event.Kind = Reset
		}
		if event.Err, err = strconv.Unquote(rest); err != nil || rest[0] != '"' {
			err = fmt.Errorf("want %s and a text in quotes", kind)
		}
	default:
		err = fmt.Errorf("%.20q: want opened, >, <, closed or reset", kind)
	}
	return err
}

// piece parses what follows an arrow: a number of bytes, or ended.
func (p *parser) piece(event *Event, rest string) error {
	if rest == "ended" {
		event.Kind = Ended
		return nil
	}
	n, err := strconv.Atoi(rest)
	if err != nil || n < 1 {
		return fmt.Errorf("%.20q: want a number of bytes, or ended", rest)
	}
	event.Kind, p.missing = Bytes, n
	return nil
}

// parsePeers parses what follows opened.
func parsePeers(text string) (peers Peers, err error) {
	role, rest, _ := strings.Cut(text, " ")
	switch role {
	case wsframe.Client.String():
		peers.Role = wsframe.Client
	case wsframe.Server.String():
		peers.Role = wsframe.Server
	default:
		return peers, fmt.Errorf("%.20q: want server or client", role)
	}
	local, err1 := strconv.QuotedPrefix(rest)
	remote, found := strings.CutPrefix(rest[len(local):], " ")
	var err2, err3 error
	peers.Local, err2 = strconv.Unquote(local)
	peers.Remote, err3 = strconv.Unquote(remote)
	if err := errors.Join(err1, err2, err3); err != nil || !found || local[0] != '"' || remote[0] != '"' {
		return peers, errors.New("want two addresses in quotes")
	}
	return peers, nil
}

// inOrder returns an error if event cannot happen to its connection at this point.
func (p *parser) inOrder(event *Event) error {
	c := p.conns[event.Conn]
	switch {
	case event.Kind == Opened && c != nil:
		return fmt.Errorf("connection #%d is opened twice", event.Conn)
	case event.Kind == Opened:
		p.conns[event.Conn] = new(parsed)
		return nil
	case c == nil:
		return fmt.Errorf("connection #%d has not been opened", event.Conn)
	case c.closed:
		return fmt.Errorf("connection #%d is already closed", event.Conn)
	case event.Kind == Closed || event.Kind == Reset:
		c.closed = true
	case c.ended[event.Direction]:
		return errors.New("this direction has already ended")
	case event.Kind == Ended:
		c.ended[event.Direction] = true
	}
	return nil
}
