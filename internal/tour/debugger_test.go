package tour

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/rpc"
	"net/rpc/jsonrpc"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	_ "barewire/internal/cli" // so that a changed program is a changed test, which go test runs anew
)

// patience bounds every wait for the debugger or the program in it. It is long: only
// a test that fails waits that long.
const patience = time.Minute

// long skips a test that takes long, unless CI=true asks for everything.
func long(t *testing.T) {
	t.Helper()
	if os.Getenv("CI") != "true" {
		t.Skip("it takes long: it runs with CI=true in the environment")
	}
}

// command returns a command that runs no longer than its test may: go test ends a
// test that hangs without calling its cleanup. The test fails then, and says why.
func command(t *testing.T, name string, arguments ...string) *exec.Cmd {
	deadline, limited := t.Deadline()
	if !limited {
		deadline = time.Now().Add(time.Hour)
	}
	ctx, cancel := context.WithDeadline(context.Background(), deadline.Add(-20*time.Second))
	t.Cleanup(cancel)
	command := exec.CommandContext(ctx, name, arguments...)
	command.Dir = root
	command.Cancel = func() error {
		if ctx.Err() == context.DeadlineExceeded {
			t.Errorf("%s was killed: the time of go test is over", name)
		}
		return command.Process.Kill()
	}
	return command
}

// need returns the path of Delve, and of barewire built for it. Without Delve the
// test is skipped, or fails in CI.
func need(t *testing.T) (dlv, debuggee string) {
	t.Helper()
	if raced {
		t.Skip("without -race the same runs in the debugger")
	}
	dlv, err := exec.LookPath("dlv")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%v; with CI=true every program has to be there", err)
		}
		t.Skip(err)
	}
	if debuggee, err = build(); err != nil {
		t.Fatalf("barewire does not build: %v", err)
	}
	return dlv, debuggee
}

// folder is where build puts the program.
var folder string

func TestMain(m *testing.M) { os.Exit(runAndClean(m)) }

func runAndClean(m *testing.M) int {
	var err error
	if folder, err = os.MkdirTemp("", "barewire-tour-"); err != nil {
		fmt.Println(err)
		return 1
	}
	defer os.RemoveAll(folder)
	return m.Run()
}

// build builds barewire as dlv debug does: without optimisations, and with each
// variable where the source has it.
var build = sync.OnceValues(func() (string, error) {
	debuggee := filepath.Join(folder, "barewire.exe") // the ending is for Windows
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	output, err := exec.CommandContext(ctx, "go", "build", "-gcflags", "all=-N -l", "-o", debuggee, "barewire").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w\n%s", err, output)
	}
	return debuggee, err
})

// debugger is a Delve that has barewire in it, spoken to through its API: JSON-RPC
// over TCP.
type debugger struct {
	t      *testing.T
	client *rpc.Client
	banner <-chan string // the address that barewire listens on, if it does
	pid    int           // of barewire
}

// debug starts barewire with arguments in a debugger, stopped at its first
// instruction. Both are ended with the test.
func debug(t *testing.T, arguments ...string) *debugger {
	t.Helper()
	dlv, debuggee := need(t)
	command := command(t, dlv, append([]string{"exec", "--headless", "--api-version=2",
		"--listen=127.0.0.1:0", debuggee, "--"}, arguments...)...)
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	command.Stderr = command.Stdout
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	api, banner := make(chan string, 1), make(chan string, 1)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		said := readAddresses(output, api, banner)
		command.Wait()
		if t.Failed() {
			t.Logf("dlv and barewire said:\n%s", said)
		}
	}()
	d := &debugger{t: t, banner: banner}
	t.Cleanup(func() {
		d.kill()
		select {
		case <-ended:
		case <-time.After(patience):
			t.Error("the debugger was killed: it did not end")
			command.Process.Kill()
			if process, err := os.FindProcess(d.pid); err == nil && d.pid > 0 {
				process.Kill() // it outlives a debugger that was killed
			}
			<-ended
		}
	})
	address, ok := <-api
	if !ok {
		t.Fatalf("dlv exec has ended without \"%s HOST:PORT\"", apiBanner)
	}
	if d.client, err = jsonrpc.Dial("tcp", address); err != nil {
		t.Fatal(err)
	}
	var process struct{ Pid int }
	d.call("ProcessPid", object{}, &process)
	d.pid = process.Pid
	return d
}

// kill ends the program and then the debugger, which is done with the client that
// leaves. Delve ends a program only while it is stopped.
func (d *debugger) kill() {
	if d.client == nil {
		return
	}
	d.client.Go("RPCServer.Command", object{"name": "halt"}, new(struct{}), nil)
	detached := d.client.Go("RPCServer.Detach", object{"Kill": true}, new(struct{}), nil)
	select {
	case <-detached.Done:
	case <-time.After(patience): // debug's cleanup goes further
	}
	d.client.Close()
}

