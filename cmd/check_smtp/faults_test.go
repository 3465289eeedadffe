package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"check_smtp/internal/plan"
	"check_smtp/internal/smtptest"
	"check_smtp/internal/targets"
	"check_smtp/internal/verdict"
)

// marker is a password that nothing else looks like.
const marker = "mArKeR-0f-a-s3cret"

// ordeal is one fault and what has to come of it.
type ordeal struct {
	name  string
	story *smtptest.Story
	want  outcome
}

// outcome is a verdict as a table has it: "C:timeout", "W:closed=quit", "ok".
type outcome struct {
	state plan.State
	cond  plan.Condition
	phase plan.Phase
}

var letters = map[string]plan.State{"ok": plan.OK, "W": plan.Warning, "C": plan.Critical, "U": plan.Unknown}

// outcomeOf reads a cell; the phase is that of its column unless it says another.
func outcomeOf(cell string, phase plan.Phase) (outcome, error) {
	verdict, other, elsewhere := strings.Cut(cell, "=")
	letter, cond, _ := strings.Cut(verdict, ":")
	state, ok := letters[letter]
	if !ok || (state == plan.OK) != (cond == "") {
		return outcome{}, fmt.Errorf("no verdict: %q", cell)
	}
	if state == plan.OK {
		phase = ""
	}
	if elsewhere {
		phase = plan.Phase(other)
	}
	return outcome{state, plan.Condition(cond), phase}, nil
}

func (o outcome) String() string {
	for letter, state := range letters {
		if state == o.state && state == plan.OK {
			return letter
		} else if state == o.state {
			return fmt.Sprintf("%s:%s=%s", letter, o.cond, o.phase)
		}
	}
	return "?"
}

// faultTable is testdata/faults/session.table; its head says what stands in it.
type faultTable struct {
	modes     map[string]string        // command lines
	phases    map[string][]plan.Phase  // where faults are played, by mode
	replies   map[plan.Phase][2]string // what the client says, what a good server answers
	faults    map[string][]string      // acts
	names     []string                 // of the faults, in order
	cells     map[string]string        // by fault and phase
	except    map[string]string        // by mode, fault and phase
	columns   []plan.Phase             // of the grid
	options   map[string]string        // words more, by column
	questions []question               // to the DNS, by column
	order     []string                 // of the modes
}

func readFaults(path string) (*faultTable, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	table := &faultTable{
		modes: map[string]string{}, phases: map[string][]plan.Phase{}, replies: map[plan.Phase][2]string{},
		options: map[string]string{}, faults: map[string][]string{}, cells: map[string]string{}, except: map[string]string{},
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		if err := table.read(line); err != nil {
			return nil, fmt.Errorf("%s: %w", line, err)
		}
	}
	return table, nil
}

func (f *faultTable) read(line string) error {
	words := strings.Fields(line)
	rest := func(n int) string { // what follows n words
		for range n {
			_, line, _ = strings.Cut(line, " ")
			line = strings.TrimLeft(line, " ")
		}
		return line
	}
	if len(words) < 2 {
		return fmt.Errorf("too short")
	}
	switch words[0] {
	case "question":
		f.questions = append(f.questions, question{plan.Phase(words[1]), words[2], words[3], rest(4)})
	case "option":
		f.options[words[1]] = rest(2)
	case "mode":
		f.order = append(f.order, words[1])
		f.modes[words[1]] = rest(2)
	case "in":
		f.phases[words[1]] = phasesOf(words[2:])
	case "reply":
		f.replies[plan.Phase(words[1])] = [2]string{words[2], rest(3)}
	case "fault":
		f.names = append(f.names, words[1])
		f.faults[words[1]] = strings.Split(rest(2), " ;; ")
	case "grid":
		f.columns = phasesOf(words[1:])
	case "except":
		if len(words) != 5 {
			return fmt.Errorf("want except MODE FAULT PHASE VERDICT")
		}
		f.except[words[1]+" "+words[2]+" "+words[3]] = words[4]
	default:
		if len(words) != 1+len(f.columns) {
			return fmt.Errorf("%d cells, want %d", len(words)-1, len(f.columns))
		}
		for i, cell := range words[1:] {
			f.cells[words[0]+" "+string(f.columns[i])] = cell
		}
	}
	return nil
}

