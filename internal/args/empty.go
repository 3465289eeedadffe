package args

import (
	"strings"

	"github.com/spf13/pflag"
)

// filledOptions are those whose value must not be empty: a macro that nobody has
// filled in would switch off a safeguard, or change what is done, and look well.
// With the others an empty value is one that was not given: Centreon passes empty
// macros with all options of its plugin, Icinga and Debian with those of the C
// plugins. A few say by themselves what an empty value is: -f the null sender.
const filledOptions = " bind greeting expect-reply quit-after state output-format output-file transcript-file perfdata" +
	" proxy-protocol proxy-family proxy-source-address proxy-dest-address proxy-source-port proxy-dest-port" +
	" tls-mode verify tls-server-name ca-file client-cert client-key ciphers tls-min tls-max pin" +
	" cc bcc reply-to body-file header content-type charset attach payload payload-file" +
	" manager-ca-file manager-client-cert manager-client-key "

// fileOptions name a file to write.
const fileOptions = " output-file transcript-file "

// unfit refuses a value that no option of this kind can have. value is empty or
// begins with "=".
func unfit(f *pflag.Flag, value string) error {
	switch {
	case len(value) > 2: // as nearly always
		return nil
	case value == "=" && strings.Contains(filledOptions, " "+f.Name+" "):
		return bad(f.Usage, "the value is empty", "give one, or leave the option out")
	case value == "=-" && strings.Contains(fileOptions, " "+f.Name+" "):
		hint := "leave the option out for standard output"
		if f.Name == "transcript-file" {
			hint = "give -vvv to see the dialogue"
		}
		return bad(f.Usage, `"-" is no file`, hint+"; one of that name is ./-")
	}
	return nil
}
