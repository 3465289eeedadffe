package args

import (
	"slices"
	"strconv"
	"strings"
)

// The options that ask for a login, those that give its password, and those with a
// manager's own secret.
var (
	identities     = []string{"authuser", "authtype", "authzid"}
	passwords      = []string{"authpass", "authpass-file", "authpass-env", "authpass-credential", "authpass-command"}
	managerSecrets = []string{"vault-token", "keepass-password", "teampass-api-key", "auth-settings"}
)

// hasSecret says whether a secret stands on the command line, or ought to: some
// of it may have gone astray then.
func (o *Set) hasSecret() bool {
	return slices.ContainsFunc(identities, o.Has) || slices.ContainsFunc(passwords, o.Has) || slices.ContainsFunc(managerSecrets, o.Has) ||
		slices.ContainsFunc(o.All("command"), isLogin)
}

// lacksPassword says whether there is to be a login, and nothing gives its
// password: what stands in a wrong place may be it.
func (o *Set) lacksPassword() bool {
	return slices.ContainsFunc(identities, o.On) && !slices.ContainsFunc(passwords, o.On)
}

// quoteHost quotes what should be a host or an address, but for what stands
// before its "@", as in user:password@host.
func quoteHost(text string) string {
	if i := strings.LastIndexByte(text, '@'); i >= 0 && strings.Contains(text[:i], ":") {
		return quote("..." + text[i:])
	}
	return quote(text)
}

// readable says who must be able to read a file that cannot be read.
func (e Env) readable() string { return ", " + e.Who() + " must be able to read it" }

// Who names the user that runs this program.
func (e Env) Who() string {
	const somebody = "the user that runs this check"
	if e.User == nil {
		return somebody
	}
	id := strconv.Itoa(e.User())
	text, _ := e.ReadFile("/etc/passwd")
	for line := range strings.Lines(string(text)) {
		fields := strings.Split(line, ":")
		if len(fields) > 2 && fields[2] == id && isPlain(fields[0]) {
			return somebody + ", " + fields[0] + " (" + id + "),"
		}
	}
	return somebody + " (" + id + ")"
}

// isLogin says whether a command of the user's own is a login, with its secret.
func isLogin(command string) bool {
	command = strings.TrimLeft(command, " ")
	return len(command) >= len("AUTH") && strings.EqualFold(command[:len("AUTH")], "AUTH")
}

// quoteCommand quotes a command, but for the secret in it.
func quoteCommand(command string) string {
	if isLogin(command) {
		return `"AUTH ..."`
	}
	return quote(command)
}
