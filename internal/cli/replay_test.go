package cli

import (
	"bytes"
	"flag"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"barewire/internal/replay"
	"barewire/internal/server"
	"barewire/internal/tour/conversations"
	"barewire/internal/wiretap"
	"barewire/wsframe"
)

var update = flag.Bool("update", false, "write internal/tour/conversations again")

// keptConversation has a conversation with our server, if it is one for that, and
// returns its transcript for people.
func keptConversation(t *testing.T, c *conversation) []byte {
	t.Helper()
	transcript := wiretap.Recording{Start: replay.Instant, Events: scriptOf(t, c)}
	if c.ours != clientOnly {
		synctest.Test(t, func(t *testing.T) { transcript = talkToServer(t, transcript.Events) })
	}
	return wiretap.AppendAnnotated(nil, &transcript, explained, c.name+"\n\n"+c.about)
}

// talkToServer has the client's part of a conversation with our server, with a tap on it
// as -trace=FILE has one. Each piece is sent when the server has nothing left to do, which
// only a synctest bubble can tell.
func talkToServer(t *testing.T, script []wiretap.Event) wiretap.Recording {
	t.Helper()
	var out bytes.Buffer
	tap := wiretap.NewWithClock(replay.Clock, func(err error) { t.Error(err) })
	tap.Add("transcript", wiretap.NewTranscript(&out, tap.Start()))
	config := defaultServer()
	config.Clock, config.Debugger = replay.Clock, true
	config.Wrap = func(conn net.Conn) net.Conn { return tap.Wrap(conn, wsframe.Server) }
	toServer, fromClient := net.Pipe()
	fromServer, toClient := net.Pipe()
	go server.New(config).ServeConn(twoPipes{fromClient, toClient})
	go io.Copy(io.Discard, fromServer)
	for _, event := range script {
		toServer.Write(event.Octets)
		synctest.Wait()
	}
	toServer.Close()
	synctest.Wait()
	if err := tap.Close(); err != nil {
		t.Fatal(err)
	}
	transcript, err := wiretap.Parse(&out)
	if err != nil {
		t.Fatal(err)
	}
	return transcript
}

// twoPipes is a connection of which each direction is a pipe and can end alone.
type twoPipes struct {
	net.Conn // in
	out      net.Conn
}

func (p twoPipes) Write(b []byte) (int, error) { return p.out.Write(b) }
func (p twoPipes) CloseWrite() error           { return p.out.Close() }
func (p twoPipes) Close() error                { p.out.Close(); return p.Conn.Close() }

// needCompressor skips a test of compressed bytes where Go's compress/flate makes
// others of the same text than the one that wrote them, as a new release may.
// With CI=true it fails: then the conversation has to be written again.
func needCompressor(t *testing.T, c *conversation, transcript *wiretap.Recording) {
	t.Helper()
	same := slices.EqualFunc(clientPieces(scriptOf(t, c)), clientPieces(transcript.Events), bytes.Equal)
	if same || c.name != "compression" || *update {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s compresses otherwise than the Go that wrote this: go test ./internal/cli -run Fresh -update", runtime.Version())
	}
	t.Skipf("%s compresses otherwise than the Go that wrote this", runtime.Version())
}

// conversationFile returns the file that keeps a conversation.
func conversationFile(c *conversation) string {
	return filepath.Join("..", "tour", "conversations", c.name+".txt")
}