const (
	apiBanner = "API server listening at: "
	ourBanner = "barewire listens on "
)

// readAddresses reads the output of the debugger and the program in it to its end,
// returns it, and sends the addresses that both print.
func readAddresses(output io.Reader, api, banner chan<- string) string {
	defer close(api)
	defer close(banner)
	var said strings.Builder
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
		if address, ok := strings.CutPrefix(lines.Text(), apiBanner); ok {
			api <- address
		}
		if address, ok := strings.CutPrefix(lines.Text(), ourBanner); ok {
			banner <- address
		}
	}
	io.Copy(&said, output) // behind a line too long for lines: a full pipe would block the program
	return said.String()
}

// call calls a method of the API.
func (d *debugger) call(method string, in, out any) {
	d.t.Helper()
	if err := d.client.Call("RPCServer."+method, in, out); err != nil {
		d.t.Fatalf("Delve's %s(%+v): %v", method, in, err)
	}
}

// object is one of JSON.
type object = map[string]any

// breakAt sets the breakpoint of a stop. It fails if the line has no statement.
func (d *debugger) breakAt(leg *Leg, stop *Stop) {
	d.t.Helper()
	file, err := filepath.Abs(filepath.Join(root, filepath.FromSlash(stop.File)))
	if err != nil {
		d.t.Fatal(err)
	}
	err = d.client.Call("RPCServer.CreateBreakpoint", object{"Breakpoint": object{
		"name": leg.Breakpoint(stop), "file": file, "line": stop.Line, "Cond": stop.Condition}}, new(struct{}))
	if err != nil {
		d.t.Fatalf("stop %v marks line %d of %s, where Delve cannot stop: %v", stop, stop.Line, stop.File, err)
	}
}

// clear removes the breakpoint of a stop.
func (d *debugger) clear(leg *Leg, stop *Stop) {
	d.t.Helper()
	d.call("ClearBreakpoint", object{"Name": leg.Breakpoint(stop)}, new(struct{}))
}

// state is where the program stands.
type state struct {
	CurrentThread struct {
		File       string
		Line       int
		BreakPoint struct{ Name string }
	}
	Exited     bool
	ExitStatus int
}

// String says it in words.
func (s *state) String() string {
	switch {
	case s.Exited:
		return fmt.Sprintf("the program has ended with status %d", s.ExitStatus)
	case s.CurrentThread.BreakPoint.Name != "":
		return "the program is at " + s.CurrentThread.BreakPoint.Name
	default:
		return fmt.Sprintf("the program is at %s:%d", s.CurrentThread.File, s.CurrentThread.Line)
	}
}

// command lets the program run as "continue", "next" or "halt" say, and returns
// where it stops.
func (d *debugger) command(name string) state {
	d.t.Helper()
	var out struct{ State state }
	d.call("Command", object{"name": name}, &out)
	return out.State
}

// variable is what Delve tells of a variable: of its api.Variable, what we need.
type variable struct {
	Addr       uint64
	Kind       reflect.Kind
	Value      string
	Len        int
	Children   []variable
	Unreadable string
}

// eval evaluates an expression in the function that the program has stopped in.
func (d *debugger) eval(expression string) (variable, error) {
	var out struct{ Variable variable }
	err := d.client.Call("RPCServer.Eval", object{
		"Scope": object{"GoroutineID": -1}, "Expr": expression,
		"Cfg": object{"FollowPointers": true, "MaxVariableRecurse": 1, "MaxStringLen": 256, "MaxArrayValues": 256, "MaxStructFields": -1},
	}, &out)
	if err == nil && out.Variable.Unreadable != "" {
		err = fmt.Errorf("%s", out.Variable.Unreadable)
	}
	return out.Variable, err
}

// String returns the value as a mark has it.
func (v variable) String() string {
	switch v.Kind {
	case reflect.String:
		return strconv.Quote(v.Value)
	case reflect.Array, reflect.Slice:
		octets := make([]string, len(v.Children))
		for i, child := range v.Children {
			octet, err := strconv.ParseUint(child.Value, 10, 8)
			if err != nil {
				return fmt.Sprintf("elements that are no octets (%s)", child.Value)
			}
			octets[i] = fmt.Sprintf("%02x", octet)
		}
		return strings.Join(octets, " ")
	case reflect.Pointer:
		if len(v.Children) == 1 && v.Children[0].Addr == 0 {
			return "nil"
		}
		return "a pointer"
	default:
		return v.Value
	}
}
