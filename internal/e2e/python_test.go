package e2e

import (
	"strings"
	"testing"
)

// TestPythonMessages: the Python package websockets gets every message back, with and
// without compression.
func TestPythonMessages(t *testing.T) {
	python := pythonWithWebSockets(t)
	for _, test := range offers {
		t.Run(test.rule, func(t *testing.T) {
			p := start(t, test.flags...)
			got := observed[messages](t, python, "messages.py", conversation(p, test.deflate))
			checkMessages(t, got)
			checkExtensions(t, got.Extensions, test.extensions)
		})
	}
}

// pythonClosings is the result of closing.py.
type pythonClosings struct {
	Closes        []closeRecord
	TooBig        closeRecord
	ForeignOrigin string
}

// TestPythonClosing: the Python package websockets and the server close cleanly, and the
// server gives a reason when it refuses to go on.
func TestPythonClosing(t *testing.T) {
	python := pythonWithWebSockets(t)
	p := start(t)
	got := observed[pythonClosings](t, python, "closing.py", map[string]any{"url": p.ws(), "closes": sentCloses})
	checkCloses(t, got.Closes, gotCloses)
	checkTooBig(t, got.TooBig)
	if !strings.Contains(got.ForeignOrigin, "403") {
		t.Errorf("a foreign Origin: websockets reports %q, want a refusal with 403", got.ForeignOrigin)
	}
}
