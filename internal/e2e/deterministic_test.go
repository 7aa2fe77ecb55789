package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"barewire/internal/annotate"
	"barewire/internal/wiretap"
)

// deterministicTalk is a conversation between dial and serve that is also kept in
// internal/tour/conversations.
type deterministicTalk struct {
	name  string
	path  string
	flags []string // of dial
	lines []string
}

// TestDeterministic: two runs of serve and dial with -deterministic write the same
// transcripts, except for the ports. Each side can replay both, and the bytes are those of
// the kept conversation.
func TestDeterministic(t *testing.T) {
	line := "A message that is worth compressing has at least 128 bytes here; " +
		"a shorter one would gain less than compressing and inflating it costs."
	for _, talk := range []deterministicTalk{
		{"digest", "/", []string{"-compress=false"}, []string{"Hello"}},
		{"compression", "/echo", nil, []string{line, line}},
	} {
		t.Run(talk.name, func(t *testing.T) {
			folder := t.TempDir()
			first := talk.run(t, filepath.Join(folder, "1"), "127.0.0.1:0")
			talk.run(t, filepath.Join(folder, "2"), first.addr)
			for _, side := range []string{"server.txt", "client.txt"} {
				file := filepath.Join(folder, "1", side)
				one, two := normalized(t, file), normalized(t, filepath.Join(folder, "2", side))
				if one != two {
					t.Errorf("two runs differ in %s:\n%s\nand\n%s", side, one, two)
				}
				for _, replayed := range []string{"server", "client"} {
					if out, stderr, status := run(t, nil, binary, "replay", "-side", replayed, file); status != 0 || stderr != "" {
						t.Errorf("replay -side %s of %s exited with %d: %s%s", replayed, side, status, out, stderr)
					}
				}
				talk.checkKept(t, file, first.addr)
			}
		})
	}
}

// run runs the conversation once, and writes server.txt and client.txt to folder.
func (talk *deterministicTalk) run(t *testing.T, folder, addr string) *program {
	t.Helper()
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	server := start(t, "-deterministic", "-addr", addr, "-trace="+filepath.Join(folder, "server.txt"))
	flags := append([]string{"-deterministic", "-trace=" + filepath.Join(folder, "client.txt")}, talk.flags...)
	c := dialTo(t, server.ws()+talk.path, flags...)
	for _, line := range talk.lines {
		c.say(line)
		c.hear()
	}
	if status, stderr := c.hangUp(); status != 0 || stderr != "" {
		t.Errorf("dial exited with %d and printed %q, want 0 and nothing", status, stderr)
	}
	server.stop(t)
	return server
}

// normalized returns a transcript without the client's port, which the system chooses.
func normalized(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	for i, line := range lines {
		if strings.Contains(line, " opened ") {
			lines[i] = regexp.MustCompile(`:\d+"`).ReplaceAllString(line, `:PORT"`)
		}
	}
	return strings.Join(lines, "\n")
}

// checkKept compares the bytes of a transcript with those of the kept conversation.
func (talk *deterministicTalk) checkKept(t *testing.T, file, addr string) {
	t.Helper()
	got := pieces(t, file)
	want := pieces(t, filepath.Join("..", "tour", "conversations", talk.name+".txt"))
	for i := range got {
		got[i] = strings.Replace(got[i], "Host: "+addr+"\r\n", "Host: 127.0.0.1:8080\r\n", 1)
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s has %d pieces\n%q\nand the kept conversation has %d\n%q", filepath.Base(file), len(got), got, len(want), want)
	}
}

// pieces returns the pieces of a transcript, with their directions.
func pieces(t *testing.T, file string) (pieces []string) {
	t.Helper()
	text, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer text.Close()
	transcript, err := wiretap.Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	for i := range transcript.Events {
		event := &transcript.Events[i]
		if event.Kind != wiretap.Bytes {
			continue
		}
		arrow := "> "
		if event.Direction == annotate.ServerToClient {
			arrow = "< "
		}
		pieces = append(pieces, arrow+string(event.Bytes))
	}
	return pieces
}
