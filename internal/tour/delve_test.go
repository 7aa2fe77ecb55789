package tour

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestLegs takes the tour, leg by leg: each stop is passed, in order, and each of
// its variables has the value that the mark says. Then the conversation ends as if
// nobody had looked.
func TestLegs(t *testing.T) {
	long(t)
	for _, leg := range stops(t) {
		t.Run(leg.Name, func(t *testing.T) {
			t.Parallel()
			d := debug(t, leg.Replay()...)
			for i := range leg.Stops {
				d.breakAt(&leg, &leg.Stops[i])
			}
			for i := range leg.Stops {
				stop := &leg.Stops[i]
				if at := d.command("continue"); at.CurrentThread.BreakPoint.Name != leg.Breakpoint(stop) {
					t.Fatalf("stop %v (%s:%d) should be next, and %v", stop, stop.File, stop.Line, &at)
				}
				look(t, d, stop)
			}
			for i := range leg.Stops {
				d.clear(&leg, &leg.Stops[i])
			}
			if end := d.command("continue"); !end.Exited || end.ExitStatus != 0 {
				t.Errorf("behind the last stop the conversation should go on to its end, and %v", &end)
			}
		})
	}
}

// look compares the variables at a stop with what the mark says of them.
func look(t *testing.T, d *debugger, stop *Stop) {
	t.Helper()
	for _, value := range stop.Values {
		got, err := d.eval(value.Expression)
		switch {
		case err != nil:
			t.Errorf("stop %v (%s:%d): there is no %s: %v", stop, stop.File, stop.Line, value.Expression, err)
		case got.String() != value.Want:
			t.Errorf("stop %v (%s:%d): %s is %v, and the mark says %s", stop, stop.File, stop.Line, value.Expression, got, value.Want)
		}
	}
}

// TestScripts runs Delve as a person does, with the script of each leg, and says
// "continue" at each stop.
func TestScripts(t *testing.T) {
	long(t)
	for _, leg := range stops(t) {
		t.Run(leg.Name, func(t *testing.T) {
			t.Parallel()
			said := runScript(t, leg.Script(), strings.Repeat("continue\n", len(leg.Stops)-1)+"exit\n", leg.Replay()...)
			rest := said
			for i := range leg.Stops {
				stop := &leg.Stops[i]
				_, after, found := strings.Cut(rest, "> ["+leg.Breakpoint(stop)+"] ")
				if !found {
					t.Fatalf("stop %v (%s:%d) is not passed in its turn; dlv said:\n%s", stop, stop.File, stop.Line, said)
				}
				rest = after
				printed, _, _ := strings.Cut(after, "> [")
				for _, value := range stop.Values {
					if !strings.Contains(printed, "\t"+value.Expression+": ") {
						t.Errorf("stop %v does not print %s", stop, value.Expression)
					}
				}
			}
		})
	}
}

// TestScriptOfAll: every stop of the tour can be set at once.
func TestScriptOfAll(t *testing.T) {
	t.Parallel()
	legs := stops(t)
	said := runScript(t, "all.dlv", "exit\n", legs[0].Replay()...)
	for _, leg := range legs {
		for i := range leg.Stops {
			if name := leg.Breakpoint(&leg.Stops[i]); !strings.Contains(said, "Breakpoint "+name+" set at ") {
				t.Errorf("%s is not set; dlv said:\n%s", name, said)
			}
		}
	}
}

// runScript runs Delve with a script, and then commands, and returns what it said:
// nothing of what it did may have failed.
func runScript(t *testing.T, script, commands string, arguments ...string) (said string) {
	t.Helper()
	dlv, debuggee := need(t)
	script = filepath.Join("internal", "tour", script)
	command := command(t, dlv, append([]string{"exec", "--allow-non-terminal-interactive=true",
		"--init", script, debuggee, "--"}, arguments...)...)
	command.Stdin = strings.NewReader(commands)
	output, err := command.CombinedOutput()
	said = string(output)
	if err != nil {
		t.Fatalf("dlv --init %s: %v\n%s", script, err, said)
	}
	for _, complaint := range []string{script + ":", "unreadable", "Command failed"} {
		if strings.Contains(said, complaint) {
			t.Errorf("%s: dlv complains (%q):\n%s", script, complaint, said)
		}
	}
	return said
}
