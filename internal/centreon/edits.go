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

	Precision *int         // digits after the point that are compared with a threshold; nil: all
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
