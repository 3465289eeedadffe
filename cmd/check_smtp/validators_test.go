package main

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/influxdata/line-protocol/v2/lineprotocol"
	"github.com/santhosh-tekuri/jsonschema/v5"

	"check_smtp/internal/plan"
)

// clean is what every format promises: valid UTF-8, lines, and nothing that
// moves a cursor or turns words around.
func clean(out string) error {
	if !utf8.ValidString(out) || !strings.HasSuffix(out, "\n") {
		return errors.New("not lines of UTF-8")
	}
	for _, r := range out {
		if r != '\n' && !strconv.IsPrint(r) {
			return fmt.Errorf("it holds %U", r)
		}
	}
	return nil
}

func oneLine(out string) error {
	if strings.Count(out, "\n") != 1 {
		return errors.New("not one line")
	}
	return clean(out)
}

// schema validates against testdata/output.schema.json (draft 2020-12).
func schema() func(out string) error {
	compiler := jsonschema.NewCompiler()
	compiler.Draft = jsonschema.Draft2020
	compiled := compiler.MustCompile("../../testdata/output.schema.json")
	return func(out string) error {
		var document any
		if err := json.Unmarshal([]byte(out), &document); err != nil {
			return err
		}
		return errors.Join(oneLine(out), compiled.Validate(document))
	}
}

// parsed asks a parser, and nobody else.
func parsed(unmarshal func([]byte, any) error) func(string) error {
	return func(out string) error {
		var document struct{}
		return errors.Join(unmarshal([]byte(out), &document), clean(out+"\n"))
	}
}

// wellFormed asks encoding/xml.
func wellFormed(out string) error {
	in := xml.NewDecoder(strings.NewReader(out))
	var root struct {
		XMLName xml.Name `xml:"check_smtp"`
		State   string   `xml:"state"`
		Code    int      `xml:"exit_code"`
	}
	if err := in.Decode(&root); err != nil {
		return err
	}
	if end, err := in.Token(); err != nil || fmt.Sprintf("%s", end) != "\n" {
		return fmt.Errorf("%v follows the root, %v", end, err)
	}
	if end, err := in.Token(); err != io.EOF {
		return fmt.Errorf("%v follows the root, %v", end, err)
	}
	if plan.State(root.Code).String() != root.State {
		return fmt.Errorf("the state is %q and the code %d", root.State, root.Code)
	}
	return clean(out)
}

// exposed holds to the rules of OpenMetrics 1.0 for gauges; Prometheus itself
// reads them in internal/e2e.
func exposed(out string) error {
	if strings.Count(out, "\ncheck_smtp_up") != 1 || strings.Count(out, "\ncheck_smtp_state") != 1 {
		return errors.New("not one state of the run")
	}
	return families(out)
}

// families are the rules for an exposition of any number of results.
func families(out string) error {
	sample := regexp.MustCompile(`^([a-z_]+)(?:\{[a-z]+="(?:[^"\\]|\\.)*"(?:,[a-z]+="(?:[^"\\]|\\.)*")*\})? -?[0-9]+(?:\.[0-9]+)?$`)
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if lines[len(lines)-1] != "# EOF" {
		return errors.New("no # EOF at the end")
	}
	seen, series, name := map[string]bool{}, map[string]bool{}, ""
	for _, line := range lines[:len(lines)-1] {
		words := strings.Fields(line)
		match := sample.FindStringSubmatch(line)
		switch {
		case strings.HasPrefix(line, "# TYPE ") && !seen[words[2]] && words[3] == "gauge":
			name = words[2]
			seen[name] = true
		case strings.HasPrefix(line, "# UNIT "+name+" ") && strings.HasSuffix(name, "_"+words[3]):
		case strings.HasPrefix(line, "# HELP "+name+" "):
		case match != nil && match[1] == name && !series[line[:strings.LastIndex(line, " ")]]:
			series[line[:strings.LastIndex(line, " ")]] = true
		default:
			return fmt.Errorf("line %q", line)
		}
	}
	return clean(out)
}

