package print

import (
	"fmt"
	"strings"

	"check_smtp/internal/option"
)

// icingaHead begins the file.
const icingaHead = `// check_smtp %s for Icinga 2: print it again after an update instead of editing
// it. What is yours goes into a file of its own:
//
//   object Host "mx1.example.org" {
//     import "smtp-plus-host"
//     address = "192.0.2.25"
//     vars.smtp_plus["login"] = { smtp_plus_authuser = "monitor", smtp_plus_authpass_file = "/etc/check_smtp/smtp.pass" }
//     vars.smtp_plus_domains = [ "example.org" ]
//   }
//
// Every option is a variable: --quit-after is smtp_plus_quit_after. A list repeats
// its option, true is a switch or an option without its value, and a $ is $$.

`

// icinga is a CheckCommand with every option, templates, and rules that apply them.
func icinga(in Input) string {
	var b strings.Builder
	fmt.Fprintf(&b, icingaHead, inOneLine(in.Version))
	icingaCommand(&b, in)
	b.WriteString(icingaBase)
	for _, j := range jobs {
		icingaJob(&b, in.Tables, j)
	}
	b.WriteString(icingaRules)
	return b.String()
}

func icingaCommand(b *strings.Builder, in Input) {
	b.WriteString("object CheckCommand \"smtp_plus\" {\n  import \"ipv4-or-ipv6\"\n\n")
	b.WriteString("  command = [ " + icingaText(noMacros(in.Program)) + " ]\n\n  arguments = {\n")
	var env []string
	for _, f := range settings(in.Tables) {
		icingaArgument(b, in.Tables, f)
		if f.Secret && secretly(in.Tables, f.Row) != shown {
			env = append(env, customVariable(f.Row))
		}
	}
	b.WriteString("  }\n\n")
	for _, name := range env {
		fmt.Fprintf(b, "  env.%s = \"$%s$\"\n  vars.%s = \"\"\n", strings.ToUpper(name), name, name)
	}
	b.WriteString(`
  vars.smtp_plus_address = "$check_address$"
  vars.smtp_plus_use_ipv4 = false
  vars.smtp_plus_use_ipv6 = false
  vars.check_ipv4 = "$smtp_plus_use_ipv4$"
  vars.check_ipv6 = "$smtp_plus_use_ipv6$"
}
`)
}

// icingaArgument writes how an option is passed.
func icingaArgument(b *strings.Builder, t option.Tables, f setting) {
	value, name := customVariable(f.Row), "--"+f.Name
	fmt.Fprintf(b, "    %q = {\n", name)
	switch {
	case f.Secret && secretly(t, f.Row) == bySister:
		fmt.Fprintf(b, "      key = %q\n      value = %q\n%s", name+"-env", strings.ToUpper(value), icingaGiven(value))
	case f.Secret && secretly(t, f.Row) == byAt:
		fmt.Fprintf(b, "      value = %q\n%s", "@env:"+strings.ToUpper(value), icingaGiven(value))
	case f.Switch() && !f.Many:
		fmt.Fprintf(b, "      set_if = \"$%s$\"\n", value)
	case f.Alone():
		body := "        " + strings.ReplaceAll(wordsOf(f.Row), "\n", "\n        ")
		fmt.Fprintf(b, "      skip_key = true\n      value = {{\n%s\n      }}\n", body)
	default:
		fmt.Fprintf(b, "      value = \"$%s$\"\n", value)
	}
	if f.Many && !f.Alone() {
		b.WriteString("      repeat_key = true\n")
	}
	if f.Name == "hostname" {
		b.WriteString("      set_if = {{ " + hasHost + " }}\n")
	}
	fmt.Fprintf(b, "      description = %s\n    }\n", icingaText(icingaAbout(t, f)))
}

// icingaGiven is the condition that a secret is given.
func icingaGiven(value string) string {
	return "      set_if = {{ macro(\"$" + value + "$\") != \"\" }}\n"
}

