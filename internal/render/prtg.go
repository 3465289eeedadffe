package render

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

// Limits of PRTG's custom sensors.
const (
	maxChannels = 50
	maxMessage  = 2000 // characters
)

// sensor is what the sensors EXE/Script Advanced and SSH Script Advanced read.
// Every value is a string.
type sensor struct {
	Result []channel `json:"result,omitempty"`
	Text   string    `json:"text"`
	Error  string    `json:"error,omitempty"` // "1": the sensor is down and keeps no value
}

type channel struct {
	Channel         string `json:"channel"`
	Value           string `json:"value"`
	Unit            string `json:"unit"`
	CustomUnit      string `json:"customunit,omitempty"`
	Float           string `json:"float,omitempty"`
	LimitMode       string `json:"limitmode,omitempty"`
	LimitMinWarning string `json:"limitminwarning,omitempty"`
	LimitMaxWarning string `json:"limitmaxwarning,omitempty"`
	LimitMinError   string `json:"limitminerror,omitempty"`
	LimitMaxError   string `json:"limitmaxerror,omitempty"`
}

// prtg prints one channel for each metric and one for the state, whose limits
// colour the sensor. An error would throw all values away, so there is one only
// when nothing was measured.
func prtg(r verdict.Report, o plan.Output) []byte {
	s := sensor{Text: message(Summary(r))}
	if !measured(&r) {
		s.Error = "1"
	} else {
		s.Result = channels(&r, o.Perfdata)
	}
	return Encode(map[string]sensor{"prtg": s})
}

// measured says whether there was a server to measure, or it is well that there is
// none.
func measured(r *verdict.Report) bool {
	all, _ := sessions(r)
	return slices.ContainsFunc(all, connected) || r.Fleet != nil && r.State == plan.OK
}

// message is a text for PRTG, which may cut it at a number sign.
func message(text string) string {
	return shorten(strings.ReplaceAll(text, "#", "*"), maxMessage)
}

// connected says whether there was a server to measure.
func connected(f *facts.Session) bool {
	return slices.ContainsFunc(f.Records, func(r facts.Record) bool { return r.Step.Phase == plan.Connect && r.Failure == nil })
}

// channels puts the time first: the first channel is the sensor's main one. With
// several targets it goes on with the numbers of the run and two channels for each
// target. What comes of sessions has what is left, since that is one target's.
func channels(r *verdict.Report, only []plan.Label) []channel {
	const state = "State"
	taken := verdict.Names{state: true}
	var list []channel
	add := func(c channel) {
		if len(list) < maxChannels-1 {
			c.Channel = taken.Free(c.Channel, "_")
			list = append(list, c)
		}
	}
	numbers := func(which func(*verdict.Metric) bool) {
		for _, m := range Kept(r.Metrics, only) {
			if which(m) {
				add(channelOf(m))
			}
		}
	}
	if r.Fleet == nil {
		numbers(func(*verdict.Metric) bool { return true })
	} else {
		first := func(m *verdict.Metric) bool { return m.Label == plan.Time }
		numbers(first)
		numbers(ofRun)
		for _, c := range members(r, only) {
			add(c)
		}
		numbers(func(m *verdict.Metric) bool { return !first(m) && !ofRun(m) && !ofTarget(r, m.Label) })
	}
	last := stateChannel(state, r.State)
	last.LimitMode, last.LimitMaxWarning, last.LimitMaxError = "1", "0", "1"
	return append(list, last)
}

// members are two channels for each target. Only that of the run has limits: what is
// wrong with a target need not count.
func members(r *verdict.Report, only []plan.Label) []channel {
	var list []channel
	for i := range r.Fleet.Targets {
		t := &r.Fleet.Targets[i]
		name := message(Clean(t.Name))
		took := &verdict.Metric{Label: plan.Time, Value: t.Session.Total.Seconds(), Unit: "s"}
		if t.Session.Begun() && kept(took, only) {
			c := channelOf(took)
			c.Channel = "Time of " + name
			list = append(list, c)
		}
		list = append(list, stateChannel("State of "+name, t.State))
	}
	return list
}

func stateChannel(name string, s plan.State) channel {
	return channel{Channel: name, Value: strconv.Itoa(int(s)), Unit: "Custom", CustomUnit: "state"}
}

func channelOf(m *verdict.Metric) channel {
	c := channel{Channel: message(Clean(string(m.Label))), Unit: "Custom", CustomUnit: Clean(m.Unit)}
	row := facts.MetricOf(m.Label)
	if row != nil {
		c.Channel = row.Channel // a name for people; PRTG's own sensor calls the first one so
	}
	factor, digits := 1.0, m.Digits
	switch {
	case m.Unit == "s":
		c.Unit, c.CustomUnit = "TimeResponse", "" // milliseconds
		factor, digits = 1000, 3
	case m.Unit == "B":
		c.Unit, c.CustomUnit = "BytesFile", ""
	case m.Unit == "" && row != nil:
		c.CustomUnit = row.ChannelUnit
	}
	c.Value = strconv.FormatFloat(m.Value*factor, 'f', digits, 64)
	if strings.Contains(c.Value, ".") {
		c.Float = "1"
	}
	c.LimitMinWarning, c.LimitMaxWarning = bounds(*m, m.Warning, factor)
	c.LimitMinError, c.LimitMaxError = bounds(*m, m.Critical, factor)
	if c.LimitMinWarning+c.LimitMaxWarning+c.LimitMinError+c.LimitMaxError != "" {
		c.LimitMode = "1"
	}
	return c
}

// bounds are the ends of a range that PRTG can watch by itself. It cannot watch
// the inside of one; the state tells that.
func bounds(m verdict.Metric, r *plan.Range, factor float64) (lower, upper string) {
	if r == nil || r.Inside {
		return "", ""
	}
	if least := m.Min; !math.IsInf(r.Start, 0) && (least == nil || r.Start > *least) {
		lower = limit(r.Start * factor)
	}
	if !math.IsInf(r.End, 0) {
		upper = limit(r.End * factor)
	}
	return lower, upper
}

// limit is a number without what floating point adds to it: 0.07 s are 70 ms.
func limit(v float64) string {
	text := strconv.FormatFloat(v, 'f', 6, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}
