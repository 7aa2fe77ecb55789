package tour

import (
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
)

// TestMarks: what a mark says, and which line it marks.
func TestMarks(t *testing.T) {
	legs, err := Marks(source("inn/door.go", `package inn

type Door struct{ open bool }

// Enter is for guests.
func (d *Door) Enter(name string) {
	// A guest may come late.
	// tour 1.1: the name, and the door (House rules §1)
	//	name = "Ann, of No = 2", d.open = true
	//	len(name) = 14
	d.greet(name)
}

func greet(name string) string {
	bow := []byte{1, 2}
	// tour 1.2, if len(name) > 0: a bow
	//	bow = 01 02
	return name + string(bow)
}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []Stop{
		{Leg: 1, Number: 1, File: "inn/door.go", Line: 11, Function: "barewire/inn.(*Door).Enter", Offset: 5,
			Text:   "the name, and the door (House rules §1)",
			Values: []Value{{"name", `"Ann, of No = 2"`}, {"d.open", "true"}, {"len(name)", "14"}}},
		{Leg: 1, Number: 2, File: "inn/door.go", Line: 18, Function: "barewire/inn.greet", Offset: 4,
			Condition: "len(name) > 0", Text: "a bow", Values: []Value{{"bow", "01 02"}}},
	}
	if !reflect.DeepEqual(legs[0].Stops, want) {
		t.Errorf("the stops are\n%+v, want\n%+v", legs[0].Stops, want)
	}
	if short := legs[0].Stops[0].ShortFunction(); short != "Door.Enter" {
		t.Errorf("the first function is %q for short, want Door.Enter", short)
	}
}

// TestFaultyMarks: what is said of a mark that cannot be understood.
func TestFaultyMarks(t *testing.T) {
	const good = "// tour 1.1: a stop\n\t//\ta = 1"
	for _, test := range []struct{ name, mark, want string }{
		{"no text", "// tour 1.1", "a mark is"},
		{"no number", "// tour 1: a stop\n\t//\ta = 1", "a mark is"},
		{"no values", "// tour 1.1: a stop", "no values"},
		{"a value without its name", "// tour 1.1: a stop\n\t//\t5", "is no value"},
		{"a comment below the mark", good + "\n\t// It is so.", "stands between a mark and its line"},
		{"an unknown leg", "// tour 9.1: a stop\n\t//\ta = 1", "there is no such leg"},
		{"a number left out", "// tour 1.2: a stop\n\t//\ta = 1", "its number should be 1.1"},
		{"a number twice", good + "\n\ta++\n\t" + good, "its number should be 1.2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Marks(source("a.go", "package a\n\nfunc f(a int) int {\n\t"+test.mark+"\n\treturn a\n}\n"))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %v, want one with %q", err, test.want)
			}
		})
	}
	t.Run("outside of functions", func(t *testing.T) {
		_, err := Marks(source("a.go", "package a\n\n"+strings.ReplaceAll(good, "\t", "")+"\n"))
		if err == nil {
			t.Error("there is no error")
		}
	})
}

// TestWhereNoMarksAre: tests, this package and hidden folders have none.
func TestWhereNoMarksAre(t *testing.T) {
	broken := &fstest.MapFile{Data: []byte("package a\n\n// tour of the house\n")}
	legs, err := Marks(fstest.MapFS{"a_test.go": broken, "internal/tour/doc.go": broken, ".git/a.go": broken,
		"testdata/a.go": broken, "a.txt": broken})
	if err != nil {
		t.Fatal(err)
	}
	for _, leg := range legs {
		if len(leg.Stops) > 0 {
			t.Errorf("leg %d has the stop %+v", leg.Number, leg.Stops[0])
		}
	}
}

// source is a tree with one file.
func source(name, text string) fstest.MapFS {
	return fstest.MapFS{name: {Data: []byte(text)}}
}
