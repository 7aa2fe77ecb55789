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

// oneSided are the kept conversations that can be played to only one of our sides: the
// other side does something that ours never does. The others are played to both sides.
var oneSided = map[string]string{
	"hello": "server", "pipeline": "server", "fragments": "server",
	"violation-unmasked": "server", "violation-utf8": "server", "violation-reserved-bit": "server",
	"violation-too-big": "server", "violation-broken-head": "server",
	"violation-by-server": "client", "violation-accept": "client",
}

// commentOf returns the comment at the beginning of a transcript, and the rest.
func commentOf(transcript []byte) (comment, rest string) {
	_, text, _ := strings.Cut(string(transcript), "\n\n")
	text, rest, _ = strings.Cut(text, "\n\n")
	return regexp.MustCompile(`(?m)^// ?`).ReplaceAllString(text, ""), rest
}

// keptAgain repeats a kept conversation with our server, if it can be played to it, and
// returns the annotated transcript.
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

// talkToServer sends the client's side of a conversation to our server, with a tap as for
// -trace=FILE. It sends each piece when the server has nothing left to do, which only a
// synctest bubble can detect.
func talkToServer(t *testing.T, script []wiretap.Event) wiretap.Transcript {
	t.Helper()
	var out bytes.Buffer
	tap := wiretap.NewWithClock(replay.Clock, func(err error) { t.Error(err) })
	tap.Add("transcript", wiretap.NewTranscriptWriter(&out, tap.Start()))
	config := defaultServer()
	config.Clock, config.Debugger = replay.Clock, true
	config.Wrap = func(conn net.Conn) net.Conn { return tap.Wrap(conn, wsframe.Server) }
	toServer, fromClient := net.Pipe()
	fromServer, toClient := net.Pipe()
	go server.New(config).ServeConn(twoPipes{fromClient, toClient})
	go io.Copy(io.Discard, fromServer)
	for _, event := range script {
		if event.Kind == wiretap.Bytes && event.Direction == annotate.ClientToServer {
			toServer.Write(event.Bytes)
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

// twoPipes is a connection with one pipe for each direction: each can end on its own.
type twoPipes struct {
	net.Conn // in
	out      net.Conn
}

func (p twoPipes) Write(b []byte) (int, error) { return p.out.Write(b) }
func (p twoPipes) CloseWrite() error           { return p.out.Close() }
func (p twoPipes) Close() error                { p.out.Close(); return p.Conn.Close() }

// needCompressor skips a test of compressed bytes if this Go's compress/flate compresses a
// text to other bytes than those in the kept conversation, as a new release may.
// With CI=true the test fails instead: then the conversation must be written again.
func needCompressor(t *testing.T, name string) {
	t.Helper()
	const line = "A message that is worth compressing has at least 128 bytes here; " +
		"a shorter one would gain less than compressing and inflating it costs."
	compressed := deflate.NewCompressor(15, true).AppendMessage(nil, []byte(line))
	transcript, err := readConversation("compression")
	same := err == nil && slices.ContainsFunc(transcript.Events, func(event wiretap.Event) bool { return bytes.HasSuffix(event.Bytes, compressed) })
	if same || name != "compression" || *update {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s compresses differently from the Go that wrote this: write it again with serve and dial, with -deterministic and -trace=FILE", runtime.Version())
	}
	t.Skipf("%s compresses differently from the Go that wrote this", runtime.Version())
}

// TestConversationsAreFresh: each file contains what the server sends today in answer to
// the client's pieces in it, with each byte explained. With -update the test writes the
// files again.
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
				t.Errorf("%s is not what the server sends today:\n%s\nread what changed (go run . replay %s), and if the change is intended, write the file again:\n\tgo test ./internal/cli -run Fresh -update", name, made, name)
			}
		})
	}
}

// TestReplayConversations: our server and our client send the bytes of every conversation
// that can be played to them.
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

// TestReplayLists: without an argument replay lists the names that it accepts.
func TestReplayLists(t *testing.T) {
	status, out, stderr := run("", "replay")
	if status != exitOK || stderr != "" || !strings.Contains(out, "\ndigest                  The article's second program\n") {
		t.Errorf("status %d, %q, %q", status, out, stderr)
	}
}

// TestReplayDifference: replay prints the first difference on one line, and the exit
// status is 1.
func TestReplayDifference(t *testing.T) {
	kept, _ := conversations.Read("digest")
	for _, test := range []struct{ side, old, new, want string }{
		{"server", "\n  03 e8 ", "\n  03 e9 ", "byte 191 of the server differs: want e9, got e8, in close code of Close, FIN, 2 bytes: 1001 going away (RFC 6455 §7.4)"},
		{"server", "\n  82   ", "\n  81   ", "byte 166 of the server differs: want 81, got 82, in opcode of "},
		{"client", "\n  55 70 67", "\n  75 70 67", "byte 38 of the client differs: want 75 'u', got 55 'U', in upgrade of GET / HTTP/1.1 (RFC 9110 §7.8)"},
	} {
		file := filepath.Join(t.TempDir(), "changed.txt")
		if err := os.WriteFile(file, bytes.Replace(kept, []byte(test.old), []byte(test.new), 1), 0o600); err != nil {
			t.Fatal(err)
		}
		status, out, stderr := run("", "replay", "-side", test.side, file)
		if status != exitFailure || out != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, test.want) {
			t.Errorf("%q instead of %q: status %d, out %q, err %q; want status 1 and one line with %q",
				test.new, test.old, status, out, stderr, test.want)
		}
	}
}

// TestReplayConnection: -conn chooses one of several connections by its number.
func TestReplayConnection(t *testing.T) {
	two := wiretap.Transcript{Start: replay.Instant}
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
		{"3", exitUsage, "a replay needs a transcript of one connection, and this one has 0"},
		{"0", exitUsage, "a replay needs a transcript of one connection, and this one has 2"},
	} {
		status, out, stderr := run("", "replay", "-conn", test.conn, file)
		if status != test.status || !strings.Contains(out+stderr, test.want) {
			t.Errorf("-conn %s: status %d, %q, %q; want %d and %q", test.conn, status, out, stderr, test.status, test.want)
		}
	}
}

// TestExplainConversations: explain explains each kept conversation, and prints it again
// in the format of the file.
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
