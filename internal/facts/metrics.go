package facts

import (
	"crypto/x509"
	"math"
	"strconv"
	"time"

	"check_smtp/internal/plan"
)

// MetricRow is all that is known of one number: what it is, when there is one, and
// what each format that has words of its own calls it.
type MetricRow struct {
	Label   plan.Label
	Phase   plan.Phase // that it comes of; "": the run itself
	Unit    string     // "s" for seconds, "B" for bytes, "%"; "": none
	Digits  int        // after the decimal point
	Signed  bool       // it may be below zero
	Limited bool       // it is there only where it has a limit
	Scarce  bool       // less of it is worse, and more of it is never a fault

	Value  func(*Session) (float64, bool)                   // nil: the time of the phase, or of the certificate
	OfRun  func(*Run) (float64, bool)                       // of a run with a survey; nil: it is a session's. With a phase it is a session's where there is just one
	OfDANE bool                                             // there is none without TLSA records
	Judged bool                                             // of such a run, and known only to who judges it
	OfCert func(c *x509.Certificate, now time.Time) float64 // what a certificate has left; nil: it is not about one

	Also        string  // other words for it that people type, parted by blanks
	Text, When  string  // for the documentation: what it is, and when there is one
	Channel     string  // PRTG's name of it
	ChannelUnit string  // where it has no unit
	Gauges      []Gauge // OpenMetrics' families, to each of which it gives a sample
}

// Gauge is a family of OpenMetrics.
type Gauge struct {
	Name, Unit, Help string
	Phased           bool                  // the phase is a label of the sample
	Value            func(*Session) string // in the base unit; nil: that of the metric
	OfRun            func(*Run) string     // the same of a run
}

// STSCertDays is what the certificate of a policy's host has left.
const STSCertDays plan.Label = "sts_cert_days"

