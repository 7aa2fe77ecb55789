//go:build unix

package e2e

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// TestFullDisk: a command that cannot write its output exits with 1 and one line that says
// so.
func TestFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("this system has no /dev/full")
	}
	defer full.Close()
	server := start(t)
	for _, arguments := range []string{"help", "help serve", "version", "rfc 6455-5.1-b", "probe -list", "explain", "replay digest",
		"probe -only ping " + server.ws() + "/echo", "dial " + server.ws() + "/echo", "serve -addr 127.0.0.1:0"} {
		command := command(t, binary, strings.Fields(arguments)...)
		var stderr bytes.Buffer
		command.Stdin, command.Stdout, command.Stderr = strings.NewReader("810548656c6c6f\n"), full, &stderr
		command.Run()
		if status := command.ProcessState.ExitCode(); status != 1 || stderr.String() != "barewire: cannot write to standard output: no space left on device\n" {
			t.Errorf("barewire %s: exit status %d, %q; want 1 and the reason", arguments, status, &stderr)
		}
	}
}

// TestUnreadableInput: a command that cannot read its input exits with 1 and says so.
func TestUnreadableInput(t *testing.T) {
	folder, err := os.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	server := start(t)
	for _, arguments := range []string{"explain", "dial " + server.ws() + "/echo", "dial -raw " + server.ws() + "/echo"} {
		_, stderr, status := run(t, folder, binary, strings.Fields(arguments)...)
		if status != 1 || stderr != "barewire: cannot read standard input: is a directory\n" {
			t.Errorf("barewire %s: exit status %d, %q; want 1 and that standard input is a directory", arguments, status, stderr)
		}
	}
}
