package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/websocket"
)

// settled is how long the server has to finish an exchange and wait for the next. After
// half a second it would park the connection, which is not part of the path.
const settled = 100 * time.Millisecond

// exchanges is how many exchanges are counted. A function that does not run in all of
// them, such as a background timer's, is not part of the path.
const exchanges = 5

// function is a function, with the file that contains it.
type function struct{ file, name string }

// printPath prints the functions of barewire that run in the server for a message and
// for a request, and the stack when the application gets the message.
func printPath(out io.Writer, dir, flags string) error {
	s, err := startInstrumented(dir, flags)
	if err != nil {
		return err
	}
	defer s.stop()
	for _, path := range []struct {
		title string
		dial  func(addr string) (io.Closer, func() error, error)
	}{
		{"one text message, echoed", dialEcho},
		{"one GET", dialHTTP},
	} {
		ran, err := s.path(path.dial)
		if err != nil {
			return fmt.Errorf("%s: %w", path.title, err)
		}
		if err := s.printFunctions(out, path.title, ran); err != nil {
			return err
		}
	}
	return s.printStack(out)
}

// instrumented is a server that counts how often each of its statements runs.
type instrumented struct {
	*process
	tree     string
	counters string         // a directory with a subdirectory for each take
	orders   io.Writer      // commands to the hook
	replies  *bufio.Scanner // the hook's replies
	stacks   string         // the file with its standard error
	taken    int
}

// startInstrumented builds and starts the instrumented copy of barewire.
func startInstrumented(dir, flags string) (*instrumented, error) {
	s := &instrumented{tree: filepath.Join(dir, "tree"), counters: filepath.Join(dir, "counters"), stacks: filepath.Join(dir, "stderr")}
	root, err := sourceTree()
	if err != nil {
		return nil, err
	}
	if err := instrumentedTree(root, s.tree); err != nil {
		return nil, err
	}
	binary, err := buildBarewire(s.tree, dir, "-cover", "-covermode=atomic", "-coverpkg=barewire/...")
	if err != nil {
		return nil, err
	}
	stderr, err := os.Create(s.stacks)
	if err != nil {
		return nil, err
	}
	defer stderr.Close()
	replies, answer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer answer.Close()
	command := serveCommand(binary, flags)
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stderr, cmd.ExtraFiles = stderr, []*os.File{answer}
	if s.orders, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	s.replies = bufio.NewScanner(replies)
	s.process, err = startCommand("the instrumented barewire", cmd)
	return s, err
}

// take writes the counts since the last take to a new directory, and returns the
// directory.
func (s *instrumented) take() (string, error) {
	s.taken++
	dir := filepath.Join(s.counters, fmt.Sprint(s.taken))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	fmt.Fprintln(s.orders, dir)
	if !s.replies.Scan() || s.replies.Text() != "<nil>" {
		return "", fmt.Errorf("reading the counters: %s", s.replies.Text())
	}
	return dir, nil
}

// path returns the functions that run in every exchange on a connection, except for the
// first exchange, which includes setup.
func (s *instrumented) path(dial func(addr string) (io.Closer, func() error, error)) (ran []function, err error) {
	conn, exchange, err := dial(s.addr.String())
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if err := exchange(); err != nil {
		return nil, err
	}
	for i := range exchanges {
		now, err := s.count(exchange)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			ran = now
		}
		ran = slices.DeleteFunc(ran, func(f function) bool { return !slices.Contains(now, f) })
	}
	return ran, nil
}

// count returns the functions that run from the start of an exchange until the server
// waits for the next.
func (s *instrumented) count(exchange func() error) ([]function, error) {
	time.Sleep(settled)
	if _, err := s.take(); err != nil {
		return nil, err
	}
	if err := exchange(); err != nil {
		return nil, err
	}
	time.Sleep(settled)
	dir, err := s.take()
	if err != nil {
		return nil, err
	}
	report, err := exec.Command("go", "tool", "covdata", "func", "-i="+dir).Output()
	if err != nil {
		return nil, fmt.Errorf("go tool covdata: %w", err)
	}
	return covered(string(report)), nil
}