// Metrics is the table, in the order of perfdata.
var Metrics = [...]MetricRow{
	{Label: plan.Time, Unit: "s", Digits: 6, Value: total, Also: "total duration response all elapsed",
		Text: "the whole run, from name resolution to the reply to QUIT", When: "always", Channel: "Response Time",
		Gauges: []Gauge{{Name: "time_seconds", Unit: "seconds", Help: "How long the whole run took."}}},
	{Label: "credential_time", Phase: plan.Credential, OfRun: credentialTook, Unit: "s", Digits: 6, Text: "phase `credential`: finding the password, before the run that `time` is about", When: "with `--authpass-command`, or a password manager that is not at hand: KeePass, Vault, TeamPass", Channel: "Time of credential", Gauges: phases},
	{Label: "dns_time", Phase: plan.DNS, Unit: "s", Digits: 6, Text: "phase `dns`: name resolution", When: "the host is a name", Channel: "Time of dns", Gauges: phases},
	{Label: "connect_time", Phase: plan.Connect, Unit: "s", Digits: 6, Text: "phase `connect`: all attempts to connect", Channel: "Time of connect", Gauges: phases},
	{Label: "proxy_time", Phase: plan.ProxyHdr, Unit: "s", Digits: 6, Text: "phase `proxy`: sending the PROXY header, which nobody answers", When: "with `-r` or `--proxy-protocol`", Channel: "Time of proxy", Gauges: phases},
	{Label: "banner_time", Phase: plan.Banner, Unit: "s", Digits: 6, Text: "phase `banner`: from the connection to the whole banner", Channel: "Time of banner", Gauges: phases},
	{Label: "ehlo_time", Phase: plan.Ehlo, Unit: "s", Digits: 6, Text: "phase `ehlo`: EHLO, HELO or LHLO, and the reply", Channel: "Time of ehlo", Gauges: phases},
	{Label: "starttls_time", Phase: plan.STARTTLS, Unit: "s", Digits: 6, Text: "phase `starttls`: STARTTLS and the reply; nearly nothing when it is not offered", When: "with STARTTLS", Channel: "Time of starttls", Gauges: phases},
	{Label: "tls_time", Phase: plan.Shake, Unit: "s", Digits: 6, Text: "phase `tls`: the TLS handshake; with `-s` it comes before the banner", When: "with TLS", Channel: "Time of tls", Gauges: phases},
	{Label: "ehlo_tls_time", Phase: plan.EhloTLS, Unit: "s", Digits: 6, Text: "phase `ehlo_tls`: the greeting inside TLS", When: "with STARTTLS", Channel: "Time of ehlo_tls", Gauges: phases},
	{Label: "sasl_auth_time", Phase: plan.SASLAuth, Unit: "s", Digits: 6, Text: "phase `sasl_auth`: the whole login", When: "with a login", Channel: "Time of sasl_auth", Gauges: phases},
	{Label: "mailfrom_time", Phase: plan.MailFrom, Unit: "s", Digits: 6, Text: "phase `mailfrom`: MAIL FROM and the reply; nearly nothing when the server announces that it cannot take the message", When: "with `-f`", Channel: "Time of mailfrom", Gauges: phases},
	{Label: "command_time", Phase: plan.Command, Unit: "s", Digits: 6, Text: "phase `command`: all `-C` together", When: "with `-C`", Channel: "Time of command", Gauges: phases},
	{Label: "rcptto_time", Phase: plan.RcptTo, Unit: "s", Digits: 6, Text: "phase `rcptto`: RCPT TO and the reply, all recipients together", When: "with `--to`", Channel: "Time of rcptto", Gauges: phases},
	{Label: "data_time", Phase: plan.Data, Unit: "s", Digits: 6, Text: "phase `data`: DATA and the reply", When: "with `--to`, and no `--quit-after rcptto`", Channel: "Time of data", Gauges: phases},
	{Label: "body_time", Phase: plan.Body, Unit: "s", Digits: 6, Text: "phase `body`: the message, to the reply after its last dot; with LMTP to the last of its replies", When: "with `--to`, and no `--quit-after rcptto`", Channel: "Time of body", Gauges: phases},
	{Label: "rset_time", Phase: plan.Reset, Unit: "s", Digits: 6, Text: "phase `rset`: RSET and the reply", When: "with `--quit-after rcptto`, when a recipient was accepted", Channel: "Time of rset", Gauges: phases},
	{Label: "quit_time", Phase: plan.Quit, Unit: "s", Digits: 6, Text: "phase `quit`: QUIT and the reply", Channel: "Time of quit", Gauges: phases},
	{Label: plan.CertDays, Phase: plan.Shake, Digits: 2, Signed: true, Scarce: true, OfCert: daysLeft, Also: "cert certificate days expiry",
		Text: "days that the server's own certificate has left, with two decimals and without a unit; below zero when it has expired", When: "after a handshake",
		Channel: "Certificate days left", ChannelUnit: "d", Gauges: certificates},
	{Label: plan.CertHours, Phase: plan.Shake, Digits: 2, Signed: true, Scarce: true, Limited: true, OfCert: hoursLeft, Also: "hours",
		Text: "the same in hours", When: "with a limit on it, as of `-D 36h`", Channel: "Certificate hours left", ChannelUnit: "h", Gauges: certificates},
	{Label: plan.CertPercent, Phase: plan.Shake, Unit: "%", Digits: 2, Signed: true, Scarce: true, Limited: true, OfCert: percentLeft, Also: "percent lifetime",
		Text: "the same in percent of its lifetime (`%`)", When: "with a limit on it, as of `-D 30%`", Channel: "Certificate lifetime left",
		Gauges: []Gauge{{Name: "cert_left_ratio", Unit: "ratio", Help: "Which share of its lifetime the server's own certificate has left.",
			Value: func(f *Session) string {
				return strconv.FormatFloat(math.Floor(100*percentLeft(f.TLS.Chain[0], f.Start))/10000, 'f', 4, 64)
			}}}},
	{Label: "body_bytes", Phase: plan.Body, Unit: "B", Value: sent, Also: "size bytes message_bytes",
		Text: "size of the message that was sent, in bytes (`B`): with line ends CR LF, without the dots that the protocol adds", When: "with `--to`, and no `--quit-after rcptto`",
		Channel: "Message size", Gauges: []Gauge{{Name: "body_bytes", Unit: "bytes", Help: "Size of the message that was sent."}}},
	{Label: "dane_records", OfDANE: true, Value: daneRecords, Text: "TLSA records of the target", When: "with `--dane`, where there are some", Channel: "TLSA records",
		Gauges: []Gauge{{Name: "dane_records", Help: "How many TLSA records the target has."}}},
	{Label: "dane_usable", OfDANE: true, Scarce: true, Value: daneUsable, Text: "those of them that count in SMTP", When: "the same", Channel: "TLSA records usable",
		Gauges: []Gauge{{Name: "dane_usable", Help: "How many TLSA records count in SMTP."}}},
	{Label: "dane_matched", OfDANE: true, Scarce: true, Value: daneMatched, Text: "those of them that the certificate meets", When: "the same", Channel: "TLSA records met",
		Gauges: []Gauge{{Name: "dane_matched", Help: "How many TLSA records the certificate meets."}}},
	{Label: "dane_rrsig_days", OfDANE: true, Digits: 2, Signed: true, Scarce: true, Value: signed, Text: "days until the first signature over the TLSA records ends, as the resolver has it", When: "the same, if the resolver sends signatures (RRSIG), and without `--tlsa`; `-vv` tells", Channel: "TLSA signature days left", ChannelUnit: "d",
		Gauges: []Gauge{{Name: "dane_rrsig_expiry_timestamp_seconds", Unit: "seconds", Help: "When the first signature over the TLSA records ends.",
			Value: func(f *Session) string { return unix(f.DANE.Expires.Unix()) }}}},
	{Label: "targets", OfRun: sessions, Text: "targets of the run", When: "with `--mx`, `--srv` or several targets", Channel: "Targets",
		Gauges: []Gauge{{Name: "targets", Help: "How many targets the run has."}}},
	{Label: plan.TargetsOK, Judged: true, Scarce: true, Text: "those of them that are OK", When: "the same", Channel: "Targets OK",
		Gauges: []Gauge{{Name: "targets_ok", Help: "How many of the targets are OK."}}},
	{Label: "mx_hosts", OfRun: exchangers, Text: "mail exchangers of the domain; 0 where its own address takes their place", When: "with `--mx`", Channel: "Mail exchangers",
		Gauges: []Gauge{{Name: "mx_hosts", Help: "How many mail exchangers the domain has."}}},
	{Label: "sts_max_age", Unit: "s", OfRun: maxAge, Text: "how long senders may keep the MTA-STS policy, in seconds", When: "with `--mta-sts`, where there is a policy", Channel: "MTA-STS max_age",
		Gauges: []Gauge{{Name: "sts_max_age_seconds", Unit: "seconds", Help: "How long senders may keep the policy."}}},
	{Label: STSCertDays, Digits: 2, Signed: true, Scarce: true, OfRun: policyCert, Text: "days that the certificate of the policy's host has left", When: "with `--mta-sts`, where the policy was fetched", Channel: "MTA-STS certificate days left", ChannelUnit: "d",
		Gauges: []Gauge{
			{Name: "sts_cert_expiry_timestamp_seconds", Unit: "seconds", Help: "When the certificate of the policy's host expires.",
				OfRun: func(r *Run) string { return unix(r.Survey.STS.Fetch.TLS.Ends().NotAfter.Unix()) }},
			{Name: "sts_cert_left_seconds", Unit: "seconds", Help: "How long it is until the certificate of the policy's host expires.",
				OfRun: func(r *Run) string {
					return unix(r.Survey.STS.Fetch.TLS.Ends().NotAfter.Unix() - r.Survey.Start.Unix())
				}},
		}},
	{Label: "discover_time", Unit: "s", Digits: 6, OfRun: discoverTook, Text: "finding the targets: MX, SRV and addresses", When: "with `--mx`, `--srv` or several targets", Channel: "Time of discover",
		Gauges: []Gauge{{Name: "discover_seconds", Unit: "seconds", Help: "How long it took to find the targets."}}},
	{Label: "tlsa_time", Unit: "s", Digits: 6, OfRun: tlsaTook, Text: "looking up TLSA records, the slowest target's", When: "with `--dane`", Channel: "Time of tlsa",
		Gauges: []Gauge{{Name: "tlsa_seconds", Unit: "seconds", Help: "How long the slowest search for TLSA records took."}}},
	{Label: "sts_dns_time", Unit: "s", Digits: 6, OfRun: stsDNSTook, Text: "looking up the record of MTA-STS", When: "with `--mta-sts`", Channel: "Time of sts_dns",
		Gauges: []Gauge{{Name: "sts_dns_seconds", Unit: "seconds", Help: "How long the lookup of the record of MTA-STS took."}}},
	{Label: "sts_fetch_time", Unit: "s", Digits: 6, OfRun: stsFetchTook, Text: "fetching the policy", When: "with `--mta-sts`, where there is a record", Channel: "Time of sts_fetch",
		Gauges: []Gauge{{Name: "sts_fetch_seconds", Unit: "seconds", Help: "How long fetching the policy took."}}},
	{Label: "run_time", Unit: "s", Digits: 6, OfRun: runTook, Text: "all of the run, lookups included", When: "with any of these", Channel: "Run Time",
		Gauges: []Gauge{{Name: "run_seconds", Unit: "seconds", Help: "How long all of the run took."}}},
}

