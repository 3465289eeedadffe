package plan

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Range is a Nagios threshold, [@][start:]end (Monitoring Plugins guidelines,
// "Threshold and Ranges"). Its unit is that of the metric it limits.
type Range struct {
	Start, End float64 // inclusive; -Inf and +Inf when open
	Inside     bool    // "@": alert inside instead of outside
}

// ParseRange reads a threshold. A bare number N is the range from 0 to N. A comma
// is an error: to some it is a decimal mark, to others it stands between two limits.
func ParseRange(text string) (Range, error) {
	rest, inside := strings.CutPrefix(text, "@")
	start, end, two := strings.Cut(rest, ":")
	if !two {
		start, end = "", start
	}
	if start == "" && end == "" && !two {
		return Range{}, fmt.Errorf("range %q is empty", text)
	}
	r := Range{Inside: inside}
	var err error
	if r.Start, err = bound(start, 0, "~", math.Inf(-1)); err != nil {
		return Range{}, fmt.Errorf("range %q: %w", text, err)
	}
	if r.End, err = bound(end, math.Inf(1), "", 0); err != nil && end == text {
		return Range{}, err // which quotes all of it already
	} else if err != nil {
		return Range{}, fmt.Errorf("range %q: %w", text, err)
	}
	if r.Start > r.End {
		return Range{}, fmt.Errorf("range %q: the start is above the end", text)
	}
	return r, nil
}

// bound reads one end of a range: empty means unset, word means open.
func bound(text string, unset float64, word string, open float64) (float64, error) {
	switch {
	case text == "":
		return unset, nil
	case text == word:
		return open, nil
	}
	switch {
	case strings.Contains(text, ","):
		return 0, fmt.Errorf("%q contains a comma, which is neither a decimal point nor a separator of two limits", text)
	case strings.Trim(text, "+-.0123456789") != "":
		return 0, fmt.Errorf("%q is not a number", text)
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(v, 0) {
		return 0, fmt.Errorf("%q is not a number", text)
	}
	return v + 0, nil // -0 becomes 0
}

// Violated says whether v raises the alert.
func (r Range) Violated(v float64) bool {
	return (r.Start <= v && v <= r.End) == r.Inside
}

// String is the shortest text that ParseRange reads as the same range.
func (r Range) String() string {
	var b []byte
	if r.Inside {
		b = append(b, '@')
	}
	switch {
	case math.IsInf(r.Start, -1):
		b = append(b, '~', ':')
	case r.Start != 0 || math.IsInf(r.End, 1):
		b = append(strconv.AppendFloat(b, r.Start, 'f', -1, 64), ':')
	}
	if !math.IsInf(r.End, 1) {
		b = strconv.AppendFloat(b, r.End, 'f', -1, 64)
	}
	return string(b)
}
