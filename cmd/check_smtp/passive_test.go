package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"check_smtp/internal/plan"
)

// someone takes passive results.
var someone = plan.Receiver{Service: &plan.Service{Host: "mx1", Name: "SMTP in and out"}, Source: "probe.test"}

// inFormat asks for a format, with what it needs.
func inFormat(f plan.Format) []string {
	words := []string{"--output-format", string(f)}
	if f.Passive() {
		words = append(words, "--service", "mx1!SMTP")
	}
	return words
}

// handed reads the body of process-check-result as Icinga 2 documents it (API,
// actions): of the state of a service it takes 0 to 3 only.
func handed(out string) error {
	if strings.HasPrefix(out, "SMTP UNKNOWN - ") {
		return clean(out) // a usage error that names no service
	}
	var body struct {
		Type        string
		Service     string
		ExitStatus  *int     `json:"exit_status"`
		Output      string   `json:"plugin_output"`
		Perfdata    []string `json:"performance_data"`
		CheckSource string   `json:"check_source"`
		TTL         float64
	}
	in := json.NewDecoder(strings.NewReader(out))
	in.DisallowUnknownFields()
	if err := in.Decode(&body); err != nil {
		return err
	}
	switch {
	case body.Type != "Service" || body.ExitStatus == nil || *body.ExitStatus < 0 || *body.ExitStatus > 3:
		return errors.New("no state of a service")
	case strings.Count(body.Service, "!") != 1:
		return fmt.Errorf("the service %q", body.Service)
	case strings.Contains(body.Output, "|"):
		return errors.New("performance data in the text")
	case body.Perfdata == nil:
		return errors.New("performance data is no list")
	}
	for _, entry := range body.Perfdata {
		label, value, _ := strings.Cut(entry, "=")
		if err := counted(label, value); err != nil {
			return err
		}
	}
	return errors.Join(oneLine(out), clean(body.Output+"\n"))
}

// commanded reads a line as Nagios 4 does (external commands,
// PROCESS_SERVICE_CHECK_RESULT), and as a named pipe keeps it whole.
func commanded(out string) error {
	if strings.HasPrefix(out, "SMTP UNKNOWN - ") {
		return clean(out)
	}
	head := regexp.MustCompile(`^\[[0-9]+\] PROCESS_SERVICE_CHECK_RESULT;[^;]+;[^;]+;[0-3];(SMTP .*)\n$`)
	match := head.FindStringSubmatch(out)
	if match == nil || len(out) > 4096 {
		return fmt.Errorf("no such command, or %d bytes", len(out))
	}
	text := strings.ReplaceAll(match[1], `\n`, "\n") + "\n"
	if strings.Contains(text, `\`) {
		return errors.New("a backslash that ends no line")
	}
	return errors.Join(oneLine(out), icinga(text))
}