func daneRecords(f *Session) (float64, bool) {
	return ofDANE(f, func(d *DANE) int { return len(d.Records) })
}
func daneUsable(f *Session) (float64, bool)  { return ofDANE(f, (*DANE).Usable) }
func daneMatched(f *Session) (float64, bool) { return ofDANE(f, (*DANE).Matched) }

// ofDANE is a number of TLSA records, where a target has some.
func ofDANE(f *Session, count func(*DANE) int) (float64, bool) {
	if f.DANE == nil || len(f.DANE.Records) == 0 {
		return 0, false
	}
	return float64(count(f.DANE)), true
}

func signed(f *Session) (float64, bool) {
	if f.DANE == nil || f.DANE.Expires.IsZero() {
		return 0, false
	}
	return down(f.DANE.Expires.Sub(f.Start).Hours()/24, 2), true
}

func exchangers(r *Run) (float64, bool) {
	found := r.Survey.Found
	n := len(found.Hosts)
	if found.Implicit { // the domain's own address is no exchanger: -c mx_hosts=1: sees them vanish
		n = 0
	}
	return float64(n), found.Kind == ByMX && found.Failed.Name == ""
}

func maxAge(r *Run) (float64, bool) {
	if s := r.Survey.STS; s != nil && s.Policy != nil && s.Policy.Flaw == nil {
		return float64(s.Policy.MaxAge), true
	}
	return 0, false
}

