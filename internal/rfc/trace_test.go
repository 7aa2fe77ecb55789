package rfc

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestEveryRequirementIsProved reads the tests of the whole repository. It
// fails on a mark that names no row, and lists the rows that nothing proves.
// With -v it counts.
func TestEveryRequirementIsProved(t *testing.T) {
	proofs, err := Proofs(os.DirFS("../..")) // the top of the repository
	if err != nil {
		t.Fatal(err)
	}
	later := map[string]string{}
	for _, entry := range notBuiltYet {
		for _, id := range strings.Fields(entry.ids) {
			later[id] = entry.part
		}
	}
	faults, sum := audit(All(), proofs, Excuses(), later)
	for _, fault := range faults {
		t.Error(fault)
	}
	t.Logf("%d requirements: %d proved (by %d marks), %d excused, %d not built yet, %d open",
		sum.rows, sum.proved, len(proofs), sum.excused, sum.later, sum.open)
}

// summary counts rows; each is in one of the four groups.
type summary struct {
	rows, proved, excused, later, open int
}

// audit compares the requirements with what proves, excuses or postpones them,
// and returns what is wrong, a line each. In later, the key is an id and the
// value the part that is not built.
func audit(rows []Requirement, proofs []Proof, excuses []Excuse, later map[string]string) (faults []string, sum summary) {
	faults = unknownNames(rows, proofs, excuses, later)

	proved := map[string]Proof{}
	for _, proof := range proofs {
		proved[proof.ID] = proof
	}
	excused := map[string]bool{}
	for _, excuse := range excuses {
		excused[excuse.ID] = true
	}
	for _, row := range rows {
		proof, isProved := proved[row.ID]
		isExcused := excused[row.ID]
		_, isLater := later[row.ID]
		switch {
		case isProved && isExcused:
			faults = append(faults, fmt.Sprintf("%v: it is excused and yet proved: take the excuse out", proof))
		case isProved && isLater:
			faults = append(faults, fmt.Sprintf("%v: it is proved: take it out of notBuiltYet", proof))
		case isExcused && isLater:
			faults = append(faults, fmt.Sprintf("%s is excused and in notBuiltYet: one of them is enough", row.ID))
		case !isProved && !isExcused && !isLater:
			faults = append(faults, fmt.Sprintf("nothing proves, in layer %s: %v", row.Layer, row))
		}
		sum.count(isProved, isExcused, isLater)
	}
	slices.Sort(faults)
	return faults, sum
}

// count puts one row into its group.
func (s *summary) count(isProved, isExcused, isLater bool) {
	s.rows++
	switch {
	case isProved:
		s.proved++
	case isExcused:
		s.excused++
	case isLater:
		s.later++
	default:
		s.open++
	}
}

// unknownNames returns a line for each id that no requirement has, and for each
// excuse that gives no reason or stands there twice.
func unknownNames(rows []Requirement, proofs []Proof, excuses []Excuse, later map[string]string) (faults []string) {
	known := map[string]bool{}
	for _, row := range rows {
		known[row.ID] = true
	}
	for _, proof := range proofs {
		if !known[proof.ID] {
			faults = append(faults, fmt.Sprintf("%v: there is no such requirement", proof))
		}
	}
	seen := map[string]bool{}
	for _, excuse := range excuses {
		if !known[excuse.ID] || excuse.Why == "" || seen[excuse.ID] {
			faults = append(faults, fmt.Sprintf("excuse for %s: no such requirement, no reason, or there twice", excuse.ID))
		}
		seen[excuse.ID] = true
	}
	for id, part := range later {
		if !known[id] {
			faults = append(faults, fmt.Sprintf("not built yet, %s: there is no requirement %s", part, id))
		}
	}
	return faults
}

// TestAudit judges a small repository of two requirements.
func TestAudit(t *testing.T) {
	rows := []Requirement{
		{ID: "1-1-a", Level: Must, Text: "bow", Layer: "manners"},
		{ID: "1-1-b", Level: May, Text: "smile", Layer: "manners"},
	}
	both := source("// req: 1-1-a 1-1-b")
	first := source("// req: 1-1-a")
	tests := []struct {
		name    string
		file    string
		excuses []Excuse
		later   map[string]string
		faults  []string
	}{
		{"both are proved", both, nil, nil, nil},
		{"one is proved, one excused", first, []Excuse{{"1-1-b", "we are shy"}}, nil, nil},
		{"one is proved, one comes later", first, nil, map[string]string{"1-1-b": "face"}, nil},
		{"one is missing", first, nil, nil,
			[]string{"nothing proves, in layer manners: 1-1-b MAY: smile"}},
		{"a mark of nothing", source("// req: 1-1-a 1-1-b 1-1-z"), nil, nil,
			[]string{"manners/bow_test.go:3: 1-1-z: there is no such requirement"}},
		{"excused and proved", both, []Excuse{{"1-1-b", "we are shy"}}, nil,
			[]string{"manners/bow_test.go:3: 1-1-b: it is excused and yet proved: take the excuse out"}},
		{"postponed and proved", both, nil, map[string]string{"1-1-b": "face"},
			[]string{"manners/bow_test.go:3: 1-1-b: it is proved: take it out of notBuiltYet"}},
		{"excused and postponed", first, []Excuse{{"1-1-b", "we are shy"}}, map[string]string{"1-1-b": "face"},
			[]string{"1-1-b is excused and in notBuiltYet: one of them is enough"}},
		{"an excuse without a reason", first, []Excuse{{"1-1-b", ""}}, nil,
			[]string{"excuse for 1-1-b: no such requirement, no reason, or there twice"}},
		{"an excuse of nothing", both, []Excuse{{"2-1-a", "what?"}}, nil,
			[]string{"excuse for 2-1-a: no such requirement, no reason, or there twice"}},
		{"nothing is postponed", both, nil, map[string]string{"2-1-a": "face"},
			[]string{"not built yet, face: there is no requirement 2-1-a"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tree := fstest.MapFS{"manners/bow_test.go": {Data: []byte(test.file)}}
			proofs, err := Proofs(tree)
			if err != nil {
				t.Fatal(err)
			}
			faults, sum := audit(rows, proofs, test.excuses, test.later)
			if !slices.Equal(faults, test.faults) {
				t.Errorf("got faults %q\nwant %q", faults, test.faults)
			}
			if sum.rows != 2 || sum.proved+sum.excused+sum.later+sum.open != 2 {
				t.Errorf("the counts do not add up to 2 rows: %+v", sum)
			}
		})
	}
}

// source is a test file with comment in line 3.
func source(comment string) string {
	return "package manners\n\n" + comment + "\nfunc TestBow() {}\n"
}
