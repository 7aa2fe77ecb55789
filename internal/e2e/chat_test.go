package e2e

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// script starts a script of testdata that is used like dial.
func script(t *testing.T, interpreter []string, name string, arguments any) *terminal {
	t.Helper()
	encoded, err := json.Marshal(arguments)
	if err != nil {
		t.Fatal(err)
	}
	command := append(interpreter[1:len(interpreter):len(interpreter)], filepath.Join("testdata", name), string(encoded))
	return sitDown(t, interpreter[0], command...)
}

// TestChat: everyone in /chat gets every message, in the same order, whatever program the
// clients are and whatever extensions they agreed on.
func TestChat(t *testing.T) {
	t.Parallel()
	node, python := nodeWithWS(t), pythonWithWebSockets(t)
	p := start(t, "-takeover-conns", "2") // so that some members take windows over and some do not
	url := p.ws() + "/chat"
	members := []*terminal{
		script(t, node, "chat.js", map[string]any{"url": url}),
		script(t, node, "chat.js", map[string]any{"url": url, "options": map[string]any{"serverMaxWindowBits": 9}}),
		script(t, python, "chat.py", map[string]any{"url": url}),
		dialTo(t, url),
		dialTo(t, url, "-compress=false"),
	}
	for i, member := range members { // a member that gets its own line has joined
		member.say(fmt.Sprintf("member %d is there", i))
		for member.hear() != fmt.Sprintf("member %d is there", i) {
		}
	}

	const each = 25 // lines; all of them fit in the queue of a slow member
	for n := range each {
		for i, member := range members {
			member.say(fmt.Sprintf("member %d, line %d%s", i, n, strings.Repeat(" and so on", n*n)))
		}
	}
	var first []string
	for i, member := range members {
		heard := hearAll(t, member, len(members), each)
		if first == nil {
			first = heard
		}
		if !slices.Equal(heard, first) {
			t.Errorf("member %d got another order than member 0", i)
		}
	}
	for i, member := range members {
		if status, stderr := member.hangUp(); status != 0 {
			t.Errorf("member %d exited with %d and printed %q", i, status, stderr)
		}
	}
}

// hearAll expects this many lines from each speaker, complete and in order. It returns the
// beginnings of the lines.
func hearAll(t *testing.T, member *terminal, speakers, each int) (heard []string) {
	t.Helper()
	next := make([]int, speakers)
	for len(heard) < speakers*each {
		line := member.hear()
		if strings.HasSuffix(line, "is there") {
			continue
		}
		var speaker, n int
		fmt.Sscanf(line, "member %d, line %d", &speaker, &n)
		start := fmt.Sprintf("member %d, line %d", speaker, n)
		if n != next[speaker] || line != start+strings.Repeat(" and so on", n*n) {
			t.Fatalf("%s got %.60q (%d bytes), want line %d of member %d", member.name, line, len(line), next[speaker], speaker)
		}
		next[speaker]++
		heard = append(heard, start)
	}
	return heard
}

// TestChatIsForText: a binary message closes only its sender's connection, with 1003 and
// the reason.
//
// req: 6455-7.4.1-d
func TestChatIsForText(t *testing.T) {
	t.Parallel()
	p := start(t)
	stays := dialTo(t, p.ws()+"/chat")
	stays.say("first")
	stays.hear()
	sends := dialTo(t, p.ws()+"/chat", "-binary")
	sends.say("bytes")
	if status, stderr := sends.end(); status != 1 || !strings.Contains(stderr, "1003") || !strings.Contains(stderr, "text") {
		t.Errorf("the sender of a binary message exited with %d and %q, want 1 and 1003 with the reason", status, stderr)
	}
	stays.say("second")
	if got := stays.hear(); got != "second" {
		t.Errorf("the other member got %q, want only its own line", got)
	}
	if status, stderr := stays.hangUp(); status != 0 {
		t.Errorf("the other member exited with %d and printed %q", status, stderr)
	}
}
