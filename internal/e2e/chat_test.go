package e2e

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// script runs a script of testdata that is used like dial.
func script(t *testing.T, interpreter []string, name string, arguments any) *terminal {
	t.Helper()
	encoded, err := json.Marshal(arguments)
	if err != nil {
		t.Fatal(err)
	}
	command := append(interpreter[1:len(interpreter):len(interpreter)], filepath.Join("testdata", name), string(encoded))
	return sitDown(t, interpreter[0], command...)
}

// TestChat: what one of several clients says in /chat, all of them hear, whoever
// wrote them and whatever they agreed on, and all in the same order.
func TestChat(t *testing.T) {
	t.Parallel()
	node, python := nodeWithWS(t), pythonWithWebSockets(t)
	p := start(t, "-takeover-conns", "2") // so that there are members with and without
	url := p.ws() + "/chat"
	members := []*terminal{
		script(t, node, "chat.js", map[string]any{"url": url}),
		script(t, node, "chat.js", map[string]any{"url": url, "options": map[string]any{"serverMaxWindowBits": 9}}),
		script(t, python, "chat.py", map[string]any{"url": url}),
		dialTo(t, url),
		dialTo(t, url, "-compress=false"),
	}
	for i, member := range members { // who hears himself is there
		member.say(fmt.Sprintf("member %d is there", i))
		for member.hear() != fmt.Sprintf("member %d is there", i) {
		}
	}

	const each = 25 // lines, together less than what may wait for a member that is slow
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
			t.Errorf("member %d heard another order than member 0", i)
		}
	}
	for i, member := range members {
		if status, stderr := member.hangUp(); status != 0 {
			t.Errorf("member %d exited with %d and said %q", i, status, stderr)
		}
	}
}

// hearAll wants as many lines from each speaker, whole and in the order in which
// they were said. It returns their beginnings.
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
			t.Fatalf("%s heard %.60q (%d bytes), want line %d of member %d", member.name, line, len(line), next[speaker], speaker)
		}
		next[speaker]++
		heard = append(heard, start)
	}
	return heard
}

// TestChatIsForText: a binary message ends its sender's connection, with 1003 and
// the reason, and nobody else's.
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
		t.Errorf("who sent a binary message exited with %d and %q, want 1 and 1003 with the reason", status, stderr)
	}
	stays.say("second")
	if got := stays.hear(); got != "second" {
		t.Errorf("the other one heard %q, want his own line alone", got)
	}
	if status, stderr := stays.hangUp(); status != 0 {
		t.Errorf("the other one exited with %d and %q", status, stderr)
	}
}
