package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// sourceTree returns the directory of barewire's own module.
func sourceTree() (string, error) {
	root, err := filepath.Abs("../..")
	if err != nil {
		return "", err
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil || !bytes.HasPrefix(mod, []byte("module barewire\n")) {
		return "", errors.New("not in barewire's source: run this in internal/bench")
	}
	return root, nil
}

// buildBarewire builds the program of a source tree into dir, as its users do, with
// additional flags.
func buildBarewire(root, dir string, flags ...string) (string, error) {
	binary := filepath.Join(dir, "barewire")
	build := exec.Command("go", append([]string{"build", "-o", binary}, flags...)...)
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building barewire: %w\n%s", err, out)
	}
	return binary, nil
}

// serveCommand returns the command that serves with a build of barewire on a free port.
// The flags are separated by spaces.
func serveCommand(binary, flags string) []string {
	return append([]string{binary, "serve", "-addr", "127.0.0.1:0"}, strings.Fields(flags)...)
}

// process is a running server.
type process struct {
	name string
	addr netip.AddrPort
	cmd  *exec.Cmd
}

var printedURL = regexp.MustCompile(`http://(127\.0\.0\.1:\d+)`)

// start runs a server with this command line; see startCommand.
func start(name string, command ...string) (*process, error) {
	return startCommand(name, exec.Command(command[0], command[1:]...))
}

// startCommand runs a server and waits until it prints its address. The server dies
// with this program, even if the program crashes.
func startCommand(name string, cmd *exec.Cmd) (*process, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p := &process{name: name, cmd: cmd}
	watchdog := time.AfterFunc(10*time.Second, func() { cmd.Process.Kill() })
	defer watchdog.Stop()
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if m := printedURL.FindStringSubmatch(lines.Text()); m != nil {
			go io.Copy(io.Discard, out)
			p.addr, err = netip.ParseAddrPort(m[1])
			return p, err
		}
	}
	p.stop()
	return nil, fmt.Errorf("%s did not start", name)
}

// stop kills the server's process.
func (p *process) stop() {
	p.cmd.Process.Kill()
	p.cmd.Wait()
}

// cpu returns the CPU time that the server's threads have used, in user space and in
// the kernel. It reads the kernel's clock of the process, which counts nanoseconds,
// while /proc/PID/stat counts ticks.
func (p *process) cpu() (time.Duration, error) {
	const perProcess = 2 // CPUCLOCK_SCHED; see clock_getcpuclockid(3)
	var t unix.Timespec
	if err := unix.ClockGettime(int32(^p.cmd.Process.Pid<<3|perProcess), &t); err != nil {
		return 0, fmt.Errorf("CPU clock of %s: %w", p.name, err)
	}
	return time.Duration(t.Nano()), nil
}

// memory returns how many bytes of the server's memory are resident.
func (p *process) memory() (int, error) {
	rollup, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := bytes.Cut(rollup, []byte("Rss:"))
	fields := bytes.Fields(rest)
	if len(fields) == 0 {
		return 0, errors.New("no Rss in smaps_rollup")
	}
	kilobytes, err := strconv.Atoi(string(fields[0]))
	return kilobytes << 10, err
}
