package main

import (
	"strings"
	"testing"

	"barewire/internal/bench/load"
	"barewire/internal/bench/servers"
)

func TestVerdict(t *testing.T) {
	for _, c := range []struct {
		name   string
		ratios []float64
		want   string
	}{
		{"equal", []float64{1, 1, 1}, "same"},
		{"slower in every round", []float64{1.08, 1.10, 1.12, 1.09}, "slower"},
		{"faster in every round", []float64{0.88, 0.90, 0.92, 0.91}, "faster"},
		{"steady but small", []float64{1.04, 1.04, 1.05, 1.03}, "same"},
		{"exactly at the threshold", []float64{1.05, 1.05, 1.05}, "same"},
		{"large but not steady", []float64{0.90, 0.95, 1.10, 1.20, 1.30}, "same"},
		{"the lower quartile is 1", []float64{0.9, 1, 1.10, 1.20, 1.30}, "same"},
		{"the lower quartile is just above 1", []float64{0.9, 1.01, 1.10, 1.20, 1.30}, "slower"},
		{"one outlier", []float64{1, 1.01, 0.99, 1, 40}, "same"},
		{"one outlier does not hide a difference", []float64{1.1, 1.1, 1.1, 1.1, 0.1}, "slower"},
		{"faster, not steady", []float64{0.7, 0.8, 0.9, 1.02, 1.03}, "same"},
		{"the inverse of slower", []float64{1 / 1.06, 1 / 1.06, 1 / 1.06}, "faster"},
		{"two rounds", []float64{2, 2}, "too few rounds"},
		{"none", nil, "too few rounds"},
	} {
		if got := verdict(summarize(c.ratios), "slower", "faster"); got != c.want {
			t.Errorf("%s: %v is %q, want %q", c.name, c.ratios, got, c.want)
		}
	}
}

func TestOrderAlternates(t *testing.T) {
	r := &race{}
	for _, name := range []string{"raw", newBuild, oldBuild} {
		r.runners = append(r.runners, &runner{Server: servers.Server{Name: name}})
	}
	for round, want := range []string{"raw barewire old", "old barewire raw", "raw barewire old"} {
		var names []string
		for _, runner := range r.order(round) {
			names = append(names, runner.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("round %d: %s, want %s", round, got, want)
		}
	}
}

func TestLines(t *testing.T) {
	r := &race{
		scenarios: []load.Scenario{
			{Name: "echo", Title: "echo"},
			{Name: "idle", Title: "memory", Kind: load.Idle, UsedOnly: true},
		},
		runners: []*runner{{Server: servers.Server{Name: newBuild}}, {Server: servers.Server{Name: oldBuild}}},
		results: map[line]figures{
			// The machine was half as fast in round 1: pairs show what medians hide.
			{"echo", newBuild}: {0: 1100, 1: 2200, 2: 1100}, {"echo", oldBuild}: {0: 1000, 1: 2000, 2: 1000},
			{"idle used", newBuild}: {0: 2900, 1: 2910, 2: 2890}, {"idle used", oldBuild}: {0: 2900, 1: 2900, 2: 2900},
		},
	}
	var out strings.Builder
	r.printLines(&out, r.runners)
	want := `CPU time per answer  barewire    old         barewire/old  quartiles     verdict
echo                 1.10 µs     1.00 µs     1.10          1.10 to 1.10  slower
memory, after 1 KiB  2900 bytes  2900 bytes  1.00          1.00 to 1.00  same
`
	if got := out.String(); got != want {
		t.Errorf("printed:\n%s", got)
	}
	out.Reset()
	r.runners = r.runners[:1]
	r.printLines(&out, r.runners)
	if strings.Contains(out.String(), "verdict") || !strings.Contains(out.String(), "1.10 µs") {
		t.Errorf("without an old build:\n%s", out.String())
	}
}
