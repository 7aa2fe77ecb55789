package main

import (
	"fmt"
	"io"
	"math"
	"strings"

	"barewire/internal/bench/load"
)

// row is one line of the table: a scenario, and the result of each server.
type row struct {
	name, title string
	unit        string
	scale       float64 // one value in the unit
	digits      int     // digits after the decimal point
	relative    bool    // cells are multiples of the first server's figure
	values      []summary
	ratios      []summary
	rates       []summary
}

// rows returns the lines of the table, from the results of the race.
func (r *race) rows() []row {
	var rows []row
	for _, s := range r.scenarios {
		if s.Kind != load.Idle {
			rows = append(rows, r.row(s.Name, s.Title, true))
			continue
		}
		if !s.UsedOnly {
			rows = append(rows, r.row(s.Name, s.Title+", fresh", false))
		}
		rows = append(rows, r.row(s.Name+usedIdle, s.Title+", after 1 KiB", false))
	}
	return rows
}

// row returns a line about CPU time, which is relative, or about memory.
func (r *race) row(name, title string, relative bool) row {
	w := row{name: name, title: title, unit: "bytes", scale: 1}
	if relative {
		w.relative, w.unit, w.scale, w.digits = true, "µs", 1e-3, 2
	}
	base := r.results[line{name, r.runners[0].Name}]
	for _, runner := range r.runners {
		got := r.results[line{name, runner.Name}]
		w.values = append(w.values, summarize(got.samples()))
		w.ratios = append(w.ratios, summarize(ratios(got, base)))
		w.rates = append(w.rates, summarize(r.results[line{name + rate, runner.Name}].samples()))
	}
	return w
}

// best returns the index of the smallest figure of a server for users, or -1.
func (r *race) best(w row) int {
	figures := w.values
	if w.relative {
		figures = w.ratios
	}
	best := -1
	for i, runner := range r.runners {
		if v := figures[i].Median; !runner.Limit && !math.IsNaN(v) && (best < 0 || v < figures[best].Median) {
			best = i
		}
	}
	return best
}

// printText prints every figure with its spread.
func (r *race) printText(out io.Writer) {
	for _, w := range r.rows() {
		fmt.Fprintf(out, "\n%s: %s\n", w.name, w.title)
		best := r.best(w)
		for i, runner := range r.runners {
			v := w.values[i]
			if v.Rounds == 0 {
				continue
			}
			fmt.Fprintf(out, "  %-9s %10.2f %s ±%.2f", runner.Name, v.Median*w.scale, w.unit, v.spread()*w.scale)
			if w.relative {
				ratio := w.ratios[i]
				fmt.Fprintf(out, "  %6.2f × %s ±%.2f  %10.0f/s", ratio.Median, r.runners[0].Name, ratio.spread(), w.rates[i].Median)
			}
			if i == best {
				fmt.Fprint(out, "  best")
			}
			fmt.Fprintln(out)
		}
	}
}

// printMarkdown prints the table for the README.
func (r *race) printMarkdown(out io.Writer) {
	base := r.runners[0].Name
	fmt.Fprintf(out, "| scenario | %s, µs |", base)
	for _, runner := range r.runners[1:] {
		fmt.Fprintf(out, " %s |", runner.Name)
	}
	fmt.Fprintf(out, "\n|---|%s\n", strings.Repeat("---:|", len(r.runners)))
	for _, w := range r.rows() {
		fmt.Fprintf(out, "| %s |", w.title)
		best := r.best(w)
		for i := range r.runners {
			cell := w.cell(i)
			if i == best {
				cell = "**" + cell + "**"
			}
			fmt.Fprintf(out, " %s |", cell)
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintf(out, "\nServer CPU time per answer, as a multiple of %s; ± is half the distance between the quartiles of %d interleaved rounds.\n", base, r.rounds)
}

// cell returns a figure as text for the Markdown table.
func (w row) cell(i int) string {
	v, ratio := w.values[i], w.ratios[i]
	switch {
	case v.Rounds == 0:
		return ""
	case !w.relative:
		return fmt.Sprintf("%.0f %s", v.Median*w.scale, w.unit)
	case i == 0:
		return fmt.Sprintf("%.2f", v.Median*w.scale)
	}
	return fmt.Sprintf("%.2f ±%.2f", ratio.Median, ratio.spread())
}
