package cli

import (
	"bytes"

	"barewire/internal/annotate"
	"barewire/internal/wiretap"
)

// transcriptExplainer annotates the connections of a transcript, in the order of its
// events.
type transcriptExplainer struct {
	options       *explainOptions
	std           streams
	opened        []int // the numbers of the connections
	conversations map[int]*annotate.Conversation
	broken        int // units
}

// explainTranscript annotates a transcript. If it has several connections, each unit is
// printed with the number of its connection.
func (o *explainOptions) explainTranscript(text []byte, std streams) int {
	transcript, err := wiretap.Parse(bytes.NewReader(text))
	if err != nil {
		return failure(std, err)
	}
	if o.format == "transcript" {
		if _, err := std.out.Write(wiretap.AppendAnnotated(nil, &transcript, explained, "")); err != nil {
			return failure(std, err)
		}
		return exitOK
	}
	e := transcriptExplainer{options: o, std: std, conversations: make(map[int]*annotate.Conversation)}
	for i := range transcript.Events {
		if event := &transcript.Events[i]; event.Kind == wiretap.Opened {
			e.opened = append(e.opened, event.Conn)
		}
	}
	if err := e.explain(transcript.Events); err != nil {
		return failure(std, err)
	}
	return reportBroken(std, e.broken)
}

// explain prints the units that the events complete, and at the end those that the
// transcript leaves incomplete.
func (e *transcriptExplainer) explain(events []wiretap.Event) error {
	for i := range events {
		event := &events[i]
		if event.Kind == wiretap.Opened {
			e.conversations[event.Conn] = e.begin()
			continue
		}
		if err := e.event(*event); err != nil {
			return err
		}
	}
	for _, conn := range e.opened {
		if err := e.print(conn, e.conversations[conn].Finish()); err != nil {
			return err
		}
	}
	return nil
}

// event prints the units that one event completes. It splits a long event into pieces.
func (e *transcriptExplainer) event(event wiretap.Event) error {
	rest := event.Bytes
	for {
		event.Bytes = rest[:min(len(rest), pieceSize)]
		rest = rest[len(event.Bytes):]
		if err := e.print(event.Conn, event.AddTo(e.conversations[event.Conn])); err != nil {
			return err
		}
		if len(rest) == 0 {
			return nil
		}
	}
}

// begin returns a conversation for which the transcript has both directions.
func (e *transcriptExplainer) begin() *annotate.Conversation {
	options := explained
	options.Frames = e.options.as == "frames"
	if e.options.deflate {
		options.Deflate = plainDeflate()
	}
	return annotate.New(options)
}

// print prints and counts the units of a connection.
func (e *transcriptExplainer) print(conn int, units []annotate.Unit) error {
	if len(e.opened) == 1 {
		conn = 0
	}
	e.broken += countBroken(units)
	return e.options.print(e.std, conn, units)
}
