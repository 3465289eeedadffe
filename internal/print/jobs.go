package print

import "check_smtp/internal/option"

// job is something that people have their mail servers checked for.
type job struct {
	name, title string // without characters that Nagios forbids in a name
	sets        []jobOption
}

// jobOption is an option with its value.
type jobOption struct {
	option string
	value  string // "": it stands alone
	from   origin
}

// origin is where a value comes from.
type origin int

// The origins.
const (
	fixed origin = iota
	yours        // the administrator; what stands here is an example
	named        // the poller: the name of the host, which its certificate must hold
)

// Examples of what is the administrator's and stands in several.
const (
	sender = "monitor@example.org"
	domain = "example.org"
)

// jobs are all of them.
var jobs = [...]job{
	{"up", "SMTP", []jobOption{{"warning", "1", yours}, {"critical", "5", yours}}},
	{"starttls", "SMTP STARTTLS", []jobOption{{"starttls", "", fixed}, {"verify", "", fixed}, {"certificate", "30,7", fixed}, {"tls-server-name", "", named}}},
	{"smtps", "SMTPS", []jobOption{{"ssl", "", fixed}, {"verify", "", fixed}, {"certificate", "30,7", fixed}, {"tls-server-name", "", named}}},
	{"login", "SMTP login", []jobOption{{"port", "587", fixed}, {"starttls", "", fixed}, {"verify", "", fixed}, {"certificate", "30,7", fixed},
		{"tls-server-name", "", named}, {"authtype", "auto", fixed}, {"authuser", "monitor", yours}, {"authpass-file", "/etc/check_smtp/smtp.pass", yours}}},
	{"mailbox", "SMTP mailbox", []jobOption{{"from", sender, yours}, {"to", "postmaster@example.org", yours}, {"quit-after", "rcptto", fixed}}},
	{"relay", "SMTP no open relay", []jobOption{{"from", sender, yours}, {"to", "x@elsewhere.example", yours}, {"quit-after", "rcptto", fixed},
		{"expect-reply", "rcptto=5xx/ [Rr]elay", fixed}}},
	{"message", "SMTP test message", []jobOption{{"from", sender, yours}, {"to", "sink@example.org", yours}}},
	{"domain", "Mail of a domain", []jobOption{{"mx", domain, yours}, {"starttls", "", fixed}, {"certificate", "30,7", fixed}, {"timeout", "30", fixed}}},
	{"policies", "Mail policies of a domain", []jobOption{{"mx", domain, yours}, {"dane", "", fixed}, {"mta-sts", "", fixed}, {"tlsrpt", "", fixed},
		{"timeout", "30", fixed}}},
}

// ofDomain says whether a job is about a domain, and not about one host.
func (j job) ofDomain() bool { return len(j.sets) > 0 && j.sets[0].option == "mx" }

// port is what decides about the port that a job is done at.
func (j job) port() string {
	for _, s := range j.sets {
		if s.option == "port" || s.option == "ssl" {
			return s.option + s.value
		}
	}
	return ""
}

// call is what stands behind the program: words for the host, unless the job is about
// a domain, and those of the job.
func (j job) call(t option.Tables, host string, value func(s jobOption, n int) string) string {
	if j.ofDomain() {
		host = ""
	}
	return host + j.words(t, value)
}

// words is the job as a part of a command line. value writes the n-th value that
// does not stand fixed as the shell is to read it, counted from 1; "": the option
// is left out.
func (j job) words(t option.Tables, value func(s jobOption, n int) string) string {
	line, n := "", 0
	for _, s := range j.sets {
		r := t.ByName(s.option)
		text := shellWord(s.value)
		if s.from == yours {
			n++
		}
		if s.from != fixed {
			text = value(s, n)
		}
		switch {
		case s.value == "" && s.from == fixed:
			line += " " + typedAs(r)
		case text != "" && r.Unsaid != "":
			line += " --" + r.Name + "=" + text
		case text != "":
			line += " " + typedAs(r) + " " + text
		}
	}
	return line
}