func phasesOf(words []string) []plan.Phase {
	var phases []plan.Phase
	for _, word := range words {
		phases = append(phases, plan.Phase(word))
	}
	return phases
}

// teller makes a story of a cell.
type teller func(t *testing.T, mode, fault string, at plan.Phase) *smtptest.Story

// ordeals are the product of the table.
func (f *faultTable) ordeals(t *testing.T, tell teller) []ordeal {
	var all []ordeal
	for _, mode := range f.order {
		for _, name := range f.names {
			for _, phase := range f.phases[mode] {
				key := name + " " + string(phase)
				cell, own := f.except[mode+" "+key]
				if !own {
					cell = f.cells[key]
				}
				if cell == "-" {
					continue
				}
				want, err := outcomeOf(cell, f.due(mode, phase))
				if err != nil {
					t.Errorf("%s %s: %v", mode, key, err)
				}
				all = append(all, ordeal{mode + "/" + name + "/" + string(phase), tell(t, mode, name, phase), want})
			}
		}
	}
	return all
}

// due is the phase that a cell is about where it names none. In a table of
// handshakes all is sent with the sixth record, and the next phase has begun.
func (f *faultTable) due(mode string, column plan.Phase) plan.Phase {
	switch {
	case len(f.replies) > 0:
		return column
	case len(f.questions) > 0 || mode == "sts":
		return ""
	case len(f.options) > 0 || column != "6":
		return plan.Shake
	case strings.HasPrefix(mode, "implicit"):
		return plan.Banner
	}
	return plan.EhloTLS
}

// story is a conversation that goes well up to a phase.
func (f *faultTable) story(t *testing.T, mode, fault string, at plan.Phase) *smtptest.Story {
	var script []string
	for _, phase := range f.phases[mode] {
		says, good := f.replies[phase][0], f.replies[phase][1]
		if says == "EHLO" && mode == "lmtp" {
			says = "LHLO"
		}
		switch says {
		case "-":
		case "MESSAGE":
			script = append(script, "MESSAGE")
		default:
			script = append(script, "C~ "+says)
		}
		if phase != at {
			script = append(script, rightly(good))
			continue
		}
		acts, goesOn := f.faulty(fault, good)
		if script = append(script, acts...); !goesOn {
			break
		}
	}
	return conversation(t, f.modes[mode], script)
}

// faulty are the acts of a fault where a good reply would be due.
func (f *faultTable) faulty(fault, good string) (acts []string, goesOn bool) {
	code, raw := good[:3], strings.ReplaceAll(good, "|", `\r\n`)+`\r\n`
	if strings.HasPrefix(good, "TLS ") {
		code, raw = "220", `220 mx.test ESMTP\r\n`
	}
	for _, act := range f.faults[fault] {
		switch act {
		case "ON":
			return acts, true
		case "{reply}":
			acts = append(acts, rightly(good))
		default:
			acts = append(acts, strings.NewReplacer("{reply}", raw, "{code}", code).Replace(act))
		}
	}
	return acts, false
}

// rightly is the act of a good server.
func rightly(good string) string {
	if strings.HasPrefix(good, "TLS ") {
		return good
	}
	return "RAW: " + strings.ReplaceAll(good, "|", `\r\n`) + `\r\n`
}

// conversation is a story with one server.
func conversation(t *testing.T, args string, script []string) *smtptest.Story {
	args = strings.NewReplacer("{secret}", marker, "{message}", `$'Subject: test\n\nhello\n'`).Replace(args)
	text := "# A fault.\n$ check_smtp " + args + "\nexit 0\n-- server --\n" + strings.Join(script, "\n") + "\n-- stdout --\n"
	story, err := smtptest.Parse("fault", text)
	if err != nil {
		t.Fatal(err)
	}
	return story
}

// shakeStory is a conversation in which the server sends just some of its records of
// the handshake.
func (f *faultTable) shakeStory(t *testing.T, mode, fault string, records plan.Phase) *smtptest.Story {
	var script []string
	transport, version, _ := strings.Cut(mode, "-")
	if transport == "starttls" {
		script = []string{"S: 220 mx.test ESMTP", "C~ EHLO", "S: 250-mx.test", "S: 250 STARTTLS", "C: STARTTLS", "S: 220 go ahead"}
	}
	script = append(script, "TLS good max="+version+" records="+string(records))
	return conversation(t, f.modes[mode], append(script, f.faults[fault]...))
}

