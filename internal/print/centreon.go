package print

import (
	"fmt"
	"strings"

	"check_smtp/internal/option"
)

// centreonJobs is what Centreon's command line imports: a command and a template
// of a service for each job. It has no comments; values stand in macros of the
// service, such as $_SERVICESMTPFROM$, and anything else in $_SERVICESMTPOPTIONS$.
func centreonJobs(in Input) string {
	var b strings.Builder
	for _, j := range append([]job{{name: "options", title: "SMTP options"}}, jobs[:]...) {
		centreonJob(&b, in, j)
	}
	return b.String()
}

func centreonJob(b *strings.Builder, in Input, j job) {
	name, program := "smtp_plus_"+j.name, shellWord(noMacros(centreonText(in.Program)))
	words := j.call(in.Tables, " -H '$HOSTADDRESS$'", func(s jobOption, _ int) string {
		if s.from == named {
			return "'$HOSTNAME$'"
		}
		return "'$_SERVICE" + centreonMacro(in.Tables.ByName(s.option)) + "$'"
	})
	fmt.Fprintf(b, "CMD;ADD;%s;check;%s%s $_SERVICESMTPOPTIONS$\n", name, program, words)
	template := "SMTP-plus-" + j.name
	fmt.Fprintf(b, "STPL;ADD;%s;%s;\n", template, j.title)
	fmt.Fprintf(b, "STPL;setparam;%s;check_command;%s\n", template, name)
	for _, s := range j.sets {
		if s.from == yours {
			fmt.Fprintf(b, "STPL;setmacro;%s;%s;%s;0;%s\n", template, centreonMacro(in.Tables.ByName(s.option)), s.value, centreonText(aboutOf(in.Tables, s.option)))
		}
	}
	fmt.Fprintf(b, "STPL;setmacro;%s;SMTPOPTIONS;;0;more options\n", template)
}

// centreonMacro is the name of the macro of an option.
func centreonMacro(r *option.Row) string {
	return "SMTP" + strings.ToUpper(strings.ReplaceAll(r.Name, "-", ""))
}

// centreonText is a text that holds no separator.
func centreonText(text string) string { return strings.ReplaceAll(inOneLine(text), ";", ",") }

// aboutOf is what the help says of an option, in one line.
func aboutOf(t option.Tables, name string) string {
	for _, f := range settings(t) {
		if f.Name == name {
			return f.about
		}
	}
	return ""
}
