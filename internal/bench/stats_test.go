package main

import (
	"math"
	"slices"
	"testing"
)

func TestSummarize(t *testing.T) {
	for _, c := range []struct {
		name              string
		samples           []float64
		median, low, high float64
	}{
		{"a single sample", []float64{7}, 7, 7, 7},
		{"between two samples", []float64{1, 3}, 2, 1.5, 2.5},
		{"order does not matter", []float64{5, 1, 4, 2, 3}, 3, 2, 4},
		{"one outlier changes nothing", []float64{1, 1, 1, 1, 900}, 1, 1, 1},
	} {
		got := summarize(c.samples)
		if got.Median != c.median || got.Low != c.low || got.High != c.high || got.Rounds != len(c.samples) {
			t.Errorf("%s: %+v", c.name, got)
		}
		if want := (c.high - c.low) / 2; got.spread() != want {
			t.Errorf("%s: spread %v, want %v", c.name, got.spread(), want)
		}
	}
	if got := summarize(nil); !math.IsNaN(got.Median) || got.Rounds != 0 {
		t.Errorf("no samples: %+v", got)
	}
}

func TestRatiosArePairedByRound(t *testing.T) {
	// The machine was half as fast in round 1; round 2 has no base.
	got := ratios(figures{0: 3, 1: 6, 2: 9}, figures{0: 2, 1: 4})
	if !slices.Equal(got, []float64{1.5, 1.5}) {
		t.Errorf("ratios %v", got)
	}
}
