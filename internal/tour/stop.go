package tour

import (
	"fmt"
	"path"
	"strings"
)

// Leg is a part of the tour, with a conversation to take it on.
type Leg struct {
	Number       int
	Name         string // one word, for files and breakpoints: "request"
	Title        string // "one HTTP request"
	Conversation string // the file, in the folder conversations
	Stops        []Stop // in the order in which they are passed
}

// Stop is a place to stop at.
type Stop struct {
	Leg, Number int
	File        string // path from the root of the tree, with slashes
	Line        int    // the marked one, counted from 1
	Function    string // around it, as Delve names it: "barewire/wsframe.(*Checker).Check"
	Offset      int    // lines from that of its func to the marked one
	Condition   string // an expression that must be true to stop; "" for none
	Text        string // what is to be seen
	Values      []Value
}

// Value is a variable to look at.
type Value struct {
	Expression string // in Delve's syntax, which is Go's
	Want       string // what it is in the leg's conversation, as the mark has it
}

// String returns the stop as a mark names it, "3.1".
func (s *Stop) String() string { return fmt.Sprintf("%d.%d", s.Leg, s.Number) }

// ShortFunction returns the function without its package's path, as in
// "Checker.Check".
func (s *Stop) ShortFunction() string {
	_, name, _ := strings.Cut(path.Base(s.Function), ".")
	return strings.NewReplacer("(*", "", ")", "").Replace(name)
}

// Breakpoint returns the name of a stop in Delve, which allows letters and digits:
// "message1".
func (l *Leg) Breakpoint(s *Stop) string { return fmt.Sprintf("%s%d", l.Name, s.Number) }

// Script returns the name of the leg's script for Delve: "3-message.dlv".
func (l *Leg) Script() string { return fmt.Sprintf("%d-%s.dlv", l.Number, l.Name) }

// Replay returns the arguments with which barewire plays the leg's conversation.
func (l *Leg) Replay() []string {
	return []string{"replay", "internal/tour/conversations/" + l.Conversation}
}

// Legs returns the parts of the tour, without their stops.
func Legs() []Leg {
	return []Leg{
		{Number: 1, Name: "request", Title: "one HTTP request", Conversation: "hello.txt"},
		{Number: 2, Name: "handshake", Title: "one opening handshake", Conversation: "digest.txt"},
		{Number: 3, Name: "message", Title: "one message, from frame to digest and back", Conversation: "digest.txt"},
		{Number: 4, Name: "violation", Title: "one violation, from the checker to the Close frame", Conversation: "violation-unmasked.txt"},
	}
}