func policyCert(r *Run) (float64, bool) {
	s := r.Survey.STS
	if s == nil || s.Fetch == nil || s.Fetch.TLS == nil {
		return 0, false
	}
	return down(daysLeft(s.Fetch.TLS.Ends(), r.Survey.Start), 2), true
}

func sessions(r *Run) (float64, bool) {
	return float64(len(r.Sessions)), r.Survey.Found.Failed.Name == ""
}
func runTook(r *Run) (float64, bool)        { return r.Survey.Took.Seconds(), true }
func credentialTook(r *Run) (float64, bool) { return part(r.Survey.Times.Credential) }
func discoverTook(r *Run) (float64, bool)   { return part(r.Survey.Times.Discover) }
func tlsaTook(r *Run) (float64, bool)       { return part(r.Survey.Times.TLSA) }
func stsDNSTook(r *Run) (float64, bool)     { return part(r.Survey.Times.STSDNS) }
func stsFetchTook(r *Run) (float64, bool)   { return part(r.Survey.Times.STSFetch) }

// part is how long one took, if it was done.
func part(took time.Duration) (float64, bool) { return took.Seconds(), took > 0 }

var phases = []Gauge{{Name: "phase_seconds", Unit: "seconds", Help: "How long each phase took.", Phased: true}}

