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
	for _, m := range r.Metrics {
		if kept(m, o.Perfdata) {
			line += "," + field(m)
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
	if host := Clean(r.Facts.Host); host != "" {
		text += ",host=" + key(host)
	}
	if r.Facts.Port != 0 {
		text += ",port=" + strconv.Itoa(r.Facts.Port)
	}
	return text + ",state=" + r.State.String()
}

// field is one number. InfluxDB drops a field that is called time, and tells
// nobody.
func field(m verdict.Metric) string {
	name := key(Clean(string(m.Label)))
	if m.Label == plan.Time {
		name = "total_time"
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
