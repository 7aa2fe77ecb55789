package rfc

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// query is what Find understands, its parts in parentheses:
//
//	RFC 6455 §5.1        6455-5.1-b
//	    |--|  |-|        |--| |-| |
//	    RFC section      RFC  section and letter
var query = regexp.MustCompile(`(?i)^\s*(?:RFC[ -]?)?(\d{4})(?:(?:[ ,#§-]|section)+(\d+(?:\.\d+)*)(?:-([a-z]))?)?\s*$`)

// Find returns the requirements that text names, in the order of the table: one
// by its id ("6455-5.1-b"); those of a section and of the sections in it ("6455
// 5.5", "RFC 6455 §5.5", "6455-5.5"); or those of a whole RFC ("6455"). It
// returns nil if there are none. Letter case does not count.
func Find(text string) []Requirement {
	parts := query.FindStringSubmatch(text)
	if parts == nil {
		return nil
	}
	number, section, letter := parts[1], parts[2], strings.ToLower(parts[3])
	if letter != "" {
		row, ok := Lookup(number + "-" + section + "-" + letter)
		if !ok {
			return nil
		}
		return []Requirement{row}
	}
	var found []Requirement
	for _, row := range rows {
		within := section == "" || row.Section == section || strings.HasPrefix(row.Section, section+".")
		if row.RFC() == number && within {
			found = append(found, row)
		}
	}
	return found
}

// SourceTree looks for the source of barewire in folder, a path of the
// operating system, and in those above it: the one whose go.mod is that of the
// module barewire.
func SourceTree(folder string) (tree fs.FS, found bool) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, false
	}
	for {
		module, err := os.ReadFile(filepath.Join(folder, "go.mod"))
		first, _, _ := strings.Cut(string(module), "\n")
		if err == nil && strings.TrimSpace(first) == "module barewire" {
			return os.DirFS(folder), true
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return nil, false
		}
		folder = parent
	}
}
