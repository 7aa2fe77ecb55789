package main

import (
	"math"
	"slices"
)

// summary describes the values of one figure over several rounds.
type summary struct {
	Median, Low, High float64 // Low and High are the quartiles
	Rounds            int
}

// summarize returns the median and the quartiles. It uses medians because other work on
// the machine slows single rounds down, by up to half.
func summarize(samples []float64) summary {
	s := slices.Sorted(slices.Values(samples))
	return summary{quantile(s, 0.5), quantile(s, 0.25), quantile(s, 0.75), len(s)}
}

// spread is half the distance between the quartiles.
func (s summary) spread() float64 { return (s.High - s.Low) / 2 }

// quantile interpolates between the two nearest samples.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := q * float64(len(sorted)-1)
	below := int(at)
	above := min(below+1, len(sorted)-1)
	return sorted[below] + (at-float64(below))*(sorted[above]-sorted[below])
}

// ratios divides each sample by the sample of base in the same round, so that whatever
// slowed both of them down cancels out.
func ratios(samples, base map[int]float64) []float64 {
	var r []float64
	for round, sample := range samples {
		if b, ok := base[round]; ok && b > 0 {
			r = append(r, sample/b)
		}
	}
	return r
}