// sensor holds to what PRTG documents of EXE/Script Advanced sensors.
func sensor(out string) error {
	var document struct {
		PRTG *struct {
			Result []map[string]string // a value that is no string does not fit
			Text   string
			Error  string
		}
	}
	in := json.NewDecoder(strings.NewReader(out))
	in.DisallowUnknownFields()
	if err := in.Decode(&document); err != nil || document.PRTG == nil {
		return fmt.Errorf("no sensor: %v", err)
	}
	s := document.PRTG
	if utf8.RuneCountInString(s.Text) > 2000 || strings.Contains(s.Text, "#") || s.Text == "" {
		return fmt.Errorf("text %q", s.Text)
	}
	if (s.Error == "1") != (len(s.Result) == 0) || len(s.Result) > 50 {
		return fmt.Errorf("%d channels, error %q", len(s.Result), s.Error)
	}
	seen := map[string]bool{}
	for _, channel := range s.Result {
		if err := channelled(channel); err != nil || seen[channel["channel"]] {
			return fmt.Errorf("channel %v: %v", channel, err)
		}
		seen[channel["channel"]] = true
	}
	if len(s.Result) > 0 && !seen["State"] {
		return errors.New("no channel State")
	}
	return oneLine(out)
}

func channelled(channel map[string]string) error {
	keys := []string{"channel", "value", "unit", "customunit", "float", "limitmode", "limitminwarning", "limitmaxwarning", "limitminerror", "limitmaxerror"}
	units := []string{"TimeResponse", "BytesFile", "Custom"}
	limited := false
	for key, value := range channel {
		_, err := strconv.ParseFloat(value, 64)
		number := key == "value" || strings.HasPrefix(key, "limitm") && key != "limitmode"
		if !slices.Contains(keys, key) || number && err != nil {
			return fmt.Errorf("%s is %q", key, value)
		}
		limited = limited || number && key != "value"
	}
	switch {
	case channel["channel"] == "" || !slices.Contains(units, channel["unit"]):
		return errors.New("no name or no unit")
	case strings.Contains(channel["value"], ".") != (channel["float"] == "1"):
		return errors.New("a fraction without float, or the other way round")
	case limited != (channel["limitmode"] == "1"):
		return errors.New("limits that are not switched on, or the other way round")
	}
	return nil
}

// localChecks reads lines, of which each has a service of its own.
func localChecks(out string) error {
	seen := map[string]bool{}
	for line := range strings.Lines(out) {
		if err := localCheck(line); err != nil {
			return err
		}
		name := strings.Split(line, `"`)[1]
		if seen[name] {
			return fmt.Errorf("two services %q", name)
		}
		seen[name] = true
	}
	if len(seen) == 0 {
		return errors.New("no line")
	}
	return clean(out)
}

// localCheck reads a line as Checkmk's section "local" does (docs.checkmk.com,
// localchecks).
func localCheck(out string) error {
	line := regexp.MustCompile(`^([0-3]) "([^"']+)" ([^ ]+) +(.*)\n$`)
	metric := regexp.MustCompile(`^[a-z0-9_]+=-?[0-9.]+(;((-?[0-9.]+:)?(-?[0-9.]+|inf))?){0,2}(;(-?[0-9.]+)?){0,2}$`)
	match := line.FindStringSubmatch(out)
	switch {
	case match == nil:
		return errors.New("not state, service, metrics and text")
	case strings.ContainsAny(match[2], "`~!$%^&*|\\<>?,;()[]{}="):
		return fmt.Errorf("a service name %q", match[2])
	case strings.Contains(match[4], `\n`):
		return errors.New("a text of more than one line")
	}
	for entry := range strings.SplitSeq(match[3], "|") {
		if match[3] != "-" && !metric.MatchString(entry) {
			return fmt.Errorf("metric %q", entry)
		}
	}
	return oneLine(out)
}

