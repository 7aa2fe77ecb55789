package cli

import (
	"bytes"
	"flag"
	"net"
	"os"
	"path/filepath"
	"testing"

	"barewire/internal/replay"
	"barewire/internal/wiretap"
	"barewire/wsframe"
)

var update = flag.Bool("update", false, "record internal/tour/conversations anew")

// conversationFolder holds the recorded conversations.
var conversationFolder = filepath.Join("..", "tour", "conversations")

// recordConversation has a conversation with the server, and returns its
// transcript for people.
func recordConversation(t *testing.T, c *conversation) []byte {
	t.Helper()
	var transcript bytes.Buffer
	tap := wiretap.NewWithClock(replay.Clock, func(err error) { t.Error(err) })
	tap.Add("transcript", wiretap.NewTranscript(&transcript, tap.Start()))
	config := defaultServer()
	config.Clock = replay.Clock
	config.Wrap = func(conn net.Conn) net.Conn { return tap.Wrap(conn, wsframe.Server) }
	replay.Record(config, piecesOf(t, c))
	if err := tap.Close(); err != nil {
		t.Fatal(err)
	}
	recording, err := wiretap.Parse(&transcript)
	if err != nil {
		t.Fatal(err)
	}
	return wiretap.AppendAnnotated(nil, &recording, c.name+"\n\n"+c.about)
}

// TestConversationsAreFresh: each file is what the server says today. go test
// -update ./internal/cli records them anew.
func TestConversationsAreFresh(t *testing.T) {
	for i := range conversations {
		c := &conversations[i]
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(conversationFolder, c.name+".txt")
			made := recordConversation(t, c)
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
				t.Errorf("%s is not what the server says today:\n%s\nread what changed (go run . replay %s), and if it is meant, record it anew:\n\tgo test ./internal/cli -run Fresh -update", file, made, file)
			}
		})
	}
}

// TestReplayConversations: the server sends the octets of every conversation, and
// our client those of each that it can have.
func TestReplayConversations(t *testing.T) {
	for i := range conversations {
		c := &conversations[i]
		file := filepath.Join(conversationFolder, c.name+".txt")
		for _, side := range []string{"server", "client"} {
			if side == "client" && !c.client {
				continue
			}
			t.Run(c.name+", "+side, func(t *testing.T) {
				status, out, err := run("", "replay", "-side", side, file)
				if status != exitOK || err != "" || out != file+": the "+side+" sends the same octets\n" {
					t.Errorf("replay -side %s %s: status %d, %q, %q", side, file, status, out, err)
				}
			})
		}
	}
}
