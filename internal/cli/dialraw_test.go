package cli

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"barewire/internal/server"
	"barewire/wsframe"
)

// TestDialRaw: the output equals the input, byte for byte, even when the connection is
// full in both directions.
func TestDialRaw(t *testing.T) {
	addr := startServer(t, nil)
	secure := startServer(t, func(config *server.Config) {
		certificate, err := selfSignedCertificate("localhost", time.Now())
		if err != nil {
			t.Fatal(err)
		}
		config.TLS = server.TLSConfig(certificate)
	})
	noise := make([]byte, 8<<20)
	rand.NewChaCha8([32]byte{}).Read(noise)
	trace := filepath.Join(t.TempDir(), "transcript.txt")
	for _, test := range []struct{ name, args, in string }{
		{"one byte", "ws://" + addr + "/echo", "x"},
		{"nothing", "ws://" + addr + "/echo", ""},
		{"line ends and control codes", "ws://" + addr + "/echo", "a\r\n\n\x00\x1b[2J\xff"},
		{"much", "-compress=false ws://" + addr + "/echo", string(noise)},
		{"with a trace", "-trace=" + trace + " ws://" + addr + "/echo", string(noise[:100_000])},
		{"TLS", "-compress=false -insecure wss://" + secure + "/echo", string(noise)},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, out, err := run(test.in, append([]string{"dial", "-raw"}, strings.Fields(test.args)...)...)
			if status != exitOK || out != test.in || err != "" {
				t.Errorf("status %d, %d bytes, err %q; want 0, the %d bytes of the input, and nothing", status, len(out), err, len(test.in))
			}
		})
	}
}

// TestDialRawEnds: how the server ends the stream, and the exit status.
func TestDialRawEnds(t *testing.T) {
	abc := "\x82\x03abc"
	for _, test := range []struct {
		name, frames string
		status       int
		out, err     string // err is part of the line
	}{
		{"normal closure", abc + "\x88\x02\x03\xe8", exitOK, "abc", ""},
		{"going away", abc + "\x88\x02\x03\xe9", exitOK, "abc", ""},
		{"no code", abc + "\x88\x00", exitOK, "abc", ""},
		{"another code", abc + "\x88\x07\x03\xf3sorry", exitFailure, "abc", `the server closed with 1011 (internal error) "sorry"`},
		{"no closing handshake", abc, exitFailure, "abc", "ended early"},
		{"text", abc + "\x81\x02hi", exitFailure, "abc", "binary messages only"},
		{"a message that is too big", abc + "\x82\x7e\x04\x01", exitFailure, "abc", "at most 1024"},
	} {
		t.Run(test.name, func(t *testing.T) {
			url, _ := answerTo(t, goodAnswer, []byte(test.frames))
			stdin, typing := io.Pipe() // a user who types nothing
			defer typing.Close()
			var out, err strings.Builder
			status := Run([]string{"dial", "-raw", "-compress=false", "-max-message", "1KiB", url}, stdin, &out, &err)
			lines := 0
			if test.err != "" {
				lines = 1
			}
			if status != test.status || out.String() != test.out || strings.Count(err.String(), "\n") != lines || !strings.Contains(err.String(), test.err) {
				t.Errorf("status %d, out %q, err %q; want %d, %q, %q", status, out.String(), err.String(), test.status, test.out, test.err)
			}
		})
	}
}

// TestDialRawCannot: a failure on our own side has status 1 too.
func TestDialRawCannot(t *testing.T) {
	addr := startServer(t, nil)
	broken := errors.New("the disk is broken")
	var out, err strings.Builder
	status := Run([]string{"dial", "-raw", "ws://" + addr + "/echo"}, io.MultiReader(strings.NewReader("x"), iotest.ErrReader(broken)), &out, &err)
	if status != exitFailure || out.String() != "x" || err.String() != "barewire: the disk is broken\n" {
		t.Errorf("input fails: status %d, out %q, err %q; want 1, the input before the error, and the error", status, &out, &err)
	}
	err.Reset()
	status = Run([]string{"dial", "-raw", "ws://" + addr + "/echo"}, strings.NewReader("x"), failingWriter{broken}, &err)
	if status != exitFailure || err.String() != "barewire: the disk is broken\n" {
		t.Errorf("output fails: status %d, err %q; want 1 and the error", status, &err)
	}
	if status, _, _ := run("", "dial", "-raw", "ws://"+addr+"/"+strings.Repeat("x", 20_000)); status != exitFailure {
		t.Errorf("the server refuses: status %d, want 1", status)
	}
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }

// TestDialRawIsPatient: a stream survives an hour in which the server neither reads nor
// sends, and an hour in which nobody reads the output.
func TestDialRawIsPatient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var errors strings.Builder
		input, typing := io.Pipe()
		screen, output := io.Pipe()
		std := streams{input, output, &errors}
		options, done, _ := parseDial([]string{"-raw", "-deterministic", "ws://127.0.0.1/"}, std)
		if done {
			t.Fatal(&errors)
		}
		client, far := net.Pipe()
		status := make(chan int)
		go func() { status <- options.converseRaw(client, std) }()

		answerHandshake(far, goodAnswer)
		answer := strings.Repeat("x", 500_000)
		go io.WriteString(typing, answer)
		time.Sleep(time.Hour)
		go func() {
			for range 2 {
				far.Write(wsframe.AppendFrame(nil, &wsframe.Header{Fin: true, Opcode: wsframe.Binary}, []byte(answer)))
			}
			far.Write([]byte("\x88\x02\x03\xe8"))
		}()
		go io.Copy(io.Discard, far)
		for range 2 {
			time.Sleep(time.Hour)
			if _, err := io.ReadFull(screen, make([]byte, len(answer))); err != nil {
				t.Error(err)
			}
		}
		synctest.Wait() // until the Close frames have passed
		far.Close()
		typing.Close()
		if got := <-status; got != exitOK || errors.Len() > 0 {
			t.Errorf("status %d, %q; want 0 and nothing", got, &errors)
		}
	})
}