// TestConversationsAreFresh: each file is what the server says today. go test
// ./internal/cli -run Fresh -update writes them again.
func TestConversationsAreFresh(t *testing.T) {
	for i := range keptConversations {
		c := &keptConversations[i]
		t.Run(c.name, func(t *testing.T) {
			file := conversationFile(c)
			made := keptConversation(t, c)
			if *update {
				if err := os.WriteFile(file, made, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			kept, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(kept, made) {
				if transcript, err := readConversation(file); err == nil {
					needCompressor(t, c, transcript)
				}
				t.Errorf("%s is not what the server says today:\n%s\nread what changed (go run . replay %s), and if it is meant, write it again:\n\tgo test ./internal/cli -run Fresh -update", file, made, c.name)
			}
		})
	}
}

// TestReplayConversations: our side sends the bytes of every conversation, and so
// does the other one where it is ours, too.
func TestReplayConversations(t *testing.T) {
	for i := range keptConversations {
		c := &keptConversations[i]
		if c.ours != clientOnly {
			t.Run(c.name+", server", func(t *testing.T) { replayConversation(t, c, "server") })
		}
		if c.ours != serverOnly {
			t.Run(c.name+", client", func(t *testing.T) { replayConversation(t, c, "client") })
		}
	}
}

func replayConversation(t *testing.T, c *conversation, side string) {
	transcript, err := readConversation(c.name)
	if err != nil {
		t.Fatal(err)
	}
	needCompressor(t, c, transcript)
	status, out, stderr := run("", "replay", "-side", side, c.name)
	if want := c.name + ": the " + side + " sends the same bytes\n"; status != exitOK || stderr != "" || out != want {
		t.Errorf("replay -side %s %s: status %d, %q, %q", side, c.name, status, out, stderr)
	}
}

// TestReplayLists: without an argument replay lists the names that it takes.
func TestReplayLists(t *testing.T) {
	status, out, stderr := run("", "replay")
	for i := range keptConversations {
		if name := keptConversations[i].name; !strings.Contains("\n"+out, "\n"+name+" ") {
			t.Errorf("replay does not list %s: status %d, %q, %q", name, status, out, stderr)
		}
	}
}

// TestReplayDifference: what differs is said in one line, and the exit status is 1.
func TestReplayDifference(t *testing.T) {
	kept, _ := conversations.Read("digest")
	for _, test := range []struct{ side, old, new, want string }{
		{"server", "\n  03 e8 ", "\n  03 e9 ", "byte 191 of the server differs: want e9, got e8, in close code of Close, FIN, 2 octets: 1001 going away (RFC 6455 §7.4)"},
		{"server", "\n  82   ", "\n  81   ", "byte 166 of the server differs: want 81, got 82, in opcode of "},
		{"client", "\n  55 70 67", "\n  75 70 67", "byte 38 of the client differs: want 75 'u', got 55 'U', in upgrade of GET / HTTP/1.1 (RFC 9110 §7.8)"},
	} {
		file := filepath.Join(t.TempDir(), "changed.txt")
		if err := os.WriteFile(file, bytes.Replace(kept, []byte(test.old), []byte(test.new), 1), 0o600); err != nil {
			t.Fatal(err)
		}
		status, out, stderr := run("", "replay", "-side", test.side, file)
		if status != exitFailure || out != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, test.want) {
			t.Errorf("%q instead of %q: status %d, out %q, err %q; want status 1 and one line that says %q",
				test.new, test.old, status, out, stderr, test.want)
		}
	}
}

// TestReplayConnection: of several connections, one is chosen by its number.
func TestReplayConnection(t *testing.T) {
	two := wiretap.Recording{Start: replay.Instant}
	for i, name := range []string{"digest", "close-reason"} {
		transcript, err := readConversation(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, event := range transcript.Events {
			event.Conn = i + 1
			two.Events = append(two.Events, event)
		}
	}
	file := filepath.Join(t.TempDir(), "two.txt")
	if err := os.WriteFile(file, wiretap.AppendAnnotated(nil, &two, explained, ""), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		conn   string
		status int
		want   string
	}{
		{"1", exitOK, "the server sends the same bytes"},
		{"2", exitOK, "the server sends the same bytes"},
		{"3", exitUsage, "one connection can be replayed, and there are 0 in this transcript"},
		{"0", exitUsage, "one connection can be replayed, and there are 2 in this transcript"},
	} {
		status, out, stderr := run("", "replay", "-conn", test.conn, file)
		if status != test.status || !strings.Contains(out+stderr, test.want) {
			t.Errorf("-conn %s: status %d, %q, %q; want %d and %q", test.conn, status, out, stderr, test.status, test.want)
		}
	}
}

// TestExplainConversations: each of them can be explained, and laid out again as it
// is kept.
func TestExplainConversations(t *testing.T) {
	for i := range keptConversations {
		c := &keptConversations[i]
		kept, err := os.ReadFile(conversationFile(c))
		if err != nil {
			t.Fatal(err)
		}
		broken := strings.HasPrefix(c.name, "violation")
		if status, out, stderr := run("", "explain", conversationFile(c)); (status == exitOK) == (broken && c.name != "violation-too-big") || out == "" {
			t.Errorf("explain %s: status %d, %d bytes, %q", c.name, status, len(out), stderr)
		}
		_, without, _ := strings.Cut(string(kept), c.about+"\n")
		_, laidOut, stderr := run("", "explain", "-format", "transcript", conversationFile(c))
		if !strings.HasSuffix(laidOut, without) {
			t.Errorf("explain -format transcript %s: %s\n%s", c.name, stderr, laidOut)
		}
	}
}
