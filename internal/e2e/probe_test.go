package e2e

import (
	"encoding/json"
	"strings"
	"testing"
)

// probed is what barewire probe -json prints, as far as it is looked at.
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

// probe runs barewire probe against a server, and returns its report. Whatever
// the server does, each fault must come to a verdict.
func probe(t *testing.T, url string, flags ...string) (report probed, status int) {
	t.Helper()
	arguments := append(append([]string{"probe", "-json"}, flags...), url)
	stdout, stderr, status := run(t, nil, binary, arguments...)
	if err := json.Unmarshal([]byte(stdout), &report); err != nil {
		t.Fatalf("barewire %q printed no JSON: %v\n%s\n%s", arguments, err, stdout, stderr)
	}
	for _, result := range report.Results {
		if result.Verdict == "not run" {
			t.Errorf("%s could not be run: %s", result.ID, result.Reason)
		}
	}
	return report, status
}

// shortcoming is the faults that a server fails, and what it begins to do instead.
type shortcoming map[string]string

// checkShortcomings holds what a server falls short in against what is known of
// it. A change for the better is noticed, too.
func checkShortcomings(t *testing.T, name string, report probed, known shortcoming) {
	t.Helper()
	for _, result := range report.Results {
		got, isKnown := known[result.ID]
		switch {
		case result.Verdict == "fail" && !isKnown:
			t.Errorf("%s: %s (%s): got %q, want %q", name, result.ID, result.Level, result.Got, result.Expected)
		case isKnown && result.Verdict != "fail":
			t.Errorf("%s does better in %s than is known of it: %s, %q", name, result.ID, result.Verdict, result.Got)
		case isKnown && !strings.HasPrefix(result.Got, got):
			t.Errorf("%s answers %s with %q, known is %q", name, result.ID, result.Got, got)
		}
	}
}

// TestProbeOurs: barewire probe finds nothing to tell of barewire, on a path that
// echoes, on one that does not, and over TLS.
func TestProbeOurs(t *testing.T) {
	long(t)
	for _, test := range []struct {
		rule, flag string // of the server
		scheme     string
		path       string
		applicable int // at least
	}{
		{"echo", "", "ws", "/echo", 240},
		{"no echo", "", "ws", "/", 200},
		{"chat, which takes text alone", "", "ws", "/chat", 200},
		{"no WebSocket", "-lab=false", "http", "/lab", 87}, // the lab wants a Host, which HTTP/1.0 has not
		{"TLS", "-tls-self-signed", "wss", "/echo", 240},
	} {
		t.Run(test.rule, func(t *testing.T) {
			t.Parallel()
			p := start(t, strings.Fields(test.flag)...)
			// A tenth of -timeout is how long a second answer may take: here, on a busy machine.
			report, status := probe(t, test.scheme+"://"+p.addr+test.path, "-insecure", "-timeout", "10s")
			sum := report.Summary
			if status != 0 || sum.Fail != 0 || sum.Tolerated != 0 || sum.Pass < test.applicable {
				t.Errorf("exit status %d, %+v; want 0 and nothing but passes, %d or more", status, sum, test.applicable)
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

// TestProbeLimit: when the time for the whole is over the rest is not run, which
// is no proof that all is well.
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
