package render

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

// waterfall prints a run for people in a terminal who ask where the time went:
// the steps, what is known of the server, and the verdict last, where they look
// first. Of several targets each has a block, in their order, and a line in a list of
// all behind them. No line is wider than the terminal.
func waterfall(r verdict.Report, o plan.Output) []byte {
	if r.Fleet == nil && !r.Session().Begun() { // there is no run to draw
		return Plain(r)
	}
	width := max(o.Width, minWidth)
	d := drawing{paint: plain}
	if o.Colour {
		d.paint = coloured
	}
	var lines texts
	all, called := sessions(&r)
	for i, f := range all {
		lines.add(d.block(f, heading(f, called[i]), o.Verbose, width)...)
	}
	lines.add(d.roll(&r, width)...)
	lines.add(d.verdict(&r, width)...)
	return []byte(strings.Join(lines, "\n") + "\n")
}

// block is one session: its steps, and what is known of the server.
func (d drawing) block(f *facts.Session, heading string, verbose, width int) []string {
	d = d.fitted(f, width)
	lines := texts(append(fold(heading, width), ""))
	lines.add(d.lines(f)...)
	lines.add(timed("total", f.Total, f.Total), "")
	for _, line := range further(f, verbose) {
		lines.add(fold(Clean(line), width)...)
	}
	return lines
}

// fitted has bars that leave room for words.
func (d drawing) fitted(f *facts.Session, width int) drawing {
	room := width - len(timed("", 0, f.Total)) - len("  ")
	d.bar = min(max(room/3, 10), barWidth)
	d.words = room - d.bar
	return d
}

// roll is the list of all targets, and an empty line; nil: there is but one.
func (d drawing) roll(r *verdict.Report, width int) []string {
	if r.Fleet == nil || len(r.Fleet.Targets) == 0 {
		return nil
	}
	var lines []string
	for i := range r.Fleet.Targets {
		t := &r.Fleet.Targets[i]
		lines = append(lines, d.tinted(t.State, Clean(fleetLine(r, t)), width)...)
	}
	return append(lines, "")
}

// minWidth is how narrow a terminal is drawn for.
const minWidth = 40

// heading says whom a block is about, and when that was. A target is called as in all
// other lines.
func heading(f *facts.Session, called string) string {
	text := Clean(called)
	if text == "" {
		text = Clean(f.Host)
		if f.Port != 0 {
			text += " port " + strconv.Itoa(f.Port)
		}
	}
	return text + ", " + f.Start.UTC().Format(time.RFC3339)
}

// further are the lines between the drawing and the verdict.
func further(f *facts.Session, verbose int) []string {
	lines := particulars(f)
	if verbose >= 3 {
		lines = append(lines, dialogue(f)...)
	}
	if lines != nil {
		lines = append(lines, "")
	}
	return lines
}

// verdict is the findings, the gravest last.
func (d drawing) verdict(r *verdict.Report, width int) []string {
	var lines texts
	if n := more(len(r.Findings)); n > 0 {
		lines.add("... and " + strconv.Itoa(n) + " more")
	}
	for i := len(some(r.Findings)) - 1; i > 0; i-- {
		f := r.Findings[i]
		lines.add(d.tinted(f.State, f.State.String()+": "+Clean(f.Text), width)...)
	}
	return append(lines, d.tinted(r.State, clip("SMTP "+Summary(*r), maxFirst), width)...)
}

// tinted is a text in the colour of a state.
func (d drawing) tinted(s plan.State, text string, width int) []string {
	lines := fold(text, width)
	for i, line := range lines {
		lines[i] = d.paint([]style{green, yellow, red, magenta}[s], line)
	}
	return lines
}

// maxWords is how many columns of a server's words a line of -v shows.
const maxWords = 200

// barWidth is the width of the bars of -v in characters.
const barWidth = 40

// drawing is a waterfall: one line for each step, with its phase, its time, a
// bar that stands where the step stands in the run, and what the server said.
type drawing struct {
	bar, words int                        // columns
	paint      func(style, string) string // colours a piece of a line
}

// style is the number of a colour (ECMA-48 section 8.3.117).
type style string

// The styles.
const (
	faint   style = "2"
	red     style = "31"
	green   style = "32"
	yellow  style = "33"
	magenta style = "35"
	cyan    style = "36"
)

// plain leaves a piece of a line as it is.
func plain(_ style, text string) string { return text }

