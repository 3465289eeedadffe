package plan

import "time"

// Parting is how long the reply to QUIT is waited for after a refusal: the
// server has said what matters.
const Parting = 2 * time.Second

// Step is one entry of a session: a phase, what is said in it, and what the
// reply ought to be.
type Step struct {
	Phase  Phase
	Arg    string  // the address, the command; "" where the phase needs none
	Expect *Expect // nil: what the phase's standard asks for
}

// Satisfied says whether a reply to the step is the one that was asked for:
// by the user, or else by the standard: 220 for the banner and STARTTLS, 250 for a
// greeting, 235 for a login, 354 for DATA, any consent for the rest (RFC 5321 sections
// 4.2 and 4.3.2). QUIT takes any reply, and a -C without -R any but the one with
// which the server leaves. That one says nothing of what was asked, and is wanted only
// by whoever names it: 421, not 4xx.
func (s Step) Satisfied(code int, raw string) bool {
	switch {
	case code == 421 && s.Phase != Banner && s.Phase != Quit && s.Expect.spares(code):
		return false
	case s.Expect != nil:
		return s.Expect.Met(code, raw)
	case s.Phase == Banner || s.Phase == STARTTLS:
		return code == 220
	case s.Phase == SASLAuth:
		return code == 235
	case s.Phase == Ehlo || s.Phase == EhloTLS:
		return code == 250
	case s.Phase == Data:
		return code == 354
	case s.Phase == Command:
		return code != 421
	case s.Phase == Quit:
		return true
	}
	return code/100 == 2 && code != 220 && code != 221 && code != 235 // which belong to other commands
}

// Wish is what a user can ask of a session.
type Wish struct {
	Resolve      bool              // Host is a name
	Expect       map[Phase]*Expect // by phase; nil: none
	Proxy        bool
	TLS          TLSMode
	Auth         bool
	From         *string   // nil: no MAIL; "": the null sender
	Commands     []string  // -C in order
	Responses    []*Expect // -R, paired with Commands by index; may be shorter, an entry may be nil
	To           []string  // recipients; nil: no message
	PerRecipient bool      // after the message comes a reply for each of them (RFC 2033 section 4.2)
	QuitAfter    Phase     // "": play everything
}

// Steps is the order of a session, the only place where it is written down.
func Steps(w Wish) []Step {
	var steps []Step
	add := func(p Phase, arg string) {
		steps = append(steps, Step{Phase: p, Arg: arg, Expect: w.Expect[p]})
	}
	if w.Resolve {
		add(DNS, "")
	}
	add(Connect, "")
	if w.Proxy {
		add(ProxyHdr, "")
	}
	if w.TLS.Implicit() {
		add(Shake, "")
	}
	add(Banner, "")
	add(Ehlo, "")
	if w.TLS == StartTLS || w.TLS == StartTLSIfOffer {
		add(STARTTLS, "")
		add(Shake, "")
		add(EhloTLS, "")
	}
	if w.Auth {
		add(SASLAuth, "")
	}
	if w.From != nil {
		add(MailFrom, *w.From)
	}
	for i, c := range w.Commands {
		add(Command, c)
		if i < len(w.Responses) && w.Responses[i] != nil {
			steps[len(steps)-1].Expect = w.Responses[i]
		}
	}
	w.deliver(add)
	steps = cutAfter(steps, w.QuitAfter)
	add(Quit, "")
	return steps
}

// deliver adds the steps of a message. A session that ends after its recipients
// sends none, and says so with RSET.
func (w Wish) deliver(add func(Phase, string)) {
	for _, to := range w.To {
		add(RcptTo, to)
	}
	switch {
	case w.To == nil:
	case w.QuitAfter == RcptTo:
		add(Reset, "")
	case w.PerRecipient:
		add(Data, "")
		for _, to := range w.To {
			add(Body, to)
		}
	default:
		add(Data, "")
		add(Body, "")
	}
}

// cutAfter drops everything that follows the last step of a phase; RSET belongs
// to the recipients.
func cutAfter(steps []Step, last Phase) []Step {
	if last == RcptTo {
		last = Reset
	}
	for i := len(steps) - 1; i >= 0; i-- {
		if steps[i].Phase == last {
			return steps[:i+1]
		}
	}
	return steps
}

// Has says whether a phase is among the steps.
func Has(steps []Step, p Phase) bool {
	for _, s := range steps {
		if s.Phase == p {
			return true
		}
	}
	return false
}
