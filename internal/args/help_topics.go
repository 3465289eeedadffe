package args

import (
	"slices"
	"strings"
)

// shortHelp fits a screen: what most command lines are made of.
const shortHelp = `Usage: check_smtp -H HOST [OPTION]...
Checks a mail server phase by phase and times each phase.
Exit codes: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN (also of this help).

  -H, --hostname=HOST        name, address, or path of a UNIX socket
  -p, --port=N               default: 25, with -s 465
  -S, --starttls             require STARTTLS
  -s, --ssl, --tls           require TLS from the start
  -D, --certificate=W[,C]    WARNING and CRITICAL at so many days left
      --verify               the certificate must be trusted and for this name
  -U, --authuser=USER        log in, with the password in
      --authpass-file=FILE     this file
  -f, --from=ADDRESS         send MAIL FROM this address
      --to=ADDRESSES         deliver a test message to these
      --quit-after=PHASE     go no further: after rcptto no message is sent
      --expect-reply=PHASE=CODES
                             the reply that is wanted, as in rcptto=550
  -C, --command=TEXT         send this command
  -R, --response=REGEX         and hold the reply against this
  -e, --expect=TEXT          the banner must hold this
  -L, --lmtp                 speak LMTP
  -w, --warning=RANGE        limits on the time in seconds: 5; NAME=RANGE on
  -c, --critical=RANGE         another number: banner_time=0.5, cert_days=7:
  -t, --timeout=SECONDS      default: 10
  -v, --verbose              each step; -vv facts; -vvv the dialogue
      --output-format=FORMAT json, xml, openmetrics, prtg, checkmk, influx,
                             waterfall; default: nagios
Examples:
  check_smtp -H mx1.example.org -f monitor@example.org -w 1 -c 5
  check_smtp -H mx1.example.org -S -D 30,7 --verify
  check_smtp -H mx1.example.org -s -U monitor --authpass-file /etc/smtp.pass
  check_smtp -H mx1.example.org -f a@example.org --to b@example.org
  check_smtp -H mx1.example.org -S --output-format waterfall

All options: --help=all. Some: --help=TOPIC, TOPIC is target, session, proxy,
tls, login, message, managers, limits, output, centreon or edits.
`

type topic struct{ name, title string }

// topics are the parts of the help and the words that --help takes for them.
var topics = []topic{
	{"target", "Target"},
	{"session", "Session"},
	{"proxy", "PROXY protocol"},
	{"tls", "TLS"},
	{"login", "Login"},
	{"message", "Envelope"},
	{"message", "Message"},
	{"managers", "Password managers"},
	{"limits", "Thresholds and states"},
	{"output", "Output"},
	{"centreon", "In place of the Centreon plugin"},
	{"edits", "Edit numbers, text and exit code"},
}

// isTopic says whether --help takes a word.
func isTopic(word string) bool {
	return word == "all" || slices.ContainsFunc(topics, func(t topic) bool { return t.name == word })
}

// helpOn is the help on a topic; "": the short one.
func helpOn(word string) (string, error) {
	switch word = strings.ToLower(word); word {
	case "":
		return shortHelp, nil
	case "all":
		return helpPage(), nil
	}
	text, names := "", []string{"all"}
	for _, t := range topics {
		if names[len(names)-1] != t.name {
			names = append(names, t.name)
		}
		if t.name == word {
			_, part, _ := strings.Cut(helpPage(), "\n"+t.title+"\n")
			part, _, _ = strings.Cut(part, "\n\n")
			text += t.title + "\n" + part + "\n\n"
		}
	}
	if text == "" {
		return "", bad("-h/--help", quote(word)+" is not a topic", didYouMean(word, names))
	}
	return strings.TrimSuffix(text, "\n"), nil
}
