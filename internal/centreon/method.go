package centreon

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

// invert counts from the maximum down. Without one it does nothing.
func invert(m *verdict.Metric) {
	if m.Max == nil {
		return
	}
	below := func(v float64) float64 { return *m.Max - v }
	m.Value, m.Digits = tidy(below(shown(m))), -1
	mapLimits(m, below)
}

// percent counts in hundredths of the maximum. Without one it does nothing.
func percent(m *verdict.Metric) {
	if m.Max == nil || *m.Max == 0 {
		return
	}
	most, whole := *m.Max, 100.0
	share := func(v float64) float64 { return v * 100 / most }
	m.Value, m.Digits, m.Unit, m.Max = share(shown(m)), 2, "%", &whole
	mapLimits(m, share)
}

// scale tells bytes or bits in another unit, or in the one that suits; anything else
// stays.
func scale(name string) (func(*verdict.Metric), error) {
	to, known := parseUnit(name)
	if name != "auto" && !known {
		return nil, fmt.Errorf("%q: give auto or a unit such as KB, Mb or Gbps", short(name))
	}
	return func(m *verdict.Metric) {
		from, ok := parseUnit(m.Unit)
		if !ok {
			return
		}
		to := to
		if !known {
			to = from.fitting(shown(m) * from.size())
		}
		other := func(v float64) float64 { return v * from.size() / to.size() }
		m.Value, m.Digits, m.Unit = other(shown(m)), 2, to.String()
		m.Min, m.Max = through(m.Min, other), through(m.Max, other)
		mapLimits(m, other)
	}, nil
}

// calculation puts the value through a formula, and the thresholds, too, if "|1"
// stands behind it.
func calculation(text string) (func(*verdict.Metric), error) {
	text, thresholds := strings.CutSuffix(text, "|1")
	e, err := parseExpr(text, "current")
	if err != nil {
		return nil, fmt.Errorf("%q: %w", short(text), err)
	}
	formula := func(v float64) float64 { return e.number(func(string) any { return v }) }
	return func(m *verdict.Metric) {
		m.Value, m.Digits = tidy(formula(shown(m))), -1
		if thresholds {
			mapLimits(m, formula)
		}
	}, nil
}

// mapLimits puts the thresholds of a metric through a function.
func mapLimits(m *verdict.Metric, f func(float64) float64) {
	m.Warning, m.Critical = mapped(m.Warning, f), mapped(m.Critical, f)
}

// mapped puts both ends of a range through a function; one that turns numbers
// round turns the ends round. An open end stays open.
func mapped(r *plan.Range, f func(float64) float64) *plan.Range {
	if r == nil {
		return nil
	}
	falling := f(1) < f(0)
	end := func(v float64) float64 {
		switch {
		case !math.IsInf(v, 0):
			return tidy(f(v))
		case falling:
			return -v
		}
		return v
	}
	n := plan.Range{Start: end(r.Start), End: end(r.End), Inside: r.Inside}
	if falling {
		n.Start, n.End = n.End, n.Start
	}
	if !sound(n) {
		return nil
	}
	return &n
}

// sound says whether a range can be printed and read again.
func sound(r plan.Range) bool {
	fine := func(v float64) bool { return math.IsInf(v, 0) || usable(v) }
	return fine(r.Start) && fine(r.End) && r.Start <= r.End && !math.IsInf(r.Start, 1) && !math.IsInf(r.End, -1)
}

func through(v *float64, f func(float64) float64) *float64 {
	if v == nil {
		return nil
	}
	n := tidy(f(*v))
	return &n
}

// usable says whether a number can be printed in decimal digits.
func usable(v float64) bool { return !math.IsNaN(v) && math.Abs(v) < 1e18 }

// tidy drops what calculating in binary leaves behind the ninth digit.
func tidy(v float64) float64 {
	t, err := strconv.ParseFloat(strconv.FormatFloat(v, 'f', 9, 64), 64)
	if err != nil {
		return v
	}
	return t + 0 // -0 becomes 0
}

// dataUnit is a unit of bytes or bits, such as KB or Mbps.
type dataUnit struct {
	power  int  // of 1024 or 1000
	bits   bool // the base is 1000, else 1024
	suffix string
}

const prefixes = " KMGTPE"

// parseUnit reads a unit of bytes (B) or bits (b).
func parseUnit(text string) (dataUnit, bool) {
	var u dataUnit
	if text == "" {
		return u, false
	}
	if i := strings.IndexByte(prefixes[1:], text[0]); i >= 0 {
		u.power, text = i+1, strings.TrimPrefix(text[1:], "i")
	}
	if text == "" || text[0] != 'B' && text[0] != 'b' {
		return u, false
	}
	u.bits, u.suffix = text[0] == 'b', text[1:]
	return u, u.suffix == "" || u.suffix == "ps" || u.suffix == "/s"
}

// size is how many bits one of the unit is.
func (u dataUnit) size() float64 {
	if u.bits {
		return math.Pow(1000, float64(u.power))
	}
	return 8 * math.Pow(1024, float64(u.power))
}

// String is the unit as it is printed.
func (u dataUnit) String() string {
	letter := "B"
	if u.bits {
		letter = "b"
	}
	return strings.TrimSpace(prefixes[u.power:u.power+1]) + letter + u.suffix
}

// fitting is the unit of the same kind in which a number of bits is best read.
func (u dataUnit) fitting(bits float64) dataUnit {
	for u.power = 0; u.power < len(prefixes)-1; u.power++ {
		next := u
		next.power++
		if math.Abs(bits) < next.size() {
			break
		}
	}
	return u
}
