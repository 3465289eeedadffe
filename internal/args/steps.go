package args

import (
	"cmp"
	"errors"
	"regexp/syntax"
	"slices"
	"strings"

	"check_smtp/internal/message"
	"check_smtp/internal/option"
	"check_smtp/internal/plan"
	"check_smtp/internal/smtp"
)

const (
	maxCommand  = 2000 // bytes
	maxCommands = 1000
)

func (o *Set) steps(p *plan.Plan) error {
	wish := plan.Wish{
		Resolve: p.Targets == nil && resolves(p.Probe), // of several each has its own
		Proxy:   p.Probe.Proxy.Version != 0,
		TLS:     p.Probe.TLS.Mode,
		Auth:    p.Probe.Auth != nil,
	}
	if err := inTurn(&wish, o.sender, o.recipients, o.commandsOf, o.expected); err != nil {
		return err
	}
	wish.QuitAfter = o.lastPhase(plan.Steps(wish))
	p.Probe.Steps = plan.Steps(wish)
	return cmp.Or(o.wrong, inTurn(run{wish, p.Probe.Steps}, o.unreached, o.unsent, o.unproven, o.unjudged))
}

// lastPhase is the one of --quit-after.
func (o *Set) lastPhase(steps []plan.Step) plan.Phase {
	if o.Text("quit-after") == "" {
		return ""
	}
	phase, err := plan.ParsePhase(o.Text("quit-after"))
	stops := lastPhases()
	switch {
	case err != nil:
		meant := slices.DeleteFunc(phasesMeant(o.Text("quit-after")), isOpen)
		o.refuse("quit-after", quote(o.Text("quit-after"))+" is not a phase to stop after, these are "+strings.Join(stops, ", "), orHelp(meant))
	case !plan.Has(steps, phase):
		o.refuse("quit-after", "this run has no phase "+string(phase), havePhases(steps, stops))
	case phase == plan.STARTTLS: // the server would read QUIT as part of a handshake
		o.refuse("quit-after", "a session cannot end between STARTTLS and the handshake", "give ehlo or ehlo_tls")
	case phase == plan.Data: // and here as part of the message
		o.refuse("quit-after", "a session cannot end between DATA and the message", "give rcptto or body")
	}
	return phase
}

// lastPhases are those after which somebody can want to say goodbye. RSET only
// comes where --quit-after has named another one.
func lastPhases() []string {
	return slices.DeleteFunc(replies(), func(phase string) bool { return isOpen(phase) || phase == string(plan.Reset) })
}

// isOpen says whether nobody can say goodbye after a phase: the server waits for a
// handshake or a message then.
func isOpen(phase string) bool { return phase == string(plan.STARTTLS) || phase == string(plan.Data) }

// sender asks for MAIL. The empty address is the null sender, so that here an
// empty value is given.
func (o *Set) sender(wish *plan.Wish) error {
	if !o.Has("from") {
		return nil
	}
	bare, _, _ := strings.Cut(strings.TrimLeft(o.Text("from"), "<"), ">")
	if what := around(bare); what != "" && !isQuotedName(bare) {
		return bad("from", quote(o.Text("from"))+what, "give one address, such as -f monitor@example.org")
	}
	address, err := smtp.ReversePath(o.Text("from"))
	if err == nil {
		address, err = message.ASCIIMailbox(address)
	}
	if err != nil {
		return bad("from", quote(o.Text("from"))+": "+err.Error(), "give one address, such as -f monitor@example.org")
	}
	wish.From = &address
	return nil
}

// isQuotedName says whether a text is a local part in quotation marks, without a
// domain.
func isQuotedName(text string) bool {
	return text[0] == '"' && !strings.ContainsAny(text, "@"+otherQuotes)
}

// commandsOf asks for each -C with the -R of the same place. An empty -C asks for
// nothing, but keeps its place, so that no -R moves to another command.
func (o *Set) commandsOf(wish *plan.Wish) error {
	commands, responses := o.All("command"), o.All("response")
	if len(commands) > maxCommands {
		return bad("command", "there are more than 1000 commands", "give fewer")
	}
	for i := range max(len(commands), len(responses)) {
		command, pattern := at(commands, i), at(responses, i)
		response := o.response(pattern)
		if err := smtp.CheckArgument(command); err != nil {
			return bad("command", quoteCommand(command)+": "+err.Error(), "give one command each -C, without its line end")
		}
		switch {
		case len(command) > maxCommand:
			return bad("command", quoteCommand(command)+" is longer than 2000 bytes", "give a shorter command")
		case o.wrong != nil:
			return o.wrong
		case command != "":
			wish.Commands = append(wish.Commands, command)
			wish.Responses = append(wish.Responses, response)
		case pattern == "":
		case i < len(commands):
			return bad("response", quote(pattern)+" belongs to an empty -C", "leave it out or give the command: the first -R belongs to the first -C")
		default:
			return bad("response", quote(pattern)+" has no -C to belong to", "give as many -C as -R, the first -R belongs to the first -C")
		}
	}
	return nil
}

