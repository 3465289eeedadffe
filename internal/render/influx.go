package render

import (
	"io"
	"strconv"
	"strings"

	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

// influx prints one point in InfluxDB's line protocol, without a time: the
// database has a better clock.
func influx(w io.Writer, r verdict.Report, o plan.Output) error {
	line := "check_smtp" + tags(r) + " exit_code=" + strconv.Itoa(int(r.State)) + "i"
	// Ours, and time, whether the point has them all or not: a field keeps its
	// type for ever, and a tag must not have the name of a field.
	taken := names{"exit_code": true, "finding": true, totalTime: true, "time": true, "host": true, "port": true, "state": true}
	for _, m := range r.Metrics {
		if Kept(m, o.Perfdata) {
			line += "," + field(m, taken)
		}
	}
	if text := gravest(r); text != "" {
		line += `,finding="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
	}
	_, err := io.WriteString(w, line+"\n")
	return err
}

// tags are what a user groups by. A tag without a value is no tag.
func tags(r verdict.Report) string {
	text := ""
	if host := Clean(r.Session().Host); host != "" {
		text += ",host=" + key(host)
	}
	if r.Session().Port != 0 {
		text += ",port=" + strconv.Itoa(r.Session().Port)
	}
	return text + ",state=" + r.State.String()
}

// totalTime is what the time of the whole run is called: InfluxDB drops a field
// that is called time, and tells nobody.
const totalTime = "total_time"

// field is one number. Its name is none of those that are taken.
func field(m verdict.Metric, taken names) string {
	name := totalTime
	if m.Label != plan.Time {
		name = taken.free(key(Clean(string(m.Label))))
	}
	value := m.Format()
	if !strings.Contains(value, ".") {
		value += suffix(m)
	}
	return name + "=" + value
}

// suffix makes an integer of a number that never has a fraction. A field keeps
// the type that it has first.
func suffix(m verdict.Metric) string {
	if m.Digits == 0 {
		return "i"
	}
	return ""
}

// key escapes a key or the value of a tag. A backslash cannot be escaped
// there, and at the end it would escape what follows.
func key(s string) string {
	return strings.NewReplacer(`\`, "/", ",", `\,`, "=", `\=`, " ", `\ `).Replace(s)
}
