package rfc

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Generate makes trace.tsv from the source of barewire: from enforced.tsv, which
// names the lines of code, and from the marks in the tests. faults says what is
// wrong with enforced.tsv, and what to do about it, a line each; the table then
// lacks the rows that are at fault. The error is that of a file that cannot be
// read.
func Generate(tree fs.FS) (table string, faults []string, err error) {
	enforced, err := readEnforced(tree)
	if err != nil {
		return "", nil, err
	}
	proofs, err := Proofs(tree)
	if err != nil {
		return "", nil, err
	}
	opened := newSources(tree)
	code, faults := codeRows(enforced, opened)
	tests, err := testRows(proofs, opened)
	if err != nil {
		return "", nil, err
	}
	faults = append(faults, notEnforced(All(), enforced, Excuses())...)

	lines := []string{traceColumns}
	for _, row := range All() {
		lines = append(lines, code[row.ID]...)
		lines = append(lines, tests[row.ID]...)
	}
	return strings.Join(lines, "\n") + "\n", faults, nil
}

// codeRows makes the rows of the code, by requirement.
func codeRows(enforced []enforcement, opened *sources) (rows map[string][]string, faults []string) {
	rows = make(map[string][]string)
	for _, e := range enforced {
		place, err := opened.findCode(e.file, e.text)
		switch {
		case strings.HasSuffix(e.file, "_test.go"):
			faults = append(faults, fmt.Sprintf("%s:%d: %s: %s is a test, and enforces nothing", enforcedFile, e.at, e.id, e.file))
		case err != nil:
			faults = append(faults, fmt.Sprintf("%s:%d: %s: %v: quote a piece of the line that enforces the rule now, long enough to be the only one",
				enforcedFile, e.at, e.id, err))
		default:
			rows[e.id] = append(rows[e.id], traceRow(e.id, kindCode, e.file, place.Name, e.text))
		}
	}
	return rows, faults
}

// testRows makes the rows of the tests, by requirement. A test that names a
// requirement several times has one row for it.
func testRows(proofs []Proof, opened *sources) (map[string][]string, error) {
	rows := make(map[string][]string)
	for _, proof := range proofs {
		file, err := opened.open(proof.File)
		if err != nil {
			return nil, err
		}
		row := traceRow(proof.ID, kindTest, proof.File, testAround(file.declarations, proof.Line), "")
		if !slices.Contains(rows[proof.ID], row) {
			rows[proof.ID] = append(rows[proof.ID], row)
		}
	}
	return rows, nil
}

func traceRow(columns ...string) string { return strings.Join(columns, "\t") }

// notEnforced holds the ids of enforced.tsv against those of the requirements:
// each of them is there, unless it is excused, and no other.
func notEnforced(rows []Requirement, enforced []enforcement, excuses []Excuse) (faults []string) {
	open := make(map[string]bool) // requirements without a line of code
	known := make(map[string]bool)
	for _, row := range rows {
		known[row.ID], open[row.ID] = true, true
	}
	for _, excuse := range excuses {
		delete(open, excuse.ID)
	}
	seen := make(map[enforcement]bool)
	for _, e := range enforced {
		delete(open, e.id)
		where := fmt.Sprintf("%s:%d: %s", enforcedFile, e.at, e.id)
		same := enforcement{id: e.id, file: e.file, text: e.text}
		switch {
		case !known[e.id]:
			faults = append(faults, where+": there is no such requirement")
		case slices.ContainsFunc(excuses, func(excuse Excuse) bool { return excuse.ID == e.id }):
			faults = append(faults, where+": it is excused and yet enforced: take the excuse out")
		case seen[same]:
			faults = append(faults, where+": the row is there twice")
		}
		seen[same] = true
	}
	for _, row := range rows {
		if open[row.ID] {
			faults = append(faults, fmt.Sprintf("%s: no row says which line enforces %v", enforcedFile, row))
		}
	}
	return faults
}
