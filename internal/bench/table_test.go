package main

import (
	"strings"
	"testing"

	"barewire/internal/bench/load"
	"barewire/internal/bench/servers"
)

// aRace is a race with fixed figures, which need no servers.
func aRace() *race {
	return &race{
		rounds:    1,
		scenarios: []load.Scenario{{Name: "echo", Title: "echo"}, {Name: "idle", Title: "memory", Kind: load.Idle}},
		runners: []*runner{
			{Server: servers.Server{Name: "raw", Limit: true}},
			{Server: servers.Server{Name: "barewire"}},
			{Server: servers.Server{Name: "gobwas"}},
			{Server: servers.Server{Name: "absent"}},
		},
		results: map[line]figures{
			{"echo", "raw"}: {0: 1000}, {"echo", "barewire"}: {0: 900}, {"echo", "gobwas"}: {0: 1070},
			{"idle", "raw"}: {0: 8000}, {"idle", "barewire"}: {0: 3900}, {"idle", "gobwas"}: {0: 10100},
			{"idle used", "raw"}: {0: 8000}, {"idle used", "barewire"}: {0: 3900}, {"idle used", "gobwas"}: {0: 3800},
		},
	}
}

func TestMarkdown(t *testing.T) {
	var out strings.Builder
	aRace().printMarkdown(&out)
	for _, want := range []string{
		"| scenario | raw, µs | barewire | gobwas | absent |\n|---|---:|---:|---:|---:|\n",
		"| echo | 1.00 | **0.90 ±0.00** | 1.07 ±0.00 |  |\n",
		"| memory, fresh | 8000 bytes | **3900 bytes** | 10100 bytes |  |\n",
		"| memory, after 1 KiB | 8000 bytes | 3900 bytes | **3800 bytes** |  |\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestTextNamesTheBest(t *testing.T) {
	var out strings.Builder
	aRace().printText(&out)
	if !strings.Contains(out.String(), "barewire        0.90 µs ±0.00    0.90 × raw ±0.00") || strings.Contains(out.String(), "absent") {
		t.Errorf("text:\n%s", out.String())
	}
}

func TestChoose(t *testing.T) {
	name := func(s string) string { return s }
	got, err := choose([]string{"a", "b", "c"}, "c,a", name)
	if err != nil || strings.Join(got, "") != "ca" {
		t.Errorf("chose %v, %v", got, err)
	}
	if _, err := choose([]string{"a"}, "z", name); err == nil || !strings.Contains(err.Error(), `unknown name "z": use a`) {
		t.Errorf("an unknown name: %v", err)
	}
}