// dialEcho opens a WebSocket. Its exchange is a small text message.
func dialEcho(addr string) (io.Closer, func() error, error) {
	const message = "Hello"
	conn, err := websocket.Dial("ws://"+addr+"/echo", "", "http://"+addr)
	return conn, func() error {
		if _, err := io.WriteString(conn, message); err != nil {
			return err
		}
		_, err := io.ReadFull(conn, make([]byte, len(message)))
		return err
	}, err
}

// dialHTTP opens a connection. Its exchange is a GET.
func dialHTTP(addr string) (io.Closer, func() error, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, nil, err
	}
	answers := bufio.NewReader(conn)
	return conn, func() error {
		if _, err := fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", addr); err != nil {
			return err
		}
		answer, err := http.ReadResponse(answers, nil)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, answer.Body)
		return err
	}, nil
}

// covered returns the functions that have run according to covdata's report, without the
// hook's. Its lines look like "barewire/internal/server/server.go:12:  Name  80.0%".
func covered(report string) (ran []function) {
	for line := range strings.Lines(report) {
		fields := strings.Fields(line)
		if len(fields) != 3 || fields[2] == "0.0%" {
			continue
		}
		file, _, isPlace := strings.Cut(strings.TrimPrefix(fields[0], "barewire/"), ":")
		if isPlace && file != hookFile { // the last line is the total
			ran = append(ran, function{file, fields[1]})
		}
	}
	return ran
}

// printFunctions prints the functions by file. The command line's packages come first,
// and packages that import nothing of barewire last.
func (s *instrumented) printFunctions(out io.Writer, title string, ran []function) error {
	list := exec.Command("go", "list", "-deps", ".")
	list.Dir = s.tree
	packages, err := list.Output()
	if err != nil {
		return fmt.Errorf("go list: %w", err)
	}
	imported := strings.Fields(string(packages)) // a package comes after those that it imports
	depth := func(file string) int {
		return -slices.Index(imported, "barewire/"+filepath.ToSlash(filepath.Dir(file)))
	}
	var files []string
	names := make(map[string][]string)
	for _, f := range ran {
		if names[f.file] == nil {
			files = append(files, f.file)
		}
		names[f.file] = append(names[f.file], f.name)
	}
	slices.SortStableFunc(files, func(a, b string) int { return depth(a) - depth(b) })
	fmt.Fprintf(out, "%s: %d functions in %d files\n", title, len(ran), len(files))
	for _, file := range files {
		fmt.Fprintf(out, "  %-34s %2d  %s\n", file, len(names[file]), strings.Join(names[file], ", "))
	}
	fmt.Fprintln(out)
	return nil
}

// frameLines matches a frame of a stack: a function with its arguments, and the place on
// the next line. A line with "created by" is not a frame.
var frameLines = regexp.MustCompile(`(?m)^(\S.*)\([^()]*\)\n\t(\S+:\d+)`)

// printStack prints the frames of the last OnMessage, innermost first.
func (s *instrumented) printStack(out io.Writer) error {
	stacks, err := os.ReadFile(s.stacks)
	if err != nil {
		return err
	}
	frames := lastStack(string(stacks))
	ours := 0
	for _, f := range frames {
		if strings.HasPrefix(f.name, "barewire/") {
			ours++
		}
	}
	fmt.Fprintf(out, "the stack at OnMessage: %d frames, %d of them barewire's\n", len(frames), ours)
	for _, f := range frames {
		fmt.Fprintf(out, "  %-50s %s\n", strings.TrimPrefix(f.name, "barewire/"), strings.TrimPrefix(f.file, s.tree+"/"))
	}
	return nil
}

// lastStack returns the frames of the last of several stacks, without the ones that print
// the stack.
func lastStack(stacks string) (frames []function) {
	last := stacks[max(0, strings.LastIndex(stacks, " [running]:")):]
	for _, m := range frameLines.FindAllStringSubmatch(last, -1) {
		if !strings.HasPrefix(m[1], "runtime/debug.") {
			frames = append(frames, function{file: m[2], name: m[1]})
		}
	}
	return frames
}
