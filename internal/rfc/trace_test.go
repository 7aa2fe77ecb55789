package rfc

import (
	"fmt"
	"os"
	"slices"
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
	faults, sum := audit(All(), proofs, Excuses())
	for _, fault := range faults {
		t.Error(fault)
	}
	t.Logf("%d requirements: %d proved (by %d marks), %d excused, %d open",
		sum.rows, sum.proved, len(proofs), sum.excused, sum.open)
}

// summary counts rows; each is in one of the three groups.
type summary struct {
	rows, proved, excused, open int
}

// audit compares the requirements with what proves or excuses them, and returns
// what is wrong, a line each.
func audit(rows []Requirement, proofs []Proof, excuses []Excuse) (faults []string, sum summary) {
	faults = unknownNames(rows, proofs, excuses)

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
		switch {
		case isProved && isExcused:
			faults = append(faults, fmt.Sprintf("%v: it is excused and yet proved: take the excuse out", proof))
		case !isProved && !isExcused:
			faults = append(faults, fmt.Sprintf("nothing proves, in layer %s: %v", row.Layer, row))
		}
		sum.count(isProved, isExcused)
	}
	slices.Sort(faults)
	return faults, sum
}

// count puts one row into its group.
func (s *summary) count(isProved, isExcused bool) {
	s.rows++
	switch {
	case isProved:
		s.proved++
	case isExcused:
		s.excused++
	default:
		s.open++
	}
}

// unknownNames returns a line for each id that no requirement has, and for each
// excuse that gives no reason or stands there twice.
func unknownNames(rows []Requirement, proofs []Proof, excuses []Excuse) (faults []string) {
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
		faults  []string
	}{
		{"both are proved", both, nil, nil},
		{"one is proved, one excused", first, []Excuse{{"1-1-b", "we are shy"}}, nil},
		{"one is missing", first, nil,
			[]string{"nothing proves, in layer manners: 1-1-b MAY: smile"}},
		{"a mark of nothing", source("// req: 1-1-a 1-1-b 1-1-z"), nil,
			[]string{"manners/bow_test.go:3: 1-1-z: there is no such requirement"}},
		{"excused and proved", both, []Excuse{{"1-1-b", "we are shy"}},
			[]string{"manners/bow_test.go:3: 1-1-b: it is excused and yet proved: take the excuse out"}},
		{"an excuse without a reason", first, []Excuse{{"1-1-b", ""}},
			[]string{"excuse for 1-1-b: no such requirement, no reason, or there twice"}},
		{"an excuse of nothing", both, []Excuse{{"2-1-a", "what?"}},
			[]string{"excuse for 2-1-a: no such requirement, no reason, or there twice"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tree := fstest.MapFS{"manners/bow_test.go": {Data: []byte(test.file)}}
			proofs, err := Proofs(tree)
			if err != nil {
				t.Fatal(err)
			}
			faults, sum := audit(rows, proofs, test.excuses)
			if !slices.Equal(faults, test.faults) {
				t.Errorf("got faults %q\nwant %q", faults, test.faults)
			}
			if sum.rows != 2 || sum.proved+sum.excused+sum.open != 2 {
				t.Errorf("the counts do not add up to 2 rows: %+v", sum)
			}
		})
	}
}

// source is a test file with comment in line 3.
func source(comment string) string {
	return "package manners\n\n" + comment + "\nfunc TestBow() {}\n"
}
