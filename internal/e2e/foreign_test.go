package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// foreign is somebody else's program, which runs until it is ended.
type foreign struct {
	name    string
	command *exec.Cmd
	stdin   io.Closer
	output  safeBuffer    // both of its streams
	exited  chan struct{} // closed when it has ended
}

// launch starts a program, and ends it after the test.
func launch(t *testing.T, name string, arguments ...string) *foreign {
	t.Helper()
	f := begin(t, command(t, name, arguments...))
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("output of %s:\n%s", f.name, f.output.String())
		}
		if !f.end() {
			t.Errorf("%s was killed because SIGTERM did not end it", f.name)
		}
	})
	return f
}

// begin starts a program. Its standard input stays open until it is ended.
func begin(t *testing.T, command *exec.Cmd) *foreign {
	t.Helper()
	f := &foreign{name: filepath.Base(command.Path), command: command, exited: make(chan struct{})}
	command.Stdout, command.Stderr = &f.output, &f.output
	command.WaitDelay = time.Second // its children may keep its output open
	var err error
	if f.stdin, err = command.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(f.exited)
		command.Wait()
	}()
	return f
}

// end ends the program by its process id, and reports whether SIGTERM was enough.
func (f *foreign) end() bool {
	f.stdin.Close()
	f.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-f.exited:
		return true
	case <-time.After(patience):
		f.command.Process.Kill()
		<-f.exited
		return false
	}
}

// says waits for a line of output with this prefix, and returns the rest of the line.
func (f *foreign) says(t *testing.T, prefix string) string {
	t.Helper()
	var line string
	eventually(t, func() (whole bool) {
		select {
		case <-f.exited:
			t.Fatalf("%s ended without printing %q:\n%s", f.name, prefix, f.output.String())
		default:
		}
		_, rest, found := strings.Cut(f.output.String(), prefix)
		line, _, whole = strings.Cut(rest, "\n")
		return found && whole
	}, "%s does not say %q", f.name, prefix)
	return line
}

// listens waits until the program accepts connections on addr.
func (f *foreign) listens(t *testing.T, addr string) {
	t.Helper()
	eventually(t, func() bool {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			conn.Close()
		}
		return err == nil
	}, "%s does not listen on %s", f.name, addr)
}

// serverScript starts a server of testdata and returns its HOST:PORT.
func serverScript(t *testing.T, interpreter []string, script string, arguments any) (addr string) {
	t.Helper()
	encoded, err := json.Marshal(arguments)
	if err != nil {
		t.Fatal(err)
	}
	command := append(interpreter[1:len(interpreter):len(interpreter)], filepath.Join("testdata", script), string(encoded))
	return "127.0.0.1:" + launch(t, interpreter[0], command...).says(t, "listens on ")
}

// freeAddr returns a free address for a program that cannot choose one itself. On Linux
// no other test uses this address, so none can be given the same port at the same time.
func freeAddr(t *testing.T) string {
	t.Helper()
	host := "127.0.0.1"
	if runtime.GOOS == "linux" {
		host = "127.0.0.2"
	}
	listener, err := net.Listen("tcp", host+":0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// terminal is a client that sends the lines of its standard input as messages and prints
// the messages that arrive: barewire dial, or a script that does the same.
type terminal struct {
	t        *testing.T
	name     string
	keyboard io.WriteCloser
	lines    chan string // the lines that it printed; closed at the end
	stderr   safeBuffer
	command  *exec.Cmd
}

// sitDown starts a terminal.
func sitDown(t *testing.T, name string, arguments ...string) *terminal {
	t.Helper()
	c := &terminal{t: t, name: fmt.Sprint(filepath.Base(name), arguments), lines: make(chan string, 1000)}
	c.command = command(t, name, arguments...)
	c.command.Stderr = &c.stderr
	stdout, err := c.command.StdoutPipe()
	if err == nil {
		c.keyboard, err = c.command.StdinPipe()
	}
	if err == nil {
		err = c.command.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(c.lines)
		for in := bufio.NewReader(stdout); ; {
			line, err := in.ReadString('\n')
			if err != nil {
				return
			}
			c.lines <- strings.TrimSuffix(line, "\n")
		}
	}()
	t.Cleanup(func() {
		c.keyboard.Close()
		c.command.Process.Kill()
		c.command.Wait()
	})
	return c
}

// dialTo runs barewire dial.
func dialTo(t *testing.T, url string, flags ...string) *terminal {
	t.Helper()
	return sitDown(t, binary, append(append([]string{"dial"}, flags...), url)...)
}

func (c *terminal) say(line string) {
	c.t.Helper()
	if _, err := io.WriteString(c.keyboard, line+"\n"); err != nil {
		c.t.Fatalf("%s accepts no more lines: %v; its errors: %q", c.name, err, c.stderr.String())
	}
}

// hear returns the next line that the client prints.
func (c *terminal) hear() string {
	c.t.Helper()
	select {
	case line, ok := <-c.lines:
		if !ok {
			c.t.Fatalf("%s ended; its errors: %q", c.name, c.stderr.String())
		}
		return line
	case <-time.After(patience):
		c.t.Fatalf("%s printed nothing for %v; its errors: %q", c.name, patience, c.stderr.String())
		return ""
	}
}

// hangUp ends the input, and returns how the client ended.
func (c *terminal) hangUp() (status int, stderr string) {
	c.t.Helper()
	c.keyboard.Close()
	return c.end()
}

// end waits for the end of the client, which must print nothing more.
func (c *terminal) end() (status int, stderr string) {
	c.t.Helper()
	for {
		select {
		case line, more := <-c.lines:
			if !more {
				c.command.Wait()
				return c.command.ProcessState.ExitCode(), c.stderr.String()
			}
			c.t.Errorf("%s printed %.80q, want nothing more", c.name, line)
		case <-time.After(patience):
			c.t.Fatalf("%s did not end in %v", c.name, patience)
		}
	}
}
