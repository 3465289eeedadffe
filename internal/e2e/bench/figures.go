//go:build linux

package main

import (
	"fmt"
	"slices"
	"time"

	"check_smtp/internal/e2e"
)

// The arithmetic that all parts share.

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// values are those of one of the programs, in order of size.
func values(runs []e2e.Cost, program int, of func(e2e.Cost) float64) []float64 {
	var v []float64
	for _, r := range runs {
		if r.Command == program {
			v = append(v, of(r))
		}
	}
	slices.Sort(v)
	return v
}

func middle(sorted []float64) float64 { return quantile(sorted, 0.5) }

func quantile(sorted []float64, q float64) float64 {
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

func spread(sorted []float64) string {
	return fmt.Sprintf("%.4g (%.4g %.4g)", middle(sorted), quantile(sorted, 0.1), quantile(sorted, 0.9))
}

// figure is a number with as many digits as anybody reads.
func figure(f float64) string {
	switch {
	case f >= 100:
		return fmt.Sprintf("%.0f", f)
	case f >= 10:
		return fmt.Sprintf("%.1f", f)
	}
	return fmt.Sprintf("%.2f", f)
}
