package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"

	"barewire/internal/bench/load"
)

// pipelined makes wrk send 16 requests at a time.
const pipelined = `init = function(args)
  local r = {}
  for i = 1, 16 do r[i] = wrk.format("GET", "/") end
  sixteen = table.concat(r)
end
request = function() return sixteen end
`

var wrkRequests = regexp.MustCompile(`(\d+) requests in`)

// secondOpinion measures the HTTP servers with wrk, in the same number of rounds, and
// prints the table.
func (r *race) secondOpinion(ctx context.Context, dir string) error {
	script := filepath.Join(dir, "pipelined.lua")
	if err := os.WriteFile(script, []byte(pipelined), 0o600); err != nil {
		return err
	}
	r.scenarios = []load.Scenario{{Name: "wrk", Title: "HTTP, one at a time, wrk"}, {Name: "wrk-16", Title: "HTTP, 16 pipelined, wrk"}}
	arguments := [][]string{nil, {"-s", script}}
	defer r.stop()
	if err := r.start(); err != nil {
		return err
	}
	for round := range r.rounds {
		for i, s := range r.scenarios {
			for _, runner := range r.order(round) {
				if !runner.can(s) {
					continue
				}
				if err := r.wrk(ctx, round, s.Name, runner, arguments[i]...); err != nil {
					return err
				}
			}
		}
	}
	r.printText(os.Stdout)
	return nil
}

func (r *race) wrk(ctx context.Context, round int, name string, runner *runner, extra ...string) error {
	before, err := runner.cpu()
	if err != nil {
		return err
	}
	arguments := append([]string{"-t1", "-c64", "-d1s"}, extra...)
	out, err := exec.CommandContext(ctx, "wrk", append(arguments, fmt.Sprintf("http://%v/", runner.addr))...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("wrk: %w\n%s", err, out)
	}
	after, err := runner.cpu()
	if err != nil {
		return err
	}
	found := wrkRequests.FindSubmatch(out)
	if found == nil {
		return fmt.Errorf("unexpected output of wrk: %s", out)
	}
	n, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		return err
	}
	r.record(round, name, runner, float64(after-before)/n)
	r.record(round, name+rate, runner, n)
	return nil
}