// points asks InfluxData's decoder. A point replaces another one with the same tags,
// the state left out.
func points(out string) error {
	in := lineprotocol.NewDecoderWithBytes([]byte(out))
	series := map[string]bool{}
	runs := 0
	for in.Next() {
		tags, err := point(in)
		if err != nil {
			return err
		}
		if !strings.Contains(tags, ",target=") {
			runs++
		}
		if series[tags] {
			return fmt.Errorf("two points %s", tags)
		}
		series[tags] = true
	}
	if runs != 1 || strings.Count(out, "\n") != len(series) {
		return fmt.Errorf("%d points, %d of the run", len(series), runs)
	}
	return clean(out)
}

// point reads one, and gives its tags without the state.
func point(in *lineprotocol.Decoder) (tags string, err error) {
	if name, err := in.Measurement(); err != nil || string(name) != "check_smtp" {
		return "", fmt.Errorf("measurement %q, %v", name, err)
	}
	seen := map[string]bool{}
	for {
		key, value, err := in.NextTag()
		if err != nil {
			return "", err
		}
		if key == nil {
			break
		}
		if seen[string(key)] || len(value) == 0 {
			return "", fmt.Errorf("tag %q", key)
		}
		if seen[string(key)] = true; string(key) != "state" {
			tags += "," + string(key) + "=" + string(value)
		}
	}
	for {
		key, value, err := in.NextField()
		if err != nil {
			return "", err
		}
		if key == nil {
			break
		}
		if seen[string(key)] || string(key) == "time" || value.Kind() == lineprotocol.Unknown {
			return "", fmt.Errorf("field %q", key)
		}
		seen[string(key)] = true
	}
	if stamp, err := in.TimeBytes(); err != nil || len(stamp) > 0 {
		return "", fmt.Errorf("time %q, %v", stamp, err)
	}
	if !seen["exit_code"] || !seen["state"] {
		return "", errors.New("not all of a point")
	}
	return tags, nil
}

// drawn is what a terminal shows without wrapping a line.
func drawn(out string) error {
	if !strings.Contains(out, "\ntotal ") {
		return clean(out) // a usage error
	}
	for line := range strings.Lines(out) {
		width := -1
		for _, r := range line {
			width++
			if r >= 0x1100 { // may be a wide one
				width++
			}
		}
		if width > 100 {
			return fmt.Errorf("a line of %d columns", width)
		}
	}
	if !strings.Contains(out, "\nSMTP ") {
		return errors.New("no verdict")
	}
	return clean(out)
}

// icinga reads the output as Icinga 2 does: text before the first bar of a line,
// performance data behind it if there is an equals sign; there, labels up to
// "=", values up to a blank.
func icinga(out string) error {
	var perfdata []string
	for line := range strings.Lines(out) {
		if _, after, found := strings.Cut(line, "|"); found {
			perfdata = append(perfdata, strings.TrimRight(after, "\n"))
		}
	}
	if len(perfdata) == 0 {
		return clean(out) // a usage error
	}
	if first, _, _ := strings.Cut(out, "\n"); len(perfdata) > 1 || !strings.HasSuffix(first, perfdata[0]) {
		return errors.New("perfdata behind the first line")
	}
	for rest := perfdata[0]; rest != ""; {
		var label, value string
		label, rest, _ = strings.Cut(rest, "=")
		value, rest, _ = strings.Cut(rest, " ")
		if err := counted(strings.TrimSpace(label), value); err != nil {
			return err
		}
	}
	return clean(out)
}

// counted reads one value: number and unit, then ranges, minimum and maximum.
func counted(label, text string) error {
	if strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" || label == "" {
		return fmt.Errorf("label %q", label)
	}
	parts := strings.Split(text, ";")
	digits := strings.TrimRight(parts[0], "sB%")
	value, err := strconv.ParseFloat(digits, 64)
	if err != nil || math.IsNaN(value) || len(parts) > 5 || !slices.Contains([]string{"", "s", "B", "%"}, parts[0][len(digits):]) {
		return fmt.Errorf("%s has the value %q", label, text)
	}
	for i, part := range parts[1:] {
		_, rangeErr := plan.ParseRange(part)
		_, numberErr := strconv.ParseFloat(part, 64)
		if part != "" && (i < 2 && rangeErr != nil || i >= 2 && numberErr != nil) {
			return fmt.Errorf("%s has the limit %q", label, part)
		}
	}
	return nil
}
