package main

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
)

// stop is a place to stop at.
type stop struct {
	number   string // "3.1"
	file     string // path from the root, with slashes
	function string // around it, as Delve names it: "barewire/wsframe.(*Checker).Check"
	offset   int    // lines from that of its func to the marked one
	text     string // what is to be seen
}

var (
	markLine = regexp.MustCompile(`^\t+// tour ([0-9]\.[0-9]+): (.+)$`)
	funcLine = regexp.MustCompile(`^func (?:\(\w+ (\*?)(\w+)\) )?(\w+)\(`)
)

// findStops reads the stops in the code, and returns the parts with them.
func findStops() ([]part, error) {
	all := slices.Clone(parts)
	err := fs.WalkDir(os.DirFS(root), ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || path.Ext(file) != ".go" {
			return err
		}
		source, err := os.ReadFile(root + "/" + file)
		if err != nil {
			return err
		}
		for _, s := range stopsOf(file, string(source)) {
			p := int(s.number[0] - '0')
			if p >= len(all) || len(values[s.number]) == 0 {
				return fmt.Errorf("%s: parts.go has no values for stop %s", file, s.number)
			}
			all[p].stops = append(all[p].stops, s)
		}
		return nil
	})
	for i := range all {
		slices.SortFunc(all[i].stops, func(a, b stop) int { return cmp.Compare(a.number, b.number) })
		for j, s := range all[i].stops {
			if want := fmt.Sprintf("%d.%d", i, j+1); s.number != want {
				return nil, fmt.Errorf("%s: the number of stop %s should be %s", s.file, s.number, want)
			}
		}
	}
	return all, err
}

// stopsOf returns the stops in a file.
func stopsOf(file, source string) (found []stop) {
	packageName := "barewire/" + path.Dir(file)
	if strings.HasSuffix(file, "_test.go") {
		packageName += "_test"
	}
	function, start := "", 0
	for i, line := range strings.Split(source, "\n") {
		if match := funcLine.FindStringSubmatch(line); match != nil {
			function, start = match[3], i
			switch {
			case match[1] != "":
				function = "(*" + match[2] + ")." + match[3]
			case match[2] != "":
				function = match[2] + "." + match[3]
			}
		}
		if match := markLine.FindStringSubmatch(line); match != nil {
			found = append(found, stop{match[1], file, packageName + "." + function, i + 1 - start, match[2]})
		}
	}
	return found
}

// shortFunction returns the function without its package: "Checker.Check".
func (s *stop) shortFunction() string {
	_, name, _ := strings.Cut(path.Base(s.function), ".")
	return strings.NewReplacer("(*", "", ")", "").Replace(name)
}

// breakpoint returns the stop's name in Delve, which allows letters and digits.
func (s *stop) breakpoint(p *part) string { return p.name + s.number[2:] }