// certificateStory is a session that goes well but for a certificate.
func (f *faultTable) certificateStory(t *testing.T, mode, fault string, option plan.Phase) *smtptest.Story {
	script := []string{"S: 220 mx.test ESMTP", "C~ EHLO", "S: 250-mx.test", "S: 250 STARTTLS", "C: STARTTLS", "S: 220 go ahead", "TLS " + fault}
	if mode == "implicit" {
		script = []string{"TLS " + fault, "S: 220 mx.test ESMTP"}
	}
	script = append(script, "C~ EHLO", "S: 250-mx.test", "S: 250 AUTH PLAIN", "C~ AUTH", "S: 235 welcome", "C: QUIT", "S: 221 bye")
	return conversation(t, f.modes[mode]+" "+f.options[string(option)], script)
}

// question is one that the DNS is asked, and the good answer.
type question struct {
	column          plan.Phase
	name, typ, data string
}

// lookupStory is a run in which the DNS has something else to say about one name.
func (f *faultTable) lookupStory(t *testing.T, mode, fault string, at plan.Phase) *smtptest.Story {
	lines := []string{"dns . SIGNED", "dns . NS a.root-servers.test"}
	for _, q := range f.questions {
		if q.column != at {
			lines = append(lines, "dns "+q.name+" "+q.typ+" "+q.data)
			continue
		}
		words := strings.NewReplacer("{name}", q.name, "{type}", q.typ, "{data}", q.data)
		for _, line := range f.faults[fault] {
			lines = append(lines, repeated("dns "+words.Replace(line))...)
		}
	}
	return survey(t, f.modes[mode], strings.Join(lines, "\n"), policy(enforced))
}

// repeated is a line for each number, where {n} stands for one.
func repeated(line string) []string {
	if !strings.Contains(line, "{n}") {
		return []string{line}
	}
	var lines []string
	for n := 100; n < 250; n++ {
		lines = append(lines, strings.ReplaceAll(line, "{n}", fmt.Sprint(n)))
	}
	return lines
}

// policyStory is a run in which the policy's host misbehaves, once it is asked or
// before.
func (f *faultTable) policyStory(t *testing.T, mode, fault string, at plan.Phase) *smtptest.Story {
	script := "-- server 192.0.2.80:443 --\n"
	if at == "reply" {
		script += "TLS good@mta-sts.example.org\nGET /.well-known/mta-sts.txt\n"
	}
	zone := "dns " + strings.ReplaceAll(stsZone+stsID, "\n", "\ndns ")
	return survey(t, f.modes[mode], zone, script+strings.Join(f.faults[fault], "\n")+"\n")
}

// survey is a story of a domain with one good exchanger.
func survey(t *testing.T, args, zone, servers string) *smtptest.Story {
	text := "# A fault.\n$ check_smtp " + args + "\nexit 0\n" + zone + "\n" + secure("192.0.2.1", "good@mx1.example.org") + servers + "-- stdout --\n"
	story, err := smtptest.Parse("fault", text)
	if err != nil {
		t.Fatal(err)
	}
	return story
}

// tables are all faults, by table.
func ordeals(t *testing.T) []ordeal {
	t.Helper()
	var all []ordeal
	for _, name := range []string{"session", "handshake", "certificates", "dns", "policy"} {
		table, err := readFaults("../../testdata/faults/" + name + ".table")
		if err != nil {
			t.Fatal(err)
		}
		tell := map[string]teller{"session": table.story, "handshake": table.shakeStory, "certificates": table.certificateStory, "dns": table.lookupStory, "policy": table.policyStory}[name]
		for _, o := range table.ordeals(t, tell) {
			o.name = name + "/" + o.name
			all = append(all, o)
		}
	}
	return all
}

// TestFaults plays every fault of the tables, in virtual time.
func TestFaults(t *testing.T) {
	all := ordeals(t)
	survived := 0
	for _, o := range all {
		if t.Run(o.name, func(t *testing.T) { synctest.Test(t, func(t *testing.T) { o.endure(t) }) }) {
			survived++
		}
	}
	t.Logf("faults survived %d of %d", survived, len(all))
	fmt.Printf("faults survived %d of %d\n", survived, len(all))
}

