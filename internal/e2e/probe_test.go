package e2e

import (
	"encoding/json"
	"strings"
	"testing"
)

// probed is the part of barewire probe -json that the tests read.
type probed struct {
	Target struct {
		PlainStatus              int
		WebSocket, Echo, Deflate bool
	}
	Results []struct {
		ID, Category, Level, Verdict, Expected, Got, Reason string
	}
	Summary struct{ Pass, Tolerated, Fail, MustBroken, NotApplicable, NotRun int }
}

// probe runs barewire probe against a server, and returns its report. Each fault must get
// a verdict, whatever the server does.
func probe(t *testing.T, url string, flags ...string) (report probed, status int) {
	t.Helper()
	arguments := append(append([]string{"probe", "-json"}, flags...), url)
	stdout, stderr, status := run(t, nil, binary, arguments...)
	if err := json.Unmarshal([]byte(stdout), &report); err != nil {
		t.Fatalf("barewire %q did not print JSON: %v\n%s\n%s", arguments, err, stdout, stderr)
	}
	for _, result := range report.Results {
		if result.Verdict == "not run" {
			t.Errorf("%s could not be run: %s", result.ID, result.Reason)
		}
	}
	return report, status
}

// shortcoming maps the faults that a server fails to the start of what came instead.
type shortcoming map[string]string

// checkShortcomings compares the faults that a server fails with the known ones. It also
// reports improvements.
func checkShortcomings(t *testing.T, name string, report probed, known shortcoming) {
	t.Helper()
	for _, result := range report.Results {
		got, isKnown := known[result.ID]
		switch {
		case result.Verdict == "fail" && !isKnown:
			t.Errorf("%s: %s (%s): got %q, want %q", name, result.ID, result.Level, result.Got, result.Expected)
		case isKnown && result.Verdict != "fail":
			t.Errorf("%s does better in %s than before: %s, %q", name, result.ID, result.Verdict, result.Got)
		case isKnown && !strings.HasPrefix(result.Got, got):
			t.Errorf("%s answers %s with %q, want %q", name, result.ID, result.Got, got)
		}
	}
}

// TestProbeOurs: barewire passes every fault of barewire probe, on a path that echoes, on
// paths that do not, and over TLS.
func TestProbeOurs(t *testing.T) {
	long(t)
	for _, test := range []struct {
		rule, flag string // a flag of the server
		scheme     string
		path       string
		applicable int // at least
	}{
		{"echo", "", "ws", "/echo", 240},
		{"no echo", "", "ws", "/", 200},
		{"chat, which accepts only text", "", "ws", "/chat", 200},
		{"no WebSocket", "-lab=false", "http", "/lab", 87}, // the lab needs a Host, which HTTP/1.0 does not have
		{"TLS", "-tls-self-signed", "wss", "/echo", 240},
	} {
		t.Run(test.rule, func(t *testing.T) {
			t.Parallel()
			p := start(t, strings.Fields(test.flag)...)
			// A second answer may take a tenth of -timeout, which is short on a busy machine.
			report, status := probe(t, test.scheme+"://"+p.addr+test.path, "-insecure", "-timeout", "10s")
			sum := report.Summary
			if status != 0 || sum.Fail != 0 || sum.Tolerated != 0 || sum.Pass < test.applicable {
				t.Errorf("exit status %d, %+v; want 0 and only passes, %d or more", status, sum, test.applicable)
			}
			checkShortcomings(t, "barewire", report, nil)
			for _, result := range report.Results {
				if result.Verdict == "tolerated" {
					t.Errorf("%s is merely tolerated: got %q, want %q", result.ID, result.Got, result.Expected)
				}
			}
		})
	}
}

// TestProbeLimit: when the time for all faults is over, the rest are not run, and the exit
// status is not 0.
func TestProbeLimit(t *testing.T) {
	t.Parallel()
	p := start(t)
	stdout, _, status := run(t, nil, binary, "probe", "-json", "-limit", "200ms", p.ws()+"/echo")
	var report probed
	if err := json.Unmarshal([]byte(stdout), &report); err != nil {
		t.Fatal(err)
	}
	if status != 1 || report.Summary.NotRun == 0 {
		t.Errorf("exit status %d, %+v; want 1, and some faults not run", status, report.Summary)
	}
}
