package main

import (
	"math"
	"slices"
)

// summary is what several rounds say about one figure.
type summary struct {
	Median, Low, High float64 // Low and High are the quartiles
	Rounds            int
}

// summarize takes the median and the quartiles. Medians, since other work on the
// machine moves single rounds by half their value, and in one direction only.
func summarize(samples []float64) summary {
	s := slices.Sorted(slices.Values(samples))
	return summary{quantile(s, 0.5), quantile(s, 0.25), quantile(s, 0.75), len(s)}
}

// spread is half the distance between the quartiles.
func (s summary) spread() float64 { return (s.High - s.Low) / 2 }

// quantile interpolates between the two samples that are next to it.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := q * float64(len(sorted)-1)
	below := int(at)
	above := min(below+1, len(sorted)-1)
	return sorted[below] + (at-float64(below))*(sorted[above]-sorted[below])
}

// ratios divides the samples by those that the base had in the same round: what
// slowed down both of them drops out.
func ratios(samples, base map[int]float64) []float64 {
	var r []float64
	for round, sample := range samples {
		if b, ok := base[round]; ok && b > 0 {
			r = append(r, sample/b)
		}
	}
	return r
}
