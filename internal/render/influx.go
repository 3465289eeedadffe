package render

import (
	"strconv"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

// influx prints one point in InfluxDB's line protocol, without a time: the database
// has a better clock. Of several targets each has one more, with the tag target.
func influx(r verdict.Report, o plan.Output) []byte {
	return pointsOf(&r, &o, "")
}

// pointsOf are the points of a report, with some tags more.
func pointsOf(r *verdict.Report, o *plan.Output, tags string) []byte {
	if r.Fleet == nil {
		return []byte(point(r, o, tags+hostTags(r.Session())))
	}
	run := tags + tag("host", identity(r))
	text := point(r, o, run)
	for i, at := range places(r) {
		text += point(r.Fleet.Targets[i].Report(), o, run+tag("target", at.host)+tag("address", at.address)+tag("port", at.port))
	}
	return []byte(text)
}

// point is one line.
func point(r *verdict.Report, o *plan.Output, tags string) string {
	line := "check_smtp" + tags + tag("state", r.State.String()) + " exit_code=" + strconv.Itoa(int(r.State)) + "i"
	// Ours, and time, whether the point has them all or not: a field keeps its
	// type for ever, and a tag must not have the name of a field.
	taken := verdict.Names{
		"exit_code": true, "finding": true, totalTime: true, "time": true, "host": true, "name": true, "target": true,
		"address": true, "port": true, "state": true,
	}
	for _, m := range Kept(r.Metrics, o.Perfdata) {
		line += "," + field(m, taken)
	}
	if text := gravest(r); text != "" {
		line += `,finding="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
	}
	return line + "\n"
}

// hostTags are what a user groups by.
func hostTags(f *facts.Session) string {
	if f.Port == 0 {
		return tag("host", f.Host)
	}
	return tag("host", f.Host) + tag("port", strconv.Itoa(f.Port))
}

// tag is one; without a value it is none.
func tag(name, value string) string {
	if value = Clean(value); value == "" {
		return ""
	}
	return "," + name + "=" + key(value)
}

// totalTime is what the time of the whole run is called: InfluxDB drops a field
// that is called time, and tells nobody.
const totalTime = "total_time"

// field is one number. Its name is none of those that are taken.
func field(m *verdict.Metric, taken verdict.Names) string {
	name := totalTime
	if m.Label != plan.Time {
		name = taken.Free(key(Clean(string(m.Label))), "_")
	}
	value := m.Format()
	if m.Digits == 0 && !strings.Contains(value, ".") { // an integer: a field keeps the type that it has first
		value += "i"
	}
	return name + "=" + value
}

// key escapes a key or the value of a tag. A backslash cannot be escaped
// there, and at the end it would escape what follows.
func key(s string) string {
	return strings.NewReplacer(`\`, "/", ",", `\,`, "=", `\=`, " ", `\ `).Replace(s)
}
