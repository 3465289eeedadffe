package print

import (
	"strconv"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/option"
	"check_smtp/internal/plan"
)

// What the manual page says that stands in no table, in the marks of markdown:
// `words to type` and *words to replace*.
const (
	manAbout = "speaks SMTP or LMTP to a mail server, phase by phase, and reports whether each phase succeeded and how long it took. " +
		"It answers with one line, with performance data and with an exit code, as monitoring systems of the Nagios family expect, or in another format. " +
		"It takes every option of the `check_smtp` of monitoring-plugins and nagios-plugins. Packages install it as `check_smtp_plus`, beside theirs."
	manOptions = "Short options may share a dash, long ones may be shortened and take their value after a space or an equals sign. `--` ends the options."
	manMetrics = "The numbers of the performance data, each of which `--warning` and `--critical` can limit."
	manStates  = "What can be wrong, and its state unless `--state` says otherwise."
)

// manExits are the exit codes in the order of their numbers.
var manExits = [...]string{
	"Everything that was asked for was done.",
	"A limit of `--warning` is exceeded, or something is not as it should be.",
	"A limit of `--critical` is exceeded, or the server does not do what was asked of it.",
	"The state is not known: the name does not resolve, or the command line is wrong. Also of `--help` and `--version`.",
}

// manEnvironment are the variables that are read, and what for.
var manEnvironment = [...][2]string{
	{"MP_CONFIG_FILE", "The ini file that `--extra-opts` reads where it names none."},
	{"NAGIOS_CONFIG_PATH", "Directories, separated by colons, in which it is looked for."},
	{"SSL_CERT_FILE", "A file with the certificates to trust, instead of the system's."},
	{"SSL_CERT_DIR", "Directories with such files."},
	{"CREDENTIALS_DIRECTORY", "Where systemd puts what `--authpass-credential` names."},
	{"VAULT_ADDR, VAULT_TOKEN, VAULT_NAMESPACE", "What HashiCorp Vault's own program reads from them."},
	{"VAULT_CACERT, VAULT_CLIENT_CERT, VAULT_CLIENT_KEY", "The same."},
	{"COLUMNS", "How wide the terminal is."},
	{"NO_COLOR, TERM", "No colour where the first is set, or the second is dumb."},
}

// manFiles are the files that are read unasked.
var manFiles = [...][2]string{
	{"/etc/resolv.conf", "Which DNS servers to ask."},
	{"/etc/ssl/certs", "The certificates that this system trusts, or wherever else it keeps them."},
	{"/etc/nagios/plugins.ini, /etc/monitoring-plugins.ini", "Two of the places in which `--extra-opts` looks for options."},
}

// man is the manual page, in the macros of man(7).
func man(in Input) string {
	p := &page{}
	p.raw(`.TH CHECK_SMTP 1 `+in.Released+` "check_smtp `+in.Version+`" "Monitoring plugins"`, ".nh", ".ad l")
	p.section("Name")
	p.raw(`check_smtp, check_smtp_plus \- check a mail server phase by phase`)
	p.section("Synopsis")
	p.raw(`.B check_smtp`, `\fB\-H\fR \fIHOST\fR`, `[\fIOPTION\fR]...`)
	p.section("Description")
	p.raw(".B check_smtp")
	p.text(manAbout)
	p.section("Options")
	p.text(manOptions)
	for i := range in.Tables {
		p.table(&in.Tables[i])
	}
	p.metrics(in.metrics())
	p.conditions()
	p.section("Exit status")
	for _, s := range plan.States {
		p.item("`"+strconv.Itoa(int(s))+"` ("+s.String()+")", manExits[s])
	}
	p.pairs("Environment", manEnvironment[:])
	p.pairs("Files", manFiles[:])
	p.section("Examples")
	p.display(strings.Split(strings.TrimRight(in.Examples, "\n"), "\n"))
	return p.b.String()
}

// page is a manual page in the making.
type page struct{ b strings.Builder }

// raw adds lines as they are.
func (p *page) raw(lines ...string) {
	for _, line := range lines {
		p.b.WriteString(line + "\n")
	}
}

func (p *page) section(title string) { p.raw(".SH " + strings.ToUpper(title)) }

// text adds a text of which no line is too long for a reader of the source.
func (p *page) text(text string) { p.raw(option.Fold(marked(text), 78)...) }

// item is one of a list.
func (p *page) item(head, text string) {
	p.raw(".TP", marked(head))
	p.text(text)
}

// display shows lines as they are.
func (p *page) display(lines []string) {
	p.raw(".nf")
	for _, line := range lines {
		p.raw(roff(line))
	}
	p.raw(".fi")
}

// table is a group of options.
func (p *page) table(t *option.Table) {
	p.raw(".SS " + t.Title)
	tag := ".TP"
	for i := range t.Rows {
		r := &t.Rows[i]
		p.raw(tag, head(r))
		tag = ".TQ" // the next option shares the text
		if r.Help == "" && i+1 < len(t.Rows) {
			continue
		}
		tag = ".TP"
		if r.List == nil {
			p.text(r.Text() + ".")
			continue
		}
		p.text(r.Text() + ":")
		p.raw(".RS")
		p.display(r.List())
		p.raw(".RE")
	}
}

// head is how an option is typed.
func head(r *option.Row) string {
	text := bold("--" + r.Name)
	if r.Letter != 0 {
		text = bold("-"+string(rune(r.Letter))) + ", " + text
	}
	value := `\fI` + roff(r.Value) + `\fR`
	switch {
	case r.Value == "":
		return text
	case r.Unsaid != "":
		return text + "[=" + value + "]"
	}
	return text + "=" + value
}

func (p *page) metrics(rows []facts.MetricRow) {
	p.section("Metrics")
	p.text(manMetrics)
	for i := range rows {
		m := &rows[i]
		text := m.Text
		if m.When != "" {
			text += "; " + m.When
		}
		p.item("`"+string(m.Label)+"`", text+".")
	}
}

func (p *page) conditions() {
	p.section("Conditions")
	p.text(manStates)
	for _, c := range plan.Conditions() {
		states := c.Default().String()
		if before := (plan.Limits{}).StateBefore(c); before != c.Default() {
			states += ", before the greeting is answered " + before.String()
		}
		p.item("`"+string(c)+"` ("+states+")", c.Text()+".")
	}
}

// pairs are a section of names with what they are for.
func (p *page) pairs(title string, pairs [][2]string) {
	p.section(title)
	for _, pair := range pairs {
		p.item("`"+pair[0]+"`", pair[1])
	}
}

func bold(text string) string { return `\fB` + roff(text) + `\fR` }

// marked is a text with `words to type` in bold.
func marked(text string) string {
	var b strings.Builder
	for i, part := range strings.Split(text, "`") {
		if i%2 == 1 {
			part = bold(part)
		} else {
			part = roff(part)
		}
		b.WriteString(part)
	}
	return b.String()
}

// roff is a text in which nothing means anything to a formatter (groff_char(7)).
// An accent of ASCII would become a typographic one, and no command any more.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`).Replace(text)
	if strings.HasPrefix(text, ".") {
		return `\&` + text
	}
	return text
}
