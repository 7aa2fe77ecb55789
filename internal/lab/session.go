package lab

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"sync"
	"time"

	"barewire/internal/annotate"
	"barewire/internal/wiretap"
	"barewire/internal/wsconn"
	"barewire/wsframe"
)

// session is the server's side of one page: its feed, and the connections that it
// asked for.
type session struct {
	lab  *Lab
	id   string // of the page: 128 random bits, which its requests carry
	host string // where the page was loaded from, and the Host of its requests
	out  *wsconn.Conn
	tap  *wiretap.Tap

	ctx    context.Context // done when the page has left, to end everything that it began
	cancel context.CancelFunc

	// Used only by the tap's goroutine.
	conversations map[int]*annotate.Conversation
	first         time.Time // the time of the first event

	mu      sync.Mutex
	entered bool
	client  *webSocket // the open WebSocket, or nil
	running int        // the connection of the running fault, or 0
	over    bool       // that connection has ended, but the verdict is not known yet
	verdict *report    // of that fault, if its connection has not ended yet
}

// webSocket is a WebSocket that a page has opened.
type webSocket struct {
	*wsconn.Conn
	state state
}

func newSession(l *Lab, host string) *session {
	s := &session{lab: l, id: rand.Text(), host: host, conversations: make(map[int]*annotate.Conversation)}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

// OnOpen puts a tap between the session's connections and the page.
func (s *session) OnOpen(out *wsconn.Conn) error {
	s.out = out
	s.tap = wiretap.New(func(error) {
		s.cancel() // a command may be in progress, which must not wait for the page
		out.Close(wsframe.TryAgainLater, "the page is too slow for its traffic")
	})
	s.tap.SetBudget(s.lab.memory)
	if s.entered = s.lab.enter(s); !s.entered {
		s.tap.Close()
		return out.Close(wsframe.TryAgainLater, "too many pages are open")
	}
	s.push(happening{What: "page", Text: s.id})
	s.tap.Add("page", s)
	return nil
}

// OnMessage does what the page asks for.
func (s *session) OnMessage(out *wsconn.Conn, message wsconn.Message) error {
	if !s.entered {
		return nil
	}
	out.ReleaseSlot() // a command may wait for the server's answer
	var c command
	if err := json.Unmarshal(message.Payload, &c); err != nil {
		s.push(problem("invalid command: " + err.Error()))
		return nil
	}
	if err := s.perform(&c); err != nil {
		s.push(problem(err.Error()))
	}
	return nil
}

// OnError does nothing: a page that leaves is not an error.
func (s *session) OnError(*wsconn.Conn, error) {}

// OnClose ends everything that the page has begun, at once.
func (s *session) OnClose(*wsconn.Conn, wsframe.CloseCode, string) {
	s.cancel()
	if !s.entered {
		return
	}
	s.lab.leave(s)
	s.tap.Close()
}

// happening is one thing that the page is told; doc.go lists them all.
type happening struct {
	What string         `json:"what"`
	Conn int            `json:"conn,omitempty"`
	Time float64        `json:"time,omitempty"` // milliseconds since the first event
	Text string         `json:"text,omitempty"` // for people to read
	Unit *annotate.Unit `json:"unit,omitempty"`

	State   *state  `json:"state,omitempty"`
	Verdict *report `json:"verdict,omitempty"`
}

// state describes the open WebSocket, if there is one.
type state struct {
	Open       bool   `json:"open"`
	Conn       int    `json:"conn,omitempty"`
	Path       string `json:"path,omitempty"`
	Compressed bool   `json:"compressed,omitempty"`
}

func problem(text string) happening { return happening{What: "problem", Text: text} }

// Record sends the page the events of the tap.
func (s *session) Record(events []wiretap.Event) error {
	var happenings []happening
	for i := range events {
		happenings = s.appendEvent(happenings, &events[i])
		if len(happenings) >= piece { // as JSON they take many times the memory of the events
			if err := s.send(happenings); err != nil {
				return err
			}
			happenings = happenings[:0]
		}
	}
	return s.send(happenings)
}

// appendEvent appends the happenings that an event completes.
func (s *session) appendEvent(happenings []happening, event *wiretap.Event) []happening {
	if s.first.IsZero() {
		s.first = event.Time
	}
	when := float64(event.Time.Sub(s.first).Microseconds()) / 1000
	if event.Kind == wiretap.Opened {
		s.conversations[event.Conn] = annotate.New(s.lab.options)
		return append(happenings, happening{What: "opened", Conn: event.Conn, Time: when})
	}
	units := event.AddTo(s.conversations[event.Conn])
	for i := range units {
		happenings = append(happenings, happening{What: "unit", Conn: event.Conn, Time: when, Unit: &units[i]})
	}
	switch event.Kind {
	case wiretap.Ended:
		side := "the client"
		if event.Direction == annotate.ServerToClient {
			side = "the server"
		}
		happenings = append(happenings, happening{What: "ended", Conn: event.Conn, Time: when, Text: side + " sends no more"})
	case wiretap.Closed, wiretap.Reset:
		delete(s.conversations, event.Conn)
		happenings = append(happenings, happening{What: "closed", Conn: event.Conn, Time: when, Text: event.Err})
		if verdict := s.endFault(event.Conn); verdict != nil {
			happenings = append(happenings, happening{What: "verdict", Conn: event.Conn, Time: when, Verdict: verdict})
		}
	}
	return happenings
}

// push sends the page one happening.
func (s *session) push(h happening) { s.send([]happening{h}) }

// piece is how many happenings go in one message, so that the page can draw between
// two messages.
const piece = 64

// send sends happenings in order.
func (s *session) send(happenings []happening) error {
	for len(happenings) > 0 {
		n := min(piece, len(happenings))
		text, err := json.Marshal(happenings[:n])
		if err != nil {
			return err
		}
		if err := s.out.Send(wsframe.Text, text); err != nil {
			return err
		}
		happenings = happenings[n:]
	}
	return nil
}
