package tour

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strings"
)

// run is a way to start barewire, for an editor.
type run struct {
	name      string
	arguments []string
}

// Both ends of a connection, each in a debugger of its own. They start together, so
// the client waits for the server; and while one is stopped the other runs on, so
// neither has time-outs.
var (
	serverRun = run{"server", []string{"serve", "-debugger"}}
	clientRun = run{"client", []string{"dial", "-wait", "1m", "-debugger", "ws://127.0.0.1:8080/"}}
)

const bothRun = "server + client"

// runs returns the ways to start barewire: the legs of the tour, then both ends.
func runs(legs []Leg) []run {
	var list []run
	for i := range legs {
		leg := &legs[i]
		list = append(list, run{fmt.Sprintf("tour %d, %s", leg.Number, leg.Name), leg.Replay()})
	}
	return append(list, serverRun, clientRun)
}

// launch returns .vscode/launch.json.
func launch(legs []Leg) string {
	type configuration struct {
		Name    string   `json:"name"`
		Type    string   `json:"type"`
		Request string   `json:"request"`
		Mode    string   `json:"mode"`
		Program string   `json:"program"`
		Folder  string   `json:"cwd"`
		Console string   `json:"console"`
		Args    []string `json:"args"`
	}
	type compound struct {
		Name           string   `json:"name"`
		Configurations []string `json:"configurations"`
		StopAll        bool     `json:"stopAll"`
	}
	var file struct {
		Version        string          `json:"version"`
		Configurations []configuration `json:"configurations"`
		Compounds      []compound      `json:"compounds"`
	}
	file.Version = "0.2.0"
	for _, run := range runs(legs) {
		file.Configurations = append(file.Configurations, configuration{
			Name: run.name, Type: "go", Request: "launch", Mode: "debug", Console: "integratedTerminal",
			Program: "${workspaceFolder}", Folder: "${workspaceFolder}", Args: run.arguments,
		})
	}
	file.Compounds = []compound{{bothRun, []string{serverRun.name, clientRun.name}, true}}
	return asJSON(file)
}

// codeTour returns .tours/barewire.tour. A step has the pattern of its mark, not
// the number of its line.
func codeTour(legs []Leg) string {
	type step struct {
		File        string `json:"file"`
		Pattern     string `json:"pattern"`
		Title       string `json:"title"`
		Description string `json:"description"`
	}
	var file struct {
		Schema      string `json:"$schema"`
		Title       string `json:"title"`
		Description string `json:"description"`
		IsPrimary   bool   `json:"isPrimary"`
		Steps       []step `json:"steps"`
	}
	file.Schema, file.Title, file.IsPrimary = "https://aka.ms/codetour-schema", "The way of a byte", true
	file.Description = "The stops of the debugger's tour, in four legs; " + generatedBy
	for i := range legs {
		leg := &legs[i]
		for j := range leg.Stops {
			stop := &leg.Stops[j]
			file.Steps = append(file.Steps, step{stop.File, markPattern(stop),
				fmt.Sprintf("%v %s", stop, stop.ShortFunction()), description(leg, stop)})
		}
	}
	return asJSON(file)
}

// markPattern returns a regular expression for the mark of a stop.
func markPattern(stop *Stop) string {
	return fmt.Sprintf(`^\s*// tour %d\.%d[:,]`, stop.Leg, stop.Number)
}

// description returns what a step says, in Markdown.
func description(leg *Leg, stop *Stop) string {
	var d strings.Builder
	if stop.Number == 1 {
		fmt.Fprintf(&d, "**Leg %d: %s.** To stop here, set breakpoints at the lines below the marks, and start \"tour %d, %s\".\n\n",
			leg.Number, leg.Title, leg.Number, leg.Name)
	}
	d.WriteString(stop.Text + "\n")
	for _, value := range stop.Values {
		fmt.Fprintf(&d, "\n- `%s` is `%s`", value.Expression, value.Want)
	}
	return d.String()
}

// asJSON returns a value as text for people. It is of types of ours, all of which
// JSON has.
func asJSON(value any) string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		panic(err)
	}
	return text.String()
}

// runConfigurations returns the files of .run, by name.
func runConfigurations(legs []Leg) map[string]string {
	files := make(map[string]string)
	for _, run := range runs(legs) {
		files[fileName(run.name)] = configurationFile(fmt.Sprintf(
			`  <configuration default="false" name="%s" type="GoApplicationRunConfiguration" factoryName="Go Application">
    <module name="barewire" />
    <working_directory value="$PROJECT_DIR$" />
    <parameters value="%s" />
    <kind value="PACKAGE" />
    <package value="barewire" />
    <directory value="$PROJECT_DIR$" />
    <filePath value="$PROJECT_DIR$/main.go" />
    <method v="2" />
  </configuration>
`, escaped(run.name), escaped(strings.Join(run.arguments, " "))))
	}
	files[fileName(bothRun)] = configurationFile(fmt.Sprintf(
		`  <configuration default="false" name="%s" type="CompoundRunConfigurationType">
    <toRun name="%s" type="GoApplicationRunConfiguration" />
    <toRun name="%s" type="GoApplicationRunConfiguration" />
    <method v="2" />
  </configuration>
`, escaped(bothRun), serverRun.name, clientRun.name))
	return files
}

func configurationFile(configuration string) string {
	return "<component name=\"ProjectRunConfigurationManager\">\n" + configuration + "</component>\n"
}

// fileName returns the name of a configuration's file: "tour-1-request.run.xml".
func fileName(name string) string {
	return strings.NewReplacer(", ", "-", " + ", "-", " ", "-").Replace(name) + ".run.xml"
}

// escaped returns text as it stands in an attribute of XML.
func escaped(text string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(text)) // a strings.Builder takes everything
	return b.String()
}
