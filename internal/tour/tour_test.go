package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "barewire/internal/cli" // so that a changed program is a changed test, which go test runs again
)

// TestNothingIsStale: each file that is made from the stops is as it would be made now,
// and there are no others.
func TestNothingIsStale(t *testing.T) {
	files, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		if text, err := os.ReadFile(filepath.Join(root, name)); err != nil || string(text) != want {
			t.Errorf("%s is stale (%v): run \"go generate ./internal/tour\"", name, err)
		}
	}
	scripts, _ := filepath.Glob("*.dlv")
	for _, name := range scripts {
		if files["internal/tour/"+name] == "" {
			t.Errorf("%s is made from no stop: remove it", name)
		}
	}
}

// TestStopsOf: what a stop's comment says, and which line it marks.
func TestStopsOf(t *testing.T) {
	got := fmt.Sprint(stopsOf("inn/door.go", "package inn\n\nfunc (d *Door) Enter() {\n\t// tour 1.2: the door (RFC 1 §1)\n\td.greet()\n}\n\nfunc (d Door) x() {\n\tif true {\n\t\t// tour 1.3: a bow\n"))
	const want = "[{1.2 inn/door.go barewire/inn.(*Door).Enter 2 the door (RFC 1 §1)} {1.3 inn/door.go barewire/inn.Door.x 3 a bow}]"
	if got != want {
		t.Errorf("the stops are\n%s, want\n%s", got, want)
	}
}

// TestCodeTourFindsItsLines: the pattern of each step matches the stop's comment, and
// nothing else in its file.
func TestCodeTourFindsItsLines(t *testing.T) {
	parts := allParts(t)
	for _, match := range regexp.MustCompile(`"file": "(.*)",\n +"pattern": (".*")`).FindAllStringSubmatch(codeTour(parts), -1) {
		pattern, _ := strconv.Unquote(match[2])
		source, err := os.ReadFile(filepath.Join(root, match[1]))
		if found := regexp.MustCompile("(?m)"+pattern).FindAllString(string(source), -1); len(found) != 1 || strings.Contains(found[0], "\n") {
			t.Errorf("%s: the pattern %q matches %q (%v), want one comment", match[1], pattern, found, err)
		}
	}
}

func allParts(t *testing.T) []part {
	t.Helper()
	parts, err := findStops()
	if err != nil {
		t.Fatal(err)
	}
	return parts
}

// TestParts takes the tour as a person does, script by script, with "continue" at each
// stop: each is passed once, in order, with its values, and then the program ends.
func TestParts(t *testing.T) {
	for _, p := range allParts(t) {
		for _, s := range p.scripts() {
			t.Run(s.file, func(t *testing.T) {
				t.Parallel()
				said := runDelve(t, s.command, s.file, len(s.stops))
				passed := passedStops(said)
				for i, stop := range s.stops {
					if i >= len(passed) || passed[i].name != stop.breakpoint(s.part) {
						t.Fatalf("stop %s is not passed in its turn; dlv printed:\n%s", stop.number, said)
					}
					for _, v := range values[stop.number] {
						if !v.isIn(passed[i].printed) {
							t.Errorf("stop %s: %s should be %s, and dlv prints\n%s", stop.number, v.expression, v.want, passed[i].printed)
						}
					}
				}
				if len(passed) != len(s.stops) || !strings.Contains(said, "has exited with status 0") {
					t.Errorf("after the last stop the program should go on to its end; dlv printed:\n%s", said)
				}
			})
		}
	}
}

// TestLive sets all stops at once: none is passed twice, and a message comes to those of
// its part.
func TestLive(t *testing.T) {
	t.Parallel()
	count := 0
	for _, p := range allParts(t)[1:] {
		count += len(p.stops)
	}
	said := runDelve(t, []string{"debug", ".", "--", "replay", "digest"}, "internal/tour/all.dlv", count)
	seen := make(map[string]int)
	for _, s := range passedStops(said) {
		seen[s.name]++
		if seen[s.name] > 1 {
			t.Errorf("%s is passed again", s.name)
		}
	}
	if set := strings.Count(said, "Breakpoint "); set != count || seen["message8"] != 1 {
		t.Errorf("%d of %d stops are set; dlv printed:\n%s", set, count, said)
	}
}

// passedStop is a stop in Delve's output, with what is printed there.
type passedStop struct{ name, printed string }

// passedStops returns the stops in Delve's output.
func passedStops(said string) (passed []passedStop) {
	for _, block := range strings.Split(said, "> [")[1:] {
		name, printed, _ := strings.Cut(block, "] ")
		passed = append(passed, passedStop{name, printed})
	}
	return passed
}

// isIn reports whether Delve has printed the value, after its type if it has one there.
func (v value) isIn(printed string) bool {
	want := v.want
	if regexp.MustCompile(`^([0-9a-f]{2} )+[0-9a-f]{2}$`).MatchString(want) { // Delve prints bytes as decimal numbers
		var numbers []string
		for _, digits := range strings.Fields(want) {
			number, _ := strconv.ParseUint(digits, 16, 8)
			numbers = append(numbers, strconv.FormatUint(number, 10))
		}
		want = "[" + strings.Join(numbers, ",") + "]"
	}
	_, after, _ := strings.Cut(printed, "\n\t"+v.expression+":")
	line, _, _ := strings.Cut(after, "\n")
	return strings.HasSuffix(line, " "+want)
}

// runDelve runs Delve with a script and then a "continue" for each stop, and returns what it
// printed. It takes seconds, so it needs CI=true; then Delve has to be there.
func runDelve(t *testing.T, arguments []string, script string, stops int) string {
	t.Helper()
	if os.Getenv("CI") != "true" || raced {
		t.Skip("it takes long: it runs with CI=true in the environment, without -race")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	options := []string{arguments[0], "--allow-non-terminal-interactive=true", "--init", script,
		"--output", filepath.Join(t.TempDir(), "debuggee.exe")} // each its own, and the ending is for Windows
	command := exec.CommandContext(ctx, "dlv", append(options, arguments[1:]...)...)
	command.Dir = root
	command.Stdin = strings.NewReader(strings.Repeat("continue\n", stops))
	output, err := command.CombinedOutput()
	if said := string(output); err != nil || strings.Contains(said, "unreadable") || strings.Contains(said, "Command failed") {
		t.Errorf("dlv --init %s: %v\n%s", script, err, said)
	}
	return string(output)
}

// raced is set if this test is built with -race. The program in the debugger is not, so
// there is nothing more to find.
var raced bool