// certificates are families about the server's certificate. Days are no base unit.
var certificates = []Gauge{
	{Name: "cert_expiry_timestamp_seconds", Unit: "seconds", Help: "When the server's own certificate expires.",
		Value: func(f *Session) string { return unix(f.TLS.Chain[0].NotAfter.Unix()) }},
	{Name: "cert_chain_expiry_timestamp_seconds", Unit: "seconds", Help: "When the first certificate of the chain expires, the server's own included.",
		Value: func(f *Session) string { return unix(f.TLS.Ends().NotAfter.Unix()) }},
	{Name: "cert_left_seconds", Unit: "seconds", Help: "How long it is until the server's own certificate expires.",
		Value: func(f *Session) string { return unix(f.TLS.Chain[0].NotAfter.Unix() - f.Start.Unix()) }},
}

func unix(seconds int64) string { return strconv.FormatInt(seconds, 10) }

// Labels lists every metric there is, in the order of perfdata.
func Labels() []plan.Label {
	labels := make([]plan.Label, len(Metrics))
	for i, m := range Metrics {
		labels[i] = m.Label
	}
	return labels
}

// MetricOf is the row of a metric; nil: an operator has made up the name.
func MetricOf(l plan.Label) *MetricRow {
	for i := range Metrics {
		if Metrics[i].Label == l {
			return &Metrics[i]
		}
	}
	return nil
}

// Surveyed says whether only a run with a survey has it.
func (m *MetricRow) Surveyed() bool { return m.OfRun != nil && m.Phase == "" }

// In is the number of a session, if it has one: what did not happen has none.
func (m *MetricRow) In(f *Session) (float64, bool) {
	switch {
	case m.Surveyed() || m.Judged:
		return 0, false
	case m.Value != nil:
		return m.Value(f)
	case m.OfCert == nil:
		took, ran := f.Took(m.Phase)
		return took.Seconds(), ran
	case f.TLS == nil:
		return 0, false
	}
	return down(m.OfCert(f.TLS.Chain[0], f.Start), m.Digits), true
}

// down is a number rounded down to the digits that it is shown with, so that no reader
// sees one that has not been reached.
func down(v float64, digits int) float64 {
	scale := math.Pow10(digits)
	return math.Floor(scale*v) / scale
}

func total(f *Session) (float64, bool) { return f.Total.Seconds(), true }

// sent does not count the dots that transparency adds, nor the last one (RFC 1870
// section 6).
func sent(f *Session) (float64, bool) {
	_, ran := f.Took(plan.Body)
	return float64(f.Sent), ran
}

func daysLeft(c *x509.Certificate, now time.Time) float64 { return Remaining(c, now) / (24 * 3600) }

func hoursLeft(c *x509.Certificate, now time.Time) float64 { return Remaining(c, now) / 3600 }

func percentLeft(c *x509.Certificate, now time.Time) float64 {
	return 100 * Remaining(c, now) / math.Max(1, Remaining(c, c.NotBefore))
}

// Remaining is how many seconds of a lifetime are left. A time.Duration ends at
// 292 years, and some certificates last to 9999.
func Remaining(c *x509.Certificate, now time.Time) float64 {
	return float64(c.NotAfter.Unix()-now.Unix()) + float64(c.NotAfter.Nanosecond()-now.Nanosecond())/1e9
}
