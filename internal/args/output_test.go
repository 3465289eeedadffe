package args

import (
	"testing"

	"check_smtp/internal/plan"
)

// TestTerminal: a drawing fits the terminal, and only a terminal gets colours.
func TestTerminal(t *testing.T) {
	tests := []struct {
		name    string
		columns int // of the terminal; 0: none
		env     map[string]string
		more    []string
		width   int
		colour  bool
	}{
		{"a pipe", 0, nil, nil, 100, false},
		{"a pipe, the width told", 0, map[string]string{"COLUMNS": "72"}, nil, 72, false},
		{"a terminal", 120, nil, nil, 120, true},
		{"a terminal, the width told", 120, map[string]string{"COLUMNS": "72"}, nil, 72, true},
		{"nonsense told", 120, map[string]string{"COLUMNS": "-3"}, nil, 120, true},
		{"a terminal of unknown width", -1, nil, nil, 100, true},
		{"no colour", 120, map[string]string{"NO_COLOR": "1"}, nil, 120, false},
		{"a dumb terminal", 120, map[string]string{"TERM": "dumb"}, nil, 120, false},
		{"a file", 120, nil, []string{"--output-file=x"}, 100, false},
	}
	for _, tt := range tests {
		env := Env{
			Getenv:   func(name string) string { return tt.env[name] },
			Hostname: func() (string, error) { return "probe.test", nil },
			Terminal: func() (int, bool) { return max(tt.columns, 0), tt.columns != 0 },
		}
		p, err := Parse(append([]string{"-H", "mx.test", "--output-format=waterfall"}, tt.more...), env)
		if err != nil || p.Output.Width != tt.width || p.Output.Colour != tt.colour {
			t.Errorf("%s: width %d, colour %v, %v", tt.name, p.Output.Width, p.Output.Colour, err)
		}
	}
	verbose := map[string]int{"a pipe, the width told": 0, "a pipe": 0, "a terminal": 120, "a terminal, the width told": 72, "a terminal of unknown width": 100, "a file": 0}
	for _, tt := range tests {
		env := Env{
			Getenv:   func(name string) string { return tt.env[name] },
			Hostname: func() (string, error) { return "probe.test", nil },
			Terminal: func() (int, bool) { return max(tt.columns, 0), tt.columns != 0 },
		}
		p, err := Parse(append([]string{"-H", "mx.test", "-v"}, tt.more...), env)
		if want, asked := verbose[tt.name]; asked && (err != nil || p.Output.Width != want) || p.Output.Colour {
			t.Errorf("-v, %s: width %d, colour %v, %v", tt.name, p.Output.Width, p.Output.Colour, err)
		}
	}
	env := Env{
		Getenv:   func(string) string { return "" },
		Hostname: func() (string, error) { return "probe.test", nil },
		Terminal: func() (int, bool) { t.Error("a plain check looks at the terminal"); return 0, false },
	}
	if _, err := Parse([]string{"-H", "mx.test"}, env); err != nil {
		t.Error(err)
	}
}

func TestGistFormat(t *testing.T) {
	tests := []struct {
		argv []string
		want plan.Format
	}{
		{nil, plan.Nagios},
		{[]string{"--output-format=json", "--nonsense"}, plan.JSON},
		{[]string{"-x", "--output-format", "prtg"}, plan.PRTG},
		{[]string{"--output-fo=xml"}, plan.XML},
		{[]string{"--output-f=xml"}, plan.Nagios}, // or a file
		{[]string{"--output-file=xml"}, plan.Nagios},
		{[]string{"--output-format"}, plan.Nagios},
		{[]string{"--output-format=yaml"}, plan.Nagios},
		{[]string{"--output-format=json", "--output-format=influx"}, plan.Influx},
		{[]string{""}, plan.Nagios},
	}
	for _, tt := range tests {
		if got := Gist(legible(tt.argv)).Output.Format; got != tt.want {
			t.Errorf("%q: %s, want %s", tt.argv, got, tt.want)
		}
	}
}

// TestGist: an answer finds its file and its server whatever else is wrong, and
// a password is never taken for a host.
func TestGist(t *testing.T) {
	tests := []struct {
		argv []string
		file string
		host string
		port int
	}{
		{nil, "", "", 0},
		{[]string{"-H", "mx.test", "-p", "587", "--output-file", "F", "--nonsense"}, "F", "mx.test", 587},
		{[]string{"--nonsense", "-x", "--hostname=[::1]", "--port=25", "--output-file=F"}, "F", "::1", 25},
		{[]string{"--output-file=F", "--output-file", "G"}, "G", "", 0},
		{[]string{"--output-fi=F", "-vHmx.test", "-p70000"}, "F", "mx.test", 0},
		{[]string{"--output-f=F"}, "", "", 0}, // or the format
		{[]string{"-H", "/run/smtp", "-p", "25"}, "", "/run/smtp", 0},
		{[]string{"-H", "a b", "--help", "--output-file", "F"}, "F", "", 0},
		{[]string{"-P", "-H", "secret", "--password", "--hostname=secret", "-P", "--output-file=secret"}, "", "", 0},
		{[]string{"--", "--output-file=F"}, "", "", 0},
		{[]string{"--mode", "foo", "--output-file", "F", "--hostname", "mx.test"}, "F", "mx.test", 25},
		{[]string{"-H", "mx.test", "--output-file"}, "", "mx.test", 25},
		{[]string{"-H", "mx.test", "-sw"}, "", "mx.test", 465},
		{[]string{"-H", "mx.test", "--ssl=false", "-w"}, "", "mx.test", 25},
		{[]string{"-H", "mx.test", "--tls-mode=implicit-if-available", "-w"}, "", "mx.test", 465},
	}
	for _, tt := range tests {
		p := Gist(legible(tt.argv))
		if p.Output.File != tt.file || p.Probe.Host != tt.host || p.Probe.Port != tt.port {
			t.Errorf("%q: file %q, host %q, port %d", tt.argv, p.Output.File, p.Probe.Host, p.Probe.Port)
		}
	}
}
