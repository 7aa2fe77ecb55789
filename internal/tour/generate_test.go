package tour

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// root is the top of the repository.
var root = filepath.Join("..", "..")

// stops returns the legs with their stops.
func stops(t *testing.T) []Leg {
	t.Helper()
	legs, err := Marks(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	return legs
}

// TestNothingIsStale: each file that is made from the marks is as it would be
// made now, and there are no others.
func TestNothingIsStale(t *testing.T) {
	files, err := Generate(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	const remedy = "run \"go generate ./internal/tour\" at the top of the repository"
	for name, want := range files {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		switch {
		case err != nil:
			t.Errorf("%v: %s", err, remedy)
		case string(text) != want:
			t.Errorf("%s is stale: %s", name, remedy)
		}
	}
	for _, pattern := range []string{"internal/tour/*.dlv", ".tours/*", ".run/*"} {
		found, _ := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		for _, file := range found {
			name, _ := filepath.Rel(root, file)
			if _, made := files[filepath.ToSlash(name)]; !made {
				t.Errorf("%s is made from no mark: remove it", name)
			}
		}
	}
}

// TestEachLegHasStops: a leg without stops would pass every other test.
func TestEachLegHasStops(t *testing.T) {
	for _, leg := range stops(t) {
		if len(leg.Stops) < 5 {
			t.Errorf("leg %d, %s, has %d stops", leg.Number, leg.Title, len(leg.Stops))
		}
	}
}

// TestCodeTourFindsItsLines: the pattern of each step matches one line of its
// file, the mark.
func TestCodeTourFindsItsLines(t *testing.T) {
	var tour struct {
		Steps []struct{ File, Pattern string }
	}
	legs := stops(t)
	if err := json.Unmarshal([]byte(codeTour(legs)), &tour); err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, leg := range legs {
		count += len(leg.Stops)
	}
	if len(tour.Steps) != count {
		t.Fatalf("there are %d steps for %d stops", len(tour.Steps), count)
	}
	for _, step := range tour.Steps {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(step.File)))
		if err != nil {
			t.Error(err)
			continue
		}
		if found := regexp.MustCompile("(?m)"+step.Pattern).FindAllString(string(text), -1); len(found) != 1 {
			t.Errorf("%s: the pattern %q matches %d lines, want 1", step.File, step.Pattern, len(found))
		}
	}
}

// TestEditorsStartTheSame: VS Code and GoLand have the same names for the same
// arguments, and the compound has names that there are.
func TestEditorsStartTheSame(t *testing.T) {
	legs := stops(t)
	var file struct {
		Configurations []struct {
			Name string
			Args []string
		}
		Compounds []struct{ Configurations []string }
	}
	if err := json.Unmarshal([]byte(launch(legs)), &file); err != nil {
		t.Fatal(err)
	}
	arguments := make(map[string]string)
	for _, c := range file.Configurations {
		arguments[c.Name] = strings.Join(c.Args, " ")
	}
	for _, name := range file.Compounds[0].Configurations {
		if arguments[name] == "" {
			t.Errorf("launch.json: the compound names %q, which is not there", name)
		}
	}
	for name, text := range runConfigurations(legs) {
		configuration := parseRun(t, name, text)
		if configuration.Type == "CompoundRunConfigurationType" {
			for _, run := range configuration.Runs {
				if arguments[run.Name] == "" {
					t.Errorf("%s names %q, which is not there", name, run.Name)
				}
			}
			continue
		}
		if want := arguments[configuration.Name]; configuration.Parameters.Value != want {
			t.Errorf("%s starts %q with %q, launch.json with %q", name, configuration.Name, configuration.Parameters.Value, want)
		}
	}
}

// runFile is what a file of .run has.
type runFile struct {
	Name       string `xml:"name,attr"`
	Type       string `xml:"type,attr"`
	Parameters struct {
		Value string `xml:"value,attr"`
	} `xml:"parameters"`
	Runs []struct {
		Name string `xml:"name,attr"`
	} `xml:"toRun"`
}

func parseRun(t *testing.T, name, text string) runFile {
	t.Helper()
	var component struct {
		Configuration runFile `xml:"configuration"`
	}
	decoder := xml.NewDecoder(strings.NewReader(text))
	if err := decoder.Decode(&component); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		// A line feed stands behind the element, and nothing else.
		if _, err = decoder.Token(); err != io.EOF {
			t.Fatalf("%s: something stands behind the component", name)
		}
	}
	return component.Configuration
}

// TestREADMEWithoutAPlace: a README that has lost the markers is not overwritten.
func TestREADMEWithoutAPlace(t *testing.T) {
	if _, err := withTable("# barewire\n", stops(t)); err == nil {
		t.Error("there is no error")
	}
	readme := "a\n" + tableBegin + "old\n" + tableEnd + "b\n"
	anew, err := withTable(readme, stops(t))
	if err != nil || !strings.HasPrefix(anew, "a\n"+tableBegin) || !strings.HasSuffix(anew, tableEnd+"b\n") || strings.Contains(anew, "old") {
		t.Errorf("the table is put in as\n%s\n(%v)", anew, err)
	}
}

// TestREADMEHasTheCommands: README says how each leg is taken, as its script does.
func TestREADMEHasTheCommands(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(root, readmeFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, leg := range Legs() {
		command := "dlv debug --init internal/tour/" + leg.Script() + " . -- " + strings.Join(leg.Replay(), " ")
		if !strings.Contains(string(readme), "    $ "+command+"\n") {
			t.Errorf("README.md does not have the command %q", command)
		}
		if !strings.Contains(script(&leg), "#   "+command+"\n") {
			t.Errorf("%s does not have the command %q", leg.Script(), command)
		}
	}
}
