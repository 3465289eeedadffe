package args

import (
	"cmp"
	"errors"
	"net"
	"slices"
	"strconv"
	"strings"

	"check_smtp/internal/option"
	"check_smtp/internal/plan"
)

var manyRows = []option.Row{
	{Name: "targets", Value: "FILE", Filled: true, Once: true,
		Elsewhere: "target-file targets-file hosts-file batch",
		Help: `check each row of this file, or with - of standard input: a host, a command line, or {"args": ["-H", "mx1"], ` +
			`"name": "mx1"}; up to 10000; "#" begins a comment. Other options hold for every row; each row has its own ` +
			`-t, and --parallel of them run at the same time. The exit code is that of the worst. Formats: nagios, json, ` +
			`openmetrics, checkmk, influx, icinga-api or nagios-command`},
	{Name: "per-host", Value: "N", Filled: true, Needs: needList, Shape: option.Shaped,
		Help: `how many rows of --targets may talk to one host at the same time. Default: 1`},
}

// Many is a run of many command lines.
type Many struct {
	File     string // "-": standard input
	Parallel int
	PerHost  int
	Output   plan.Output // Format and File
	base     *option.Set // what holds for each
}

// listFormats are those that tell many results one behind the other.
var listFormats = []plan.Format{plan.Nagios, plan.JSON, plan.OpenMetrics, plan.Checkmk, plan.Influx, plan.IcingaAPI, plan.NagiosCommand}

// Many reads what is about a list of command lines; nil: there is none.
func (o *Set) Many() (*Many, error) {
	if !o.Has("targets") {
		return nil, o.vain(needList)
	}
	m := &Many{File: o.Text("targets"), base: o.Set}
	if err := cmp.Or(o.sole("targets"), o.without(ofSingle, ofDialect, ofRow)); err != nil {
		return nil, err
	}
	m.Parallel, m.PerHost = o.number("parallel", usualParallel), o.number("per-host", 1)
	if o.wrong != nil {
		return nil, o.wrong
	}
	m.Output = plan.Output{Format: cmp.Or(plan.Format(o.Text("output-format")), plan.Nagios), File: o.Text("output-file")}
	if text := o.Text("output-format"); !slices.Contains(listFormats, m.Output.Format) {
		return nil, bad("output-format", quote(text)+" is not a format of a list", didYouMean(Tables.ByName("output-format").Meant(text), texts(listFormats)))
	}
	return m, nil
}

// misfit is why some options are refused.
type misfit struct{ names, problem, hint string }

var (
	ofRow     = misfit{"service", "each row has its own", "give it in the rows"}
	ofDialect = misfit{"output-json output-xml output-openmetrics", "it does not go with --targets", "give --output-format"}
	ofSingle  = misfit{"verbose debug transcript-file", "a list prints one line for each row, and no dialogue", "leave it out, or run that command line alone"}
	ofNested  = misfit{"targets", "a row cannot name another list", "leave it out"}
	ofList    = misfit{"per-host output-format output-file output-json output-xml output-openmetrics", "it is for the whole list and not for a row", "give it beside --targets"}
)

// without refuses the first option of these that is given.
func (o *Set) without(misfits ...misfit) error {
	for _, m := range misfits {
		for name := range strings.FieldsSeq(m.names) {
			if o.Given(name) {
				return bad(name, m.problem, m.hint)
			}
		}
	}
	return nil
}

// subjects are options that speak of one thing each: a row that gives one of them
// replaces all that the common words say of it.
var subjects = []string{"starttls ssl tls-mode", "authpass authpass-file authpass-env authpass-credential authpass-command"}

// Row reads a row's own words, behind those that hold for each.
func (m *Many) Row(argv []string, env Env) (*Set, error) {
	env.Stdin = nobodys{}
	set, err := env.words(argv)
	if asked, ok := errors.AsType[*option.Asked](err); ok {
		name := map[option.Role]string{option.Help: "help", option.Version: "version", option.Print: "print"}[asked.For]
		return nil, bad(name, "each row must be a check, and this makes none", "leave it out")
	}
	if err != nil {
		return nil, err
	}
	o := &Set{Set: set}
	if err := cmp.Or(o.secretIn(argv), o.without(ofNested, ofList, ofSingle)); err != nil {
		return nil, err
	}
	but := []string{"targets", "parallel", "per-host", "output-format", "output-file", "hostname"}
	for _, names := range subjects {
		if all := strings.Fields(names); slices.ContainsFunc(all, set.Given) {
			but = append(but, all...)
		}
	}
	if set.Text("tls-mode") == string(plan.NoTLS) {
		but = append(but, ofTLS()...)
	}
	set.Behind(m.base, but...)
	set.Put("output-format", string(m.Output.Format))
	return o, o.takeHost(set.Free)
}

// ofTLS are the options that a run without TLS does not have, but for those that keep a
// password from the wrong server: of them a row has to say itself that it does without.
func ofTLS() (names []string) {
	Tables.All(func(r *option.Row) {
		if (r.Needs == needTLS || r.Name == "certificate") && r.Name != "verify" && r.Name != "pin" {
			names = append(names, r.Name)
		}
	})
	return names
}

// secretIn refuses a password in the words of a row: who may read a list is seldom
// thought about. An ini file that a row names may hold one.
func (o *Set) secretIn(argv []string) error {
	if o.SecretGiven() == nil {
		return nil
	}
	r := option.Legible(Tables, argv).SecretGiven()
	if r == nil {
		return nil
	}
	hint := "put it into an ini file, and give --extra-opts=SECTION@FILE"
	if r.Name == "authpass" {
		hint = "give --authpass-file FILE or --authpass-env NAME, or " + hint
	}
	return bad(r.Name, "no password may stand in a list of command lines", hint)
}

// nobodys is the standard input of a row: the list's, if anybody's.
type nobodys struct{}

func (nobodys) Read([]byte) (int, error) {
	return 0, errors.New("a row cannot read standard input")
}

// Subject is whom a row is about, as far as its words alone tell: what to call it, and
// the host that it talks to. "": they do not tell, or may hold a password.
func Subject(given *option.Set) (name, host string) {
	if given.SecretGiven() != nil {
		return "", ""
	}
	for _, list := range []string{"mx", "srv", "target"} {
		if text := given.Text(list); text != "" {
			return text, ""
		}
	}
	o := &Set{Set: given}
	if !given.Has("hostname") && len(given.Free) > 0 && !isValueOnly(given.Free[0]) && o.firstWord(given.Free[0]) == nil {
		given.Guess("hostname", given.Free[0].Text)
	}
	p := Gist(given).Probe
	host = strings.ToLower(strings.TrimSuffix(p.Host, "."))
	if p.Port == 0 || p.Port == defaultPort {
		return p.Host, host
	}
	return net.JoinHostPort(p.Host, strconv.Itoa(p.Port)), host
}
