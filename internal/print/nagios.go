package print

import (
	"fmt"
	"strings"

	"check_smtp/internal/option"
)

// nagiosHead begins the file.
const nagiosHead = `# check_smtp %s for Nagios and Naemon: print it again after an update instead of
# editing it. At its end is an example of what belongs into a file of your own.

define command {
    command_name  smtp_plus
    command_line  %s -H '$HOSTADDRESS$' $ARG1$
}
`

// nagios are commands, a template of a service for each, and an example. Services
// have the host's name sent and verified by TLS, as its address may be a number.
func nagios(in Input) string {
	var b strings.Builder
	program := nagiosText(shellWord(noMacros(inOneLine(in.Program))))
	fmt.Fprintf(&b, nagiosHead, inOneLine(in.Version), program)
	for _, j := range jobs {
		nagiosCommand(&b, in, program, j)
	}
	b.WriteString(nagiosBase)
	for _, j := range jobs {
		nagiosTemplate(&b, j)
	}
	b.WriteString(nagiosExample)
	nagiosOptions(&b, in)
	return b.String()
}

func nagiosCommand(b *strings.Builder, in Input, program string, j job) {
	words := j.call(in.Tables, " -H '$HOSTADDRESS$'", func(s jobOption, n int) string {
		if s.from == named {
			return "'$HOSTNAME$'"
		}
		return fmt.Sprintf("'$ARG%d$'", n)
	})
	fmt.Fprintf(b, "\ndefine command {\n    command_name  smtp_plus_%s\n    command_line  %s%s\n}\n", j.name, program, words)
}

// nagiosText is a text in which Nagios finds no comment: it ends a line at a
// semicolon.
func nagiosText(text string) string { return strings.ReplaceAll(text, ";", `\;`) }

// nagiosBase is what all services have in common.
const nagiosBase = `
define service {
    name            smtp-plus
    use             generic-service
    check_interval  5
    retry_interval  1
    register        0
}
`

// nagiosTemplate writes a template with the values of the example.
func nagiosTemplate(b *strings.Builder, j job) {
	call := "smtp_plus_" + j.name
	for _, s := range j.sets {
		if s.from == yours {
			call += "!" + nagiosText(strings.ReplaceAll(noMacros(s.value), "!", `\!`))
		}
	}
	fmt.Fprintf(b, "\ndefine service {\n    name                 smtp-plus-%s\n    use                  smtp-plus\n    service_description  %s\n    check_command        %s\n    register             0\n}\n",
		j.name, j.title, call)
}

// nagiosExample shows how a host has services. It is commented out: the program
// knows neither the host nor the templates of hosts that there are.
const nagiosExample = `
# Yours:
#
# define host {
#     use        linux-server
#     host_name  mx1.example.org
#     address    mx1.example.org
# }
#
# define service {
#     use        smtp-plus-up
#     host_name  mx1.example.org
# }
#
# define service {
#     use            smtp-plus-login
#     host_name      mx1.example.org
#     check_command  smtp_plus_login!monitor!/etc/check_smtp/smtp.pass
# }
#
# define service {
#     use                  smtp-plus
#     host_name            mx1.example.org
#     service_description  SMTP banner
#     check_command        smtp_plus!-w banner_time=0.5 -e 'mx1 ESMTP'
# }
#
`

// nagiosOptions lists what the argument of the general command can be.
func nagiosOptions(b *strings.Builder, in Input) {
	b.WriteString("# The argument of smtp_plus is read as by a shell, but ! is written \\!, ; is \\; and\n# $ is $$. It can be:\n#\n")
	for _, f := range settings(in.Tables) {
		if f.Secret { // which would stand in the configuration and in the process list
			continue
		}
		fmt.Fprintf(b, "# %s\n#     %s\n", nagiosUsage(f.Row), f.about)
	}
}

// nagiosUsage is an option as the help has it, in one line.
func nagiosUsage(r *option.Row) string {
	text := "--" + r.Name
	if r.Letter != 0 {
		text = typedAs(r) + ", " + text
	}
	switch {
	case r.Switch():
		return text
	case r.Alone():
		return text + "[=" + inOneLine(r.Value) + "]"
	}
	return text + "=" + inOneLine(r.Value)
}