// coloured is for terminals.
func coloured(s style, text string) string {
	if text == "" {
		return ""
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// lines draws every step that was begun. Their texts are clean.
func (d drawing) lines(f *facts.Session) []string {
	var lines texts
	var begin time.Duration
	for i := range f.Records {
		r := &f.Records[i]
		if r.Step.Phase == plan.Credential { // it has no place in the drawing
			lines.add(timed(string(r.Step.Phase), r.Took, f.Total) + " before the session")
			continue
		}
		line := timed(string(r.Step.Phase), r.Took, f.Total) + " " + d.strip(begin, r.Took, f.Total)
		if words := cut(said(r), d.words); words != "" && broken(r) {
			line += " " + d.paint(red, words)
		} else if words != "" {
			line += " " + words
		}
		lines.add(line)
		begin += r.Took
	}
	return lines
}

// timed is the beginning of a line. The longest time decides how wide its column
// is.
func timed(name string, took, longest time.Duration) string {
	text := brief(took)
	return padded(name, 9) + " " + padded("", len(brief(longest))-len(text)) + text
}

// strip draws [begin, begin+took) of total. What took any time shows at least
// one mark.
func (d drawing) strip(begin, took, total time.Duration) string {
	if total <= 0 {
		return d.paint(faint, strings.Repeat(".", d.bar))
	}
	width := time.Duration(d.bar)
	from := min(int(begin*width/total), d.bar-1)
	to := min(max(int((begin+took)*width/total), from+1), d.bar)
	return d.paint(faint, strings.Repeat(".", from)) + d.paint(cyan, strings.Repeat("#", to-from)) + d.paint(faint, strings.Repeat(".", d.bar-to))
}

// said is what came of a step, and of which one where there are several of a
// kind.
func said(r *facts.Record) string {
	words := Clean(outcome(r))
	switch r.Step.Phase {
	case plan.RcptTo, plan.Command, plan.Body:
		if r.Step.Arg != "" {
			return strings.TrimSuffix(Clean(r.Step.Arg)+": "+words, ": ")
		}
	case plan.Ehlo:
		if r.Refused.Code != 0 {
			return Clean(r.Refused.String()) + ", HELO: " + words
		}
	}
	return words
}

// broken says whether a step did not go as it was meant to.
func broken(r *facts.Record) bool {
	return r.Failure != nil || r.Problem != nil || r.Reply.Code != 0 && !r.Satisfied()
}

func outcome(r *facts.Record) string {
	switch {
	case r.Failure != nil && r.Failure.Kind == facts.TimedOut:
		return "timed out" // the system's words hold a port that changes
	case r.Failure != nil:
		return r.Failure.Reason()
	case r.Problem != nil:
		return verdict.Reason(r.Problem)
	case r.Skipped != "":
		return r.Skipped
	case r.Reply.Code != 0:
		return r.Reply.String()
	}
	return ""
}

// brief is a time for people, who cannot tell fractions of a millisecond in seconds.
func brief(d time.Duration) string {
	const rounded = 10*time.Millisecond - 50*time.Microsecond // 10.0 ms and more
	if d < rounded {
		return strconv.FormatFloat(d.Seconds()*1000, 'f', 1, 64) + " ms"
	}
	return secondsOf(d) + "s"
}

func secondsOf(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }

// padded is a text with blanks behind it, so many characters wide.
func padded(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(text)))
}

// columns is how wide a character is at most. What terminals do not agree about
// counts as wide.
func columns(r rune) int {
	if r < 0x1100 {
		return 1
	}
	return 2
}

// fitting is the beginning of a text that is not wider than it may be.
func fitting(text string, width int) string {
	for i, r := range text {
		if width -= columns(r); width < 0 {
			return text[:i]
		}
	}
	return text
}

// cut shortens a text to a width.
func cut(text string, width int) string {
	if fitting(text, width) == text {
		return text
	}
	return fitting(text, width-len("...")) + "..."
}

// fold breaks a text at blanks, or within a word that is wider than a line.
// Later lines are indented.
func fold(text string, width int) []string {
	const indent = "    "
	var lines []string
	for {
		line := fitting(text, width)
		if line == text {
			return append(lines, line)
		}
		if i := strings.LastIndexByte(line, ' '); i > len(indent) {
			line = line[:i]
		}
		lines = append(lines, line)
		text = indent + strings.TrimLeft(text[len(line):], " ")
	}
}