// at is the value in this place; "": there is none.
func at(values []string, i int) string {
	if i < len(values) {
		return values[i]
	}
	return ""
}

// response compiles an -R; an empty one judges nothing.
func (o *Set) response(pattern string) *plan.Expect {
	if pattern == "" {
		return nil
	}
	re, err := plan.CompileReply(pattern)
	if err != nil {
		o.fail(badPattern("response", pattern, err))
	}
	return &plan.Expect{Condition: plan.CondResponse, Pattern: re, Asked: pattern}
}

// expected asks for the replies of -e and --expect-reply.
func (o *Set) expected(wish *plan.Wish) error {
	wish.Expect = map[plan.Phase]*plan.Expect{}
	if text := o.Text("expect"); text != "" {
		wish.Expect[plan.Banner] = &plan.Expect{Condition: plan.CondBanner, Text: text, Asked: text}
	}
	for _, text := range o.Filled("expect-reply") {
		name, _, named := strings.Cut(text, "=")
		phase, e, err := plan.ParseExpectReply(text)
		if _, unknown := plan.ParsePhase(name); named && unknown != nil {
			return bad("expect-reply", err.Error(), orHelp(phasesMeant(name)))
		}
		switch {
		case err != nil:
			return badPattern("expect-reply", text, err)
		case phase == plan.Data && slices.ContainsFunc(e.Codes, func(p plan.CodePattern) bool { return strings.HasPrefix(string(p), "2") }):
			// DATA has no code of success (RFC 5321 section 4.3.2): a message would look
			// delivered that was never sent.
			return bad("expect-reply", quote(text)+": DATA is accepted with 354 only", "give data=354, or a refusal such as data=554")
		case wish.Expect[phase] == nil:
			wish.Expect[phase] = e
		case wish.Expect[phase].Condition == plan.CondBanner:
			return bad("expect-reply", quote(text)+" and -e/--expect both judge the banner", "leave out one of the two")
		default:
			return bad("expect-reply", quote(text)+" is the second one for "+string(phase), "give one for each phase: "+string(phase)+"=250,251")
		}
	}
	return nil
}

// phasesMeant are the phases with a reply that a word may mean.
func phasesMeant(word string) []string {
	for _, row := range []struct {
		phase  plan.Phase
		others string
	}{
		{plan.Banner, "greeting connect"}, {plan.Ehlo, "helo lhlo hello"}, {plan.SASLAuth, "login"},
		{plan.MailFrom, "sender"}, {plan.RcptTo, "recipient recipients"}, {plan.Body, "message content dot"},
	} {
		if slices.Contains(strings.Fields(row.others), strings.ToLower(word)) {
			return []string{string(row.phase)}
		}
	}
	return option.Near(word, replies())
}

// replies are the phases in which the server answers.
func replies() []string {
	return slices.DeleteFunc(texts(plan.Phases), func(name string) bool { return !plan.Phase(name).HasReply() })
}

// orHelp is the hint at what was meant, if that is known.
func orHelp(meant []string) string {
	if len(meant) == 0 {
		return seeHelp
	}
	return "did you mean " + strings.Join(meant, " or ") + "?"
}

// badPattern explains why a pattern, or what holds one, cannot be read.
func badPattern(option, text string, err error) error {
	if re, ok := errors.AsType[*syntax.Error](err); ok {
		return bad(option, quote(text)+" is not a regular expression: "+re.Code.String(),
			"the syntax is RE2: no look-around, no back-references, a backslash takes a literal character")
	}
	if large, ok := errors.AsType[*plan.PatternError](err); ok {
		return bad(option, quote(text)+": "+large.Problem, "ask for less at once")
	}
	return bad(option, err.Error(), "give PHASE=CODES or PHASE=CODES/REGEX, such as mailfrom=250,251 or banner=2xx/mx1")
}

// havePhases is a hint that lists those of some phases which a run has.
func havePhases(steps []plan.Step, names []string) string {
	lacks := func(name string) bool { return !plan.Has(steps, plan.Phase(name)) }
	return "its phases are " + strings.Join(slices.DeleteFunc(names, lacks), ", ")
}
