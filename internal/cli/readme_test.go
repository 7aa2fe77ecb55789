package cli

import (
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// These tests hold README.md to the code: what it links to is there, a name stands
// where README says, its commands can be given, and they print what it shows.

// readme returns README.md, and its tables, each row cut into its cells.
func readme(t *testing.T) (text string, rows [][]string) {
	t.Helper()
	text = read(t, sourceTree(t), "README.md")
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "|") && !strings.HasPrefix(line, "|--") {
			rows = append(rows, strings.Split(strings.Trim(line, "| "), " | "))
		}
	}
	return text, rows
}

var (
	linked   = regexp.MustCompile(`\]\(([^)]+)\)`)
	backtick = regexp.MustCompile("`([^`]+)`")
)

// TestReadmeLinks: every link leads to a file, a folder, a heading, or the web.
func TestReadmeLinks(t *testing.T) {
	tree := sourceTree(t)
	text, _ := readme(t)
	var headings []string
	for _, heading := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		anchor := strings.ReplaceAll(strings.ToLower(heading[1]), " ", "-")
		headings = append(headings, regexp.MustCompile(`[^\w-]`).ReplaceAllString(anchor, ""))
	}
	for _, link := range linked.FindAllStringSubmatch(text, -1) {
		anchor, isAnchor := strings.CutPrefix(link[1], "#")
		switch {
		case strings.HasPrefix(link[1], "https://"):
		case isAnchor && !slices.Contains(headings, anchor):
			t.Errorf("README links to #%s, and has no such heading", anchor)
		case !isAnchor && !isFile(tree, link[1]):
			t.Errorf("README links to %s, which is not there", link[1])
		}
	}
}

// TestReadmeNames: a name of the code that README has in backticks in a row of a table
// with links is declared in one of the files that the row links to. A link to a
// folder, or to a package's page, means all its files. The first column has the
// article's names.
func TestReadmeNames(t *testing.T) {
	tree := sourceTree(t)
	_, rows := readme(t)
	seen := 0
	for _, row := range rows {
		known := make(names)
		for _, link := range linked.FindAllStringSubmatch(strings.Join(row, " "), -1) {
			maps.Copy(known, linkedNames(t, tree, link[1]))
		}
		if len(known) == 0 {
			continue
		}
		for _, name := range backtick.FindAllStringSubmatch(strings.Join(row[1:], " "), -1) {
			_, last, qualified := strings.Cut(name[1], ".")
			switch {
			case !regexp.MustCompile(`^[A-Za-z]\w*(\.[A-Z]\w*)*$`).MatchString(name[1]):
			case qualified && slices.ContainsFunc(packages, func(folder string) bool { return strings.HasPrefix(name[1], path.Base(folder)+".") }):
				// TestReadmeQualifiedNames looks at it.
			case strings.HasSuffix(name[1], ".go") && known[last]:
			case !known[name[1]]:
				t.Errorf("README has %s in the row %q, and no file that it links to declares it", name[1], row[0])
			default:
				seen++
			}
		}
	}
	if seen < 15 {
		t.Errorf("only %d names were found in README's tables: this test no longer reads them", seen)
	}
}

// linkedNames returns what the target of a link declares.
func linkedNames(t *testing.T, tree fs.FS, target string) names {
	t.Helper()
	target = strings.TrimSuffix(target, "/doc.go")
	if strings.HasSuffix(target, ".go") {
		return declaredIn(t, tree, target)
	}
	if files, _ := fs.Glob(tree, target+"/*.go"); len(files) > 0 {
		return declared(t, tree, target, false)
	}
	return nil
}

