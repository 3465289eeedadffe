package centreon

import (
	"regexp"

	"check_smtp/internal/plan"
)

// Mode is one of the two checks that the Centreon plugin has for SMTP.
type Mode string

// The modes.
const (
	Login   Mode = "login"   // connect, greet, log in, say goodbye
	Message Mode = "message" // and deliver a message
)

// Modes lists both.
var Modes = []Mode{Login, Message}

// Edits are what the operator wants changed of a judged report: Centreon's
// options, in the order in which they are applied.
type Edits struct {
	Mode Mode // "": not called as Centreon's plugin, the judge's words and states stay
	Name Mode // the mode that --output-json and --output-xml name

	Precision int          // digits after the point that are compared with a threshold; 0: none, -1: all
	Only      []plan.Label // --perfdata; nil: every metric

	Change  []Edit // replaces metrics
	Extend  []Edit // adds metrics made of others, one by one
	Group   []Edit // adds metrics made of several others
	Explode []Explosion

	Keep   *regexp.Regexp // labels of the metrics that stay; nil: all
	KeepIf *Expr          // what holds of the metrics that stay; nil: no matter
	Units  *regexp.Regexp // units that are told; nil: all
	Ranges RangeStyle

	Short []Substitution // of the first line without its perfdata
	Long  []Substitution // of the lines behind it
	When  []Outcome
	Exit  map[plan.State]int // exit codes in place of the states' own; 4 is Centreon's PENDING

	NoPerfdata, NoLabel bool
}

// RangeStyle says how thresholds stand in perfdata.
type RangeStyle int

// The styles, by the numbers of --range-perfdata.
const (
	WholeRanges RangeStyle = iota // 0:1
	ShortRanges                   // 1, where the start is zero
	NoRanges
)

// Edit makes a metric of others. Its fields are applied after its method, but
// for a maximum that the method needs.
type Edit struct {
	Search *regexp.Regexp // which labels; nil: one metric of all (Group only)
	Label  string         // what takes the place of Search's match, in Go's syntax; "": the label stays
	Method Method
	Unit   string   // "": the method's
	Min    *float64 // nil: the method's
	Max    *float64
	Limits [2]*Limit // warning, critical; nil: the method's
}

// Limit is a threshold, or the part of a metric's maximum that is one.
type Limit struct {
	Range   plan.Range
	Percent float64 // above zero: of the maximum, and Range counts for nothing
}

// Explosion makes a metric of another one's maximum.
type Explosion struct {
	Search *regexp.Regexp // nil: every metric that has one
	Label  string         // in Go's syntax; "": the label of the metric and _max
}

// Method is what an Edit does to a number.
type Method struct {
	Kind       MethodKind
	Expr       *Expr // of math; its one name is current
	Thresholds bool  // math changes them, too
	Unit       string
	Over       string // pattern of the labels that count, in Go's syntax of templates if there is a Search
}

// MethodKind names a method.
type MethodKind string

// The methods. The last four count all metrics whose label matches.
const (
	MethodNone    MethodKind = ""
	MethodInvert  MethodKind = "invert"  // the maximum less the value
	MethodPercent MethodKind = "percent" // of the maximum
	MethodScale   MethodKind = "scale"   // bytes and bits to another unit
	MethodMath    MethodKind = "math"
	MethodMin     MethodKind = "min"
	MethodMax     MethodKind = "max"
	MethodAverage MethodKind = "average"
	MethodSum     MethodKind = "sum"
)

// Counts says whether the method is one over several metrics.
func (k MethodKind) Counts() bool {
	return k == MethodMin || k == MethodMax || k == MethodAverage || k == MethodSum
}

// Substitution changes a text as Perl's s/// does.
type Substitution struct {
	Pattern *regexp.Regexp
	Text    string // in Go's syntax of templates
	All     bool   // every match, not just the first
}

// Outcome replaces text and exit code where a condition holds.
type Outcome struct {
	If   *Expr // its names are short_output and exit_code
	Text string
	Exit int // -1: stays
}