// hasHost is the condition that a host is checked: --mx and --srv find theirs
// themselves, and targets may stand alone. A host without an address is an error
// of the program then, and not a check of 127.0.0.1.
const hasHost = `!macro("$smtp_plus_mx$") && !macro("$smtp_plus_srv$") && (!macro("$smtp_plus_target$") || macro("$smtp_plus_address$"))`

// wordsOf is the body of a function of Icinga that gives the words of an option
// which may stand alone: as often as a number says, or with a value behind an
// equals sign, which no argument of Icinga before 2.14 has.
func wordsOf(r *option.Row) string {
	fill := strings.NewReplacer("{variable}", customVariable(r), "{name}", r.Name)
	if r.Switch() {
		return fill.Replace(`var words = []
for (i in range(number(macro("${variable}$")))) { words.add("--{name}") }
return words`)
	}
	return fill.Replace(`var given = macro("${variable}$")
if (typeof(given) != Array) { given = [ given ] }
var words = []
for (word in given) {
  if (word == true || word == "true") {
    words.add("--{name}")
  } else if (word && word != "false") {
    words.add("--{name}=" + word)
  }
}
return words`)
}

// icingaAbout is what a configuration says of an option.
func icingaAbout(t option.Tables, f setting) string {
	switch {
	case f.Secret && secretly(t, f.Row) == shown:
		return f.about + ". A SECRET that is written @file:NAME, @env:NAME or @credential:NAME does not stand in the process list"
	case f.Secret: // what else is said of it is about the process list
		first, _, _ := strings.Cut(f.about, ". ")
		return first + "; passed in the environment, not on the command line"
	}
	return f.about
}

// icingaText is a string of Icinga's language.
func icingaText(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(text) + `"`
}

// noMacros is a text in which Icinga finds no macro.
func noMacros(text string) string { return strings.ReplaceAll(text, "$", "$$") }

// icingaBase are the templates that need no option.
const icingaBase = `
template Host "smtp-plus-host" {
  check_command = "smtp_plus"
  check_interval = 5m
  retry_interval = 1m
  max_check_attempts = 3

  // The services of the host: a job and what its options are here.
  vars.smtp_plus["up"] = {}
  vars.smtp_plus["starttls"] = {}
}

template Service "smtp-plus" {
  check_command = "smtp_plus"
  check_interval = 5m
  retry_interval = 1m
  max_check_attempts = 3
}
`

// icingaJob writes the template of a job.
func icingaJob(b *strings.Builder, t option.Tables, j job) {
	fmt.Fprintf(b, "\ntemplate Service \"smtp-plus-%s\" {\n  import \"smtp-plus\"\n  display_name = %s\n\n", j.name, icingaText(j.title))
	for _, s := range j.sets {
		value := icingaText(noMacros(s.value))
		switch {
		case s.from == named:
			value = `"$host.name$"`
		case s.value == "":
			value = "true"
		}
		fmt.Fprintf(b, "  vars.%s = %s", customVariable(t.ByName(s.option)), value)
		if s.from == yours {
			b.WriteString(" // yours")
		}
		b.WriteByte('\n')
	}
	b.WriteString("}\n")
}

// icingaRules make the services.
const icingaRules = `
apply Service "smtp-" for (job => options in host.vars.smtp_plus) {
  import "smtp-plus-" + job
  command_endpoint = host.command_endpoint
  vars += options
}

// All of one domain: every mail exchanger with its certificate; DANE, MTA-STS and
// where reports on them go. Icinga warns of a rule that no host has a use for yet.
apply Service "mail-" for (domain in host.vars.smtp_plus_domains) {
  import "smtp-plus-domain"
  command_endpoint = host.command_endpoint
  display_name = "Mail of " + domain
  vars.smtp_plus_mx = domain
}

apply Service "mail-policies-" for (domain in host.vars.smtp_plus_domains) {
  import "smtp-plus-policies"
  command_endpoint = host.command_endpoint
  display_name = "Mail policies of " + domain
  vars.smtp_plus_mx = domain
}
`
