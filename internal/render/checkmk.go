package render

import (
	"math"
	"strconv"
	"strings"

	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

// checkmk prints the line of a local check: state, service, metrics or "-", and
// text. Checkmk judges nothing here: the state is ours, the limits are for its
// graphs.
//
// Of several targets each has a line of its own behind that of the run. Its service
// is called after both: two domains may have one exchanger.
func checkmk(r verdict.Report, o plan.Output) []byte {
	if r.Fleet == nil {
		return locals(&r, &o, service(target(r.Session())), nil)
	}
	about := subject(&r)
	return locals(&r, &o, service(about), func(target string) string {
		if r.Survey.Found.Name != "" {
			target = about + " " + target
		}
		return service(Clean(target))
	})
}

// locals are the line of a run and those of its targets, whose services are called by
// called.
func locals(r *verdict.Report, o *plan.Output, run string, called func(target string) string) []byte {
	text := local(r, o, run)
	if r.Fleet != nil {
		taken := verdict.Names{run: true}
		for i := range r.Fleet.Targets {
			t := &r.Fleet.Targets[i]
			text += local(t.Report(), o, taken.Free(called(t.Name), "_"))
		}
	}
	return []byte(text)
}

// local is one line.
func local(r *verdict.Report, o *plan.Output, service string) string {
	var perf []string
	for _, m := range Kept(r.Metrics, o.Perfdata) {
		perf = append(perf, graphed(m))
	}
	if perf == nil {
		perf = []string{"-"}
	}
	return strings.Join([]string{strconv.Itoa(int(r.State)), `"` + service + `"`, strings.Join(perf, "|"), clip(Summary(*r), maxFirst)}, " ") + "\n"
}

// service names the service after the server, without what Checkmk and Nagios
// forbid in such a name.
func service(of string) string {
	name := strings.TrimRight("SMTP "+of, " ")
	return strings.Map(func(c rune) rune {
		if strings.ContainsRune("`~!$%^&*|'\"<>?,;()[]{}=\\", c) {
			return '_'
		}
		return c
	}, name)
}

// graphed is one metric: name=value;warning;critical;min;max, each limit an
// upper one or lower:upper.
func graphed(m *verdict.Metric) string {
	name := strings.Map(func(c rune) rune {
		if c == ' ' || c == '=' || c == '\'' || c == '"' {
			return '_'
		}
		return c
	}, Clean(string(m.Label)))
	text := name + "=" + m.Format() + ";" + levels(*m, m.Warning) + ";" + levels(*m, m.Critical) + ";" + Number(m.Min) + ";" + Number(m.Max)
	return strings.TrimRight(text, ";")
}

// levels are a range as Checkmk has them; "": it has no such range.
func levels(m verdict.Metric, r *plan.Range) string {
	switch {
	case r == nil || r.Inside || math.IsInf(r.Start, 0) && math.IsInf(r.End, 0):
		return ""
	case math.IsInf(r.End, 0):
		return Number(&r.Start) + ":inf"
	case math.IsInf(r.Start, 0) || m.Min != nil && r.Start <= *m.Min:
		return Number(&r.End)
	}
	return Number(&r.Start) + ":" + Number(&r.End)
}
