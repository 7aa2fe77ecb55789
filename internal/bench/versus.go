package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// The two builds of barewire that can race each other.
const (
	newBuild = "barewire"
	oldBuild = "old"
)

// When a difference counts.
const (
	noticeable   = 1.05 // the ratio of medians above which a difference counts
	fewestRounds = 3    // fewer do not show how steady a difference is
)

// verdict judges the ratios new/old of several rounds. A difference counts if it is
// large and steady: the median is above noticeable, or below its inverse, and the
// interquartile range excludes 1. Otherwise the verdict is the same.
func verdict(ratio summary, above, below string) string {
	switch {
	case ratio.Rounds < fewestRounds:
		return "too few rounds"
	case ratio.Median > noticeable && ratio.Low > 1:
		return above
	case ratio.Median < 1/noticeable && ratio.High < 1:
		return below
	}
	return "same"
}

// order returns the order in which a round measures the servers. It alternates, so that
// no server always goes first. Servers that are next to each other stay so.
func (r *race) order(round int) []*runner {
	order := slices.Clone(r.runners)
	if round%2 == 1 {
		slices.Reverse(order)
	}
	return order
}

// builds returns the builds of barewire in the race.
func (r *race) builds() (builds []*runner) {
	for _, runner := range r.runners {
		if runner.Name == newBuild || runner.Name == oldBuild {
			builds = append(builds, runner)
		}
	}
	return builds
}

// printLines prints a line for each figure: the medians of some servers and, if both
// builds of barewire are in the race, how they compare.
func (r *race) printLines(out io.Writer, columns []*runner) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	defer w.Flush()
	versus := len(r.builds()) == 2
	fmt.Fprint(w, "CPU time per answer")
	for _, runner := range columns {
		fmt.Fprintf(w, "\t%s", runner.Name)
	}
	if versus {
		fmt.Fprintf(w, "\t%s/%s\tquartiles\tverdict", newBuild, oldBuild)
	}
	fmt.Fprintln(w)
	for _, row := range r.rows() {
		fmt.Fprint(w, row.title)
		for _, runner := range columns {
			cell := "-"
			if v := summarize(r.results[line{row.name, runner.Name}].samples()); v.Rounds > 0 {
				cell = fmt.Sprintf("%.*f %s", row.digits, v.Median*row.scale, row.unit)
			}
			fmt.Fprint(w, "\t", cell)
		}
		if versus {
			ratio := summarize(ratios(r.results[line{row.name, newBuild}], r.results[line{row.name, oldBuild}]))
			above, below := "slower", "faster"
			if !row.relative {
				above, below = "larger", "smaller"
			}
			fmt.Fprintf(w, "\t%.2f\t%.2f to %.2f\t%s", ratio.Median, ratio.Low, ratio.High, verdict(ratio, above, below))
		}
		fmt.Fprintln(w)
	}
}
