package e2e

import (
	"strings"
	"testing"
)

// TestPythonMessages: the Python package websockets gets every message back,
// whether it offers compression or not.
func TestPythonMessages(t *testing.T) {
	python := pythonWithWebSockets(t)
	p := start(t)
	for name, deflate := range map[string]bool{"with permessage-deflate offered": true, "without extensions": false} {
		t.Run(name, func(t *testing.T) {
			got := observed[messages](t, python, "messages.py", conversation(p, deflate))
			checkMessages(t, got)
			checkExtensions(t, got.Extensions)
		})
	}
}

// pythonClosings is what closing.py saw.
type pythonClosings struct {
	Closes        []closeRecord
	TooBig        closeRecord
	ForeignOrigin string
}

// TestPythonClosing: the Python package websockets and the server end a
// connection in good order, and the server says why when it does not go on.
func TestPythonClosing(t *testing.T) {
	python := pythonWithWebSockets(t)
	p := start(t)
	got := observed[pythonClosings](t, python, "closing.py", map[string]any{"url": p.ws(), "closes": sentCloses})
	checkCloses(t, got.Closes, gotCloses)
	checkTooBig(t, got.TooBig)
	if !strings.Contains(got.ForeignOrigin, "403") {
		t.Errorf("a foreign Origin: websockets says %q, want a refusal with 403", got.ForeignOrigin)
	}
}
