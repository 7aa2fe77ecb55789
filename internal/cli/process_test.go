//go:build unix

package cli

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestMain runs barewire itself in the processes that begin starts.
func TestMain(m *testing.M) {
	if args := os.Getenv("BAREWIRE_ARGS"); args != "" {
		os.Exit(Run(strings.Fields(args), os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// process is barewire in its own process.
func process(args string, env ...string) *exec.Cmd {
	command := exec.Command(os.Args[0])
	command.Env = append(append(os.Environ(), "BAREWIRE_ARGS="+args), env...)
	return command
}

// TestServerOutlivesTheReaderOfItsLog: the server keeps running when the reader of standard
// error has ended and a client causes a line in the log. It listens on a Unix socket, which
// it removes at the end.
func TestServerOutlivesTheReaderOfItsLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "socket")
	server := process("-addr unix:" + path)
	out, _ := server.StdoutPipe()
	log, _ := server.StderrPipe()
	if err := server.Start(); errors.Is(err, syscall.ENOEXEC) {
		t.Skip("this processor is emulated, and cannot start another process")
	} else if err != nil {
		t.Fatal(err)
	}
	defer server.Process.Kill()
	if banner, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.Contains(banner, path) {
		t.Fatalf("the banner begins with %q, error %v", banner, err)
	}
	log.Close()
	for range 2 {
		client, err := net.Dial("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(client, "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"+
			"\x81\x00") // not masked: the violation is logged
		client.(*net.UnixConn).CloseWrite()
		if got, err := io.ReadAll(client); err != nil || !strings.HasPrefix(string(got), "HTTP/1.1 101 ") {
			t.Fatalf("got %q, error %v; want a 101, a Close frame and EOF", got, err)
		}
	}
	server.Process.Signal(syscall.SIGTERM)
	if err := server.Wait(); err != nil {
		t.Errorf("the server ended with %v", err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the socket is still there: %v", err)
	}
}

// TestSHA1Forbidden: without SHA-1 the program prints one line at the start, because each
// upgrade would panic.
func TestSHA1Forbidden(t *testing.T) {
	for _, args := range []string{"-addr 127.0.0.1:0", "dial ws://127.0.0.1:1/"} {
		said, err := process(args, "GODEBUG=fips140=only").CombinedOutput()
		if errors.Is(err, syscall.ENOEXEC) {
			t.Skip("this processor is emulated, and cannot start another process")
		}
		if strings.Count(string(said), "\n") != 1 || !strings.Contains(string(said), "fips140=on permits it") {
			t.Errorf("barewire %s: %q, want one line that explains what to do", args, said)
		}
	}
}
