package cli

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// TestOutputFails: a command whose output cannot be written has status 1, and prints the
// reason on one line.
func TestOutputFails(t *testing.T) {
	addr := startServer(t, nil)
	for _, args := range []string{
		"help", "help help", "-help", "help serve", "help dial", "version", "rfc", "rfc 6455-5.1-b", "rfc close code", "rfc -json",
		"probe -list", "probe -list -json", "probe -only ping ws://" + addr + "/echo", "probe -json -only ping ws://" + addr + "/echo",
		"explain", "explain -format json", "replay", "replay digest",
		"dial ws://" + addr + "/echo", "dial -raw ws://" + addr + "/echo", "serve -addr 127.0.0.1:0", "smallest -addr 127.0.0.1:0",
	} {
		var err strings.Builder
		status := Run(strings.Fields(args), strings.NewReader("810548656c6c6f\n"), failingWriter{errors.New("the disk is full")}, &err)
		if status != exitFailure || err.String() != "barewire: the disk is full\n" {
			t.Errorf("barewire %s: status %d, err %q; want 1 and the reason", args, status, &err)
		}
	}
}

// TestInputFails: a command that cannot read or send its input has status 1, and prints
// the reason on one line.
func TestInputFails(t *testing.T) {
	addr := startServer(t, nil)
	broken := iotest.ErrReader(errors.New("the disk is broken"))
	for _, test := range []struct {
		args string
		in   io.Reader
		want string
	}{
		{"explain", broken, "the disk is broken"},
		{"dial ws://" + addr + "/echo", broken, "the disk is broken"},
		{"dial -raw ws://" + addr + "/echo", broken, "the disk is broken"},
		{"dial ws://" + addr + "/echo", strings.NewReader("\xff\n"), "a line was not sent: a text message must be valid UTF-8"},
	} {
		var out, err strings.Builder
		status := Run(strings.Fields(test.args), test.in, &out, &err)
		if status != exitFailure || strings.Count(err.String(), "\n") != 1 || !strings.Contains(err.String(), test.want) {
			t.Errorf("barewire %s: status %d, err %q; want 1 and one line with %q", test.args, status, &err, test.want)
		}
	}
}
