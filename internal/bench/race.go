package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"barewire/internal/bench/load"
	"barewire/internal/bench/servers"
)

// memoryRounds is how many rounds measure memory. Memory varies little and takes
// long to measure.
const memoryRounds = 3

// runner is a server in the race, and the command that starts it.
type runner struct {
	servers.Server
	command []string
	*process
}

// can reports whether the server supports a scenario.
func (r *runner) can(s load.Scenario) bool {
	switch {
	case !s.WebSocket():
		return r.Can.HTTP
	case s.Fragments > 0:
		return r.Can.Fragments
	case s.Deflate:
		return r.Can.Compression
	}
	return r.Can.WebSocket
}

// race holds the servers, the scenarios and the results.
type race struct {
	scenarios []load.Scenario
	runners   []*runner
	rounds    int
	window    load.Window
	log       io.Writer
	results   map[line]figures
	failures  int
}

// line identifies a figure: a scenario and a server.
type line struct{ scenario, server string }

// figures are the values of one line, by round.
type figures map[int]float64

// Other figures of a scenario; its CPU time has the plain name.
const (
	rate     = " rate" // messages per second
	usedIdle = " used" // memory after use
)

// start starts every server.
func (r *race) start() (err error) {
	r.results = make(map[line]figures)
	for _, runner := range r.runners {
		if runner.process, err = start(runner.Name, runner.command...); err != nil {
			return err
		}
	}
	return nil
}

// stop ends the servers that were started.
func (r *race) stop() {
	for _, runner := range r.runners {
		if runner.process != nil {
			runner.process.stop()
		}
	}
}

// run goes through all scenarios in each round, and in each scenario through all
// servers, so that a disturbance of the machine affects all of them.
func (r *race) run(ctx context.Context) error {
	defer r.stop()
	if err := r.start(); err != nil {
		return err
	}
	began := time.Now()
	for round := range r.rounds {
		for _, s := range r.scenarios {
			for _, runner := range r.order(round) {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				if runner.can(s) {
					r.one(round, s, runner)
				}
			}
		}
		fmt.Fprintf(r.log, "round %d of %d, %v\n", round+1, r.rounds, time.Since(began).Round(time.Second))
	}
	return nil
}

// one measures one server in one scenario, once. An error is logged, and the result
// left out.
func (r *race) one(round int, s load.Scenario, runner *runner) {
	var err error
	if s.Kind == load.Idle {
		if round < memoryRounds {
			err = r.idle(round, s, runner)
		}
	} else {
		var got load.Result
		if got, err = load.Run(runner.addr, s, r.window, runner.cpu); err == nil {
			n := float64(got.Messages)
			r.record(round, s.Name, runner, float64(got.CPU)/n)
			r.record(round, s.Name+rate, runner, n/got.Wall.Seconds())
		}
	}
	if err != nil {
		r.failures++
		fmt.Fprintf(r.log, "%s, %s: %v\n", s.Name, runner.Name, err)
	}
}

// idle measures the memory of a newly started server.
func (r *race) idle(round int, s load.Scenario, runner *runner) error {
	fresh, err := start(runner.Name, runner.command...)
	if err != nil {
		return err
	}
	defer fresh.stop()
	rest, err := load.RunIdle(fresh.addr, s, fresh.memory)
	if err == nil {
		if !s.UsedOnly {
			r.record(round, s.Name, runner, rest.Fresh)
		}
		r.record(round, s.Name+usedIdle, runner, rest.Used)
	}
	return err
}

func (r *race) record(round int, figure string, runner *runner, value float64) {
	at := line{figure, runner.Name}
	if r.results[at] == nil {
		r.results[at] = make(figures)
	}
	r.results[at][round] = value
}

// samples returns the values of a line, in no particular order.
func (f figures) samples() []float64 {
	var s []float64
	for _, v := range f {
		s = append(s, v)
	}
	slices.Sort(s)
	return s
}
