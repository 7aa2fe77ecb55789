package tour

import (
	"fmt"
	"io/fs"
	"strings"
)

//go:generate go run barewire/internal/tour/generate

// Generate makes all files that come of the marks in a tree of barewire's source,
// and returns their contents by their paths from its root. README.md is the tree's
// own, with the table anew.
func Generate(tree fs.FS) (map[string]string, error) {
	legs, err := Marks(tree)
	if err != nil {
		return nil, err
	}
	readme, err := fs.ReadFile(tree, readmeFile)
	if err != nil {
		return nil, err
	}
	files := make(map[string]string)
	for i := range legs {
		files["internal/tour/"+legs[i].Script()] = script(&legs[i])
	}
	files["internal/tour/all.dlv"] = scriptOfAll(legs)
	files[".vscode/launch.json"] = launch(legs)
	files[".tours/barewire.tour"] = codeTour(legs)
	for name, text := range runConfigurations(legs) {
		files[".run/"+name] = text
	}
	files[readmeFile], err = withTable(string(readme), legs)
	return files, err
}

// generatedBy is said in each file that may have comments.
const generatedBy = `made by "go generate ./internal/tour" from the marks in the code`

const readmeFile = "README.md"

// The lines of README.md between which the table stands.
const (
	tableBegin = "<!-- the tour: " + generatedBy + " -->\n"
	tableEnd   = "<!-- the end of the tour -->\n"
)

// withTable returns a README with the table of stops put in anew.
func withTable(readme string, legs []Leg) (string, error) {
	before, rest, begun := strings.Cut(readme, tableBegin)
	_, after, ended := strings.Cut(rest, tableEnd)
	if !begun || !ended {
		return "", fmt.Errorf("%s has no place for the tour: it stands between the lines\n%s%s", readmeFile, tableBegin, tableEnd)
	}
	return before + tableBegin + table(legs) + tableEnd + after, nil
}

// table returns the stops as a table: a row for each leg, then one for each of
// its stops.
func table(legs []Leg) string {
	var t strings.Builder
	t.WriteString("\n| stop | in | what is to be seen there |\n|---|---|---|\n")
	for i := range legs {
		leg := &legs[i]
		fmt.Fprintf(&t, "| **%d** | [%s](internal/tour/%s) | **%s**, [%s](internal/tour/conversations/%s) |\n",
			leg.Number, leg.Script(), leg.Script(), leg.Title, leg.Conversation, leg.Conversation)
		for j := range leg.Stops {
			stop := &leg.Stops[j]
			fmt.Fprintf(&t, "| %v | [%s](%s) | %s |\n", stop, stop.ShortFunction(), stop.File,
				strings.ReplaceAll(stop.Text, "|", `\|`))
		}
	}
	return t.String() + "\n"
}
