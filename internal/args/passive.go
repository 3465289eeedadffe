package args

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"check_smtp/internal/plan"
)

const maxService = 255 // bytes of each part of a service's name

// receiver fills in whom a passive result is for.
func (o *Set) receiver(out *plan.Output) {
	if out.Format != plan.IcingaAPI {
		o.fail(o.vain(needAPI))
	}
	if !out.Format.Passive() {
		o.fail(o.vain(needPassive))
		return
	}
	var err error
	out.Service, err = o.service(out.Format)
	o.fail(err)
	out.Source, _ = o.env.Hostname() // or else the poller names the sender
	out.TTL = o.seconds("ttl", 1e7*time.Second, "give three times the interval, such as --ttl 900")
}

// service reads HOST!SERVICE.
func (o *Set) service(f plan.Format) (*plan.Service, error) {
	const hint = "give the two names as the poller has them: --service 'mx1!SMTP'"
	text := o.Text("service")
	host, name, both := strings.Cut(text, "!")
	switch {
	case text == "":
		return nil, bad("output-format", string(f)+" needs the name of the service", "add --service 'HOST!SERVICE'")
	case !both || strings.TrimSpace(host) == "" || strings.TrimSpace(name) == "":
		return nil, bad("service", quote(text)+" is not HOST!SERVICE", hint)
	case strings.ContainsFunc(text, unicode.IsControl) || !utf8.ValidString(text) || len(host) > maxService || len(name) > maxService:
		return nil, bad("service", "it is too long, or holds a control character or no UTF-8", hint)
	case f == plan.NagiosCommand && strings.Contains(text, ";"):
		return nil, bad("service", quoteList(text)+" would be more than two fields", "leave it out: Nagios has none in these names")
	}
	return &plan.Service{Host: host, Name: name}, nil
}
