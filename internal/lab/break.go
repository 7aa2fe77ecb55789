package lab

import (
	"context"
	"errors"
	"fmt"
	"time"

	"barewire/internal/fault"
	"barewire/internal/wiretap"
)

// report is what came of a fault.
type report struct {
	Fault   string `json:"fault"`
	Title   string `json:"title"`
	Teaches string `json:"teaches"`
	Section string `json:"section"`
	Level   string `json:"level"`
	Legal   bool   `json:"legal,omitempty"` // no rule was broken: the server has to go along
	Verdict string `json:"verdict"`         // "pass", "tolerated", "fail", "not applicable" or "not run"
	Want    string `json:"want"`
	Got     string `json:"got"`
	Reason  string `json:"reason,omitempty"`
}

var errBusy = errors.New("a rule is being broken at this moment: wait for its verdict")

// breakRule runs a fault against the server, while the page goes on.
func (s *session) breakRule(id string) error {
	f, found := fault.ByID(id)
	if !found {
		return fmt.Errorf("there is no fault %q", id)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running != 0 {
		return errBusy
	}
	conn := s.lab.connect(s.id)
	if conn == nil {
		return errLeft
	}
	s.running, s.over, s.verdict = conn.Number(), false, nil
	go s.runFault(f, conn)
	return nil
}

func (s *session) runFault(f *fault.Fault, conn *wiretap.Conn) {
	ctx, cancel := context.WithTimeout(s.ctx, 2*patience)
	defer cancel()
	target := fault.Target{Host: s.host, Path: s.target("/echo"), Page: s.target("/"),
		PlainStatus: 200, WebSocket: true, Echo: true, Deflate: s.lab.compress}
	if s.lab.patience == 0 {
		ctx, target.Wait = s.ctx, 24*time.Hour
	}
	result := f.Run(ctx, conn, target)
	verdict := &report{f.ID, f.Title, f.Teaches, f.Section, string(f.Level), f.Legal,
		string(result.Verdict), result.Want, result.Got, result.Reason}
	s.mu.Lock()
	over := s.over
	s.verdict = verdict
	if over {
		s.running = 0
	}
	s.mu.Unlock()
	if over {
		s.push(happening{What: "verdict", Conn: conn.Number(), Verdict: verdict})
	}
}

// endFault notes that a connection has ended, and returns the verdict on the fault
// that ran on it, if there is one already: it stands behind all that passed.
func (s *session) endFault(conn int) *report {
	s.mu.Lock()
	defer s.mu.Unlock()
	if conn != s.running {
		return nil
	}
	if s.verdict == nil {
		s.over = true
		return nil
	}
	s.running = 0
	return s.verdict
}
