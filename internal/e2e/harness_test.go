package e2e

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "barewire/internal/cli" // makes the program a dependency, so that go test does not cache results for an older program
)

// binary is the program under test.
var binary string

// raced reports whether this test, and therefore the binary, is built with -race.
var raced = builtWithRace()

func TestMain(m *testing.M) { os.Exit(buildAndRun(m)) }

func buildAndRun(m *testing.M) int {
	if runtime.GOOS == "windows" {
		fmt.Println("skipped: the tests end the server with SIGTERM, which Windows does not have")
		return 0
	}
	folder, err := os.MkdirTemp("", "barewire-e2e-")
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer os.RemoveAll(folder)
	defer endBrowser()
	binary = filepath.Join(folder, "barewire")
	arguments := []string{"build", "-o", binary, "barewire"}
	if raced {
		arguments = []string{"build", "-race", "-o", binary, "barewire"}
		os.Setenv("GORACE", "atexit_sleep_ms=0") // otherwise each program takes a second to end
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	if output, err := exec.CommandContext(ctx, "go", arguments...).CombinedOutput(); err != nil {
		fmt.Printf("the program does not build: %v\n%s", err, output)
		return 1
	}
	return m.Run()
}

func builtWithRace() bool {
	info, _ := debug.ReadBuildInfo()
	for _, setting := range info.Settings {
		if setting.Key == "-race" {
			return setting.Value == "true"
		}
	}
	return false
}

// program is a running barewire.
type program struct {
	addr    string // HOST:PORT, from what it printed
	process *os.Process
	stdout  safeBuffer
	stderr  safeBuffer
	exited  chan struct{} // closed when it has ended
	command *exec.Cmd
}

// patience limits every wait for another program. It is long because only a failing test
// waits that long, and a busy machine may delay a program for seconds.
const patience = time.Minute

// long skips a slow test, unless CI=true asks for everything.
func long(t *testing.T) {
	t.Helper()
	if os.Getenv("CI") != "true" {
		t.Skip("this test is slow: it runs with CI=true in the environment")
	}
}

// fewer returns the number of messages to send instead of n. The race detector makes
// compression ten times slower.
func fewer(n int) int {
	if raced || os.Getenv("CI") != "true" {
		return n / 5
	}
	return n
}

// command returns a command that ends before its test must. go test ends a hanging test
// without calling its cleanup, which would leave the program running. The test fails with
// an error that says so.
func command(t *testing.T, name string, arguments ...string) *exec.Cmd {
	ctx, cancel := context.WithDeadline(context.Background(), lastMoment(t))
	t.Cleanup(cancel)
	command := exec.CommandContext(ctx, name, arguments...)
	command.Cancel = func() error {
		if ctx.Err() == context.DeadlineExceeded {
			t.Errorf("%s %q was killed: go test has no time left", name, arguments)
		}
		return command.Process.Kill()
	}
	return command
}

// lastMoment is a time shortly before go test gives up.
func lastMoment(t *testing.T) time.Time {
	deadline, limited := t.Deadline()
	if !limited {
		deadline = time.Now().Add(time.Hour)
	}
	return deadline.Add(-20 * time.Second)
}

// eventually waits until a condition holds.
func eventually(t *testing.T, condition func() bool, format string, arguments ...any) {
	t.Helper()
	timeout := time.After(patience)
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for !condition() {
		select {
		case <-again.C:
		case <-timeout:
			t.Fatalf(format, arguments...)
		}
	}
}

// start runs barewire with flags on a free port, and ends it with SIGTERM after the test.
// It must then exit with 0, with no panic or error of its own in the log, whatever the
// test did to it.
func start(t *testing.T, flags ...string) *program {
	t.Helper()
	p := &program{exited: make(chan struct{})}
	p.command = command(t, binary, append([]string{"-addr", "127.0.0.1:0"}, flags...)...)
	p.command.Stderr = &p.stderr
	stdout, err := p.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	p.process = p.command.Process
	addr := make(chan string, 1)
	go func() {
		defer close(p.exited)
		readBanner(io.TeeReader(stdout, &p.stdout), addr)
		p.command.Wait()
	}()
	t.Cleanup(func() { p.stop(t) })
	if p.addr = <-addr; p.addr == "" {
		t.Fatalf("barewire %q ended, or closed its output, without \"barewire listens on HOST:PORT\"; its log:\n%s",
			flags, p.stderr.String())
	}
	return p
}

// readBanner sends the address that the program prints, or "" if the output ends without
// one. It then reads to the end, because a full pipe would block the program.
func readBanner(stdout io.Reader, addr chan<- string) {
	defer close(addr)
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if found, ok := strings.CutPrefix(lines.Text(), "barewire listens on "); ok {
			addr <- found
			break
		}
	}
	io.Copy(io.Discard, stdout)
}

func (p *program) http() string { return "http://" + p.addr }
func (p *program) ws() string   { return "ws://" + p.addr }

func (p *program) signal(t *testing.T, signal os.Signal) {
	t.Helper()
	if err := p.process.Signal(signal); err != nil {
		t.Fatalf("%v to barewire: %v", signal, err)
	}
}

// status waits for the end of the program and returns its exit status.
func (p *program) status(t *testing.T) int {
	t.Helper()
	select {
	case <-p.exited:
		return p.command.ProcessState.ExitCode()
	case <-time.After(patience):
		p.process.Kill()
		t.Fatalf("barewire did not end within %v of the signal, and was killed; its log:\n%s", patience, p.stderr.String())
		return -1
	}
}

// stop ends the program after a test, unless it has already ended.
func (p *program) stop(t *testing.T) {
	t.Helper()
	select {
	case <-p.exited:
	default:
		p.process.Signal(syscall.SIGTERM)
		if status := p.status(t); status != 0 {
			t.Errorf("after SIGTERM barewire exited with %d, want 0; its log:\n%s", status, p.stderr.String())
		}
	}
	for _, fault := range []string{"panic", "fatal error", "DATA RACE", "level=ERROR"} {
		if log := p.stderr.String(); strings.Contains(log, fault) {
			t.Errorf("barewire's log contains %q, which no peer may cause:\n%s", fault, log)
			return
		}
	}
}

// run runs a command to its end. It removes proxies from the environment, because they
// would come between the two programs under test.
func run(t *testing.T, stdin io.Reader, name string, arguments ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	command := command(t, name, arguments...)
	command.Stdin, command.Stdout, command.Stderr = stdin, &out, &errs
	for _, variable := range os.Environ() {
		if key, _, _ := strings.Cut(variable, "="); !strings.HasSuffix(strings.ToLower(key), "_proxy") {
			command.Env = append(command.Env, variable)
		}
	}
	if err := command.Run(); command.ProcessState.ExitCode() < 0 { // not started, or killed
		t.Fatalf("%s %q: %v\n%s", name, arguments, err, errs.String())
	}
	return out.String(), errs.String(), command.ProcessState.ExitCode()
}

// need returns the path of a program. Debian installs servers in a folder that only
// root's PATH contains.
func need(t *testing.T, name string) string {
	t.Helper()
	for _, candidate := range []string{name, "/usr/sbin/" + name} {
		if path, err := exec.LookPath(candidate); err == nil {
			return path
		}
	}
	missing(t, "%s is not installed", name)
	return ""
}

// missing skips the test because a program is missing, or fails it in CI.
func missing(t *testing.T, format string, arguments ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf(format+"; with CI=true every program must be installed", arguments...)
	}
	t.Skipf(format, arguments...)
}

// safeBuffer is a bytes.Buffer that one goroutine writes and others read.
type safeBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}