// endure plays a fault twice: as the whole program with its watchdog, and once more
// for what it finds, in every format.
func (o ordeal) endure(t *testing.T) {
	w := o.world(t)
	begin := time.Now()
	code, out := w.run(append(slices.Clone(o.story.Args[1:]), "-vvv")...)
	if took := w.ended.Sub(begin); took > 10*time.Second+grace {
		t.Errorf("it took %v", took)
	}
	if plan.State(code) != o.want.state {
		t.Errorf("exit code %d", code)
	}
	if err := wellFormedLine(out); err != nil {
		t.Errorf("%v:\n%s", err, out)
	}
	if w.stderr.Len() > 0 {
		t.Errorf("on standard error: %s", &w.stderr)
	}
	unleaked(t, out)
	o.judge(t)
}

func (o ordeal) world(t *testing.T) *world {
	w := &world{t: t, story: o.story, lax: true}
	if o.story.NeedsPKI() {
		w.pki = smtptest.NewPKI(time.Now())
	}
	var err error
	if w.zone, err = smtptest.ReadZone(w.pki.Fill(o.story.DNS)); err != nil {
		t.Fatal(err)
	}
	return w
}

// judge compares the gravest finding with what was expected.
func (o ordeal) judge(t *testing.T) {
	w := o.world(t)
	w.release = make(chan struct{})
	defer close(w.release)
	dog := watch(w.filled(o.story.Args[1:]), io.Discard, io.Discard, func(int) {}, func(*watchdog) {})
	defer dog.timer.Stop()
	p, err := prepare(dog, w.env())
	if err != nil {
		t.Fatal(err)
	}
	played := targets.Run(context.Background(), w, p.Plan, p.start, new(targets.Progress))
	w.servers.Wait()
	report := verdict.Judge(played, p.Limits)
	got := outcome{state: report.State}
	if report.State != plan.OK {
		got.cond, got.phase = report.Findings[0].Condition, report.Findings[0].Phase
	}
	if got != o.want {
		said := printed(report, output{Output: p.Output})
		t.Errorf("%s, want %s\n%s", got, o.want, said.text)
	}
	for _, format := range formats() {
		out := output{Output: p.Output}
		out.Format, out.Verbose, out.Width = format, 3, 100
		unleaked(t, string(printed(report, out).text))
	}
}

// firstLine is one as pollers want it: state, words, perfdata.
var firstLine = regexp.MustCompile(`^SMTP (OK|WARNING|CRITICAL|UNKNOWN) - [^|]+(\|[a-z0-9_]+=-?[0-9.]+[sB%]?(;[-0-9.:@~]*){0,4}( [a-z0-9_]+=-?[0-9.]+[sB%]?(;[-0-9.:@~]*){0,4})*)?$`)

// wellFormedLine looks at the first line, and that no other one holds perfdata.
func wellFormedLine(out string) error {
	first, rest, _ := strings.Cut(out, "\n")
	words, _, _ := strings.Cut(first, "|")
	switch {
	case !firstLine.MatchString(first):
		return fmt.Errorf("the first line is not well-formed")
	case len(words) > 1000 || len(out) > 8000:
		return fmt.Errorf("%d bytes before the perfdata, %d in all", len(words), len(out))
	case strings.Contains(rest, "|"):
		return fmt.Errorf("perfdata behind the first line")
	case strings.ContainsAny(out, "<>"):
		return fmt.Errorf("HTML")
	}
	return clean(out)
}

// unleaked looks for the marker, as it is and in the forms in which it goes over
// the wire.
func unleaked(t *testing.T, out string) {
	t.Helper()
	if form := leaked(out, marker); form != "" {
		t.Errorf("the password is in the output (%s):\n%s", form, out)
	}
}

// leaked is the form in which a password occurs in a text; "": it does not.
func leaked(text, password string) string {
	if strings.Contains(text, password) {
		return "as it is"
	}
	for shift := range 3 {
		encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("\x00", shift) + password))
		// the last characters depend on what follows the password
		if strings.Contains(text, encoded[(shift*8+5)/6:len(encoded)-4]) {
			return fmt.Sprintf("in base64, shifted by %d", shift)
		}
	}
	return ""
}
