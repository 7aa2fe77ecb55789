package cli

import (
	"bytes"
	"flag"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"barewire/internal/annotate"
	"barewire/internal/deflate"
	"barewire/internal/replay"
	"barewire/internal/server"
	"barewire/internal/tour/conversations"
	"barewire/internal/wiretap"
	"barewire/wsframe"
)

var update = flag.Bool("update", false, "write internal/tour/conversations again")

// oneSided are the kept conversations of which only one side can be ours: the other one
// does what ours never does. The others are played to both.
var oneSided = map[string]string{
	"hello": "server", "pipeline": "server", "fragments": "server",
	"violation-unmasked": "server", "violation-utf8": "server", "violation-reserved-bit": "server",
	"violation-too-big": "server", "violation-broken-head": "server",
	"violation-by-server": "client", "violation-accept": "client",
}

// commentOf returns the comment at the beginning of a transcript, and what follows it.
func commentOf(transcript []byte) (comment, rest string) {
	_, text, _ := strings.Cut(string(transcript), "\n\n")
	text, rest, _ = strings.Cut(text, "\n\n")
	return regexp.MustCompile(`(?m)^// ?`).ReplaceAllString(text, ""), rest
}

// keptAgain has a kept conversation with our server again, if it is one for that, and
// returns its transcript for people.
func keptAgain(t *testing.T, name string, kept []byte) []byte {
	t.Helper()
	transcript, err := wiretap.Parse(bytes.NewReader(kept))
	if err != nil {
		t.Fatal(err)
	}
	if oneSided[name] != "client" {
		synctest.Test(t, func(t *testing.T) { transcript = talkToServer(t, transcript.Events) })
	}
	comment, _ := commentOf(kept)
	return wiretap.AppendAnnotated(nil, &transcript, explained, comment)
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
		if event.Kind == wiretap.Octets && event.Direction == annotate.ClientToServer {
			toServer.Write(event.Octets)
			synctest.Wait()
		}
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
func needCompressor(t *testing.T, name string) {
	t.Helper()
	const line = "A message that is worth compressing has at least 128 octets here; " +
		"a shorter one would gain less than compressing and inflating it costs."
	compressed := deflate.NewCompressor(15, true).AppendMessage(nil, []byte(line))
	transcript, err := readConversation("compression")
	same := err == nil && slices.ContainsFunc(transcript.Events, func(event wiretap.Event) bool { return bytes.HasSuffix(event.Octets, compressed) })
	if same || name != "compression" || *update {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s compresses otherwise than the Go that wrote this: serve and dial write it again with -deterministic and -trace=FILE", runtime.Version())
	}
	t.Skipf("%s compresses otherwise than the Go that wrote this", runtime.Version())
}

// TestConversationsAreFresh: each file is what the server says today to the client's
// pieces in it, each byte explained. With -update it is written again.
func TestConversationsAreFresh(t *testing.T) {
	for _, name := range conversations.Names() {
		t.Run(name, func(t *testing.T) {
			needCompressor(t, name)
			kept, _ := conversations.Read(name)
			made := keptAgain(t, name, kept)
			if *update {
				if err := os.WriteFile("../tour/conversations/"+name+".txt", made, 0o644); err != nil {
					t.Fatal(err)
				}
			} else if !bytes.Equal(kept, made) {
				t.Errorf("%s is not what the server says today:\n%s\nread what changed (go run . replay %s), and if it is meant, write it again:\n\tgo test ./internal/cli -run Fresh -update", name, made, name)
			}
		})
	}
}

// TestReplayConversations: our side sends the bytes of every conversation, and so
// does the other one where it can be ours, too.
func TestReplayConversations(t *testing.T) {
	for _, name := range conversations.Names() {
		for _, side := range []string{"server", "client"} {
			if only := oneSided[name]; only != "" && only != side {
				continue
			}
			t.Run(name+", "+side, func(t *testing.T) {
				needCompressor(t, name)
				status, out, stderr := run("", "replay", "-side", side, name)
				if want := name + ": the " + side + " sends the same bytes\n"; status != exitOK || stderr != "" || out != want {
					t.Errorf("status %d, %q, %q", status, out, stderr)
				}
			})
		}
	}
}

// TestReplayLists: without an argument replay lists the names that it takes.
func TestReplayLists(t *testing.T) {
	status, out, stderr := run("", "replay")
	if status != exitOK || stderr != "" || !strings.Contains(out, "\ndigest                  The article's second program\n") {
		t.Errorf("status %d, %q, %q", status, out, stderr)
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
	for _, name := range conversations.Names() {
		file := "../tour/conversations/" + name + ".txt"
		kept, _ := conversations.Read(name)
		broken := strings.HasPrefix(name, "violation")
		if status, out, stderr := run("", "explain", file); (status == exitOK) == (broken && name != "violation-too-big") || out == "" {
			t.Errorf("explain %s: status %d, %d bytes, %q", name, status, len(out), stderr)
		}
		_, rest := commentOf(kept)
		_, laidOut, stderr := run("", "explain", "-format", "transcript", file)
		if !strings.HasSuffix(laidOut, rest) {
			t.Errorf("explain -format transcript %s: %s\n%s", name, stderr, laidOut)
		}
	}
}
