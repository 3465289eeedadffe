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

// jobs are all of them.
func jobs() []job {
	const account, passwordFile = "monitor", "/etc/check_smtp/smtp.pass"
	const sender, mailbox, sink, stranger, domain = "monitor@example.org", "postmaster@example.org", "sink@example.org", "x@elsewhere.example", "example.org"
	tls := []jobOption{{option: "verify"}, {option: "certificate", value: "30,7"}, {option: "tls-server-name", from: named}}
	recipient := func(to string, more ...jobOption) []jobOption {
		return append([]jobOption{{"from", sender, yours}, {"to", to, yours}, {"quit-after", "rcptto", fixed}}, more...)
	}
	return []job{
		{"up", "SMTP", []jobOption{{"warning", "1", yours}, {"critical", "5", yours}}},
		{"starttls", "SMTP STARTTLS", append([]jobOption{{option: "starttls"}}, tls...)},
		{"smtps", "SMTPS", append([]jobOption{{option: "ssl"}}, tls...)},
		{"login", "SMTP login", append(append([]jobOption{{"port", "587", fixed}, {option: "starttls"}}, tls...),
			jobOption{"authuser", account, yours}, jobOption{"authpass-file", passwordFile, yours})},
		{"mailbox", "SMTP mailbox", recipient(mailbox)},
		{"relay", "SMTP no open relay", recipient(stranger, jobOption{"expect-reply", "rcptto=5xx", fixed})},
		{"message", "SMTP test message", []jobOption{{"from", sender, yours}, {"to", sink, yours}}},
		{"domain", "Mail of a domain", []jobOption{{"mx", domain, yours}, {option: "starttls"}, {"certificate", "30,7", fixed}, {"timeout", "30", fixed}}},
		{"policies", "Mail policies of a domain", []jobOption{{"mx", domain, yours}, {option: "dane"}, {option: "mta-sts"}, {option: "tlsrpt"}, {"timeout", "30", fixed}}},
	}
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
