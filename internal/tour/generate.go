package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"strings"
)

const generatedBy = `made by "go generate ./internal/tour"`

// script is a script for Delve's --init, and the command that it is for.
type script struct {
	file    string   // "internal/tour/3-message.dlv"
	command []string // what dlv runs: "debug", ".", "--", "replay", "digest"
	part    *part
	stops   []stop
}

// scripts returns those of a part: one, or one for each Example.
func (p *part) scripts() (all []script) {
	if p.plays != "" {
		file := fmt.Sprintf("internal/tour/%d-%s.dlv", p.number, p.name)
		return []script{{file, []string{"debug", ".", "--", "replay", p.plays}, p, p.stops}}
	}
	for _, s := range p.stops {
		folder := path.Dir(s.file)
		all = append(all, script{fmt.Sprintf("internal/tour/%d-%s.dlv", p.number, folder),
			[]string{"test", "./" + folder, "--", "-test.run", s.shortFunction()}, p, []stop{s}})
	}
	return all
}

// line returns the command as a person types it.
func (s *script) line() string {
	return "dlv " + s.command[0] + " --init " + s.file + " " + strings.Join(s.command[1:], " ")
}

// text returns the script.
func (s *script) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Part %d of the tour: %s; %s.\n#\n#   %s\n", s.part.number, s.part.title, generatedBy, s.line())
	writeBreakpoints(&b, s.part, s.stops)
	b.WriteString("\ncontinue\n")
	return b.String()
}

// writeBreakpoints writes a breakpoint for each stop. Its place is counted in lines from
// that of the function, so an edit elsewhere in the file does not move it; and it stops
// once, so the part ends at its last stop.
func writeBreakpoints(b *strings.Builder, p *part, stops []stop) {
	for _, s := range stops {
		name := s.breakpoint(p)
		fmt.Fprintf(b, "\n# %s %s\nbreak %s %s:%d\ncondition -hitcount %s == 1\n", s.number, s.text, name, s.function, s.offset, name)
		for _, v := range values[s.number] {
			fmt.Fprintf(b, "on %s print %s\n", name, v.expression)
		}
	}
}

// liveScript returns the whole tour as one script, for a server with any client.
func liveScript(parts []part) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# All stops in the server, each passed once; %s.\n#\n", generatedBy)
	b.WriteString("#   dlv debug --init internal/tour/all.dlv . -- serve -debugger\n#\n")
	b.WriteString("# and, in another terminal, a client: go run . dial -debugger ws://127.0.0.1:8080/\n")
	for i := range parts[1:] {
		writeBreakpoints(&b, &parts[1+i], parts[1+i].stops)
	}
	b.WriteString("\ncontinue\n")
	return b.String()
}

// generate returns the files that are made from the stops, by their paths from the root.
func generate() (map[string]string, error) {
	parts, err := findStops()
	if err != nil {
		return nil, err
	}
	const readme = "internal/tour/README.md"
	text, err := os.ReadFile(root + "/" + readme)
	if err != nil {
		return nil, err
	}
	prose, _, found := strings.Cut(string(text), tableBegin)
	if !found {
		return nil, fmt.Errorf("%s has no line %q, after which the table stands", readme, tableBegin)
	}
	files := map[string]string{
		readme:                  prose + tableBegin + table(parts),
		"internal/tour/all.dlv": liveScript(parts),
		".tours/barewire.tour":  codeTour(parts),
	}
	for i := range parts {
		for _, s := range parts[i].scripts() {
			files[s.file] = s.text()
		}
	}
	return files, nil
}

const tableBegin = "<!-- the stops, " + generatedBy + " -->\n"

// table returns the parts and their stops in Markdown: the commands, then the rows.
func table(parts []part) string {
	var t strings.Builder
	for i := range parts {
		p := &parts[i]
		fmt.Fprintf(&t, "\n## %d. %s%s\n\n", p.number, strings.ToUpper(p.title[:1]), p.title[1:])
		for _, s := range p.scripts() {
			fmt.Fprintf(&t, "    $ %s\n", s.line())
		}
		t.WriteString("\n| stop | in | what is to be seen | values |\n|---|---|---|---|\n")
		for _, s := range p.stops {
			var seen []string
			for _, v := range values[s.number] {
				seen = append(seen, "`"+v.expression+"` = `"+v.want+"`")
			}
			cell := strings.Join(seen, ", ")
			if remark := remarks[s.number]; remark != "" {
				cell += ": " + remark
			}
			fmt.Fprintf(&t, "| %s | [%s](../../%s) | %s | %s |\n", s.number, s.shortFunction(), s.file, s.text, cell)
		}
	}
	return t.String()
}

// codeTour returns .tours/barewire.tour. A step has the pattern of its stop's comment, not
// the number of its line.
func codeTour(parts []part) string {
	type step struct {
		File        string `json:"file"`
		Pattern     string `json:"pattern"`
		Title       string `json:"title"`
		Description string `json:"description"`
	}
	var file struct {
		Schema    string `json:"$schema"`
		Title     string `json:"title"`
		IsPrimary bool   `json:"isPrimary"`
		Steps     []step `json:"steps"`
	}
	file.Schema, file.Title, file.IsPrimary = "https://aka.ms/codetour-schema", "The way of a byte", true
	for i := range parts {
		for _, s := range parts[i].stops {
			description := s.text
			for _, v := range values[s.number] {
				description += fmt.Sprintf("\n- `%s` is `%s`", v.expression, v.want)
			}
			file.Steps = append(file.Steps, step{s.file, `^[\t ]*// tour ` + strings.Replace(s.number, ".", `\.`, 1) + ":",
				s.number + " " + s.shortFunction(), description})
		}
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	encoder.Encode(file) // of types that JSON has
	return text.String()
}
