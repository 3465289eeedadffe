package print

import (
	"fmt"
	"strings"
)

// checkmkHead begins the script.
const checkmkHead = `#!/bin/sh
# check_smtp %s for Checkmk, as a local check: save this in the agent's directory
# /usr/lib/check_mk_agent/local/300 with your names in it, take the # off what you
# want, and chmod 755 it. Each line that it prints is a service, which is called
# after its host and port; 300 are the seconds between two runs.
%s
# As MRPE, in /etc/check_mk/mrpe.cfg, where services have names of their own:
#
%s`

// checkmk is a script for local checks, with the lines for MRPE behind it. Services
// of local checks are told apart by their port only.
func checkmk(in Input) string {
	const host = "mx1.example.org"
	var local, mrpe strings.Builder
	program := shellWord(inOneLine(in.Program))
	ports := map[string]bool{}
	for i, j := range jobs {
		mark := "# "
		if i == 0 {
			mark = ""
		}
		words := j.call(in.Tables, " -H "+host, func(s jobOption, _ int) string {
			if s.from == named { // as -H is the name
				return ""
			}
			return shellWord(s.value)
		})
		fmt.Fprintf(&mrpe, "# smtp_%s %s%s\n", j.name, program, words)
		if port := j.port(); !ports[port] && !j.ofDomain() {
			ports[port] = true
			fmt.Fprintf(&local, "%s%s%s --output-format checkmk\n", mark, program, words)
		}
	}
	return fmt.Sprintf(checkmkHead, inOneLine(in.Version), local.String(), mrpe.String())
}
