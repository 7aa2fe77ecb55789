// Bench races barewire against other servers and prints the table of its README:
//
//	cd internal/bench && go run .
//
// It builds barewire, starts it and every competitor on a loopback address, and
// measures how much CPU time each server spends on an answer. Linux only.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"barewire/internal/bench/load"
	"barewire/internal/bench/servers"
)

func main() {
	runtime.LockOSThread() // servers die with the thread that started them
	if err := command(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// options are the values of the flags.
type options struct {
	rounds        int
	time          time.Duration
	only, servers string
	format, serve string
	barewire, old string
	wrk, path     bool
	quick         bool
}

func command(args []string) error {
	var o options
	flags := flag.NewFlagSet("bench", flag.ExitOnError)
	flags.IntVar(&o.rounds, "rounds", 11, "the `number` of rounds")
	flags.DurationVar(&o.time, "time", 300*time.Millisecond, "how long each measurement takes")
	flags.StringVar(&o.only, "only", "", "names of `scenarios`, separated by commas; all by default")
	flags.StringVar(&o.servers, "servers", "", "names of `servers`, separated by commas; the others are compared with the first; all by default")
	flags.StringVar(&o.format, "format", "text", "text or markdown")
	flags.StringVar(&o.barewire, "barewire", "", "`flags` for barewire, separated by spaces")
	flags.StringVar(&o.old, "old", "", "another `binary` of barewire, which races as the server named old")
	flags.BoolVar(&o.quick, "quick", false, "measure what matters most to users, in less than two minutes; only barewire and old, unless -servers names others")
	flags.BoolVar(&o.wrk, "wrk", false, "measure HTTP with wrk instead")
	flags.BoolVar(&o.path, "path", false, "print which functions a message and a request pass through; no race")
	flags.StringVar(&o.serve, "serve", "", "run the `server` with this name, until killed")
	flags.Parse(args)
	switch {
	case o.serve != "":
		return serve(o.serve)
	case flags.NArg() > 0, o.quick && o.wrk, o.rounds < 1, o.time <= 0, o.format != "text" && o.format != "markdown":
		return errors.New("the flags do not fit together: see -help")
	}
	dir, err := os.MkdirTemp("", "barewire-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if o.path {
		return printPath(os.Stdout, dir, o.barewire)
	}
	if o.quick {
		o.shorten()
	}
	if o.old != "" && o.servers != "" && !slices.Contains(strings.Split(o.servers, ","), oldBuild) {
		o.servers += "," + oldBuild
	}
	return compete(dir, o)
}

// quickScenarios are a page, a browser's head in a pipeline, a small echo, 64 KiB
// of text, and an idle connection's memory.
const quickScenarios = "http,head-16,echo-64,text-64k,idle"

// shorten makes the race a quick one, except for what other flags ask for.
func (o *options) shorten() {
	o.time = min(o.time, 200*time.Millisecond)
	if o.only == "" {
		o.only = quickScenarios
	}
	if o.servers == "" {
		o.servers = newBuild
	}
}

// serve runs one competitor, in a process of its own.
func serve(name string) error {
	server, ok := servers.Find(name)
	if !ok {
		return fmt.Errorf("unknown server %q", name)
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("http://%v/\n", l.Addr())
	return server.Serve(l)
}

// compete runs the race and prints the table.
func compete(dir string, o options) error {
	scenarios, err := choose(load.Scenarios(), o.only, func(s load.Scenario) string { return s.Name })
	if err != nil {
		return err
	}
	for i := range scenarios {
		scenarios[i].UsedOnly = o.quick
	}
	field, err := runners(dir, o)
	if err != nil {
		return err
	}
	raiseFiles()
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	r := race{scenarios: scenarios, runners: field, rounds: o.rounds,
		window: load.Window{Warm: o.time / 5, Time: o.time}, log: os.Stderr}
	if o.wrk {
		return r.secondOpinion(ctx, dir)
	}
	if err := r.run(ctx); err != nil {
		return err
	}
	fmt.Printf("%s, %s, %d cores, %d rounds of %v\n", time.Now().Format(time.DateOnly), runtime.Version(), runtime.NumCPU(), o.rounds, o.time)
	r.print(os.Stdout, o)
	if r.failures > 0 {
		return fmt.Errorf("%d measurements failed", r.failures)
	}
	return nil
}

// print prints the results in the format of the flags.
func (r *race) print(out io.Writer, o options) {
	switch {
	case o.format == "markdown":
		fmt.Fprintln(out)
		r.printMarkdown(out)
	case !o.quick:
		r.printText(out)
	}
	columns := r.runners
	if !o.quick {
		columns = r.builds() // the others are already printed
	}
	if o.quick || o.old != "" {
		fmt.Fprintln(out)
		r.printLines(out, columns)
	}
}

// runners returns the servers in the race: barewire, after the limits, and the
// competitors, which are this program itself.
func runners(dir string, o options) ([]*runner, error) {
	root, err := sourceTree()
	if err != nil {
		return nil, err
	}
	binary, err := buildBarewire(root, dir)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var all []*runner
	for _, s := range servers.All {
		all = append(all, &runner{Server: s, command: []string{self, "-serve", s.Name}})
	}
	builds := []*runner{barewire(newBuild, binary, o.barewire)}
	if o.old != "" {
		builds = append(builds, barewire(oldBuild, o.old, o.barewire))
	}
	users := slices.IndexFunc(all, func(r *runner) bool { return !r.Limit })
	return choose(slices.Insert(all, users, builds...), o.servers, func(r *runner) string { return r.Name })
}

// barewire returns a build of barewire as a server in the race.
func barewire(name, binary, flags string) *runner {
	can := servers.Can{HTTP: true, WebSocket: true, Fragments: true, Compression: true}
	return &runner{Server: servers.Server{Name: name, Can: can}, command: serveCommand(binary, flags)}
}

// choose returns the elements of all that list names, in the order of list.
func choose[T any](all []T, list string, name func(T) string) ([]T, error) {
	if list == "" {
		return all, nil
	}
	var chosen []T
	for wanted := range strings.SplitSeq(list, ",") {
		i := slices.IndexFunc(all, func(t T) bool { return name(t) == wanted })
		if i < 0 {
			var names []string
			for _, t := range all {
				names = append(names, name(t))
			}
			return nil, fmt.Errorf("unknown name %q: use %s", wanted, strings.Join(names, ", "))
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

// raiseFiles raises the limit of open files for the idle scenario, here and in the
// servers. If that is not permitted, the scenario fails with an error.
func raiseFiles() {
	const enough = 12000
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) == nil && limit.Cur < enough {
		syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: enough, Max: max(limit.Max, enough)})
	}
}
