package tour

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Marks reads the marks in a tree of barewire's source, and returns the legs with
// their stops. It is an error if a mark cannot be understood, or its number is
// missing or there twice.
func Marks(tree fs.FS) ([]Leg, error) {
	var stops []Stop
	err := fs.WalkDir(tree, ".", func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && !hasCode(file):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go"):
			return nil
		}
		source, err := fs.ReadFile(tree, file)
		if err != nil {
			return err
		}
		found, err := fileMarks(file, source)
		stops = append(stops, found...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return inOrder(stops)
}

// hasCode tells whether a folder may hold marks: this one has some in its
// comments that are none, and the race is a module of its own.
func hasCode(folder string) bool {
	name := path.Base(folder)
	return folder == "." || name[0] != '.' && name != "testdata" && folder != "internal/tour" && folder != "internal/bench"
}

// inOrder gives each leg its stops.
func inOrder(stops []Stop) ([]Leg, error) {
	slices.SortFunc(stops, func(a, b Stop) int {
		if a.Leg != b.Leg {
			return a.Leg - b.Leg
		}
		return a.Number - b.Number
	})
	legs := Legs()
	for _, stop := range stops {
		if stop.Leg < 1 || stop.Leg > len(legs) {
			return nil, fmt.Errorf("%s:%d: stop %v: there is no such leg", stop.File, stop.Line, &stop)
		}
		leg := &legs[stop.Leg-1]
		if next := len(leg.Stops) + 1; stop.Number != next {
			return nil, fmt.Errorf("%s:%d: stop %v: its number should be %d.%d", stop.File, stop.Line, &stop, leg.Number, next)
		}
		leg.Stops = append(leg.Stops, stop)
	}
	return legs, nil
}

// fileMarks reads the marks of one file.
func fileMarks(file string, source []byte) ([]Stop, error) {
	if !strings.Contains(string(source), markStart) {
		return nil, nil
	}
	files := token.NewFileSet()
	syntax, err := parser.ParseFile(files, file, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var stops []Stop
	for _, group := range syntax.Comments {
		at := slices.IndexFunc(group.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, markStart) })
		if at < 0 {
			continue
		}
		stop, err := parseMark(group.List[at:])
		if err == nil {
			stop.File, stop.Line = file, files.Position(group.End()).Line+1
			err = stop.findFunction(files, syntax)
		}
		if err != nil {
			return nil, fmt.Errorf("%v: %w", files.Position(group.List[at].Pos()), err)
		}
		stops = append(stops, stop)
	}
	return stops, nil
}

// markStart is how a mark begins.
const markStart = "// tour "

// mark is its first line: leg, number, condition, text.
var mark = regexp.MustCompile(`^// tour ([0-9]+)\.([0-9]+)(?:, if ([^:]+))?: (.+)$`)

// parseMark reads the lines of a mark.
func parseMark(lines []*ast.Comment) (stop Stop, err error) {
	head := mark.FindStringSubmatch(lines[0].Text)
	if head == nil {
		return stop, fmt.Errorf("a mark is \"// tour 1.2: what is to be seen\", not %q", lines[0].Text)
	}
	stop = Stop{Condition: head[3], Text: head[4]}
	stop.Leg, _ = strconv.Atoi(head[1])
	stop.Number, _ = strconv.Atoi(head[2])
	for _, line := range lines[1:] {
		list, found := strings.CutPrefix(line.Text, "//\t")
		if !found {
			return stop, fmt.Errorf("%q stands between a mark and its line: the values of a mark begin with a tab", line.Text)
		}
		for _, item := range splitList(list) {
			expression, want, found := strings.Cut(item, " = ")
			if !found {
				return stop, fmt.Errorf("%q is no value: it should be \"name = value\"", item)
			}
			stop.Values = append(stop.Values, Value{Expression: expression, Want: want})
		}
	}
	if len(stop.Values) == 0 {
		return stop, fmt.Errorf("stop %v has no values to look at", &stop)
	}
	return stop, nil
}

// splitList splits a list at the commas that stand in no quotes.
func splitList(list string) (items []string) {
	quoted, start := false, 0
	for i := 0; i < len(list); i++ {
		switch {
		case list[i] == '"' && (i == 0 || list[i-1] != '\\'):
			quoted = !quoted
		case !quoted && strings.HasPrefix(list[i:], ", "):
			items = append(items, list[start:i])
			start = i + len(", ")
		}
	}
	return append(items, list[start:])
}

// findFunction finds the function that the marked line is in.
func (s *Stop) findFunction(files *token.FileSet, syntax *ast.File) error {
	for _, declaration := range syntax.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok {
			continue
		}
		first, last := files.Position(function.Type.Func).Line, files.Position(function.End()).Line
		if first < s.Line && s.Line < last {
			s.Function = "barewire/" + path.Dir(s.File) + "." + nameInDelve(function)
			s.Offset = s.Line - first
			return nil
		}
	}
	return fmt.Errorf("stop %v stands in no function", s)
}

// nameInDelve returns the name of a function in its package: "(*Checker).Check".
func nameInDelve(function *ast.FuncDecl) string {
	if function.Recv == nil {
		return function.Name.Name
	}
	switch receiver := function.Recv.List[0].Type.(type) {
	case *ast.StarExpr:
		return fmt.Sprintf("(*%v).%s", receiver.X, function.Name.Name)
	default:
		return fmt.Sprintf("%v.%s", receiver, function.Name.Name)
	}
}