// TestReadmeQualifiedNames: bufconn.Fill, wsconn.Conn.Serve, and what else begins with
// one of our packages, in the picture of the way, in backticks, or for a debugger, is
// declared there. So is a name like AppendFrame in the picture.
func TestReadmeQualifiedNames(t *testing.T) {
	tree := sourceTree(t)
	text, _ := readme(t)
	byPackage := make(map[string]names)
	everywhere := make(names)
	for _, folder := range packages {
		byPackage[path.Base(folder)] = declared(t, tree, folder, false)
		maps.Copy(everywhere, byPackage[path.Base(folder)])
	}
	_, text, _ = strings.Cut(text, "```")
	picture, text, _ := strings.Cut(text, "```")
	candidates := codeName.FindAllString(picture, -1)
	for _, name := range backtick.FindAllStringSubmatch(text, -1) {
		candidates = append(candidates, name[1])
	}
	for _, name := range regexp.MustCompile(`barewire/(?:internal/)?(\w+)\.\(?\*?(\w+)\)?(\.\w+)?`).FindAllStringSubmatch(text, -1) {
		candidates = append(candidates, name[1]+"."+name[2]+name[3])
	}
	seen := 0
	for _, name := range candidates {
		qualifier, _, qualified := strings.Cut(name, ".")
		_, ours := byPackage[qualifier]
		if qualified && ours && !strings.HasSuffix(name, ".go") {
			seen++
			if !exists(name, byPackage, everywhere) {
				t.Errorf("README names %s, which is not there", name)
			}
		}
	}
	for _, name := range codeName.FindAllString(picture, -1) {
		if camelCase.MatchString(name) && !exists(name, byPackage, everywhere) {
			t.Errorf("the picture of the way names %s, which is not there", name)
		}
	}
	if seen < 15 {
		t.Errorf("only %d qualified names were found in README: this test no longer reads them", seen)
	}
}

// TestReadmeScenarios: the lines of the race's table are scenarios of the race.
func TestReadmeScenarios(t *testing.T) {
	tree := sourceTree(t)
	_, rows := readme(t)
	scenarios := read(t, tree, "internal/bench/load/scenario.go")
	inTable := false
	for _, row := range rows {
		switch {
		case row[0] == "scenario":
			inTable = true
		case inTable && len(row) > 5:
			title, _, _ := strings.Cut(row[0], ", fresh") // of one scenario, two lines
			title, _, _ = strings.Cut(title, ", after ")
			if !strings.Contains(scenarios, `Title: "`+title+`"`) {
				t.Errorf("README's race has the line %q, and the race has no such scenario", row[0])
			}
		}
	}
	if !inTable {
		t.Error("README has no table of the race")
	}
}

// TestReadmeVersion: the version of Go that README asks for is that of go.mod.
func TestReadmeVersion(t *testing.T) {
	text, _ := readme(t)
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, sourceTree(t), "go.mod"))
	if !strings.Contains(text, "Go "+version[1]+" or later") {
		t.Errorf("go.mod wants Go %s, and README does not say so", version[1])
	}
}

// TestCoreDoesNoIO: the packages of which README says so import nothing that could.
func TestCoreDoesNoIO(t *testing.T) {
	tree := sourceTree(t)
	text, _ := readme(t)
	sentence, _, found := strings.Cut(text, " do no I/O")
	if !found {
		t.Fatal("README does not say which packages do no I/O")
	}
	sentence = sentence[strings.LastIndex(sentence, "\n")+1:]
	for _, name := range backtick.FindAllStringSubmatch(sentence, -1) {
		at := slices.IndexFunc(packages, func(folder string) bool { return path.Base(folder) == name[1] })
		if at < 0 {
			t.Fatalf("README says that %s does no I/O, and there is no such package", name[1])
		}
		files, _ := fs.Glob(tree, packages[at]+"/*.go")
		for _, file := range files {
			forbidden := regexp.MustCompile(`(?m)^(?:import )?\t?"(net|net/http|crypto/tls|os|syscall|log|log/slog|sync/atomic|barewire/internal/bufconn)"$`)
			if match := forbidden.FindStringSubmatch(read(t, tree, file)); match != nil && !strings.HasSuffix(file, "_test.go") {
				t.Errorf("%s imports %s", file, match[1])
			}
		}
	}
}
