package render

import (
	"strconv"
	"strings"
	"time"

	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

// A passive result is one that is handed to a poller which has not asked. How it gets
// there is the business of curl and of the shell.

// handed is what Icinga 2 takes as the body of process-check-result.
type handed struct {
	Type     string   `json:"type"`
	Service  string   `json:"service"` // HOST!SERVICE; a filter would be an expression, which a name could break out of
	Exit     int      `json:"exit_status"`
	Output   string   `json:"plugin_output"`
	Perfdata []string `json:"performance_data"`
	Source   string   `json:"check_source,omitempty"`
	TTL      float64  `json:"ttl,omitempty"` // seconds
}

// icingaAPI prints that body, on one line.
func icingaAPI(r verdict.Report, o plan.Output) []byte {
	if o.Service == nil { // of a command line that does not say which
		return Plain(r)
	}
	lines := worded(&r, &o)
	body := handed{
		Type: "Service", Service: o.Service.Host + "!" + o.Service.Name, Exit: stateCode(&r),
		Output: strings.TrimSuffix(lines.First+"\n"+lines.Rest, "\n"), Perfdata: []string{}, Source: o.Source, TTL: o.TTL.Seconds(),
	}
	for _, m := range Kept(r.Metrics, o.Perfdata) {
		body.Perfdata = append(body.Perfdata, string(classicField(nil, m)))
	}
	return Encode(body)
}

// worded is the first line, and those behind it.
func worded(r *verdict.Report, o *plan.Output) verdict.Lines {
	if r.Lines != nil {
		return *r.Lines
	}
	first := First(Label(r.State)+summed(r), 0, "")
	return verdict.Lines{First: first, Rest: Rest(Details(r, o.Verbose, 0), len(first))}
}

// stateCode is what pollers know as a state: what a run exits with, unless that is
// none.
func stateCode(r *verdict.Report) int {
	return min(ExitCode(plan.Nagios, *r), int(plan.Unknown))
}

// maxCommand is how long a line for a named pipe may be, in bytes: of a longer one
// the system may let another writer's come in between (PIPE_BUF, pipe(7)).
const maxCommand = 4096

// nagiosCommand prints the line that Nagios takes from its command file. Semicolons
// part its fields but for the last one; that holds none either, and line ends as \n.
func nagiosCommand(r verdict.Report, o plan.Output) []byte {
	if o.Service == nil {
		return Plain(r)
	}
	line := "[" + strconv.FormatInt(time.Now().Unix(), 10) + "] PROCESS_SERVICE_CHECK_RESULT;" +
		o.Service.Host + ";" + o.Service.Name + ";" + strconv.Itoa(stateCode(&r)) + ";"
	perfdata, left := perfdata(maxCommand-len(line)-maxFirst-len("\n"), "|", r.Metrics, o.Perfdata, classicField)
	if r.Lines != nil {
		line += clip(r.Lines.First, maxFirst)
	} else {
		line += First(Label(r.State)+summed(&r), left, "")
	}
	line += string(perfdata)
	return []byte(line + escaped(&r, Details(&r, o.Verbose, 0), maxCommand-len(line)-len("\n")) + "\n")
}

// escaped are the lines behind the first one, as many as there is room for.
func escaped(r *verdict.Report, lines []string, room int) string {
	if r.Lines != nil {
		lines = nil
		if r.Lines.Rest != "" {
			lines = strings.Split(strings.TrimSuffix(r.Lines.Rest, "\n"), "\n")
		}
	}
	for i, line := range lines {
		lines[i] = untag(Clean(line)) + "\n"
	}
	const more = len(`\n`) - len("\n") // of each
	var text strings.Builder
	for _, line := range fit(lines, room-more*(len(lines)+1)) {
		text.WriteString(`\n` + strings.TrimSuffix(line, "\n"))
	}
	return text.String()
}
