package print

import "check_smtp/internal/option"

// job is something that people have their mail servers checked for.
type job struct {
	name, title string
	sets        []set
}

// set is an option with its value.
type set struct {
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
	tls := []set{{option: "verify"}, {option: "certificate", value: "30,7"}, {option: "tls-server-name", from: named}}
	recipient := func(to string, more ...set) []set {
		return append([]set{{"from", sender, yours}, {"to", to, yours}, {"quit-after", "rcptto", fixed}}, more...)
	}
	return []job{
		{"up", "SMTP", []set{{"warning", "1", fixed}, {"critical", "5", fixed}}},
		{"starttls", "SMTP STARTTLS", append([]set{{option: "starttls"}}, tls...)},
		{"smtps", "SMTPS", append([]set{{option: "ssl"}}, tls...)},
		{"login", "SMTP login", append(append([]set{{"port", "587", fixed}, {option: "starttls"}}, tls...),
			set{"authuser", account, yours}, set{"authpass-file", passwordFile, yours})},
		{"mailbox", "SMTP mailbox", recipient(mailbox)},
		{"relay", "SMTP no open relay", recipient(stranger, set{"expect-reply", "rcptto=5xx", fixed})},
		{"message", "SMTP test message", []set{{"from", sender, yours}, {"to", sink, yours}}},
		{"domain", "Mail of a domain", []set{{"mx", domain, yours}, {option: "starttls"}, {"certificate", "30,7", fixed}, {"timeout", "30", fixed}}},
		{"policies", "DANE, MTA-STS and TLSRPT of a domain", []set{{"mx", domain, yours}, {option: "dane"}, {option: "mta-sts"}, {option: "tlsrpt"}, {"timeout", "30", fixed}}},
	}
}

// ofDomain says whether a job is about a domain, and not about one host.
func (j job) ofDomain() bool { return j.sets[0].option == "mx" }

// words is the job as a part of a command line. value writes the n-th value that
// does not stand fixed as the shell is to read it, counted from 1; "": the option
// is left out.
func (j job) words(t option.Tables, value func(s set, n int) string) string {
	line, n := "", 0
	for _, s := range j.sets {
		r := t.ByName(s.option)
		text := shell(s.value)
		if s.from == yours {
			n++
		}
		if s.from != fixed {
			text = value(s, n)
		}
		switch {
		case s.value == "" && s.from == fixed:
			line += " " + spoken(r)
		case text != "" && r.Unsaid != "":
			line += " --" + r.Name + "=" + text
		case text != "":
			line += " " + spoken(r) + " " + text
		}
	}
	return line
}
